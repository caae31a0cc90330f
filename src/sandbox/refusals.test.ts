import assert from "node:assert/strict";
import { test } from "node:test";
import { schemaFiles } from "./kernel/schema/files.ts";
import { allRefusals } from "./refusals.ts";
import { cardRefusals } from "./resources/payment_methods/index.ts";

/** Codes that Stripe sends although its declarations do not name them. */
const undeclaredCodes = [
  "invalid_bank_account_iban",
  "invalid_charge_amount_no_decimal_compatible",
  "payment_method_types_no_longer_supported",
  "property_expansion_max_depth",
];

test("every refusal's code is one of Stripe's", () => {
  const codes = declaredCodes();
  assert.ok(codes.size > 150);
  for (const { code } of [...Object.values(allRefusals), ...Object.values(cardRefusals)]) {
    assert.ok(code === null || codes.has(code) || undeclaredCodes.includes(code), String(code));
  }
});

/** The longest enum of error codes in the newest declarations. */
function declaredCodes(): Set<unknown> {
  const { defs } = schemaFiles.family("endive");
  const enums = Object.values(defs).flatMap((schema) => {
    const properties = typeof schema === "object" && "object" in schema ? schema.object : {};
    return [schema, ...Object.values(properties)];
  });
  const lists = enums.map((schema) => (typeof schema === "object" && "enum" in schema ? schema.enum : []));
  return new Set(lists.find((list) => list.includes("parameter_unknown") && list.includes("card_declined")));
}
