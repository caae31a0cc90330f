// Both paces of settlement, over the wire and on a clock that is moved: the same calls, seconds in one world and
// banking days in the other. The worlds begin on Monday, 2 November 2026, at nine.
import assert from "node:assert/strict";
import { suite, test } from "node:test";
import type Stripe from "stripe";
import { dayMs, minuteMs, secondMs } from "#kit/clock.ts";
import { endOf } from "./kernel/time/settlement.ts";
import { moneyWaits } from "./resources/balance_transactions/waits.table.ts";
import { resources } from "./resources/index.ts";
import { type SandboxWorld, startWorld } from "./testing.ts";

const mandate_data = {
  customer_acceptance: { type: "online", online: { ip_address: "127.0.0.1", user_agent: "test" } },
} as const;

function debit({ stripe }: SandboxWorld, account: string): Promise<Stripe.PaymentIntent> {
  return stripe.paymentIntents.create({
    amount: 2000,
    currency: "eur",
    confirm: true,
    payment_method: `pm_sepaDebit_${account}`,
    automatic_payment_methods: { enabled: true, allow_redirects: "never" },
    mandate_data,
  });
}

const statusOf = async ({ stripe }: SandboxWorld, { id }: { id: string }) =>
  (await stripe.paymentIntents.retrieve(id)).status;

const day = (world: SandboxWorld): string => new Date(world.clock.now()).toISOString().slice(0, 10);

/** Moves hour by hour until the debit is answered, and says on which day that was. */
async function answered(world: SandboxWorld, intent: Stripe.PaymentIntent): Promise<string> {
  for (let days = 0; days < 40; days++) {
    if ((await statusOf(world, intent)) !== "processing") return day(world);
    await world.clock.advance(dayMs);
  }
  return "never";
}

async function sums({ stripe }: SandboxWorld): Promise<{ available: number; pending: number }> {
  const { available, pending } = await stripe.balance.retrieve();
  return { available: available[0]?.amount ?? 0, pending: pending[0]?.amount ?? 0 };
}

test("life is never quicker than test mode, but with money of American cards", () => {
  const monday = Date.UTC(2026, 10, 2);
  const waits = resources.flatMap(({ waits = {} }) => Object.values(waits));
  assert.ok(waits.length > 20);
  const quicker = waits.filter(({ real, test }) => endOf(real, monday) < endOf(test, monday));
  assert.deepEqual(quicker, [moneyWaits.moneyMatures]);
});

suite("settlement as in test mode", () => {
  test("a debit is answered within seconds, a delayed one after three minutes", async () => {
    const world = startWorld();
    const quick = await debit(world, "success_de");
    const slow = await debit(world, "successDelayed_de");
    const bad = await debit(world, "failedDelayed_de");
    await world.clock.advance(2 * secondMs);
    assert.deepEqual([await statusOf(world, quick), await statusOf(world, slow)], ["succeeded", "processing"]);
    await world.clock.advance(3 * minuteMs);
    assert.equal(await statusOf(world, slow), "succeeded");
    assert.equal(await statusOf(world, bad), "requires_payment_method");
  });
});

