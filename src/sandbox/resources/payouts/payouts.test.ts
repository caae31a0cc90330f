import assert from "node:assert/strict";
import { suite, test } from "node:test";
import type Stripe from "stripe";
import { dayMs, hourMs, minuteMs } from "#kit/clock.ts";
import { type SandboxWorld, startWorld } from "../../testing.ts";
import { type Payout, payoutMachine } from "./payout.ts";

const charge = ({ stripe }: SandboxWorld, source = "tok_visa", currency = "usd") =>
  stripe.charges.create({ amount: 10_000, currency, source });

const daily = ({ stripe }: SandboxWorld) =>
  stripe.balanceSettings.update({ payments: { payouts: { schedule: { interval: "daily" } } } });

type Schedule = NonNullable<NonNullable<Payments["payouts"]>["schedule"]>;
type Payments = NonNullable<Stripe.BalanceSettingsUpdateParams["payments"]>;

const scheduled = ({ stripe }: SandboxWorld, schedule: Schedule) =>
  stripe.balanceSettings.update({ payments: { payouts: { schedule } } });

/** How a payout by hand, made at nine on a Monday morning, comes into each status, and to which bank account. */
const roads: Readonly<Record<Payout["status"], (world: SandboxWorld) => Promise<string>>> = {
  pending: (world) => sent(world),
  in_transit: (world) => sent(world, dayMs),
  paid: (world) => sent(world, 3 * dayMs),
  failed: (world) => sent(world, 3 * dayMs, "ba_account_closed"),
  canceled: async (world) => {
    const id = await sent(world);
    await world.stripe.payouts.cancel(id);
    return id;
  },
};

async function sent(world: SandboxWorld, afterMs = 0, destination?: string): Promise<string> {
  await charge(world, "tok_bypassPending");
  const { id } = await world.stripe.payouts.create({
    amount: 1100,
    currency: "usd",
    ...(destination && { destination }),
  });
  await world.clock.advance(afterMs);
  return id;
}

const availableOf = async ({ stripe }: SandboxWorld) => (await stripe.balance.retrieve()).available[0]?.amount;

const dayOf = (seconds: number): string => new Date(seconds * 1000).toISOString().slice(0, 10);

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

suite("payouts: every status, every action", () => {
  for (const [status, go] of Object.entries(roads)) {
    for (const action of ["cancel", "reverse"] as const) {
      const isAllowed = (payoutMachine.actions[action].from as readonly string[]).includes(status);
      test(`${status} ${isAllowed ? "takes" : "refuses"} ${action}`, async () => {
        const world = startWorld();
        const id = await go(world);
        const before = await world.stripe.payouts.retrieve(id);
        assert.equal(before.status, status);
        const events = await world.eventTypes();
        const answer = await world.call("POST", `/v1/payouts/${id}/${action}`);
        assert.equal(answer.status, isAllowed ? 200 : 400, JSON.stringify(answer.json));
        const after = await world.stripe.payouts.retrieve(id);
        if (!isAllowed) assert.deepEqual([after, await world.eventTypes()], [before, events]);
        else if (action === "cancel") assert.deepEqual([after.status, await availableOf(world)], ["canceled", 9680]);
        else assert.deepEqual([after.status, after.reversed_by], [status, answer.json.id]);
      });
    }
  }
});

