import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { dayMs, minuteMs } from "#kit/clock.ts";
import { type SandboxWorld, startWorld } from "../../sandbox_world.test.ts";
import { type Payout, payoutMachine } from "./payout.ts";

const charge = ({ stripe }: SandboxWorld, source = "tok_visa", currency = "usd") =>
  stripe.charges.create({ amount: 10_000, currency, source });

const daily = ({ stripe }: SandboxWorld) =>
  stripe.balanceSettings.update({ payments: { payouts: { schedule: { interval: "daily" } } } });

/** How long a payout by hand, made at nine in the morning, takes into each status. */
const roads: Readonly<Partial<Record<Payout["status"], (world: SandboxWorld, id: string) => Promise<unknown>>>> = {
  pending: async () => {},
  in_transit: (world) => world.clock.advance(dayMs),
  paid: (world) => world.clock.advance(3 * dayMs),
  canceled: (world, id) => world.call("POST", `/v1/payouts/${id}/cancel`),
};

suite("balance", () => {
  test("money waits a week, then it is available at midnight", async () => {
    const world = startWorld();
    const paid = await charge(world);
    const transaction = await world.stripe.balanceTransactions.retrieve(String(paid.balance_transaction));
    assert.deepEqual([transaction.amount, transaction.fee, transaction.net], [10_000, 320, 9680]);
    assert.equal(transaction.available_on % 86_400, 0);
    const before = await world.stripe.balance.retrieve();
    assert.deepEqual([before.pending[0]?.amount, before.available[0]?.amount], [9680, 0]);
    await charge(world);
    await world.clock.advance(8 * dayMs);
    const after = await world.stripe.balance.retrieve();
    assert.deepEqual([after.pending[0]?.amount, after.available[0]?.amount], [0, 19_360]);
    assert.equal((await world.eventTypes()).filter((type) => type === "balance.available").length, 1);
  });

  test("fees follow the currency, and a bypassPending card does not wait", async () => {
    const world = startWorld();
    await charge(world, "tok_bypassPending", "eur");
    const balance = await world.stripe.balance.retrieve();
    assert.deepEqual(balance.available[0], { amount: 9825, currency: "eur", source_types: { card: 9825 } });
    assert.ok((await world.eventTypes()).includes("balance.available"));
  });
});

suite("payouts", () => {
  for (const [status, go] of Object.entries(roads)) {
    const isAllowed = (payoutMachine.actions.cancel.from as readonly string[]).includes(status);
    test(`${status} ${isAllowed ? "takes" : "refuses"} cancel`, async () => {
      const world = startWorld();
      await charge(world, "tok_bypassPending");
      const { id } = await world.stripe.payouts.create({ amount: 1100, currency: "usd" });
      await go(world, id);
      assert.equal((await world.stripe.payouts.retrieve(id)).status, status);
      const answer = await world.call("POST", `/v1/payouts/${id}/cancel`);
      assert.equal(answer.status, isAllowed ? 200 : 400, JSON.stringify(answer.json));
      const { status: after } = await world.stripe.payouts.retrieve(id);
      assert.equal(after, isAllowed ? "canceled" : status);
      const [available] = (await world.stripe.balance.retrieve()).available;
      assert.equal(available?.amount, after === "canceled" ? 9680 : 8580);
    });
  }

  test("by hand: no more than there is; instantly in half an hour", async () => {
    const world = startWorld();
    await charge(world, "tok_bypassPending");
    const tooMuch = world.stripe.payouts.create({ amount: 9681, currency: "usd" });
    await assert.rejects(tooMuch, { code: "balance_insufficient" });
    const { id } = await world.stripe.payouts.create({ amount: 9680, currency: "usd", method: "instant" });
    await world.stripe.payouts.update(id, { metadata: { a: "1" } });
    await world.clock.advance(31 * minuteMs);
    const paid = await world.stripe.payouts.retrieve(id);
    assert.deepEqual([paid.status, paid.reconciliation_status], ["paid", "not_applicable"]);
    const types = (await world.eventTypes()).filter((type) => type.startsWith("payout."));
    assert.deepEqual(types, ["payout.created", "payout.updated", "payout.updated", "payout.paid"]);
  });

  test("the daily schedule pays out what became available and says what was in it", async () => {
    const world = startWorld();
    await daily(world);
    const first = await charge(world);
    await world.clock.advance(9 * dayMs);
    const [payout] = (await world.stripe.payouts.list()).data;
    assert.ok(payout);
    assert.deepEqual([payout.automatic, payout.amount, payout.status], [true, 9680, "paid"]);
    assert.equal(payout.reconciliation_status, "completed");
    const { data } = await world.stripe.balanceTransactions.list({ payout: payout.id });
    assert.deepEqual(new Set(data.map(({ source }) => source)), new Set([payout.id, first.id]));
    const types = (await world.eventTypes()).slice(1);
    assert.deepEqual(types, [
      "balance.available",
      "payout.created",
      "payout.updated",
      "payout.paid",
      "payout.reconciliation_completed",
    ]);
    assert.equal((await world.stripe.balance.retrieve()).available[0]?.amount, 0);
    await assert.rejects(world.stripe.payouts.cancel(payout.id), /only be canceled/);
  });

  test("a snapshot keeps what is under way: disputes are decided and money paid out elsewhere", async () => {
    const world = startWorld();
    await daily(world);
    await charge(world, "tok_createDispute");
    const [dispute] = (await world.stripe.disputes.list()).data;
    assert.ok(dispute);
    await world.stripe.disputes.update(dispute.id, { evidence: { uncategorized_text: "winning_evidence" } });
    const other = startWorld();
    other.sandbox.restore(world.sandbox.snapshot());
    await other.clock.advance(10 * dayMs);
    assert.equal((await other.stripe.disputes.retrieve(dispute.id)).status, "won");
    const { data } = await other.stripe.payouts.list();
    assert.deepEqual(
      data.map(({ status, amount }) => [status, amount]),
      [["paid", 9680]],
    );
  });
});
