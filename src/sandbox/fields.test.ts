// What answers have beside what the SDK of the caller's version declares: what was added later stands under every older
// version, and some fields are declared by no SDK of today.
import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { startWorld } from "./testing.ts";

const versions = ["2020-08-27", "2022-11-15", "2024-06-20", "2025-10-29.clover", "2026-10-28.endive"];

/** By a call: which fields it answers, with what stands in them when nothing has happened. */
const answers: Readonly<Record<string, { readonly form: string; readonly fields: Readonly<Record<string, unknown>> }>> =
  {
    "/v1/payment_intents": {
      form: "amount=900&currency=usd&payment_method_types[]=card",
      fields: {
        customer_account: null,
        excluded_payment_method_types: null,
        latest_charge: null,
        managed_payments: { enabled: false },
        payment_method_configuration_details: null,
        shared_payment_granted_token: null,
      },
    },
    "/v1/payment_methods": {
      form: "type=card&card[token]=tok_visa",
      fields: {
        allow_redisplay: "unspecified",
        customer_account: null,
        radar_options: {},
        shared_payment_granted_token: null,
        "card.display_brand": "visa",
        "card.regulated_status": "unregulated",
        "billing_details.tax_id": null,
      },
    },
    "/v1/charges": {
      form: "amount=900&currency=usd&source=tok_visa&expand[]=refunds",
      fields: {
        amount_captured: 900,
        destination: null,
        dispute: null,
        failure_balance_transaction: null,
        order: null,
        radar_options: {},
        "outcome.advice_code": null,
        "payment_method_details.card.amount_authorized": 900,
        "payment_method_details.card.network_token.used": false,
        "refunds.total_count": 0,
        "source.email": null,
        "source.phone": null,
        "source.wallet": null,
      },
    },
    "/v1/products": {
      form: "name=Gold",
      fields: { default_price: null, marketing_features: [], tax_code: null },
    },
    "/v1/coupons": { form: "percent_off=5", fields: { max_redemptions: null, redeem_by: null } },
    "/v1/tax_rates": {
      form: "display_name=VAT&percentage=19&inclusive=false",
      fields: { effective_percentage: 19, flat_amount: null, rate_type: "percentage" },
    },
    "/v1/invoices": {
      form: "currency=usd&customer={customer}&pending_invoice_items_behavior=exclude",
      fields: {
        amount_overpaid: 0,
        "automatic_tax.disabled_reason": null,
        automatically_finalizes_at: null,
        customer_account: null,
        "issuer.type": "self",
        total_pretax_credit_amounts: [],
        total_taxes: [],
      },
    },
    "/v1/invoiceitems": {
      form: "amount=900&currency=usd&customer={customer}",
      fields: {
        customer_account: null,
        quantity_decimal: "1",
      },
    },
    "/v1/customers": { form: "name=Ada", fields: { customer_account: null, test_clock: null } },
  };

suite("fields", () => {
  for (const [path, { form, fields }] of Object.entries(answers)) {
    test(`POST ${path} answers them under every version`, async () => {
      for (const version of versions.filter((one) => !form.includes("method_types") || !one.endsWith("endive"))) {
        const world = startWorld();
        const { id: customer } = await world.stripe.customers.create();
        const { status, json } = await world.call("POST", path, {
          form: form.replace("{customer}", customer),
          headers: { "stripe-version": version },
        });
        assert.equal(status, 200, version);
        const seen = Object.keys(fields).map((field) => [field, at(json, field)]);
        assert.deepEqual(Object.fromEntries(seen), fields, version);
      }
    });
  }

  test("what only the versions of its day had is gone in the next", async () => {
    const form = "amount=900&currency=usd&source=tok_visa";
    const shown = async (version: string) =>
      (await startWorld().call("POST", "/v1/charges", { form, headers: { "stripe-version": version } })).json;
    assert.deepEqual((await shown("2020-08-27")).amount_updates, []);
    assert.equal("amount_updates" in (await shown("2022-11-15")), false);
    assert.equal((await shown("2024-06-20")).invoice, null);
    assert.equal("invoice" in (await shown("2025-10-29.clover")), false);
  });
});

function at(json: unknown, path: string): unknown {
  let value = json;
  for (const name of path.split(".")) value = (value as Readonly<Record<string, unknown>> | null | undefined)?.[name];
  return value;
}
