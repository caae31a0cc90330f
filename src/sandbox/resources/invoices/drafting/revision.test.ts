// https://docs.stripe.com/invoicing/invoice-edits
import assert from "node:assert/strict";
import { suite, test } from "node:test";
import type Stripe from "stripe";
import { type SandboxWorld, startWorld } from "../../../testing.ts";
import { billedCustomer, draftOf, openInvoice } from "../testing.ts";

const revise = ({ stripe }: SandboxWorld, invoice: string, more: Partial<Stripe.InvoiceCreateParams> = {}) =>
  stripe.invoices.create({ from_invoice: { action: "revision", invoice }, ...more });

suite("a revision", () => {
  test("is a draft with all that the invoice says, and what waits is not pulled in", async () => {
    const world = startWorld();
    const { stripe } = world;
    const { customer } = await billedCustomer(world);
    const { id: rate } = await stripe.taxRates.create({ display_name: "VAT", percentage: 19, inclusive: false });
    const { id: coupon } = await stripe.coupons.create({ percent_off: 10 });
    const said = {
      ...({ collection_method: "send_invoice", days_until_due: 7, description: "March", footer: "Thanks" } as const),
      ...{ custom_fields: [{ name: "PO", value: "7" }], metadata: { a: "b" }, default_tax_rates: [rate] },
      discounts: [{ coupon }],
    };
    const { id } = await draftOf(world, customer, 1000, said);
    const price_data = {
      currency: "usd",
      product: (await stripe.products.create({ name: "Tea" })).id,
      unit_amount: 300,
    };
    await stripe.invoiceItems.create({ customer, invoice: id, price_data, quantity: 2 });
    const original = await stripe.invoices.finalizeInvoice(id);
    await stripe.invoiceItems.create({ customer, amount: 900, currency: "usd" });
    const draft = await revise(world, id);
    assert.deepEqual(
      [draft.status, draft.from_invoice, draft.number],
      ["draft", { action: "revision", invoice: id }, null],
    );
    for (const name of [
      ...(["collection_method", "custom_fields", "description", "footer", "metadata", "due_date", "total"] as const),
      ...(["subtotal", "total_taxes", "total_discount_amounts", "amount_due"] as const),
    ]) {
      assert.deepEqual(draft[name], original[name], name);
    }
    const shown = (invoice: Stripe.Invoice) => invoice.lines.data.map((line) => [line.description, line.amount]);
    assert.deepEqual(shown(draft), shown(original));
    assert.equal((await stripe.invoices.retrieve(id)).status, "open");
  });

  test("takes the place of the invoice when it is finalized, and the balance goes with it", async () => {
    const world = startWorld();
    const { stripe } = world;
    const { customer } = await billedCustomer(world);
    await stripe.customers.createBalanceTransaction(customer, { amount: -300, currency: "usd" });
    const { id } = await openInvoice(world, customer, 1000);
    const { id: revision } = await revise(world, id, { description: "Corrected" });
    await stripe.invoiceItems.create({ customer, invoice: revision, amount: 500, currency: "usd" });
    const final = await stripe.invoices.finalizeInvoice(revision);
    assert.deepEqual(
      [final.status, final.total, final.starting_balance, final.amount_due, final.description],
      ["open", 1500, -300, 1200, "Corrected"],
    );
    const original = await stripe.invoices.retrieve(id);
    assert.deepEqual([original.status, original.latest_revision, original.total], ["void", revision, 1000]);
    const { id: again } = await revise(world, revision);
    await stripe.invoices.finalizeInvoice(again);
    const [first, second] = await Promise.all([id, revision].map((one) => stripe.invoices.retrieve(one)));
    assert.deepEqual([first?.latest_revision, second?.latest_revision], [again, again]);
    const whole = await stripe.invoices.retrieve(again, { expand: ["from_invoice.invoice"] });
    const revised = whole.from_invoice?.invoice;
    assert.ok(typeof revised === "object" && revised.status === "void");
    assert.equal((await stripe.invoices.pay(again)).amount_paid, 1200);
  });

  test("is of an invoice that is open or written off, of nobody else's, and of no subscription", async () => {
    const world = startWorld();
    const { stripe } = world;
    const { customer } = await billedCustomer(world);
    const draft = await draftOf(world, customer, 1000);
    await assert.rejects(revise(world, draft.id), /status is draft/);
    const { id } = await stripe.invoices.finalizeInvoice(draft.id);
    const { id: other } = await stripe.customers.create();
    await assert.rejects(revise(world, id, { customer: other }), /the customer and the currency/);
    await assert.rejects(revise(world, "in_none"), /No such invoice/);
    const paidMeanwhile = await revise(world, id);
    await stripe.invoices.pay(id);
    await assert.rejects(revise(world, id), /status is paid/);
    await assert.rejects(stripe.invoices.finalizeInvoice(paidMeanwhile.id), /status is paid/);
    assert.equal((await stripe.invoices.retrieve(paidMeanwhile.id)).status, "draft");
    const { id: price } = await stripe.prices.create({
      ...{ currency: "usd", unit_amount: 900, recurring: { interval: "month" }, product_data: { name: "Seat" } },
    });
    const incomplete = { payment_behavior: "default_incomplete" } as const;
    const { latest_invoice } = await stripe.subscriptions.create({ customer, items: [{ price }], ...incomplete });
    await assert.rejects(revise(world, String(latest_invoice)), /Invoices of subscriptions/);
    const lost = await openInvoice(world, customer, 1000);
    await stripe.invoices.markUncollectible(lost.id);
    assert.equal((await revise(world, lost.id)).status, "draft");
  });
});

