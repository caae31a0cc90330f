import assert from "node:assert/strict";
import { test } from "node:test";
import { seededRandom } from "#kit/random.ts";
import { cutClientSecrets } from "./context.ts";

/** As a sentence: what follows the mark and is a letter, a digit or `_`. latin1 has a character for each byte. */
function naive(bytes: Uint8Array): Uint8Array {
  const text = Buffer.from(bytes).toString("latin1");
  return Buffer.from(text.replace(/(_secret_)[A-Za-z0-9_]+/g, "$1cut"), "latin1");
}

test("client secrets are cut, wherever they stand, and no other byte changes", () => {
  const random = seededRandom(7, "secrets");
  const parts = ["_secret_", "_secret", "secret_", "_", "aZ09", "@[`{", "ä€😀", '"', "\u0000", "pi_1"];
  for (let n = 0; n < 2_000; n++) {
    const some = Array.from({ length: random.integer(0, 9) }, () => parts[random.integer(0, parts.length - 1)]);
    const bytes = Buffer.concat([Buffer.from(some.join("")), random.bytes(random.integer(0, 2))]);
    assert.deepEqual(Buffer.from(cutClientSecrets(bytes)), naive(bytes), bytes.toString("latin1"));
  }
});
