import assert from "node:assert/strict";
import { suite, test } from "node:test";
import type Stripe from "stripe";
import { type SandboxWorld, startWorld } from "../../testing.ts";
import { billedCustomer } from "../invoices/testing.ts";

type Item = Partial<Stripe.InvoiceItemCreateParams>;

/** A finalized invoice of these items, and its lines. */
async function invoiceOf(world: SandboxWorld, items: readonly Item[], more: Stripe.InvoiceCreateParams = {}) {
  const { stripe } = world;
  const { customer } = await billedCustomer(world);
  const { id } = await stripe.invoices.create({ customer, currency: "usd", ...more });
  for (const item of items) await stripe.invoiceItems.create({ customer, invoice: id, currency: "usd", ...item });
  const invoice = await stripe.invoices.finalizeInvoice(id);
  return { customer, invoice, lines: invoice.lines.data };
}

const of = (line: Stripe.InvoiceLineItem | undefined, part: { amount: number } | { quantity: number }) =>
  ({ type: "invoice_line_item", invoice_line_item: String(line?.id), ...part }) as const;

const vat = (world: SandboxWorld, percentage: number, inclusive = false) =>
  world.stripe.taxRates.create({ display_name: "VAT", percentage, inclusive });

suite("a line of an invoice is credited", () => {
  test("by quantity, and whoever credits all of it credits it to the cent", async () => {
    const world = startWorld();
    const { id: rate } = await vat(world, 19);
    const item = { quantity: 3, unit_amount_decimal: "33.5", tax_rates: [rate], description: "Tea" };
    const { invoice, lines } = await invoiceOf(world, [item as unknown as Item, { amount: 1000 }]);
    const tea = lines.find(({ description }) => description === "Tea");
    assert.deepEqual([tea?.amount, tea?.taxes?.[0]?.amount], [101, 19]);
    const notes: Stripe.CreditNote[] = [];
    for (let nth = 0; nth < 3; nth++) {
      const sent = { invoice: invoice.id, lines: [of(tea, { quantity: 1 })] };
      notes.push(await world.stripe.creditNotes.create(sent));
    }
    const parts = notes.map(({ subtotal, total_taxes: taxes, total }) => [subtotal, taxes?.[0]?.amount, total]);
    assert.deepEqual(parts, [
      [34, 6, 40],
      [33, 7, 40],
      [34, 6, 40],
    ]);
    const [line] = notes[0]?.lines.data ?? [];
    assert.deepEqual(
      [line?.quantity, line?.unit_amount, String(line?.unit_amount_decimal), line?.description],
      [1, null, "33.5", "Tea"],
    );
    const again = { invoice: invoice.id, lines: [of(tea, { quantity: 1 })] };
    await assert.rejects(world.stripe.creditNotes.create(again), /Only 0 of this invoice line item/);
  });

  test("by amount, and the way that was chosen first is the way", async () => {
    const world = startWorld();
    const { invoice, lines } = await invoiceOf(world, [{ amount: 1000 }]);
    const ask = (part: { amount: number } | { quantity: number }) =>
      world.stripe.creditNotes.create({ invoice: invoice.id, lines: [of(lines[0], part)] });
    const note = await ask({ amount: 400 });
    const [line] = note.lines.data;
    assert.deepEqual([line?.amount, line?.quantity, line?.unit_amount, note.total], [400, null, null, 400]);
    await assert.rejects(ask({ quantity: 1 }), /only be credited by amount/);
    await assert.rejects(ask({ amount: 601 }), /Only 600/);
    await assert.rejects(ask({ amount: -1 }), /Only 600/);
    assert.equal((await ask({ amount: 600 })).total, 600);
  });

  test("with its discounts, which are taken from what is given back", async () => {
    const world = startWorld();
    const { id: tenth } = await world.stripe.coupons.create({ percent_off: 10 });
    const { id: five } = await world.stripe.coupons.create({ amount_off: 500, currency: "usd" });
    const { id: rate } = await vat(world, 20);
    const item = { amount: 3333, discounts: [{ coupon: tenth }], tax_rates: [rate] };
    const { invoice, lines } = await invoiceOf(world, [item], { discounts: [{ coupon: five }] });
    const create = (amount: number) =>
      world.stripe.creditNotes.create({ invoice: invoice.id, lines: [of(lines[0], { amount })] });
    const first = await create(1111);
    assert.deepEqual(
      first.discount_amounts.map(({ amount }) => amount),
      [111, 167],
    );
    assert.deepEqual(
      [first.subtotal, first.discount_amount, first.total_excluding_tax, first.total],
      [1000, 278, 833, 1000],
    );
    const rest = await create(2222);
    const sum = (pick: (note: Stripe.CreditNote) => number | null) => (pick(first) ?? 0) + (pick(rest) ?? 0);
    assert.deepEqual(
      [
        sum(({ subtotal }) => subtotal),
        sum(({ total }) => total),
        sum(({ total_excluding_tax: net }) => net),
        sum(({ subtotal_excluding_tax: net }) => net),
      ],
      [invoice.subtotal, invoice.total, invoice.total_excluding_tax, invoice.subtotal_excluding_tax],
    );
    assert.equal((await world.stripe.invoices.retrieve(invoice.id)).status, "paid");
  });

  test("below nothing where it was a credit itself, at most as much, and never all alone", async () => {
    const world = startWorld();
    const { invoice, lines } = await invoiceOf(world, [{ amount: 10_000 }, { amount: -5000 }]);
    const [above, below] = [10_000, -5000].map((amount) => lines.find((line) => line.amount === amount));
    const ask = (...parts: readonly [Stripe.InvoiceLineItem | undefined, number][]) =>
      world.stripe.creditNotes.create({
        invoice: invoice.id,
        lines: parts.map(([line, amount]) => of(line, { amount })),
      });
    await assert.rejects(ask([below, -100]), /must be above zero/);
    await assert.rejects(ask([above, 10_000], [below, -5001]), /Only -5000/);
    await assert.rejects(ask([above, 10_000], [below, 1]), /Only -5000/);
    assert.equal((await ask([above, 10_000], [below, -5000])).total, 5000);
  });

  test("without the tax in its price where the customer does not pay it", async () => {
    const world = startWorld();
    const { stripe } = world;
    const { id: rate } = await vat(world, 19, true);
    const { customer } = await billedCustomer(world);
    await stripe.customers.update(customer, { tax_exempt: "exempt" });
    const { id } = await stripe.invoices.create({ customer, currency: "usd" });
    await stripe.invoiceItems.create({ customer, invoice: id, amount: 1190, currency: "usd", tax_rates: [rate] });
    const invoice = await stripe.invoices.finalizeInvoice(id);
    assert.equal(invoice.total, 1000);
    const half = await stripe.creditNotes.create({
      invoice: id,
      lines: [of(invoice.lines.data[0], { amount: 595 })],
    });
    assert.deepEqual([half.total, half.total_taxes?.[0]?.amount], [500, 0]);
    const custom = { type: "custom_line_item", unit_amount: 119, tax_rates: [rate] };
    assert.equal((await stripe.creditNotes.create({ invoice: id, lines: [custom] })).total, 100);
  });

  test("to the cent of an invoice whose taxes were rounded on the whole of it", async () => {
    const world = startWorld({ billing: { taxRounding: "invoice_level" } });
    const { id: rate } = await vat(world, 10);
    const item = { amount: 1005, tax_rates: [rate] };
    const { invoice, lines } = await invoiceOf(world, [item, item, item]);
    assert.equal(invoice.total, 3015 + 302);
    const all = lines.map((line) => of(line, { quantity: 1 }));
    const first = await world.stripe.creditNotes.create({ invoice: invoice.id, lines: all.slice(0, 1) });
    assert.equal(first.total, 1005 + 101);
    const rest = await world.stripe.creditNotes.create({ invoice: invoice.id, lines: all.slice(1) });
    assert.equal(first.total + rest.total, invoice.total);
    assert.equal((await world.stripe.invoices.retrieve(invoice.id)).status, "paid");
  });
});

test("a line of its own accord has a price, which may have decimals, and rates of its own", async () => {
  const world = startWorld();
  const { id: rate } = await vat(world, 19);
  const { invoice } = await invoiceOf(world, [{ amount: 10_000 }]);
  const line = {
    type: "custom_line_item",
    description: "Late",
    quantity: 3,
    unit_amount_decimal: "33.5",
    tax_rates: [rate],
  };
  const note = await world.stripe.creditNotes.create({
    invoice: invoice.id,
    lines: [line as unknown as Stripe.CreditNoteCreateParams.Line],
  });
  const [made] = note.lines.data;
  assert.deepEqual([made?.amount, made?.taxes?.[0]?.amount, made?.tax_rates[0]?.id], [101, 19, rate]);
  assert.deepEqual([note.subtotal, note.total, note.total_excluding_tax], [101, 120, 101]);
  const byHand = {
    type: "custom_line_item",
    unit_amount: 5,
    tax_amounts: [{ amount: 1, tax_rate: rate, taxable_amount: 5 }],
  };
  await assert.rejects(
    world.stripe.creditNotes.create({
      invoice: invoice.id,
      lines: [byHand as unknown as Stripe.CreditNoteCreateParams.Line],
    }),
    /created by Stripe/,
  );
});
