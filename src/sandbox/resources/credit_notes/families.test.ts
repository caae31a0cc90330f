// As Stripe was recorded to answer https://github.com/pay-rails/pay from 2022 to 2025: a note of 500 that refunds them.
import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { startWorld } from "../../testing.ts";
import { billedCustomer, draftOf } from "../invoices/testing.ts";

const recorded = {
  "2020-08-27": { hasRefund: true, linked: undefined, hasParts: false },
  "2024-06-20": { hasRefund: true, linked: undefined, hasParts: false },
  "2025-02-24.acacia": { hasRefund: true, linked: ["amount_refunded", "refund"], hasParts: false },
  "2025-03-31.basil": { hasRefund: false, linked: ["amount_refunded", "refund"], hasParts: true },
} as const;

async function paidInvoice() {
  const world = startWorld();
  const { customer } = await billedCustomer(world);
  const { id } = await draftOf(world, customer, 2000);
  const invoice = await world.stripe.invoices.pay(id, { expand: ["payments"] });
  return { world, id, intent: String(invoice.payments?.data[0]?.payment.payment_intent) };
}

suite("a credit note in older versions", () => {
  for (const [version, { hasRefund, linked, hasParts }] of Object.entries(recorded)) {
    test(`of ${version} names what it refunded as that did`, async () => {
      const { world, id } = await paidInvoice();
      const line = "lines[0][type]=custom_line_item&lines[0][quantity]=1&lines[0][unit_amount]=500";
      const form = `invoice=${id}&refund_amount=500&${line}`;
      const { json } = await world.call("POST", "/v1/credit_notes", { form, headers: { "stripe-version": version } });
      assert.deepEqual(
        [json.amount, json.subtotal, json.total, json.type, json.status, json.out_of_band_amount],
        [500, 500, 500, "post_payment", "issued", null],
      );
      assert.equal(json.customer_balance_transaction, null);
      assert.match(String(json.number), /-CN-01$/);
      assert.equal("refund" in json, hasRefund);
      const [link] = (json.refunds ?? []) as object[];
      assert.deepEqual(link && Object.keys(link).sort(), linked);
      assert.equal("pre_payment_amount" in json, hasParts);
      assert.equal("tax_amounts" in json, !hasParts);
    });
  }

  test("links the refund that `refund` names", async () => {
    const { world, id, intent } = await paidInvoice();
    const { id: refund } = await world.stripe.refunds.create({ payment_intent: intent, amount: 400 });
    const headers = { "stripe-version": "2024-06-20" };
    const form = `invoice=${id}&amount=400&refund=${refund}`;
    const { json } = await world.call("POST", "/v1/credit_notes", { form, headers });
    assert.deepEqual([json.refund, json.total], [refund, 400]);
    const refused = await world.call("POST", "/v1/credit_notes", form);
    assert.deepEqual([refused.status, refused.error.code], [400, "parameter_unknown"]);
  });

  test("shows its lines with what their taxes were called", async () => {
    const { world, id } = await paidInvoice();
    const { id: rate } = await world.stripe.taxRates.create({ display_name: "VAT", percentage: 25, inclusive: true });
    const line = "lines[0][type]=custom_line_item&lines[0][unit_amount]=500";
    const form = `invoice=${id}&credit_amount=500&${line}&lines[0][tax_rates][]=${rate}`;
    const headers = { "stripe-version": "2024-06-20" };
    const { json } = await world.call("POST", "/v1/credit_notes", { form, headers });
    const [shown] = (json.lines as { data: Record<string, unknown>[] }).data;
    const taxes = [{ amount: 100, inclusive: true, tax_rate: rate, taxability_reason: null, taxable_amount: 400 }];
    assert.deepEqual(
      [shown?.amount, shown?.amount_excluding_tax, shown?.tax_amounts, shown?.metadata],
      [500, 400, taxes, undefined],
    );
    assert.deepEqual([json.tax_amounts, json.total_excluding_tax, json.subtotal_excluding_tax], [taxes, 400, 400]);
  });
});
