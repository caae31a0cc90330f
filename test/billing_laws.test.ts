// Laws of changes that hold whatever is changed and when; each against a count of another making.
import assert from "node:assert/strict";
import { suite, test } from "node:test";
import fc from "fast-check";
import { draws } from "#kit/testing.ts";
import { type Answer, startCore, type TestCore } from "./lives/core.ts";

const runs = { numRuns: draws(25, 10_000), seed: 12 };
const modes = fc.constantFrom("classic", "flexible");
const config = { amount: fc.integer({ min: 60, max: 9999 }), quantity: fc.integer({ min: 1, max: 9 }) };
const change = fc.record({ ...config, later: fc.integer({ min: 1, max: 999 }) });
const plans = fc.record({
  mode: modes,
  first: fc.record(config),
  changes: fc.array(change, { minLength: 1, maxLength: 5 }),
});

interface Config {
  readonly amount: number;
  readonly quantity: number;
}

/** One core for all of a property; each case has a customer of its own, who leaves afterwards. */
function startShop() {
  const core = startCore();
  const product = core.must("POST /v1/products", { name: "Plan" }).id;
  const price = (cents: number) => ({
    currency: "usd",
    product,
    recurring: { interval: "month" },
    unit_amount_decimal: String(cents),
  });
  return { ...core, price };
}

type Shop = ReturnType<typeof startShop>;

function subscribe(shop: Shop, mode: string, { amount, quantity }: Config) {
  const { must, price } = shop;
  const customer = must("POST /v1/customers", { name: "Ada" }).id;
  const method = must("POST /v1/payment_methods/pm_card_visa/attach", { customer }).id;
  must(`POST /v1/customers/${customer}`, { invoice_settings: { default_payment_method: method } });
  const items = [{ price_data: price(amount), quantity }];
  const { id, items: held } = must("POST /v1/subscriptions", { customer, items, billing_mode: { type: mode } });
  const [item] = held.data;
  const wish = ({ amount, quantity }: Config, more: object = {}) => ({
    items: [{ id: item.id, price_data: price(amount), quantity }],
    ...more,
  });
  const update = (params: object) => must(`POST /v1/subscriptions/${id}`, params);
  const pending = () => shop.all("/v1/invoiceitems", { customer, pending: true });
  const { current_period_start: start, current_period_end: end } = item;
  const leave = () => must(`DELETE /v1/customers/${customer}`);
  return { customer, id, item, start, end, wish, update, pending, leave };
}

/** Somewhere between now and the last second of the period. */
async function later({ now, goTo }: TestCore, end: number, thousandths: number): Promise<void> {
  await goTo(Math.min(end - 1, now() + Math.max(1, Math.floor(((end - now()) * thousandths) / 1000))));
}

const linesOf = (items: readonly Answer[]) =>
  items.map(({ amount, description, period, quantity }) => ({ amount, description, period, quantity }));

