import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import path from "node:path";
import { suite, test } from "node:test";
import { allClaims } from "./claims.ts";
import { schemaFiles } from "./kernel/schema/files.ts";
import type { ClaimKind } from "./kernel/state/claims.ts";
import { evidences } from "./kernel/words/evidence.ts";
import type { Refusal } from "./kernel/words/refusals.ts";

const claims = allClaims();

/** Codes that Stripe sends although its declarations do not name them. */
const undeclaredCodes = [
  "invalid_bank_account_iban",
  "invalid_charge_amount_no_decimal_compatible",
  "payment_method_types_no_longer_supported",
  "property_expansion_max_depth",
  "subscription_payment_intent_requires_action",
];

suite("what the sandbox holds to be true of Stripe", () => {
  test("every refusal's code is one of Stripe's", () => {
    const codes = declaredCodes();
    assert.ok(codes.size > 150);
    for (const { code } of ofKind("refusal") as Refusal[]) {
      assert.ok(code === null || codes.has(code) || undeclaredCodes.includes(code), String(code));
    }
  });

  test("each refusal has a name of its own, and so has each thing of a noun and a kind", () => {
    const named = claims.map(({ noun, kind, name }) => (kind === "refusal" ? name : `${noun} ${kind} ${name}`));
    const isLiberty = (name: string) => name.includes(" liberty "); // Two may be of the same calls.
    const twice = named.filter((name, index) => named.indexOf(name) !== index && !isLiberty(name));
    assert.deepEqual(twice, []);
  });

  test("every row of every table says how sure it is, and is counted", async () => {
    for (const { row, evidence, noun, name } of claims)
      assert.ok(evidences.includes(evidence), `${noun} ${name}: ${row}`);
    const counted = new Set<unknown>();
    for (const { row } of claims) collect(row, counted);
    const tables = globSync("**/*.table.ts", { cwd: import.meta.dirname });
    assert.ok(tables.length > 40);
    const uncounted: string[] = [];
    for (const table of tables) {
      const exported = (await import(path.join(import.meta.dirname, table))) as Record<string, unknown>;
      for (const [name, value] of Object.entries(exported))
        uncounted.push(...leftOut(value, `${table} ${name}`, counted));
    }
    assert.deepEqual(uncounted, [], "hand it to the manifest of its noun, with its evidence");
  });
});

test("a number that a noun goes by stands in a table, where it says how sure it is", () => {
  const folder = path.join(import.meta.dirname, "resources");
  const files = globSync("**/*.ts", { cwd: folder }).filter((file) => !/\.(?:test|table)\.ts$/.test(file));
  const loose = files.flatMap((file) =>
    [...readFileSync(path.join(folder, file), "utf8").matchAll(/^(?:export )?const (\w+)(?:: \w+)? = \(?\d.*$/gm)].map(
      ([, name]) => `${file} ${name}`,
    ),
  );
  assert.deepEqual(loose, [], "put it into the noun's defaults.table.ts");
});

function ofKind(wanted: ClaimKind): unknown[] {
  return claims.filter(({ kind }) => kind === wanted).map(({ row }) => row);
}

/** All that a row is made of. */
function collect(value: unknown, into: Set<unknown>): void {
  if (typeof value !== "object" || value === null || into.has(value)) return;
  into.add(value);
  for (const [, part] of partsOf(value)) collect(part, into);
}

/** What no row is made of. A list or a record of rows is counted when all of them are, whatever it calls them. */
function leftOut(value: unknown, where: string, counted: ReadonlySet<unknown>): string[] {
  if (counted.has(value)) return [];
  const parts = partsOf(Object(value)).filter(([, part]) => typeof part === "object" && part !== null);
  return parts.length === 0 ? [where] : parts.flatMap(([name, part]) => leftOut(part, `${where}.${name}`, counted));
}

function partsOf(value: object): [name: unknown, part: unknown][] {
  return value instanceof Map ? [...value] : Object.entries(value);
}

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
