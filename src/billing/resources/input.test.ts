// What a host hands in is refused at the edge, or understood as it will be understood later.
import assert from "node:assert/strict";
import { test } from "node:test";
import { isProblem } from "#kit/problems.ts";
import { checkMetadata, checkUrl } from "./input.ts";

const isRefused = (error: unknown) => isProblem(error, "invalid_params");

test("an address is kept as it was understood", () => {
  const table: [string, string][] = [
    ["https://shop.test", "https://shop.test/"],
    ["HTTPS://Shop.Test/a/../b", "https://shop.test/b"],
    ["https:\\\\shop.test\\thanks", "https://shop.test/thanks"],
    [" https://shop.test/a\tb", "https://shop.test/ab"],
    ["https://shop.test/ä?ö#ü", "https://shop.test/%C3%A4?%C3%B6#%C3%BC"],
  ];
  for (const [given, kept] of table) assert.equal(checkUrl("returnUrl", given), kept);
  assert.equal(checkUrl("returnUrl", undefined), undefined);
  for (const wrong of ["/thanks", "shop.test", "https://", ""])
    assert.throws(() => checkUrl("returnUrl", wrong), isRefused);
});

test("a name in metadata that means something else to JavaScript is refused", () => {
  assert.throws(() => checkMetadata(JSON.parse('{"__proto__":"x"}')), isRefused);
  assert.deepEqual(checkMetadata({ constructor: "x", toString: "y" }), { constructor: "x", toString: "y" });
});