suite("whatever is changed", () => {
  test("what stays as it is makes no line, nor does a change for the second in which the period ends", async () => {
    const shop = startShop();
    await fc.assert(
      fc.asyncProperty(plans, async ({ mode, first, changes }) => {
        const { end, item, wish, update, pending, leave } = subscribe(shop, mode, first);
        for (const { later: passed, ...other } of changes) {
          await later(shop, end, passed);
          update({ items: [{ id: item.id, quantity: first.quantity }] });
          update({ metadata: { a: "b" }, items: [{ id: item.id, metadata: { c: "d" } }] });
          update({ ...wish(other), proration_date: end });
          update({ ...wish(first), proration_date: end });
          assert.deepEqual(pending(), []);
        }
        leave();
      }),
      runs,
    );
  });

  test("for the second in which the period began all is given back and asked for", async () => {
    const shop = startShop();
    await fc.assert(
      fc.asyncProperty(plans, async ({ mode, first, changes: [other] }) => {
        const { start, end, wish, update, pending, leave } = subscribe(shop, mode, first);
        await later(shop, end, other!.later); // There is one at least.
        update({ ...wish(other!), proration_date: start });
        const pile = ({ amount, quantity }: Config) =>
          Array.from({ length: quantity }, () => amount).reduce((sum, one) => sum + one, 0);
        const isSame = other!.amount === first.amount && other!.quantity === first.quantity;
        if (!isSame)
          assert.deepEqual(
            pending().map(({ amount }) => amount),
            [-pile(first), pile(other!)],
          );
        leave();
      }),
      runs,
    );
  });

  test("all lines come to what each second of the period cost, but for a cent a change", async () => {
    const shop = startShop();
    await fc.assert(
      fc.asyncProperty(plans, async ({ mode, first, changes }) => {
        const { start, end, wish, update, pending, leave } = subscribe(shop, mode, first);
        // Laid out as a ribbon: each change dyes the rest of it, and cuts are weighed one by one.
        const cuts: { from: number; cost: number }[] = [{ from: start, cost: first.amount * first.quantity }];
        for (const { later: passed, ...other } of changes) {
          await later(shop, end, passed);
          update(wish(other));
          cuts.push({ from: shop.now(), cost: other.amount * other.quantity });
        }
        const weighed = cuts.reduce((sum, { from, cost }, at) => sum + cost * ((cuts[at + 1]?.from ?? end) - from), 0);
        const lines = [first.amount * first.quantity, ...pending().map(({ amount }) => amount)];
        const billed = lines.reduce((sum, amount) => sum + amount, 0);
        assert.ok(Math.abs(billed - weighed / (end - start)) <= changes.length + 1, `${billed} for ${weighed}`);
        leave();
      }),
      runs,
    );
  });

  test("twice as many at half the price cost the same, line by line", async () => {
    const shop = startShop();
    await fc.assert(
      fc.asyncProperty(plans, async ({ mode, first, changes }) => {
        const halved = ({ amount, quantity }: Config) => ({ amount: amount / 2, quantity: quantity * 2 });
        const [one, two] = [subscribe(shop, mode, first), subscribe(shop, mode, halved(first))];
        for (const { later: passed, ...other } of changes) {
          await later(shop, one.end, passed);
          one.update(one.wish(other));
          two.update(two.wish(halved(other)));
        }
        const of = (items: readonly Answer[]) => items.map(({ amount, period }) => ({ amount, period }));
        assert.deepEqual(of(one.pending()), of(two.pending()));
        one.leave();
        two.leave();
      }),
      runs,
    );
  });

  test("without prorations what waits stays as it was, to the byte", async () => {
    const shop = startShop();
    await fc.assert(
      fc.asyncProperty(plans, async ({ mode, first, changes }) => {
        const { end, wish, update, pending, leave } = subscribe(shop, mode, first);
        await later(shop, end, 300);
        update(wish({ amount: first.amount + 1, quantity: first.quantity }));
        const before = JSON.stringify(pending());
        for (const { later: passed, ...other } of changes) {
          await later(shop, end, passed);
          update(wish(other, { proration_behavior: "none" }));
          assert.equal(JSON.stringify(pending()), before);
        }
        leave();
      }),
      runs,
    );
  });

  test("a preview for a second is what a change for that second makes, line by line", async () => {
    const shop = startShop();
    await fc.assert(
      fc.asyncProperty(plans, async ({ mode, first, changes }) => {
        const { id, start, end, wish, update, pending, leave } = subscribe(shop, mode, first);
        for (const { later: passed, ...other } of changes) {
          await later(shop, end, passed);
          const known = pending().length;
          const proration_date = Math.floor((start + shop.now()) / 2);
          const preview = shop.must("POST /v1/invoices/create_preview", {
            subscription: id,
            subscription_details: wish(other, { proration_date }),
          });
          await shop.goTo(Math.min(end - 1, shop.now() + 60));
          update(wish(other, { proration_date }));
          const made = pending();
          const shown = preview.lines.data.slice(0, made.length - known);
          assert.deepEqual(linesOf(shown), linesOf(made.slice(0, made.length - known)));
        }
        leave();
      }),
      runs,
    );
  });
});