suite("payouts", () => {
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
    await assert.rejects(world.stripe.balanceTransactions.list({ payout: "po_none" }), { code: "resource_missing" });
    const byHand = await sent(world);
    const unknown = world.stripe.balanceTransactions.list({ payout: byHand });
    await assert.rejects(unknown, /can only be filtered on automatic transfers, not manual/);
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

  const failures = ["no_account", "account_closed", "insufficient_funds", "debit_not_authorized", "invalid_currency"];
  for (const code of failures) {
    test(`a bank account of the kind ${code} sends the money back`, async () => {
      const world = startWorld();
      const id = await sent(world, 0, `ba_${code}`);
      assert.equal(await availableOf(world), 8580);
      await world.clock.advance(3 * dayMs);
      const payout = await world.stripe.payouts.retrieve(id, { expand: ["failure_balance_transaction"] });
      assert.deepEqual([payout.status, payout.failure_code], ["failed", code]);
      assert.ok(payout.failure_message);
      const back = payout.failure_balance_transaction as Stripe.BalanceTransaction;
      assert.deepEqual(
        [back.type, back.reporting_category, back.net, back.status, back.source],
        ["payout_failure", "payout_reversal", 1100, "available", id],
      );
      assert.equal(await availableOf(world), 9680);
      const types = (await world.eventTypes()).filter((type) => type.startsWith("payout."));
      assert.deepEqual(types, ["payout.created", "payout.updated", "payout.failed"]);
    });
  }

  test("in life a payout may be called paid before it fails", async () => {
    const world = startWorld({ settlement: "real" });
    const id = await sent(world, 3 * dayMs, "ba_no_account");
    assert.equal((await world.stripe.payouts.retrieve(id)).status, "paid");
    await world.clock.advance(10 * dayMs);
    assert.equal((await world.stripe.payouts.retrieve(id)).status, "failed");
    assert.equal(await availableOf(world), 9680);
  });

  test("a reversal is a payout of its own that brings the money back", async () => {
    const world = startWorld();
    const id = await roads.paid(world);
    const reversal = await world.stripe.payouts.reverse(id, { metadata: { why: "typo" } });
    assert.deepEqual(
      [reversal.amount, reversal.original_payout, reversal.status, reversal.metadata],
      [-1100, id, "pending", { why: "typo" }],
    );
    await assert.rejects(world.stripe.payouts.reverse(id), /reversed already/);
    await assert.rejects(world.stripe.payouts.reverse(reversal.id), /because it is pending/);
    await world.clock.advance(10 * dayMs);
    assert.equal((await world.stripe.payouts.retrieve(reversal.id)).status, "paid");
    assert.equal(await availableOf(world), 9680);
    await assert.rejects(world.stripe.payouts.reverse(reversal.id), /a debit or an Instant Payout/);
    const types = (await world.eventTypes()).filter((type) => type.startsWith("payout.")).slice(3);
    assert.deepEqual(types, ["payout.created", "payout.updated", "payout.updated", "payout.paid"]);
  });

  test("a reversal that is still pending goes with its payout when that fails", async () => {
    const world = startWorld({ settlement: "real" });
    // It is called paid on the 4th and comes back on the 10th, a Tuesday; the reversal of Monday night is pending then.
    const id = await sent(world, 6 * dayMs + 20 * hourMs, "ba_no_account");
    const reversal = await world.stripe.payouts.reverse(id);
    await world.clock.advance(20 * hourMs);
    const both = [await world.stripe.payouts.retrieve(id), await world.stripe.payouts.retrieve(reversal.id)];
    assert.deepEqual(
      both.map(({ status }) => status),
      ["failed", "canceled"],
    );
    await world.clock.advance(10 * dayMs);
    assert.equal(await availableOf(world), 9680);
  });

  test("a list asks for a day of arrival, a state or a bank account", async () => {
    const world = startWorld();
    await sent(world, 10 * dayMs);
    await sent(world, 3 * dayMs, "ba_no_account");
    const { data: all } = await world.stripe.payouts.list();
    const [late, early] = all;
    assert.ok(late && early && late.arrival_date > early.arrival_date);
    const queries: readonly (readonly [Stripe.PayoutListParams, readonly Stripe.Payout[]])[] = [
      [{ arrival_date: early.arrival_date }, [early]],
      [{ arrival_date: { gt: early.arrival_date } }, [late]],
      [{ arrival_date: { lte: late.arrival_date } }, [late, early]],
      [{ status: "failed" }, [late]],
      [{ destination: String(early.destination) }, [early]],
    ];
    for (const [query, found] of queries) {
      const { data } = await world.stripe.payouts.list(query);
      assert.deepEqual(
        data.map(({ id }) => id),
        found.map(({ id }) => id),
        JSON.stringify(query),
      );
    }
  });

  test("what cannot be reversed says why", async () => {
    const world = startWorld();
    await charge(world, "tok_bypassPending");
    const instant = await world.stripe.payouts.create({ amount: 100, currency: "usd", method: "instant" });
    const old = await world.stripe.payouts.create({ amount: 100, currency: "usd" });
    await world.clock.advance(hourMs);
    await assert.rejects(world.stripe.payouts.reverse(instant.id), /a debit or an Instant Payout/);
    await world.clock.advance(93 * dayMs);
    await assert.rejects(world.stripe.payouts.reverse(old.id), /more than 90 days ago/);
    const nowhere = world.stripe.payouts.create({ amount: 100, currency: "usd", destination: "ba_nowhere" });
    await assert.rejects(nowhere, { code: "resource_missing", param: "destination" });
    await assert.rejects(world.stripe.payouts.reverse("po_none"), { code: "resource_missing" });
  });
});

