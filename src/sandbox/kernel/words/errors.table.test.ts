import assert from "node:assert/strict";
import { test } from "node:test";
import { schemaFiles } from "../schema/files.ts";
import { cardRefusalTable, fillMessage, type Refusal, refusalTable } from "./errors.table.ts";

/** Codes that Stripe sends although its declarations do not name them. */
const undeclaredCodes = [
  "invalid_bank_account_iban",
  "payment_method_types_no_longer_supported",
  "property_expansion_max_depth",
];

test("every refusal's code is one of Stripe's", () => {
  const codes = declaredCodes();
  assert.ok(codes.size > 150);
  const rows: readonly Refusal[] = Object.values(refusalTable);
  for (const { code } of [...rows, ...Object.values(cardRefusalTable)]) {
    assert.ok(code === null || codes.has(code) || undeclaredCodes.includes(code), String(code));
  }
});

test("a message's placeholders are all filled", () => {
  const { message } = refusalTable.objectMissing;
  assert.equal(fillMessage(message, { noun: "price", id: "price_x" }), "No such price: 'price_x'");
  assert.throws(() => fillMessage(message, { noun: "price" }), /no value for id/);
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
