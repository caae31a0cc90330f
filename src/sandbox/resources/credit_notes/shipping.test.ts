import assert from "node:assert/strict";
import { suite, test } from "node:test";
import type Stripe from "stripe";
import { startWorld } from "../../testing.ts";
import { billedCustomer } from "../invoices/testing.ts";

/** A finalized invoice of 1000 and of 1190 for sending it, each with 19 % on top. */
async function shipped() {
  const world = startWorld();
  const { stripe } = world;
  const { customer } = await billedCustomer(world);
  await stripe.customers.update(customer, { address: { country: "DE" } });
  const tax_behavior = "exclusive" as const;
  const { id: shipping_rate } = await stripe.shippingRates.create({
    ...{ display_name: "Ground", fixed_amount: { amount: 1190, currency: "usd" }, tax_behavior },
  });
  const { id: price } = await stripe.prices.create({
    ...{ currency: "usd", unit_amount: 1000, tax_behavior, product_data: { name: "Tea" } },
  });
  const { id } = await stripe.invoices.create({
    ...{ customer, currency: "usd", automatic_tax: { enabled: true }, shipping_cost: { shipping_rate } },
  });
  await stripe.invoiceItems.create({ customer, invoice: id, pricing: { price } });
  const invoice = await stripe.invoices.finalizeInvoice(id);
  const shipping_cost = { shipping_rate };
  const lines: Stripe.CreditNoteCreateParams.Line[] = [
    { type: "invoice_line_item", invoice_line_item: String(invoice.lines.data[0]?.id), quantity: 1 },
  ];
  return { ...world, id, invoice, shipping_cost, lines };
}

const sums = ({ amount_shipping, subtotal, total, total_excluding_tax, total_taxes: taxes }: Stripe.CreditNote) => [
  ...[amount_shipping, subtotal, total, total_excluding_tax, taxes?.map(({ amount }) => amount)],
];

suite("a credit note of what it cost to send things", () => {
  test("gives it back whole, with its taxes, and is previewed so", async () => {
    const { stripe, id, invoice, shipping_cost } = await shipped();
    const preview = await stripe.creditNotes.preview({ invoice: id, shipping_cost });
    const note = await stripe.creditNotes.create({ invoice: id, shipping_cost, expand: ["shipping_cost.taxes"] });
    const { taxes, ...cost } = note.shipping_cost ?? { taxes: [] };
    assert.deepEqual([sums(note), sums(preview)], [sums(note), sums(note)]);
    assert.deepEqual(sums(note), [1190, 0, 1416, 1190, [226]]);
    assert.deepEqual([cost, preview.shipping_cost], [invoice.shipping_cost, invoice.shipping_cost]);
    assert.deepEqual([taxes?.[0]?.amount, taxes?.[0]?.rate.percentage, note.lines.data], [226, 19, []]);
    const plain = await stripe.creditNotes.retrieve(note.id, { expand: ["shipping_cost.shipping_rate"] });
    assert.deepEqual([typeof plain.shipping_cost?.shipping_rate, plain.shipping_cost?.taxes], ["object", undefined]);
    assert.equal((await stripe.invoices.retrieve(id)).amount_remaining, invoice.total - 1416);
  });

  test("stands beside lines, whichever comes first, and together they are the invoice", async () => {
    const together = await shipped();
    const { lines, shipping_cost } = together;
    const whole = await together.stripe.creditNotes.create({ invoice: together.id, lines, shipping_cost });
    assert.deepEqual(sums(whole), [1190, 1000, 2606, 2190, [416]]);
    assert.equal((await together.stripe.invoices.retrieve(together.id)).status, "paid");
    for (const isShippingFirst of [true, false]) {
      const { stripe, id, lines: own, shipping_cost: sent } = await shipped();
      const parts = [{ lines: own }, { shipping_cost: sent }];
      const notes: Stripe.CreditNote[] = [];
      for (const part of isShippingFirst ? parts.reverse() : parts) {
        notes.push(await stripe.creditNotes.create({ invoice: id, ...part }));
      }
      assert.deepEqual(notes.map(({ total }) => total).sort(), [1190, 1416]);
      assert.equal((await stripe.invoices.retrieve(id)).status, "paid");
    }
  });

  test("is given back once, until its note is void, and by the rate of its invoice", async () => {
    const { stripe, call, id, shipping_cost } = await shipped();
    const { id: other } = await stripe.shippingRates.create({
      ...{ display_name: "Air", fixed_amount: { amount: 1190, currency: "usd" } },
    });
    const ask = { invoice: id, shipping_cost };
    const foreign = stripe.creditNotes.create({ invoice: id, shipping_cost: { shipping_rate: other } });
    await assert.rejects(foreign, { param: "shipping_cost[shipping_rate]", message: /not that of the invoice/ });
    await assert.rejects(stripe.creditNotes.create({ ...ask, amount: 5 }), { param: "amount" });
    const empty = await call("POST", "/v1/credit_notes", `invoice=${id}&shipping_cost[shipping_rate]=`);
    assert.deepEqual([empty.status, empty.error.param], [400, "shipping_cost[shipping_rate]"]);
    const note = await stripe.creditNotes.create({ ...ask, amount: 1416 });
    await assert.rejects(stripe.creditNotes.create(ask), /credited already/);
    await stripe.creditNotes.voidCreditNote(note.id);
    assert.equal((await stripe.creditNotes.create(ask)).total, 1416);
  });

  test("shares the ceiling of its invoice, and refunds what was paid", async () => {
    const { stripe, id, shipping_cost } = await shipped();
    await stripe.creditNotes.create({ invoice: id, amount: 2606 - 1415 });
    await assert.rejects(stripe.creditNotes.create({ invoice: id, shipping_cost }), /only \$14.15/);
    const paid = await shipped();
    await paid.stripe.invoices.pay(paid.id);
    const ask = { invoice: paid.id, shipping_cost: paid.shipping_cost };
    await assert.rejects(paid.stripe.creditNotes.create(ask), /must equal .*\$14.16/);
    const note = await paid.stripe.creditNotes.create({ ...ask, refund_amount: 1416 });
    assert.deepEqual([note.type, note.refunds[0]?.amount_refunded], ["post_payment", 1416]);
  });
});
