import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { type FamilySchema, type Schema, versionFamilies } from "../../src/sandbox/kernel/schema/schema.ts";
import { familySources, generatedFolder, inputsHash } from "./families.ts";

const remedy = "is stale: run npm run generate:schema and commit what it wrote";

function readGenerated(name: string): FamilySchema {
  return JSON.parse(readFileSync(`${generatedFolder}${name}.json`, "utf8"));
}

test("every family has a source and every generated schema is fresh", () => {
  assert.deepEqual(
    familySources.map((source) => source.family),
    versionFamilies,
  );
  for (const source of familySources) {
    assert.equal(readGenerated(source.family).inputs, inputsHash(source), `${source.family}.json ${remedy}`);
  }
  assert.equal(readGenerated("endpoints").inputs, familySources.map(inputsHash).join(), `endpoints.json ${remedy}`);
});

test("no generated schema refers to a definition that it lacks, or has grown beyond reading", () => {
  for (const family of versionFamilies) {
    const { operations, defs } = readGenerated(family);
    assert.ok(Object.keys(operations).length > 75, family);
    for (const name of referencesIn([operations, defs])) assert.ok(Object.hasOwn(defs, name), `${family}: ${name}`);
    assert.ok(readFileSync(`${generatedFolder}${family}.json`).length < 600_000, family);
  }
});

function referencesIn(value: unknown): string[] {
  if (typeof value !== "object" || value === null) return [];
  const reference = (value as { ref?: Schema }).ref;
  return typeof reference === "string" ? [reference] : Object.values(value).flatMap(referencesIn);
}
