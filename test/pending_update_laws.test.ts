// An update that is never paid for leaves no trace but its void invoice: a shop where one was asked for goes on like
// its twin where nobody has asked.
import assert from "node:assert/strict";
import { suite, test } from "node:test";
import fc from "fast-check";
import { draws } from "#kit/testing.ts";
import { type Answer, startCore, type TestCore } from "./lives/core.ts";

const runs = { numRuns: draws(12, 2000), seed: 31 };
const hour = 3600;

const plans = fc.record({
  mode: fc.constantFrom("classic", "flexible"),
  first: fc.integer({ min: 500, max: 2000 }),
  balance: fc.constantFrom(0, -150),
  waits: fc.boolean(),
  wishes: fc.array(
    fc.record({
      amount: fc.integer({ min: 9000, max: 40_000 }),
      isReset: fc.boolean(),
      hasMore: fc.boolean(),
      afterDays: fc.integer({ min: 1, max: 5 }),
    }),
    { minLength: 1, maxLength: 2 },
  ),
  change: fc.integer({ min: 100, max: 5000 }),
});

interface Shop {
  readonly core: TestCore;
  readonly id: string;
  readonly customer: string;
  readonly item: Answer;
  readonly price: (cents: number) => object;
  readonly payWith: (card: string) => void;
}

function startShop({ mode, first, balance, waits }: Answer): Shop {
  const core = startCore();
  const { must } = core;
  const product = must("POST /v1/products", { name: "Plan" }).id;
  const price = (unit_amount: number) => ({ currency: "usd", product, recurring: { interval: "month" }, unit_amount });
  const customer = must("POST /v1/customers", { name: "Ada" }).id;
  const payWith = (card: string) => {
    const method = must(`POST /v1/payment_methods/${card}/attach`, { customer }).id;
    must(`POST /v1/customers/${customer}`, { invoice_settings: { default_payment_method: method } });
  };
  payWith("pm_card_visa");
  const items = [{ price_data: price(first) }];
  const { id, items: held } = must("POST /v1/subscriptions", { customer, items, billing_mode: { type: mode } });
  if (balance !== 0) must(`POST /v1/customers/${customer}`, { balance });
  if (waits) must("POST /v1/invoiceitems", { customer, amount: 700, currency: "usd" });
  return { core, id, customer, item: held.data[0], price, payWith };
}

/** What a customer and their merchant can see of it, without what has a name of its own. */
function seen({ core, id, customer }: Shop) {
  const { pending_update, ...subscription } = core.must(`GET /v1/subscriptions/${id}`);
  const invoices = core.all("/v1/invoices", { subscription: id }).filter(({ status }) => status !== "void");
  const linesOf = ({ lines }: Answer) =>
    lines.data.map(({ amount, description, period, quantity }: Answer) => ({ amount, description, period, quantity }));
  return {
    balance: core.must(`GET /v1/customers/${customer}`).balance,
    pending_update,
    status: subscription.status,
    anchor: subscription.billing_cycle_anchor,
    trial: [subscription.trial_start, subscription.trial_end],
    items: subscription.items.data.map(({ quantity, price, current_period_start, current_period_end }: Answer) => ({
      ...{ quantity, current_period_start, current_period_end },
      cents: price.unit_amount,
    })),
    waiting: core
      .all("/v1/invoiceitems", { customer, pending: true })
      .map(({ amount, description, period }) => ({ amount, description, period })),
    invoices: invoices.map((invoice) => ({
      ...{ status: invoice.status, total: invoice.total, due: invoice.amount_due },
      lines: linesOf(invoice),
    })),
  };
}

suite("an update that is never paid for", () => {
  test("leaves no trace but its void invoice", async () => {
    await fc.assert(
      fc.asyncProperty(plans, async (plan) => {
        const [asked, twin] = [startShop(plan), startShop(plan)];
        let held = 0;
        for (const { amount, isReset, hasMore, afterDays } of plan.wishes) {
          for (const shop of [asked, twin]) {
            await shop.core.goTo(shop.core.now() + afterDays * 24 * hour);
            shop.payWith("pm_card_chargeCustomerFail");
          }
          const { core, id, item, price } = asked;
          const { pending_update: update } = core.must(`POST /v1/subscriptions/${id}`, {
            items: [{ id: item.id, price_data: price(amount) }],
            payment_behavior: "pending_if_incomplete",
            proration_behavior: "always_invoice",
            ...(isReset && { billing_cycle_anchor: "now" }),
            ...(hasMore && { add_invoice_items: [{ price_data: { ...price(900), recurring: undefined } }] }),
          });
          assert.ok(update, "nobody has paid");
          held += 1;
          for (const shop of [asked, twin]) {
            await shop.core.goTo(shop.core.now() + 23 * hour);
            shop.payWith("pm_card_visa");
          }
          assert.deepEqual(seen(asked), seen(twin));
        }
        for (const { core, id, item, price } of [asked, twin]) {
          core.must(`POST /v1/subscriptions/${id}`, { items: [{ id: item.id, price_data: price(plan.change) }] });
        }
        assert.deepEqual(seen(asked), seen(twin));
        for (const { core, item } of [asked, twin]) await core.goTo(item.current_period_end + 2 * hour);
        assert.deepEqual(seen(asked), seen(twin));
        const voided = asked.core.all("/v1/invoices", { subscription: asked.id, status: "void" });
        assert.equal(voided.length, held);
        assert.deepEqual([...asked.core.bugs, ...twin.core.bugs], []);
      }),
      runs,
    );
  });
});
