import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { draws } from "#kit/testing.ts";
import { paramChecker } from "../../resources/index.ts";
import { schemaFiles } from "../schema/files.ts";
import { versionFamilies } from "../schema/schema.ts";
import { StripeError } from "./errors.ts";
import { decodeForm, type FormTree } from "./form.ts";

const name = fc.string({ minLength: 1, maxLength: 6 }).filter((text) => !/[[\]]/.test(text) && !/^\d+$/.test(text));
const leaf = fc.string({ maxLength: 8 });
const { tree } = fc.letrec<{ tree: FormTree; value: string | FormTree | string[] }>((tie) => ({
  value: fc.oneof({ depthSize: "small" }, leaf, tie("tree"), fc.array(leaf, { minLength: 1, maxLength: 3 })),
  tree: fc.dictionary(name, tie("value"), { minKeys: 1, maxKeys: 4, noNullPrototype: true }),
}));

/** As curl and the Ruby SDK write it; `bracket` and `space` are the spellings that differ between SDKs. */
function encode(value: FormTree, spelling: { brackets: [string, string]; space: string }, prefix = ""): string[] {
  const part = (text: string) => encodeURIComponent(text).replaceAll("%20", spelling.space);
  const [open, close] = spelling.brackets;
  return Object.entries(value).flatMap(([key, entry]) => {
    const path = prefix === "" ? part(key) : `${prefix}${open}${part(key)}${close}`;
    if (typeof entry === "string") return [`${path}=${part(entry)}`];
    if (Array.isArray(entry)) return entry.map((item) => `${path}${open}${close}=${part(String(item))}`);
    return encode(entry, spelling, path);
  });
}

test("whatever is encoded decodes to itself, in every spelling", () => {
  const brackets = fc.constantFrom<[string, string]>(["[", "]"], ["%5B", "%5D"], ["%5b", "%5d"]);
  const spelling = fc.record({ brackets, space: fc.constantFrom("+", "%20") });
  fc.assert(
    fc.property(tree, spelling, (value, spelt) => {
      assert.deepEqual(decodeForm(encode(value, spelt).join("&")), value);
    }),
    { seed: 7, numRuns: draws(200, 10_000) },
  );
});

test("no form and no parameter brings anything but a refusal", () => {
  const operations = Object.keys(schemaFiles.family("endive").operations);
  const word = fc.constantFrom(
    "amount",
    "card",
    "metadata",
    "0",
    "",
    "items",
    "type",
    "__proto__",
    "created",
    "%",
    "é",
  );
  const path = fc
    .tuple(word, fc.array(word, { maxLength: 3 }))
    .map(([root, rest]) => root + rest.map((r) => `[${r}]`).join(""));
  const pair = fc.tuple(path, fc.constantFrom("", "1", "true", "card", "x")).map((both) => both.join("="));
  const form = fc.array(pair, { maxLength: 5 }).map((pairs) => pairs.join("&"));
  fc.assert(
    fc.property(
      form,
      fc.constantFrom(...operations),
      fc.constantFrom(...versionFamilies),
      (text, operation, family) => {
        try {
          paramChecker.check(operation, decodeForm(text), family);
        } catch (error) {
          assert.ok(error instanceof StripeError, `${operation} ${family} ${text}: ${error}`);
        }
      },
    ),
    { seed: 7, numRuns: draws(500, 10_000) },
  );
});