suite("settlement as in life", () => {
  const rows: readonly (readonly [account: string, day: string, status: string])[] = [
    ["success_de", "2026-11-10", "succeeded"],
    ["successDelayed_de", "2026-11-20", "succeeded"],
    ["failed_de", "2026-11-09", "requires_payment_method"],
    ["insufficientFunds_de", "2026-11-09", "requires_payment_method"],
    ["failedDelayed_de", "2026-11-20", "requires_payment_method"],
  ];
  for (const [account, expected, status] of rows) {
    test(`a debit of ${account} is processing until ${expected}`, async () => {
      const world = startWorld({ settlement: "real" });
      const intent = await debit(world, account);
      assert.equal(await answered(world, intent), expected);
      assert.equal(await statusOf(world, intent), status);
    });
  }

  test("the midnight of the sixth banking day is exact", async () => {
    const world = startWorld({ settlement: "real" });
    const intent = await debit(world, "success_de");
    await world.clock.advance(Date.UTC(2026, 10, 10) - world.clock.now() - 1);
    assert.equal(await statusOf(world, intent), "processing");
    const charge = await world.stripe.charges.retrieve(String(intent.latest_charge));
    assert.equal(charge.payment_method_details?.sepa_debit?.expected_debit_date, "2026-11-04");
    await world.clock.advance(1);
    assert.equal(await statusOf(world, intent), "succeeded");
    assert.deepEqual(await sums(world), { available: 1945, pending: 0 }, "paid means available");
  });

  test("the money is on the balance from the start, and a refusal takes it back with its fee", async () => {
    const world = startWorld({ settlement: "real" });
    const intent = await debit(world, "failed_de");
    await world.clock.advance(minuteMs);
    assert.deepEqual(await sums(world), { available: 0, pending: 1945 });
    await answered(world, intent);
    assert.deepEqual(await sums(world), { available: 0, pending: 0 });
    const charge = await world.stripe.charges.retrieve(String(intent.latest_charge), {
      expand: ["failure_balance_transaction"],
    });
    const back = charge.failure_balance_transaction as Stripe.BalanceTransaction;
    assert.deepEqual(
      [back.type, back.reporting_category, back.amount, back.fee, back.net, back.status],
      ["payment_failure_refund", "charge_failure", -2000, -55, -1945, "available"],
    );
  });

  test("a payer has eight weeks to dispute a debit, and does so after four", async () => {
    const world = startWorld({ settlement: "real" });
    const intent = await debit(world, "disputed_de");
    await world.clock.advance(8 * dayMs);
    assert.equal((await world.stripe.disputes.list()).data.length, 0);
    await world.clock.advance(28 * dayMs);
    const [dispute] = (await world.stripe.disputes.list({ payment_intent: intent.id })).data;
    assert.equal(dispute?.status, "lost");
    assert.deepEqual(await sums(world), { available: 1945 - 2000 - 1500, pending: 0 });
  });

  test("a card's dispute comes after weeks, for what has not been refunded", async () => {
    const world = startWorld({ settlement: "real" });
    const pay = () => world.stripe.charges.create({ amount: 5000, currency: "usd", source: "tok_createDispute" });
    const charge = await pay();
    const refunded = await pay();
    await world.clock.advance(5 * dayMs);
    await world.stripe.refunds.create({ charge: charge.id, amount: 1000 });
    await world.stripe.refunds.create({ charge: refunded.id });
    assert.equal((await world.stripe.disputes.list()).data.length, 0);
    await world.clock.advance(10 * dayMs);
    const { data } = await world.stripe.disputes.list();
    assert.deepEqual(
      data.map((dispute) => [dispute.charge, dispute.amount]),
      [[charge.id, 4000]],
    );
    const dueBy = new Date((data[0]?.evidence_details.due_by ?? 0) * 1000).toISOString();
    assert.equal(dueBy, "2026-12-06T23:59:59.000Z", "three weeks");
  });

  test("a refund waits for money: a card's until there is some, a debit's not at all", async () => {
    const world = startWorld({ settlement: "real" });
    const charge = await world.stripe.charges.create({ amount: 5000, currency: "usd", source: "tok_visa" });
    const refund = await world.stripe.refunds.create({ charge: charge.id, amount: 1000 });
    assert.deepEqual(
      [refund.status, refund.pending_reason, refund.balance_transaction],
      ["pending", "insufficient_funds", null],
    );
    await world.clock.advance(5 * dayMs);
    const done = await world.stripe.refunds.retrieve(refund.id);
    assert.deepEqual([done.status, done.pending_reason], ["succeeded", undefined]);
    assert.match(String(done.balance_transaction), /^txn_/);

    const intent = await debit(world, "success_de");
    await answered(world, intent);
    await world.stripe.payouts.create({ amount: 1945, currency: "eur" });
    const bare = await world.stripe.refunds.create({ payment_intent: intent.id });
    await world.clock.advance(0);
    const failed = await world.stripe.refunds.retrieve(bare.id);
    assert.deepEqual([failed.status, failed.failure_reason], ["failed", "insufficient_funds"]);
  });

  test("a refund to a bank account takes four banking days", async () => {
    const world = startWorld({ settlement: "real" });
    const intent = await debit(world, "success_de");
    await answered(world, intent);
    await world.stripe.charges.create({ amount: 5000, currency: "eur", source: "tok_bypassPending" });
    const { id } = await world.stripe.refunds.create({ payment_intent: intent.id });
    // Asked for on Tuesday the 10th at nine.
    await world.clock.advance(Date.UTC(2026, 10, 16) - world.clock.now() - 1);
    assert.equal((await world.stripe.refunds.retrieve(id)).status, "pending");
    await world.clock.advance(1);
    assert.equal((await world.stripe.refunds.retrieve(id)).status, "succeeded");
  });

  test("money of a card matures after two banking days, a payout arrives two after that", async () => {
    const world = startWorld({ settlement: "real" });
    await world.stripe.charges.create({ amount: 5000, currency: "usd", source: "tok_visa" });
    await world.clock.advance(2 * dayMs);
    assert.deepEqual(await sums(world), { available: 4825, pending: 0 });
    const { id, arrival_date } = await world.stripe.payouts.create({ amount: 4825, currency: "usd" });
    assert.equal(new Date(arrival_date * 1000).toISOString(), "2026-11-06T00:00:00.000Z");
    await world.clock.advance(Date.UTC(2026, 10, 6) - world.clock.now() - 1);
    assert.equal((await world.stripe.payouts.retrieve(id)).status, "in_transit");
    await world.clock.advance(1);
    assert.equal((await world.stripe.payouts.retrieve(id)).status, "paid");
  });
});
