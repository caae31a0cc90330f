// The balance adds up whatever is done, at every moment: what is available and what is pending are the sums of the
// movements in that state, per currency, and every movement is its amount less its fee.

import assert from "node:assert/strict";
import { suite, test } from "node:test";
import fc from "fast-check";
import type Stripe from "stripe";
import { dayMs, hourMs, minuteMs, secondMs } from "#kit/clock.ts";
import { draws } from "#kit/testing.ts";
import type { Settlement } from "../../kernel/state/unit.ts";
import { type SandboxWorld, startWorld } from "../../testing.ts";

/** Each takes a number that chooses among what there is. What is refused is refused; the balance has to stand it. */
const deeds: Readonly<Record<string, (world: SandboxWorld, n: number) => Promise<unknown>>> = {
  pay: (world, n) => charge(world, pick(cards, n), n),
  debit: (world, n) => debit(world, pick(accounts, n), n),
  hold: ({ stripe }, n) =>
    stripe.charges.create({ amount: amountOf(n), currency: "eur", source: "tok_visa", capture: false }),
  capture: async ({ stripe }, n) => {
    const { data } = await stripe.charges.list({ limit: 100 });
    const held = data.filter(({ captured }) => !captured);
    return held[0] && stripe.charges.capture(held[0].id, { amount: 1 + (n % held[0].amount) });
  },
  refund: async ({ stripe }, n) => {
    const { data } = await stripe.charges.list({ limit: 100 });
    return data.length > 0 && stripe.refunds.create({ charge: pick(data, n).id, amount: 1 + (n % 3000) });
  },
  refundWhole: async ({ stripe }, n) => {
    const { data } = await stripe.charges.list({ limit: 100 });
    return data.length > 0 && stripe.refunds.create({ charge: pick(data, n).id });
  },
  answer: async ({ stripe }, n) => {
    const { data } = await stripe.disputes.list({ limit: 100 });
    const uncategorized_text = pick(["winning_evidence", "losing_evidence", "escalate_inquiry_evidence", "?"], n);
    return data.length > 0 && stripe.disputes.update(pick(data, n).id, { evidence: { uncategorized_text } });
  },
  concede: async ({ stripe }, n) => {
    const { data } = await stripe.disputes.list({ limit: 100 });
    return data.length > 0 && stripe.disputes.close(pick(data, n).id);
  },
  payOut: ({ stripe }, n) =>
    stripe.payouts.create({
      amount: amountOf(n),
      currency: pick(["eur", "usd"], n),
      method: pick(["standard", "instant"], n),
      ...(n % 3 === 0 ? { destination: "ba_account_closed" } : {}),
    }),
  cancel: async ({ stripe }, n) => {
    const { data } = await stripe.payouts.list({ limit: 100 });
    return data.length > 0 && stripe.payouts.cancel(pick(data, n).id);
  },
  reverse: async ({ stripe }, n) => {
    const { data } = await stripe.payouts.list({ limit: 100 });
    return data.length > 0 && stripe.payouts.reverse(pick(data, n).id);
  },
  schedule: ({ stripe }, n) =>
    stripe.balanceSettings.update({
      payments: {
        payouts: {
          schedule: { interval: pick(["daily", "manual"], n) },
          minimum_balance_by_currency: { eur: pick([500, 0], n) },
        },
        settlement_timing: { delay_days_override: n % 5 },
      },
    }),
  wait: ({ clock }, n) => clock.advance(pick([secondMs, minuteMs, hourMs, dayMs, 9 * dayMs, 40 * dayMs], n)),
};

const cards = [
  "visa",
  "bypassPending",
  "createDispute",
  "createDisputeInquiry",
  "createMultipleDisputes",
  "pendingRefund",
  "refundFail",
  "chargeDeclined",
];

const accounts = ["success", "successDelayed", "failed", "failedDelayed", "disputed", "insufficientFunds"];

const pick = <T>(list: readonly T[], n: number): T => list[n % list.length]!; // No list here is empty.

const amountOf = (n: number): number => 500 + (n % 9_500);

