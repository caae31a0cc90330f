// What a verb's types and shapes admit. The lines that must not compile are part of the check: tsc fails when they do.
import assert from "node:assert/strict";
import { test } from "node:test";
import { captureModes } from "../../api/index.ts";
import { integer, oneOf, orNull, record, text, texts } from "./shape.ts";
import { defineVerb, filed, itsId, nothingReserved } from "./verb.ts";

const request = () => ({ method: "POST" as const, path: "/v1/customers", params: {} });
const find = async () => null;
const body = {
  name: "toys.make",
  params: record({ amount: integer, note: orNull(text) }),
  outcome: record({ id: text }),
  lane: () => "toy",
  refused: nothingReserved,
};
const last = { name: "last", answer: itsId, request, find } as const;
const answered = async () => ({ id: "it" });

test("a step that another one follows says whether it is kept or undone, or it does not compile", () => {
  const undo = () => filed(single, { subject: "it", attempt: 1, params: { amount: 1, note: null } });
  const single = defineVerb({ ...body, steps: [last], answered });
  // @ts-expect-error -- neither kept nor undo
  defineVerb({ ...body, steps: [{ name: "first", answer: itsId, request, find }, last], answered });
  const both = { name: "first", answer: itsId, request, find, kept: true, undo } as const;
  // @ts-expect-error -- both
  assert.throws(() => defineVerb({ ...body, steps: [both, last], answered }), /keeps a step/);
  // @ts-expect-error -- neither find nor holds
  defineVerb({ ...body, steps: [{ name: "first", answer: itsId, request }], answered });
  // @ts-expect-error -- nothing follows the last one
  defineVerb({ ...body, steps: [{ name: "first", answer: itsId, request, find, undo }], answered });
  assert.equal(single.steps.length, 1);
});

test("parameters, earlier answers and the outcome are typed by their shapes", () => {
  const verb = defineVerb({
    ...body,
    steps: [
      { name: "one", answer: record({ id: text, status: text }), request, find, kept: true },
      {
        name: "two",
        answer: itsId,
        // @ts-expect-error -- "two" is not answered yet
        request: ({ params }, { one, two }) => ({
          method: "POST",
          path: `/v1/${one.status.length}/${two}`,
          // @ts-expect-error -- there is no such parameter
          params: { amount: params.amount.toFixed(), other: params.other },
        }),
        find,
      },
    ],
    // @ts-expect-error -- the outcome's id is a text
    answered: async (_reacting, _operation, { two }) => ({ id: two.id.length }),
  });
  // @ts-expect-error -- the note is missing
  filed(verb, { subject: "it", attempt: 1, params: { amount: 1 } });
  assert.deepEqual(filed(verb, { subject: "it", attempt: 1, params: { amount: 1, note: "n" } }).verb, "toys.make");
});

test("a verb with two steps of one name, or one that keeps what is made from what it undoes, is a bug", () => {
  const undo = () => filed(single, { subject: "it", attempt: 1, params: { amount: 1, note: null } });
  const single = defineVerb({ ...body, steps: [last], answered });
  const undone = { name: "undone", answer: itsId, request, find, undo } as const;
  const kept = { name: "kept", answer: itsId, request, find, kept: true } as const;
  assert.throws(() => defineVerb({ ...body, steps: [{ ...kept, name: "last" }, last], answered }), /one name/);
  assert.throws(() => defineVerb({ ...body, steps: [undone, kept, last], answered }), /keeps a step/);
  assert.equal(defineVerb({ ...body, steps: [kept, undone, last], answered }).steps.length, 3);
});

test("a shape reads what it names and nothing else, and says which place is wrong", () => {
  const shape = record({ amount: integer, capture: oneOf(captureModes), note: orNull(text), metadata: texts });
  const good = { amount: 5, capture: "manual", metadata: { a: "1" } };
  assert.deepEqual(shape.read({ ...good, client_secret: "s" }, "params"), { ...good, note: null });
  const wrong: [unknown, RegExp][] = [
    [null, /^params is not an object/],
    [[], /^params is not an object/],
    [{ ...good, amount: "5" }, /^params\.amount is not an integer/],
    [{ ...good, amount: 0.5 }, /^params\.amount is not an integer/],
    [{ ...good, capture: "later" }, /^params\.capture is not one of automatic, manual/],
    [{ ...good, note: 1 }, /^params\.note is not a text/],
    [{ ...good, metadata: { a: 1 } }, /^params\.metadata\.a is not a text/],
  ];
  for (const [value, message] of wrong) assert.throws(() => shape.read(value, "params"), { message });
});
