import assert from "node:assert/strict";
import { test } from "node:test";
import { seededRandom } from "#kit/random.ts";
import { createSecretBox } from "./secret_box.ts";

const secret = "11".repeat(32);

test("a secret box opens for its row alone, with its secret alone, and only unchanged", () => {
  const box = createSecretBox(secret, seededRandom(1, "box"));
  const sealed = box.seal("whsec_abc", "ep_1");
  assert.equal(box.open(sealed, "ep_1"), "whsec_abc");
  assert.ok(!sealed.includes("whsec"));
  assert.notEqual(box.seal("whsec_abc", "ep_1"), sealed, "the same secret never looks the same twice");
  assert.throws(() => box.open(sealed, "ep_2"));
  assert.throws(() => createSecretBox("22".repeat(32), seededRandom(1, "box")).open(sealed, "ep_1"));
  const flipped = sealed.slice(0, -1) + (sealed.endsWith("A") ? "B" : "A");
  assert.throws(() => box.open(`${flipped.slice(0, 6)}x${flipped.slice(7)}`, "ep_1"));
  assert.throws(() => box.open(sealed.replace("v1", "v2"), "ep_1"));
});

test("the secret may be given in hex or in base64: the same bytes are the same secret", () => {
  const hex = createSecretBox(secret, seededRandom(1, "box"));
  const base64 = createSecretBox(Buffer.from(secret, "hex").toString("base64"), seededRandom(2, "box"));
  assert.equal(base64.open(hex.seal("whsec_abc", "ep_1"), "ep_1"), "whsec_abc");
});
