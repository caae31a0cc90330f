import assert from "node:assert/strict";
import { test } from "node:test";
import { hidden, type Shape } from "../state/noun.ts";
import { besideOf, objectOf } from "../store/shown.ts";
import { captureOf, numberedCapture, readVersion, type VersionEntry, type Versions } from "./captures.ts";
import { createHeld } from "./held.ts";

const charge = { id: "ch_1", object: "charge", [hidden]: { of: "pi_1" } };
const intent = { id: "pi_1", object: "payment_intent", amount: 1 };
const paid = { ...intent, amount: 2 };
const capture = { after: { object: paid, beside: { charges: charge } } };
const listed = { object: intent, beside: { charges: { shown: [charge, charge], total: 12 } } };

/** Through the text, as a file does it. */
function writer() {
  const held = createHeld();
  const lines: VersionEntry[] = [];
  const numberOf = (object: Shape) => {
    const { number, isNew } = held.numberOf(object);
    if (isNew) lines.push(["version", number, object, object[hidden] ?? null]);
    return number;
  };
  return { held, lines, numberOf };
}

test("a version is written once, however many events show it, and comes back with what is hidden", () => {
  const { lines, numberOf } = writer();
  const numbered = [{ after: charge }, { ...capture, before: listed }].map((given) => numberedCapture(given, numberOf));
  assert.equal(lines.length, 3);
  const versions: Versions = new Map();
  for (const line of JSON.parse(JSON.stringify(lines)) as VersionEntry[]) readVersion(versions, line);
  const [first, second] = numbered.map((one) => captureOf(versions, JSON.parse(JSON.stringify(one))));
  assert.deepEqual(second, { ...capture, before: listed });
  assert.equal(first?.after, besideOf(second?.after ?? paid)?.charges, "one object again, not two");
  assert.deepEqual(first && objectOf(first.after)[hidden], { of: "pi_1" });
});

test("what the disk did not take is handed over again", () => {
  const { held, lines, numberOf } = writer();
  const number = numberOf(paid);
  held.settle(false);
  assert.notEqual(numberOf(paid), number);
  held.settle(true);
  numberOf(paid);
  assert.equal(lines.length, 2);
  assert.deepEqual([held.isNew("acct_1"), held.isNew("acct_1")], [true, false]);
  held.settle(false);
  assert.equal(held.isNew("acct_1"), true);
});
