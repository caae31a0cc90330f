// What must hold of changes, whatever is changed and when: against a model that counts in cents times seconds.
import assert from "node:assert/strict";
import { suite, test } from "node:test";
import fc from "fast-check";
import type Stripe from "stripe";
import { cases } from "#kit/testing.ts";
import { type SandboxWorld, startWorld } from "../../../testing.ts";
import { billedCustomer } from "../../invoices/testing.ts";

const amounts = [0, 700, 1000, 1999, 2500, 10_001] as const;
const modes = ["classic", "flexible"] as const;
const behaviors = ["always_invoice", "create_prorations", "none"] as const;

interface Config {
  readonly amount: number;
  readonly quantity: number;
}

type Behavior = (typeof behaviors)[number];

const config = { amount: fc.constantFrom(...amounts), quantity: fc.integer({ min: 1, max: 9 }) };
const change = fc.record({
  ...config,
  later: fc.integer({ min: 1, max: 900 }),
  behavior: fc.constantFrom(...behaviors),
});
const plans = fc.record({
  mode: fc.constantFrom(...modes),
  // Nothing that is free, since what is paid for the first time begins anew in classic billing.
  first: fc.record({ ...config, amount: fc.constantFrom(...amounts.slice(1)) }),
  changes: fc.array(
    change.map((one) => ({ ...one, amount: Math.max(one.amount, 700) })),
    { minLength: 1, maxLength: 4 },
  ),
});

/** What is asked for beside a change: another discount, none, and something that is billed once. */
const besides = fc.record({
  extra: fc.option(fc.integer({ min: -400, max: 900 })),
  off: fc.constantFrom(0, 10, 33, "amount" as const),
});

async function couponsOf({ stripe }: SandboxWorld) {
  const percent = async (percent_off: number) => (await stripe.coupons.create({ percent_off, duration: "forever" })).id;
  const { id } = await stripe.coupons.create({ amount_off: 350, currency: "usd", duration: "forever" });
  return new Map<number | "amount", string>([
    [10, await percent(10)],
    [33, await percent(33)],
    ["amount", id],
  ]);
}

/** One world for all of a property; each case has a customer of its own, who leaves afterwards. */
async function startShop() {
  const world = startWorld();
  const product = (await world.stripe.products.create({ name: "Plan" })).id;
  const ids = new Map<number, string>();
  for (const unit_amount of amounts) {
    const recurring = { interval: "month" } as const;
    ids.set(unit_amount, (await world.stripe.prices.create({ product, currency: "usd", unit_amount, recurring })).id);
  }
  const priceOf = (amount: number) => ids.get(amount) ?? "";
  return { ...world, priceOf };
}

type Shop = Awaited<ReturnType<typeof startShop>>;

async function subscribe(shop: Shop, mode: (typeof modes)[number], { amount, quantity }: Config) {
  const { stripe, priceOf } = shop;
  const { customer } = await billedCustomer(shop);
  const subscription = await stripe.subscriptions.create({
    customer,
    items: [{ price: priceOf(amount), quantity }],
    billing_mode: { type: mode },
  });
  const item = subscription.items.data[0]!; // It has one.
  return { customer, id: subscription.id, item, start: item.current_period_start, end: item.current_period_end };
}

const secondNow = ({ clock }: SandboxWorld) => Math.floor(clock.now() / 1000);
const goTo = (world: SandboxWorld, second: number) => world.clock.advance(second * 1000 - world.clock.now());

/** The nearest cent of so many cents in so many parts; of two that are as near the lower one. */
function nearest(cents: number, above: number, below: number): number {
  const parts = BigInt(cents) * BigInt(above);
  let cent = parts / BigInt(below) - 1n;
  while (
    2n * ((cent + 1n) * BigInt(below) - parts) <= BigInt(below) &&
    2n * (parts - cent * BigInt(below)) > BigInt(below)
  )
    cent++;
  return Number(cent);
}

const allInvoices = async ({ stripe }: SandboxWorld, customer: string) =>
  (await stripe.invoices.list({ customer, limit: 100 })).data;

