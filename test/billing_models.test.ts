// What must hold of changes, whatever is changed and when: against a model that counts in cents times seconds, and
// against what a preview has said.
import assert from "node:assert/strict";
import { suite, test } from "node:test";
import fc from "fast-check";
import { draws } from "#kit/testing.ts";
import { type Answer, startCore } from "./lives/core.ts";

const runs = { numRuns: draws(25, 10_000), seed: 12 };
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

/** One core for all of a property; each case has a customer of its own, who leaves afterwards. */
function startShop() {
  const core = startCore();
  const product = core.must("POST /v1/products", { name: "Plan" }).id;
  const prices = amounts.map((unit_amount) => {
    const recurring = { interval: "month" };
    return [
      unit_amount,
      core.must("POST /v1/prices", { product, currency: "usd", unit_amount, recurring }).id,
    ] as const;
  });
  const priceOf = (amount: number): string => new Map<number, string>(prices).get(amount) ?? "";
  return { ...core, priceOf };
}

type Shop = ReturnType<typeof startShop>;

function couponsOf({ must }: Shop) {
  const coupon = (off: object): string => must("POST /v1/coupons", { ...off, duration: "forever" }).id;
  return new Map<number | "amount", string>([
    [10, coupon({ percent_off: 10 })],
    [33, coupon({ percent_off: 33 })],
    ["amount", coupon({ amount_off: 350, currency: "usd" })],
  ]);
}

function subscribe(shop: Shop, mode: (typeof modes)[number], { amount, quantity }: Config) {
  const { must, priceOf } = shop;
  const customer: string = must("POST /v1/customers", { name: "Ada" }).id;
  const method = must("POST /v1/payment_methods/pm_card_visa/attach", { customer }).id;
  must(`POST /v1/customers/${customer}`, { invoice_settings: { default_payment_method: method } });
  const items = [{ price: priceOf(amount), quantity }];
  const subscription = must("POST /v1/subscriptions", { customer, items, billing_mode: { type: mode } });
  const [item] = subscription.items.data;
  const id: string = subscription.id;
  const wish = (change: Config & { readonly behavior: Behavior }) => ({
    items: [{ id: item.id, price: priceOf(change.amount), quantity: change.quantity }],
    proration_behavior: change.behavior,
  });
  const latest = () => must(`GET /v1/invoices/${must(`GET /v1/subscriptions/${id}`).latest_invoice}`);
  const leave = () => must(`DELETE /v1/customers/${customer}`);
  return { customer, id, wish, latest, leave, start: item.current_period_start, end: item.current_period_end };
}

/** Somewhere between now and the end of the period. */
async function later(shop: Shop, end: number, thousandths: number): Promise<void> {
  await shop.goTo(shop.now() + Math.max(1, Math.floor(((end - shop.now()) * thousandths) / 1000)));
}

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

const costOf = ({ amount, quantity }: Config) => amount * quantity;

suite("whatever is changed, and when", () => {
  test("the lines are those of a model that knows what was billed last", async () => {
    const shop = startShop();
    await fc.assert(
      fc.asyncProperty(plans, async ({ mode, first, changes }) => {
        const { customer, id, wish, start, end, leave } = subscribe(shop, mode, first);
        const expected: number[] = [];
        let [current, billed] = [first as Config, costOf(first)];
        for (const change of changes) {
          await later(shop, end, change.later);
          shop.must(`POST /v1/subscriptions/${id}`, wish(change));
          const left = end - shop.now();
          const isSame = current.amount === change.amount && current.quantity === change.quantity;
          if (change.behavior !== "none" && !isSame) {
            const base = mode === "flexible" ? billed : costOf(current);
            billed = costOf(change);
            expected.push(nearest(-base, left, end - start), nearest(billed, left, end - start));
          }
          current = change;
        }
        await shop.goTo(end + 3700);
        const invoices = shop.all("/v1/invoices", { customer });
        const lines = [...invoices].reverse().flatMap((invoice) => invoice.lines.data);
        const inTime = [...lines].sort((a, b) => a.period.start - b.period.start);
        const prorations = inTime.filter(({ parent }) => parent.subscription_item_details?.proration);
        assert.deepEqual(
          prorations.map(({ amount }) => amount),
          expected,
        );
        assertConserved(shop, customer, invoices);
        leave();
      }),
      runs,
    );
  });

  test("a preview is what is charged: each line with its text and its period, in the same order", async () => {
    const shop = startShop();
    const { must } = shop;
    const coupons = couponsOf(shop);
    await fc.assert(
      fc.asyncProperty(plans, fc.array(besides, { minLength: 4, maxLength: 4 }), async (plan, beside) => {
        const { mode, first, changes } = plan;
        const { id, wish, end, customer, latest, leave } = subscribe(shop, mode, first);
        const preview = (asking: object = {}) =>
          must("POST /v1/invoices/create_preview", { subscription: id, ...asking });
        let next = preview();
        for (const [nth, change] of changes.entries()) {
          await later(shop, end, change.later);
          const { extra, off } = beside[nth]!; // As many as there are changes at most.
          const discounts = off === 0 ? "" : [{ coupon: coupons.get(off) }];
          const invoice_items = extra === null ? [] : [{ amount: extra, currency: "usd" }];
          const previewed = preview({ invoice_items, discounts, subscription_details: wish(change) });
          const before = latest();
          for (const one of invoice_items) must("POST /v1/invoiceitems", { customer, ...one });
          must(`POST /v1/subscriptions/${id}`, { ...wish(change), discounts });
          const charged = latest();
          if (charged.id !== before.id) assert.deepEqual(shown(previewed), shown(charged));
          next = preview();
          if (charged.id === before.id) assert.deepEqual(shown(previewed), shown(next));
        }
        await shop.goTo(end);
        assert.deepEqual(shown(next), shown(latest()));
        leave();
      }),
      runs,
    );
  });
});

function shown({ total, subtotal, amount_due, lines }: Answer) {
  const said = lines.data.map(({ amount, description, period, quantity }: Answer) => ({
    amount,
    description,
    period,
    quantity,
  }));
  return { total, subtotal, amount_due, lines: said };
}

/** What was invoiced is what was paid and what the balance still has. */
function assertConserved({ must }: Shop, customer: string, invoices: readonly Answer[]): void {
  const { balance } = must(`GET /v1/customers/${customer}`);
  const sum = (field: "amount_paid" | "total") => invoices.reduce((whole, invoice) => whole + invoice[field], 0);
  assert.equal(sum("total"), sum("amount_paid") + balance);
}
