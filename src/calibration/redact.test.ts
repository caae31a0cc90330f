import assert from "node:assert/strict";
import { test } from "node:test";
import { shownOf as shown } from "./redact.ts";

const made = new Map([["coupon", "pu99JvkA"]]);
const shownOf = (path: string, value: unknown) => shown(path, value, made);

test("of ids stands their kind, of instants that they are one, of other texts that there is one", () => {
  const rows: readonly (readonly [path: string, value: unknown, text: string])[] = [
    ["id", "cus_NffrFeUfNV2Hib", "cus_…"],
    ["latest_charge", "ch_3MmlLrLkdIwHu7ix0snN0B15", "ch_…"],
    ["client_secret", "pi_3MtwBwLkdIwHu7ix28a3tqPa_secret_YrKJUKribcBjcG8HVhfZluoGH", "pi_…"],
    ["next_action.use_stripe_sdk.source", "payatt_3MtwBwLkdIwHu7ix28a3tqPa", "payatt_…"],
    ["created", 1_680_800_504, "an instant"],
    ["updated", 1_680_800_504, "an instant"],
    ["cancel_at", 1_680_800_504, "an instant"],
    ["period_start", 1_680_800_504, "an instant"],
    ["lines.data[0].period.end", 1_680_800_504, "an instant"],
    ["deletes_after", 1_680_800_504, "an instant"],
    ["amount", 2_000, "2000"],
    ["next_invoice_sequence", 4_711, "a number"],
    ["outcome.risk_score", 12, "a number"],
    ["livemode", false, "false"],
    ["customer", null, "null"],
    ["preferred_locales", [], "[]"],
    ["metadata", { order: "77" }, "a map"],
    ["name", "Ada Lovelace", "a text"],
    ["name", "ada", "a text"],
    ["email", "ada@example.com", "a text"],
    ["statement_descriptor", "ada_shop", "a text"],
    ["calculated_statement_descriptor", "ADA SHOP", "a text"],
    ["billing_details.address.city", "paris", "a text"],
    ["payment_method_details.card.fingerprint", "Xt5EWLLDS7FJjR1c", "a text"],
    ["receipt_url", "https://pay.stripe.com/receipts/payment/CAcaFwoVYWNjdF8x", "a text"],
  ];
  for (const [path, value, expected] of rows) assert.equal(shownOf(path, value), expected, path);
});

test("Stripe's own words stand as they are", () => {
  assert.equal(shownOf("status", "requires_payment_method"), "requires_payment_method");
  assert.equal(shownOf("payment_method_types[1]", "us_bank_account"), "us_bank_account");
  assert.equal(shownOf("error.network_decline_code", "01"), "01");
  assert.equal(shownOf("error.param", "payment_method_options[card]"), "payment_method_options[card]");
  assert.equal(shownOf("type", "Ada Lovelace's own"), "a text");
});

test("a refusal's sentence stands without what it quotes of the account", () => {
  const message = (text: string) => shownOf("error.message", text);
  assert.equal(message("No such customer: 'cus_NffrFeUfNV2Hib'"), "No such customer: 'cus_…'");
  assert.equal(message("No such coupon: 'pu99JvkA'"), "No such coupon: '{coupon}'");
  assert.equal(message("Invalid API Key provided: sk_test_****abcd"), "Invalid API Key provided: sk_…");
  assert.equal(message("Invalid email address: ada@example"), "Invalid email address: ada@example");
  assert.equal(message("Invalid email address: ada@example.com"), "Invalid email address: …");
  assert.equal(message("See https://stripe.com/docs/currencies."), "See https://stripe.com/docs/currencies.");
  assert.equal(message("See https://shop.example/ada."), "See …");
  assert.equal(message("it has a status of requires_capture"), "it has a status of requires_capture");
});
