import assert from "node:assert/strict";
import { test } from "node:test";
import { namesHint, nearestName } from "./names.ts";

const names = ["status", "customerId", "stripeId", "amount", "currency", "limit", "returnOrigins"];

test("a name is told from its misspellings, and from another language's spelling", () => {
  const table: [string, string | undefined][] = [
    ["stauts", "status"],
    ["Status", "status"],
    ["statuses", "status"],
    ["customer_id", "customerId"],
    ["custommerId", "customerId"],
    ["curency", "currency"],
    ["stripe-id", "stripeId"],
    ["amout", "amount"],
    ["retrunOrigin", "returnOrigins"],
    ["limits", "limit"],
    ["currencyCode", "currency"],
    ["cust", "customerId"],
    ["hello", undefined],
    ["", undefined],
    ["__proto__", undefined],
    ["x".repeat(10_000), undefined],
  ];
  for (const [given, meant] of table) assert.equal(nearestName(given, names), meant, given.slice(0, 20));
});

test("what there is is said beside what was meant, and alone when nothing resembles it", () => {
  assert.equal(namesHint("stauts", ["status", "limit"]), "Did you mean status? There are status, limit.");
  assert.equal(namesHint("hello", ["status", "limit"]), "There are status, limit.");
  assert.equal(namesHint("hello", []), "There are none.");
});
