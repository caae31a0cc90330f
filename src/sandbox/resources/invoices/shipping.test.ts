import assert from "node:assert/strict";
import { suite, test } from "node:test";
import type Stripe from "stripe";
import { type SandboxWorld, startWorld } from "../../testing.ts";
import { billedCustomer, draftOf } from "./testing.ts";

type Rate = Partial<Stripe.ShippingRateCreateParams>;

async function rateOf({ stripe }: SandboxWorld, amount = 500, more: Rate = {}): Promise<string> {
  const fixed_amount = { amount, currency: "usd" };
  return (await stripe.shippingRates.create({ display_name: "Ground", fixed_amount, ...more })).id;
}

async function ready() {
  const world = startWorld();
  const { customer } = await billedCustomer(world);
  return { ...world, world, customer };
}

const sums = ({ amount_shipping, subtotal, total, total_excluding_tax, amount_due }: Stripe.Invoice) => [
  ...[amount_shipping, subtotal, total, total_excluding_tax, amount_due],
];

suite("what an invoice asks for sending things", () => {
  test("comes on top of its lines, without a discount, and is paid with them", async () => {
    const { world, stripe, customer } = await ready();
    const shipping_rate = await rateOf(world);
    const { id: coupon } = await stripe.coupons.create({ percent_off: 50 });
    const draft = await draftOf(world, customer, 1000, { shipping_cost: { shipping_rate }, discounts: [{ coupon }] });
    assert.deepEqual(sums(draft), [500, 1000, 1000, 1000, 1000]);
    assert.deepEqual(draft.shipping_cost, {
      ...{ amount_subtotal: 500, amount_tax: 0, amount_total: 500, shipping_rate },
    });
    const paid = await stripe.invoices.pay(draft.id);
    assert.deepEqual([paid.amount_paid, paid.shipping_cost, paid.lines.data.length], [1000, draft.shipping_cost, 1]);
    const whole = await stripe.invoices.retrieve(draft.id, { expand: ["shipping_cost.shipping_rate"] });
    const rate = whole.shipping_cost?.shipping_rate;
    assert.equal(typeof rate === "object" && rate?.display_name, "Ground");
  });

  test("is chosen, changed and taken back while the invoice is a draft", async () => {
    const { world, stripe, call, customer } = await ready();
    const { id } = await draftOf(world, customer, 1000);
    const path = `/v1/invoices/${id}`;
    const chosen = await stripe.invoices.update(id, { shipping_cost: { shipping_rate: await rateOf(world) } });
    assert.deepEqual(sums(chosen), [500, 1000, 1500, 1500, 1500]);
    const shipping_rate_data = { display_name: "Air", fixed_amount: { amount: 900, currency: "usd" } };
    const made = await stripe.invoices.update(id, { shipping_cost: { shipping_rate_data } });
    assert.deepEqual(sums(made), [900, 1000, 1900, 1900, 1900]);
    const air = await stripe.shippingRates.retrieve(String(made.shipping_cost?.shipping_rate));
    assert.deepEqual([air.display_name, air.active], ["Air", false]);
    const without = await stripe.invoices.update(id, { shipping_cost: "" });
    assert.deepEqual([...sums(without), without.shipping_cost], [0, 1000, 1000, 1000, 1000, null]);
    await stripe.invoices.finalizeInvoice(id);
    const late = await call("POST", path, `shipping_cost[shipping_rate]=${await rateOf(world)}`);
    assert.deepEqual([late.status, late.error.code], [400, "invoice_not_editable"]);
  });

  test("is in the currency of the invoice, of a rate that is in use, and of one alone", async () => {
    const { world, stripe, call, customer } = await ready();
    const currency_options = { eur: { amount: 400 } };
    const both = await rateOf(world, 500, { fixed_amount: { amount: 500, currency: "usd", currency_options } });
    const draft = (shipping: string) => call("POST", "/v1/invoices", `customer=${customer}&currency=eur&${shipping}`);
    assert.equal((await draft(`shipping_cost[shipping_rate]=${both}`)).json.total, 400);
    const one = "shipping_cost[shipping_rate]";
    const data = "shipping_cost[shipping_rate_data]";
    const air = (currency: string) =>
      `${data}[display_name]=Air&${data}[fixed_amount][amount]=5&${data}[fixed_amount][currency]=${currency}`;
    const usd = await rateOf(world);
    const old = await rateOf(world, 500, { fixed_amount: { amount: 500, currency: "eur" } });
    await stripe.shippingRates.update(old, { active: false });
    const refused: readonly (readonly [form: string, param: string, words: RegExp])[] = [
      [`${one}=shr_nope`, one, /No such shipping rate: 'shr_nope'/],
      [`${one}=${usd}`, one, /no amount in eur/],
      [`${one}=${old}`, one, /not active/],
      [`${one}=${both}&${air("eur")}`, "shipping_cost", /only specify one/],
      [air("usd"), data, /no amount in eur/],
      [`${data}[display_name]=Air`, `${data}[fixed_amount]`, /Missing required param/],
      [`shipping_cost[shipping_rate]=`, one, /./],
    ];
    for (const [form, param, words] of refused) {
      const { status, error } = await draft(form);
      assert.deepEqual([status, error.param], [400, param], form);
      assert.match(String(error.message), words);
    }
    assert.equal((await stripe.shippingRates.list()).data.length, 3);
  });

  test("is not taxed by rates that are named, which are for lines", async () => {
    const { world, stripe, customer } = await ready();
    const rate = (await stripe.taxRates.create({ display_name: "VAT", inclusive: false, percentage: 20 })).id;
    const shipping_rate = await rateOf(world, 500, { tax_behavior: "exclusive" });
    const more = { default_tax_rates: [rate], shipping_cost: { shipping_rate } };
    assert.deepEqual(sums(await draftOf(world, customer, 1000, more)), [500, 1000, 1700, 1500, 1700]);
  });
});

