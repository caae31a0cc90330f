// Leaves out the fields that are younger than a version: those that the SDK of its family does not declare. Stripe adds
// fields to old versions as well, which nobody can rely on; a client of that age, strictly typed, sees exactly what its
// own declarations promise.

import { type SchemaFiles, schemaFiles } from "../schema/files.ts";
import type { FamilySchema, Schema, VersionFamily } from "../schema/schema.ts";
import type { StripeObject } from "../state/noun.ts";

type Hash = Readonly<Record<string, unknown>>;

/**
 * `shape` is what the changes made of `newest`: what they brought is older than the family by definition and stays.
 * `leaveOutYounger(intent, intent, "clover")` has no `payment_record`.
 */
export const leaveOutYounger: (shape: StripeObject, newest: StripeObject, family: VersionFamily) => StripeObject =
  createPruner(schemaFiles);

function createPruner(files: SchemaFiles) {
  return (shape: StripeObject, newest: StripeObject, family: VersionFamily): StripeObject => {
    const schema = files.family(family);
    const declared = schema.defs[definitionOf(shape.object)];
    if (declared === undefined) return shape; // Nothing of that age describes it.
    const brought = Object.entries(shape).filter(([name]) => !Object.hasOwn(newest, name));
    // An object stays one: every family declares `id` and `object`.
    return { ...(known(schema, declared, shape) as StripeObject), ...Object.fromEntries(brought) };
  };
}

/** `payment_intent` is declared as PaymentIntent. */
function definitionOf(object: string): string {
  return object.replace(/(?:^|[_.])(\w)/g, (_all, letter: string) => letter.toUpperCase());
}

function known(file: FamilySchema, schema: Schema, value: unknown): unknown {
  if (typeof schema === "string" || typeof value !== "object" || value === null) return value;
  if ("ref" in schema) return known(file, file.defs[schema.ref] ?? "any", value);
  if ("nullable" in schema) return known(file, schema.nullable, value);
  if ("anyOf" in schema) return known(file, shapeFor(file, schema.anyOf, value as Hash), value);
  if ("list" in schema) return Array.isArray(value) ? value.map((item) => known(file, schema.list, item)) : value;
  if ("map" in schema) return mapped(value as Hash, (_name, entry) => known(file, schema.map, entry));
  if (!("object" in schema)) return value;
  const declared = schema.object;
  return mapped(value as Hash, (name, entry) => {
    const field = declared[name] ?? declared[`${name}?`];
    return field === undefined ? undefined : known(file, field, entry);
  });
}

function mapped(value: Hash, of: (name: string, entry: unknown) => unknown): Hash {
  const kept: Record<string, unknown> = {};
  for (const [name, entry] of Object.entries(value)) {
    const shown = of(name, entry);
    if (shown !== undefined) kept[name] = shown;
  }
  return kept;
}

/** The shape of the same `object`, else the one that knows most of the names. */
function shapeFor(file: FamilySchema, shapes: readonly Schema[], value: Hash): Schema {
  let best: { schema: Schema; count: number } = { schema: "any", count: 0 };
  for (const schema of shapes) {
    const fields = fieldsOf(file, schema);
    if (!fields) continue;
    const { object } = fields;
    const isOther =
      typeof object === "object" && "enum" in object && !object.enum.some((name) => name === value.object);
    const count = isOther ? 0 : Object.keys(value).filter((name) => name in fields || `${name}?` in fields).length;
    if (count > best.count) best = { schema, count };
  }
  return best.schema;
}

function fieldsOf(file: FamilySchema, schema: Schema): { readonly [name: string]: Schema } | undefined {
  if (typeof schema === "string") return undefined;
  if ("ref" in schema) return fieldsOf(file, file.defs[schema.ref] ?? "any");
  return "object" in schema ? schema.object : undefined;
}