suite("whatever is changed, and when", () => {
  test("the lines are those of a model that knows what was billed last", async () => {
    const shop = await startShop();
    const { stripe } = shop;
    await fc.assert(
      fc.asyncProperty(plans, async ({ mode, first, changes }) => {
        const { customer, id, item, start, end } = await subscribe(shop, mode, first);
        const expected: number[] = [];
        let [current, billed] = [first as Config, costOf(first)];
        for (const change of changes) {
          const now = secondNow(shop);
          await goTo(shop, now + Math.max(1, Math.floor(((end - now) * change.later) / 1000)));
          await stripe.subscriptions.update(id, asked(shop, item.id, change));
          const left = end - secondNow(shop);
          const isSame = current.amount === change.amount && current.quantity === change.quantity;
          if (change.behavior !== "none" && !isSame) {
            const base = mode === "flexible" ? billed : costOf(current);
            billed = costOf(change);
            expected.push(nearest(-base, left, end - start), nearest(billed, left, end - start));
          }
          current = change;
        }
        await goTo(shop, end + 3700);
        const lines = (await allInvoices(shop, customer)).reverse().flatMap(({ lines: { data } }) => data);
        const inTime = [...lines].sort((a, b) => a.period.start - b.period.start);
        const prorations = inTime.filter(({ parent }) => parent?.subscription_item_details?.proration);
        assert.deepEqual(
          prorations.map(({ amount }) => amount),
          expected,
        );
        await assertConserved(shop, customer);
        await stripe.subscriptions.cancel(id);
      }),
      { numRuns: cases(12, 2_500), seed: 12 },
    );
  });

  test("a preview is what is charged: each line with its text and its period, in the same order", async () => {
    const shop = await startShop();
    const { stripe } = shop;
    const coupons = await couponsOf(shop);
    await fc.assert(
      fc.asyncProperty(plans, fc.array(besides, { minLength: 4, maxLength: 4 }), async (plan, beside) => {
        const { mode, first, changes } = plan;
        const { id, item, end, customer } = await subscribe(shop, mode, first);
        const latest = async () => {
          const { latest_invoice } = await stripe.subscriptions.retrieve(id);
          return stripe.invoices.retrieve(String(latest_invoice));
        };
        let next = await stripe.invoices.createPreview({ subscription: id });
        for (const [nth, change] of changes.entries()) {
          const now = secondNow(shop);
          await goTo(shop, now + Math.max(1, Math.floor(((end - now) * change.later) / 1000)));
          const wish = asked(shop, item.id, change);
          const { extra, off } = beside[nth]!; // As many as there are changes at most.
          const discounts = off === 0 ? ("" as const) : [{ coupon: coupons.get(off) ?? "" }];
          const invoice_items = extra === null ? [] : [{ amount: extra, currency: "usd" }];
          const asking = { subscription: id, invoice_items, discounts };
          const preview = await stripe.invoices.createPreview({ ...asking, subscription_details: wish });
          const before = await latest();
          for (const one of invoice_items) await stripe.invoiceItems.create({ customer, ...one });
          await stripe.subscriptions.update(id, { ...wish, discounts });
          const charged = await latest();
          if (charged.id !== before.id) assert.deepEqual(shown(preview), shown(charged));
          next = await stripe.invoices.createPreview({ subscription: id });
          if (charged.id === before.id) assert.deepEqual(shown(preview), shown(next));
        }
        await goTo(shop, end);
        assert.deepEqual(shown(next), shown(await latest()));
        await stripe.subscriptions.cancel(id);
      }),
      { numRuns: cases(12, 2_500), seed: 12 },
    );
  });

  test("in ten years no second of a subscription is billed twice or not at all", async () => {
    const shop = await startShop();
    const { stripe, priceOf } = shop;
    const { customer } = await billedCustomer(shop);
    await goTo(shop, Date.parse("2027-01-31T22:13:05Z") / 1000);
    const { id } = await stripe.subscriptions.create({ customer, items: [{ price: priceOf(1000) }] });
    const years = cases(1, 10);
    const until = new Date(shop.clock.now()).setUTCFullYear(2027 + years);
    await shop.clock.advance(until - shop.clock.now() + 7_200_000);
    const periods: Stripe.InvoiceLineItem.Period[] = [];
    for await (const { lines } of stripe.invoices.list({ subscription: id, limit: 100 })) {
      periods.unshift(...lines.data.map(({ period }) => period));
    }
    assert.equal(periods.length, 12 * years + 1);
    for (const [at, { start }] of periods.entries()) {
      assert.equal(start, at === 0 ? start : periods[at - 1]?.end);
      const begun = new Date(start * 1000);
      const lastDay = new Date(Date.UTC(begun.getUTCFullYear(), begun.getUTCMonth() + 1, 0)).getUTCDate();
      assert.deepEqual([begun.getUTCDate(), begun.toISOString().slice(11, 19)], [Math.min(31, lastDay), "22:13:05"]);
    }
  });
});

const costOf = ({ amount, quantity }: Config) => amount * quantity;

function asked({ priceOf }: Shop, id: string, { amount, quantity, behavior }: Config & { behavior: Behavior }) {
  return { items: [{ id, price: priceOf(amount), quantity }], proration_behavior: behavior };
}

function shown({ total, subtotal, amount_due, lines }: Stripe.Invoice) {
  const said = lines.data.map(({ amount, description, period, quantity }) => ({
    amount,
    description,
    period,
    quantity,
  }));
  return { total, subtotal, amount_due, lines: said };
}

/** What was invoiced is what was paid and what the balance still has. */
async function assertConserved(shop: Shop, customer: string): Promise<void> {
  const made = await allInvoices(shop, customer);
  const { balance } = (await shop.stripe.customers.retrieve(customer)) as Stripe.Customer;
  const sum = (of: (invoice: Stripe.Invoice) => number) => made.reduce((whole, invoice) => whole + of(invoice), 0);
  assert.equal(
    sum(({ total }) => total),
    sum(({ amount_paid }) => amount_paid) + balance,
  );
}