suite("what a customer's invoices say unless somebody says otherwise", () => {
  const invoice_settings = {
    custom_fields: [{ name: "VAT", value: "DE1" }],
    footer: "Thanks",
    rendering_options: { amount_tax_display: "include_inclusive_tax" },
  } as const;

  test("stands on those that are made by a call, and by subscriptions", async () => {
    const world = startWorld();
    const { stripe } = world;
    const { customer } = await billedCustomer(world);
    const plain = await draftOf(world, customer, 100);
    assert.deepEqual([plain.custom_fields, plain.footer, plain.rendering?.amount_tax_display], [null, null, null]);
    await stripe.customers.update(customer, {
      invoice_settings: { ...invoice_settings, custom_fields: [...invoice_settings.custom_fields] },
    });
    const draft = await draftOf(world, customer, 100);
    const { custom_fields, footer } = invoice_settings;
    assert.deepEqual([draft.custom_fields, draft.footer], [custom_fields, footer]);
    assert.equal(draft.rendering?.amount_tax_display, "include_inclusive_tax");
    const own = await draftOf(world, customer, 100, { footer: "Bye", custom_fields: "" });
    assert.deepEqual([own.custom_fields, own.footer], [null, "Bye"]);
    const { id: price } = await stripe.prices.create({
      ...{ currency: "usd", unit_amount: 900, recurring: { interval: "month" }, product_data: { name: "Seat" } },
    });
    const { latest_invoice } = await stripe.subscriptions.create({
      ...{ customer, items: [{ price }], expand: ["latest_invoice"] },
    });
    const billed = latest_invoice as Stripe.Invoice;
    assert.deepEqual([billed.custom_fields, billed.footer], [custom_fields, footer]);
    assert.deepEqual(billed.rendering, {
      ...{ amount_tax_display: "include_inclusive_tax", pdf: { page_size: "letter" }, template: null },
      template_version: null,
    });
  });

  test("is short: four custom fields, names of 40 characters and values of 140", async () => {
    const world = startWorld();
    const { customer } = await billedCustomer(world);
    const custom = (...custom_fields: { name: string; value: string }[]) =>
      draftOf(world, customer, 100, { custom_fields });
    const field = { name: "n".repeat(40), value: "v".repeat(140) };
    assert.equal((await custom(field, field, field, field)).custom_fields?.length, 4);
    await assert.rejects(custom(field, field, field, field, field), /custom_fields/);
    await assert.rejects(custom({ ...field, name: `${field.name}n` }), { param: "custom_fields[0][name]" });
    await assert.rejects(custom({ ...field, value: `${field.value}v` }), { param: "custom_fields[0][value]" });
  });
});