suite("automatic tax of what an invoice asks for sending things", () => {
  async function placed(behavior: "exclusive" | "inclusive" | "unspecified", amount = 1190) {
    const { world, stripe, customer } = await ready();
    await stripe.customers.update(customer, { address: { country: "DE" } });
    const shipping_rate = await rateOf(world, amount, { tax_behavior: behavior, tax_code: "txcd_92010001" });
    const { id } = await stripe.prices.create({
      ...{ currency: "usd", unit_amount: 1000, tax_behavior: "exclusive", product_data: { name: "Tea" } },
    });
    const invoice = await stripe.invoices.create({
      ...{ customer, currency: "usd", automatic_tax: { enabled: true }, shipping_cost: { shipping_rate } },
    });
    await stripe.invoiceItems.create({ customer, invoice: invoice.id, pricing: { price: id } });
    return { ...world, customer, id: invoice.id, shown: await stripe.invoices.retrieve(invoice.id) };
  }

  test("comes on top of it, or is in it, as its rate says", async () => {
    const { stripe, id, shown } = await placed("exclusive");
    assert.deepEqual(sums(shown), [1190, 1000, 1000 + 190 + 1190 + 226, 2190, 2606]);
    const cost = shown.shipping_cost;
    assert.deepEqual([cost?.amount_subtotal, cost?.amount_tax, cost?.amount_total], [1190, 226, 1416]);
    assert.equal(cost?.taxes, undefined);
    assert.deepEqual(
      shown.total_taxes?.map(({ amount, taxable_amount }) => [amount, taxable_amount]),
      [[416, 2190]],
    );
    const open = await stripe.invoices.finalizeInvoice(id, { expand: ["shipping_cost.taxes"] });
    const [tax, ...others] = open.shipping_cost?.taxes ?? [];
    assert.deepEqual(
      [tax?.amount, tax?.taxable_amount, tax?.taxability_reason, tax?.rate.percentage, others],
      [226, 1190, "standard_rated", 19, []],
    );
    const within = await placed("inclusive");
    assert.deepEqual(sums(within.shown), [1190, 1000, 1190 + 1190, 2000, 2380]);
    const inside = within.shown.shipping_cost;
    assert.deepEqual([inside?.amount_subtotal, inside?.amount_tax, inside?.amount_total], [1190, 190, 1190]);
    assert.equal((await placed("unspecified")).shown.shipping_cost?.amount_tax, 0);
  });

  test("takes nothing of who is exempt, nor what the rate contains", async () => {
    const { stripe, customer, id } = await placed("inclusive");
    await stripe.customers.update(customer, { tax_exempt: "exempt" });
    const open = await stripe.invoices.finalizeInvoice(id, { expand: ["shipping_cost.taxes"] });
    assert.deepEqual([open.total, open.shipping_cost?.amount_tax, open.shipping_cost?.amount_total], [2000, 0, 1000]);
    assert.equal(open.shipping_cost?.taxes?.[0]?.taxability_reason, "customer_exempt");
  });

  test("ends with it, stays in a snapshot, and is copied into a revision", async () => {
    const { stripe, sandbox, id } = await placed("exclusive");
    const plain = await stripe.invoices.update(id, {
      automatic_tax: { enabled: false },
      expand: ["shipping_cost.taxes"],
    });
    assert.deepEqual([plain.total, plain.shipping_cost?.amount_tax, plain.shipping_cost?.taxes], [2190, 0, []]);
    await stripe.invoices.update(id, { automatic_tax: { enabled: true } });
    const { total, shipping_cost } = await stripe.invoices.finalizeInvoice(id);
    sandbox.restore(sandbox.snapshot());
    const kept = await stripe.invoices.retrieve(id, { expand: ["shipping_cost.taxes"] });
    assert.equal(kept.shipping_cost?.taxes?.[0]?.amount, 226);
    const revised = await stripe.invoices.create({ from_invoice: { action: "revision", invoice: id } });
    assert.deepEqual([revised.total, revised.shipping_cost], [total, shipping_cost]);
  });

  test("is an invoice of itself, where nothing else is asked for", async () => {
    const { world, stripe, customer } = await ready();
    const shipping_cost = { shipping_rate: await rateOf(world) };
    const { id } = await stripe.invoices.create({ customer, currency: "usd", shipping_cost });
    const paid = await stripe.invoices.pay(id);
    assert.deepEqual([paid.lines.data, paid.subtotal, paid.amount_paid], [[], 0, 500]);
  });
});