function charge({ stripe }: SandboxWorld, card: string, n: number) {
  return stripe.paymentIntents.create({
    amount: amountOf(n),
    currency: pick(["eur", "usd"], n),
    confirm: true,
    capture_method: pick(["automatic", "automatic_async"], n),
    payment_method: `pm_card_${card === "chargeDeclined" ? "visa_chargeDeclined" : card}`,
    automatic_payment_methods: { enabled: true, allow_redirects: "never" },
  });
}

function debit({ stripe }: SandboxWorld, account: string, n: number) {
  return stripe.paymentIntents.create({
    amount: amountOf(n),
    currency: "eur",
    confirm: true,
    payment_method: `pm_sepaDebit_${account}_de`,
    automatic_payment_methods: { enabled: true, allow_redirects: "never" },
    mandate_data: { customer_acceptance: { type: "offline" } },
  });
}

/** What was refused; anything else that goes wrong is the test's business. */
async function attempt(deed: Promise<unknown>): Promise<void> {
  try {
    await deed;
  } catch (error) {
    const { statusCode } = error as { statusCode?: number };
    assert.ok(statusCode === 400 || statusCode === 402, String(error));
  }
}

type Sums = Readonly<Record<string, number>>;

async function assertAddsUp({ stripe }: SandboxWorld): Promise<void> {
  const movements: Stripe.BalanceTransaction[] = [];
  for await (const movement of stripe.balanceTransactions.list({ limit: 100 })) movements.push(movement);
  const balance = await stripe.balance.retrieve();
  for (const status of ["available", "pending"] as const) {
    const told: Sums = Object.fromEntries(balance[status].map(({ currency, amount }) => [currency, amount]));
    for (const currency of new Set([...Object.keys(told), ...movements.map((movement) => movement.currency)])) {
      const mine = movements.filter((movement) => movement.currency === currency && movement.status === status);
      const sum = mine.reduce((total, { net }) => total + net, 0);
      assert.equal(told[currency] ?? 0, sum, `${status} in ${currency}`);
    }
  }
  for (const { amount, fee, fee_details, net, id } of movements) {
    assert.equal(net, amount - fee, id);
    assert.equal(
      fee_details.reduce((total, detail) => total + detail.amount, 0),
      fee,
      id,
    );
  }
}

/** Of each charge at most what was captured goes back, and a payout of the schedule carries what it says. */
async function assertNothingMore({ stripe }: SandboxWorld): Promise<void> {
  const { data: charges } = await stripe.charges.list({ limit: 100 });
  for (const { id, amount_captured, amount_refunded, captured } of charges) {
    assert.ok(amount_refunded >= 0 && (!captured || amount_refunded <= amount_captured), `${id} gave back too much`);
  }
  const { data: payouts } = await stripe.payouts.list({ limit: 100 });
  for (const { automatic, id } of payouts) {
    if (!automatic) continue;
    const { data } = await stripe.balanceTransactions.list({ payout: id, limit: 100 });
    const sum = data.reduce((total, { net }) => total + net, 0);
    assert.equal(sum, 0, `${id} carries what it pays out`);
  }
}

suite("the balance adds up at every moment", () => {
  const deed = fc.tuple(fc.constantFrom(...Object.keys(deeds)), fc.nat(10_000));
  const plans = fc.array(deed, { minLength: 4, maxLength: 16 });
  for (const settlement of ["test", "real"] as const satisfies readonly Settlement[]) {
    test(`whatever is done, as in ${settlement === "test" ? "test mode" : "life"}`, async () => {
      await fc.assert(
        fc.asyncProperty(plans, async (plan) => {
          const world = startWorld({ settlement });
          for (const [name, n] of plan) {
            await attempt(deeds[name]!(world, n)); // Drawn from these names.
            await assertAddsUp(world);
          }
          await world.clock.advance(90 * dayMs);
          await assertAddsUp(world);
          await assertNothingMore(world);
          await world.sandbox.close();
        }),
        { numRuns: draws(20, 600), seed: 7 },
      );
    });
  }
});
