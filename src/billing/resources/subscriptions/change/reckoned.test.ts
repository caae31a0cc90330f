// What is previewed is what is charged, and both are what a second reckoning of the rest of the period says: exact
// seconds, whole numbers, each line rounded by itself, a half downwards.
// https://docs.stripe.com/billing/subscriptions/prorations
import assert from "node:assert/strict";
import { dayMs, hourMs, minuteMs, secondMs } from "#kit/clock.ts";
import { type Random, seededRandom } from "#kit/random.ts";
import { onEachDatabase } from "#kit/sql/testing.ts";
import { cases } from "#kit/testing.ts";
import type { Catalog, SubscriptionChange } from "../../../api/index.ts";
import type { BillingTables } from "../../../kernel/store/tables.ts";
import { having, paidBy, type Selling, startSelling } from "../../../testing/changes.ts";

const on = onEachDatabase<BillingTables>;

/** Yen have no decimals; dinars have three, of which the last is a zero; of forints Stripe counts the hundredths. */
const unit = { eur: 1, jpy: 1, kwd: 10, huf: 400 } as const;
type Currency = keyof typeof unit;
const currencies = Object.keys(unit) as Currency[];

const costs = { basic: 1013, pro: 3070, storage: 517 } as const;
type Sold = keyof typeof costs;

const month = (name: Sold, currency: Currency) => ({
  name,
  prices: { month: { [currency]: costs[name] * unit[currency] } },
});
const sells = (currency: Currency): Catalog => ({
  plans: { basic: month("basic", currency), pro: month("pro", currency) },
  addOns: { storage: month("storage", currency) },
});

type Holding = Partial<Record<Sold, number>>;

/** The nearest whole number of a / b; of two as near, the lower one. */
function rounded(a: bigint, b: bigint): bigint {
  const double = 2n * a - b;
  const [quotient, rest] = [double / (2n * b), double % (2n * b)];
  return rest > 0n ? quotient + 1n : quotient;
}

/** What is given back and what is asked for, in no order. */
function reckoned(before: Holding, after: Holding, at: { start: number; end: number; now: number; unit: number }) {
  const amountOf = (name: Sold, of: Holding) => BigInt(costs[name] * at.unit * (of[name] ?? 0));
  const [left, whole] = [BigInt(at.end - at.now), BigInt(at.end - at.start)];
  const isPlan = (name: Sold) => name !== "storage";
  const changedPlan = Object.keys(before).find(
    (name) => isPlan(name as Sold) && before[name as Sold] !== after[name as Sold],
  );
  const lines: number[] = [];
  for (const name of Object.keys(costs) as Sold[]) {
    const isChanged = (before[name] ?? 0) !== (after[name] ?? 0) || (isPlan(name) && changedPlan === name);
    if (!isChanged) continue;
    if (before[name]) lines.push(Number(rounded(-left * amountOf(name, before), whole)));
    if (after[name]) lines.push(Number(rounded(left * amountOf(name, after), whole)));
  }
  return lines.sort((a, b) => a - b);
}

/** Another holding, and the wish that leads there. */
function drawn(random: Random, before: Holding): { after: Holding; wish: SubscriptionChange } {
  const plan = random.next() < 0.5 ? "basic" : "pro";
  const [quantity, storage] = [random.integer(1, 4), random.integer(0, 3)];
  const hasStorage = before.storage !== undefined;
  const after: Holding = { [plan]: quantity, ...(storage > 0 && { storage }) };
  const addOns = storage > 0 || hasStorage ? { addOns: { storage } } : {};
  return { after, wish: { plan, quantity, ...addOns } };
}

async function balanceOf({ stripe, run }: Selling["world"], customer: string): Promise<number> {
  const found = await run(stripe.customers.retrieve(customer).then((one) => one));
  return "balance" in found ? found.balance : 0;
}

for (const currency of currencies) {
  on(`over random changes in ${currency}, what was previewed is charged, to the unit`, async ({ url }) => {
    const selling = await startSelling({ url }, sells(currency));
    const { world, price } = selling;
    const { customer, id } = await having(selling, [price("basic", "month", currency)]);
    const { subscriptions } = world.billing;
    const random = seededRandom(1, currency);
    let before: Holding = { basic: 1 };
    for (let nth = 0; nth < cases(3, 12); nth++) {
      await world.advance(random.integer(minuteMs, 2 * dayMs));
      const { after, wish } = drawn(random, before);
      if (JSON.stringify(after) === JSON.stringify(before)) continue;
      const preview = await world.run(subscriptions.preview(id, wish));
      const { items } = await world.run(subscriptions.get(id));
      const [item] = items;
      assert.ok(item && preview.prorationDate);
      const seconds = (date: Date) => date.getTime() / secondMs;
      const at = {
        start: seconds(item.currentPeriodStart),
        end: seconds(item.currentPeriodEnd),
        now: seconds(preview.prorationDate),
        unit: unit[currency],
      };
      const shown = preview.lines.map(({ amount }) => amount).sort((a, b) => a - b);
      assert.deepEqual(shown, reckoned(before, after, at), `${JSON.stringify(before)} → ${JSON.stringify(after)}`);
      const [paid, balance] = [await paidBy(world, customer), await balanceOf(world, customer)];
      await world.advance(random.integer(0, hourMs / 2));
      const { outcome } = await world.run(subscriptions.change(id, { token: preview.token }));
      assert.equal(outcome, "done");
      const [nowPaid, nowBalance] = [await paidBy(world, customer), await balanceOf(world, customer)];
      assert.equal(nowPaid - paid, preview.due.amount);
      assert.equal(nowPaid - paid - (nowBalance - balance) * -1, preview.total.amount, "the rest is the balance's");
      before = after;
    }
    assert.deepEqual((await world.run(world.billing.flags.list())).data, []);
    await world.close();
  });
}
