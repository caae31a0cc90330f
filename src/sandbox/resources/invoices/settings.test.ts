import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { createSandbox } from "../../index.ts";
import { startWorld } from "../../testing.ts";
import { billedCustomer, draftOf, openInvoice } from "./testing.ts";

suite("what an account is set to about invoices", () => {
  test("all of an account are numbered in one row, and go on in it after a snapshot", async () => {
    const world = startWorld({ billing: { numbering: "account_level" } });
    const [ada, bob] = [await billedCustomer(world), await billedCustomer(world)];
    const { number: first } = await openInvoice(world, ada.customer, 1000);
    const { number: second } = await openInvoice(world, bob.customer, 1000);
    const { number: own } = await openInvoice(world, bob.customer, 1000, { number: "B-1" });
    world.sandbox.restore(world.sandbox.snapshot());
    const { number: third } = await openInvoice(world, ada.customer, 1000);
    const prefix = first?.split("-")[0];
    assert.match(String(prefix), /^[0-9A-Z]{8}$/);
    assert.deepEqual([first, second, own, third], [`${prefix}-0001`, `${prefix}-0002`, "B-1", `${prefix}-0003`]);
  });

  test("taxes are rounded once in the sum, where that is asked for", async () => {
    const totals = [];
    for (const taxRounding of ["line_level", "invoice_level"] as const) {
      const world = startWorld({ billing: { taxRounding } });
      const { customer } = await billedCustomer(world);
      const rate = await world.stripe.taxRates.create({ display_name: "VAT", percentage: 5, inclusive: false });
      const { id } = await draftOf(world, customer, 450, { default_tax_rates: [rate.id] });
      await world.stripe.invoiceItems.create({ customer, invoice: id, amount: 450 });
      totals.push((await world.stripe.invoices.retrieve(id)).total);
    }
    assert.deepEqual(totals, [946, 945]); // 22.5 is 23 twice, or 45 once.
  });

  test("nonsense is refused before anything is opened", () => {
    for (const billing of [{ numbering: "nobody" }, { retries: [] }, { retries: [1, 2, 3, 4] }, { later: 1 }]) {
      assert.throws(() => createSandbox({ billing: billing as object }), { code: "invalid_config" });
    }
  });
});

suite("the currency of an invoice", () => {
  test("nobody named: that which the customer was billed in first; what waits in another is left", async () => {
    const world = startWorld();
    const { stripe } = world;
    const { customer } = await billedCustomer(world);
    await stripe.invoiceItems.create({ customer, amount: 15_000, currency: "eur" });
    await stripe.invoiceItems.create({ customer, amount: 500, currency: "chf" });
    const invoice = await stripe.invoices.create({ customer, pending_invoice_items_behavior: "include" });
    assert.deepEqual([invoice.currency, invoice.total], ["eur", 15_000]);
    const next = await stripe.invoices.create({
      customer,
      currency: "chf",
      pending_invoice_items_behavior: "include",
    });
    assert.deepEqual([next.currency, next.total], ["chf", 500]);
  });

  test("one invoice has one: a line in another is refused", async () => {
    const world = startWorld();
    const { customer } = await billedCustomer(world);
    const { id } = await draftOf(world, customer, 100, { currency: "eur" });
    const { status, error } = await world.call("POST", "/v1/invoiceitems", `invoice=${id}&amount=5&currency=usd`);
    assert.deepEqual([status, error.param], [400, "currency"]);
  });
});
