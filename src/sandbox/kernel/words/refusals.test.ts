import assert from "node:assert/strict";
import { test } from "node:test";
import { common } from "./errors.table.ts";
import { fillMessage } from "./refusals.ts";

test("a message's placeholders are all filled", () => {
  const { message } = common.objectMissing;
  assert.equal(fillMessage(message, { noun: "price", id: "price_x" }), "No such price: 'price_x'");
  assert.throws(() => fillMessage(message, { noun: "price" }), /no value for id/);
});