suite("payouts by themselves", () => {
  test("a fresh account pays nothing out until it is asked to", async () => {
    const world = startWorld();
    await charge(world);
    await world.clock.advance(30 * dayMs);
    assert.equal((await world.stripe.payouts.list()).data.length, 0);
    await scheduled(world, { interval: "daily" });
    await world.clock.advance(2 * dayMs);
    assert.equal((await world.stripe.payouts.list()).data[0]?.amount, 9680);
  });

  // Money of Monday, the 2nd of November, is available on the 9th, a Monday again.
  const rows: readonly (readonly [schedule: Schedule, days: readonly string[]])[] = [
    [{ interval: "daily" }, ["2026-11-09", "2026-11-10"]],
    [{ interval: "weekly", weekly_payout_days: ["friday"] }, ["2026-11-13"]],
    [{ interval: "weekly", weekly_payout_days: ["tuesday", "thursday"] }, ["2026-11-10"]],
    [{ interval: "weekly", weekly_payout_days: ["monday", "tuesday"] }, ["2026-11-09", "2026-11-10"]],
    [{ interval: "monthly", monthly_payout_days: [15] }, ["2026-11-15"]],
    [{ interval: "monthly", monthly_payout_days: [31] }, ["2026-11-30"]],
    [{ interval: "monthly", monthly_payout_days: [10, 20] }, ["2026-11-10"]],
  ];
  for (const [schedule, days] of rows) {
    test(`${Object.values(schedule).flat().join(" ")}: on ${days.join(" and ")}`, async () => {
      const world = startWorld();
      await scheduled(world, schedule);
      const { payments } = await world.stripe.balanceSettings.retrieve();
      assert.deepEqual(payments.payouts?.schedule, schedule);
      await charge(world);
      await world.clock.advance(dayMs);
      await charge(world);
      await world.clock.advance(40 * dayMs);
      const { data } = await world.stripe.payouts.list();
      assert.deepEqual(data.map(({ created }) => dayOf(created)).reverse(), days);
      assert.equal(
        data.reduce((sum, { amount }) => sum + amount, 0),
        2 * 9680,
      );
      assert.ok(data.every(({ status, automatic }) => status === "paid" && automatic));
    });
  }

  test("money waits as long as the account wants", async () => {
    const world = startWorld();
    const delayed = await world.stripe.balanceSettings.update({
      payments: { settlement_timing: { delay_days_override: 3 }, payouts: { schedule: { interval: "daily" } } },
    });
    assert.deepEqual(delayed.payments.settlement_timing, { delay_days: 3, delay_days_override: 3, start_of_day: null });
    await charge(world);
    await world.clock.advance(4 * dayMs);
    const [payout] = (await world.stripe.payouts.list()).data;
    assert.equal(dayOf(payout?.created ?? 0), "2026-11-05");
    const unset = await world.call("POST", "/v1/balance_settings", "payments[settlement_timing][delay_days_override]=");
    const { settlement_timing } = (unset.json as unknown as Stripe.BalanceSettings).payments;
    assert.deepEqual(settlement_timing, { delay_days: 7, start_of_day: null });
  });

  for (const [currency, amount, paidOut, left] of [
    ["kwd", 10_010, 9_690, 0],
    ["kwd", 10_120, 9_790, 7],
    ["huf", 20_001, 19_300, 91],
  ] as const) {
    test(`of ${paidOut + left} ${currency} ${paidOut} are paid out: no coin is small enough for the rest`, async () => {
      const world = startWorld();
      await daily(world);
      await world.stripe.charges.create({ amount, currency, source: "tok_visa" });
      await world.clock.advance(10 * dayMs);
      const { data } = await world.stripe.payouts.list();
      assert.deepEqual([data.map((payout) => payout.amount), await availableOf(world)], [[paidOut], left]);
    });
  }

  test("a minimum stays behind, and is told in the payout", async () => {
    const world = startWorld();
    await world.stripe.balanceSettings.update({
      payments: { payouts: { schedule: { interval: "daily" }, minimum_balance_by_currency: { usd: 1000 } } },
    });
    await charge(world);
    await world.clock.advance(10 * dayMs);
    const { data } = await world.stripe.payouts.list();
    assert.deepEqual(
      data.map(({ amount }) => amount),
      [8680],
    );
    assert.equal(await availableOf(world), 1000);
    const carried = await world.stripe.balanceTransactions.list({ payout: String(data[0]?.id) });
    assert.deepEqual(carried.data.map(({ type }) => type).sort(), ["charge", "payout", "payout_minimum_balance_hold"]);
    assert.equal(
      carried.data.reduce((sum, { net }) => sum + net, 0),
      0,
    );
  });

  test("money of a failed payout is in the next one", async () => {
    const world = startWorld();
    await sent(world, 3 * dayMs, "ba_no_account");
    await scheduled(world, { interval: "daily" });
    await world.clock.advance(3 * dayMs);
    const [payout] = (await world.stripe.payouts.list()).data;
    assert.deepEqual([payout?.automatic, payout?.amount], [true, 9680]);
  });

  const refused: readonly (readonly [why: string, form: string, param: string])[] = [
    ["weeks without days", "[payouts][schedule][interval]=weekly", "[payouts][schedule][weekly_payout_days]"],
    ["months without days", "[payouts][schedule][interval]=monthly", "[payouts][schedule][monthly_payout_days]"],
    [
      "the 32nd of a month",
      "[payouts][schedule][interval]=monthly&payments[payouts][schedule][monthly_payout_days][]=32",
      "[payouts][schedule][monthly_payout_days]",
    ],
    [
      "more than a month of delay",
      "[settlement_timing][delay_days_override]=32",
      "[settlement_timing][delay_days_override]",
    ],
  ];
  for (const [why, form, param] of refused) {
    test(`refused, with nothing changed: ${why}`, async () => {
      const world = startWorld();
      const before = await world.stripe.balanceSettings.retrieve();
      const answer = await world.call("POST", "/v1/balance_settings", `payments${form}`);
      assert.deepEqual([answer.status, answer.error.param], [400, `payments${param}`], JSON.stringify(answer.json));
      assert.deepEqual((await world.stripe.balanceSettings.retrieve()).payments, before.payments);
    });
  }
});
