import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { type SandboxWorld, startWorld } from "../../testing.ts";
import { billedCustomer, draftOf, openInvoice } from "./testing.ts";

const seenBy = async (world: SandboxWorld, version: string, path: string, form = "") =>
  (await world.call("GET", path, { form, headers: { "stripe-version": version } })).json;

suite("an invoice in older versions", () => {
  test("it and its payment name each other, and it says that it is paid", async () => {
    const world = startWorld();
    const { customer } = await billedCustomer(world);
    const { id } = await draftOf(world, customer, 3500);
    await world.stripe.invoices.pay(id);
    const old = "2024-12-18.acacia";
    const form = "expand[]=payment_intent&expand[]=charge";
    const invoice = (await seenBy(world, old, `/v1/invoices/${id}`, form)) as Record<string, never>;
    const { payment_intent: intent, charge } = invoice as unknown as Record<string, { id: string; invoice: string }>;
    assert.ok(intent && charge);
    assert.deepEqual([intent.invoice, charge.invoice], [id, id]);
    assert.deepEqual(
      [invoice.paid, invoice.paid_out_of_band, invoice.subscription, invoice.tax],
      [true, false, null, null],
    );
    const lines = (invoice.lines as unknown as { data: Record<string, unknown>[] }).data;
    assert.deepEqual([lines[0]?.type, lines[0]?.proration, lines[0]?.tax_amounts], ["invoiceitem", false, []]);
    assert.equal((await seenBy(world, "2020-08-27", `/v1/invoices/${id}`)).payment_intent, intent.id);
  });

  test("since basil neither names the other, and asking for it says so", async () => {
    const world = startWorld();
    const { customer } = await billedCustomer(world);
    const { id } = await openInvoice(world, customer, 3500);
    const shown = await seenBy(world, "2025-03-31.basil", `/v1/invoices/${id}`);
    assert.ok(!("payment_intent" in shown) && !("paid" in shown));
    const refused = await world.call("GET", `/v1/invoices/${id}`, "expand[]=payment_intent");
    assert.equal(refused.status, 400);
    assert.match(String(refused.error.message), /doesn't exist: payment_intent/);
  });

  test("an invoice item says what a unit costs", async () => {
    const world = startWorld();
    const { customer } = await billedCustomer(world);
    const form = `customer=${customer}&currency=usd&unit_amount=250&quantity=3`;
    const headers = { "stripe-version": "2024-06-20" };
    const { json } = await world.call("POST", "/v1/invoiceitems", { form, headers });
    assert.deepEqual([json.amount, json.unit_amount, json.unit_amount_decimal, json.quantity], [750, 250, "250", 3]);
    const { pricing } = await world.stripe.invoiceItems.retrieve(String(json.id));
    assert.equal(String(pricing?.unit_amount_decimal), "250");
  });

  test("a line names its price as an invoice item did, and since basil does not", async () => {
    const world = startWorld();
    const { customer } = await billedCustomer(world);
    const { id, lines } = await draftOf(world, customer, 100);
    const price = (await world.stripe.prices.create({ currency: "usd", unit_amount: 700, product_data: { name: "A" } }))
      .id;
    const headers = { "stripe-version": "2024-12-18.acacia" };
    const line = `/v1/invoices/${id}/lines/${lines.data[0]?.id}`;
    const changed = await world.call("POST", line, { form: `price=${price}&quantity=2`, headers });
    assert.equal(changed.json.amount, 1400);
    const added = await world.call("POST", `/v1/invoices/${id}/add_lines`, {
      form: `lines[0][price]=${price}`,
      headers,
    });
    assert.equal(added.json.total, 2100);
    for (const [path, form] of [
      [line, `price=${price}`],
      [`/v1/invoices/${id}/add_lines`, `lines[0][price]=${price}`],
    ] as const) {
      assert.equal((await world.call("POST", path, form)).error.code, "parameter_unknown");
    }
  });

  // As recorded in zulip/zulip (corporate/tests/stripe_fixtures, attach_discount_to_realm).
  test("what becomes of it is told with what there was none of before", async () => {
    const world = startWorld({ defaultVersion: "2020-08-27" });
    const { customer } = await billedCustomer(world);
    const { id } = await openInvoice(world, customer, 7200);
    await world.stripe.invoices.pay(id);
    const { data } = await world.stripe.events.list({ type: "invoice.updated" });
    const [paid, open] = data.map(({ data: { previous_attributes: previous = {} } }) => Object.keys(previous).sort());
    const settled = ["amount_paid", "amount_remaining", "attempt_count", "attempted", "charge", "paid"];
    assert.deepEqual(paid, [...settled, "status", "status_transitions"]);
    const addresses = ["hosted_invoice_url", "invoice_pdf"];
    const final = ["effective_at", "ending_balance", ...addresses, "number", "payment_intent", "rendering"];
    assert.deepEqual(open, [...final, "status", "status_transitions"]);
  });
});
