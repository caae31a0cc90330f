// Makes the definitions of one family small: equal ones become one, long enums met twice get a name, and what no
// operation reaches is left out. The meaning stays the same.
import type { OperationSchema, Schema } from "../../src/sandbox/kernel/schema/schema.ts";
import { compareText } from "./sdk_operations.ts";

export interface SchemaSet {
  readonly operations: Record<string, OperationSchema>;
  readonly defs: Record<string, Schema>;
}

export function compact(set: SchemaSet): SchemaSet {
  return pruneUnreachable(nameRepeated(mergeEqual(pruneUnreachable(set))));
}

/** Merging makes users equal, so it is repeated until nothing changes; types nest less deep than this. */
const mergeRoundsMax = 40;

function mergeEqual(set: SchemaSet): SchemaSet {
  let current = set;
  for (let round = 0; round < mergeRoundsMax; round++) {
    const keeper = new Map<string, string>();
    const renamed = new Map<string, string>();
    // The shortest name of equals says most: `Metadata`, not `PaymentIntentCreateParams.Shipping.Metadata`.
    for (const name of Object.keys(current.defs).sort((a, b) => a.length - b.length || compareText(a, b))) {
      const text = JSON.stringify(current.defs[name]);
      const first = keeper.get(text);
      if (first === undefined) keeper.set(text, name);
      else renamed.set(name, first);
    }
    if (renamed.size === 0) return current;
    const follow = (schema: Schema): Schema =>
      typeof schema === "object" && "ref" in schema ? { ref: renamed.get(schema.ref) ?? schema.ref } : schema;
    const kept = Object.entries(current.defs).filter(([name]) => !renamed.has(name));
    current = mapSet({ operations: current.operations, defs: Object.fromEntries(kept) }, follow);
  }
  return current;
}

/** Shorter texts cost less than the reference to them. */
const namedLengthMin = 80;

function nameRepeated(set: SchemaSet): SchemaSet {
  const counts = new Map<string, number>();
  mapSet(set, (schema) => {
    if (isNameable(schema)) counts.set(JSON.stringify(schema), (counts.get(JSON.stringify(schema)) ?? 0) + 1);
    return schema;
  });
  const repeated = [...counts].filter(([text, count]) => count > 1 && text.length >= namedLengthMin);
  const names = new Map(repeated.map(([text], index) => [text, `#${index + 1}`]));
  const named = mapSet(set, (schema) => {
    const name = isNameable(schema) ? names.get(JSON.stringify(schema)) : undefined;
    return name === undefined ? schema : { ref: name };
  });
  const defs = Object.fromEntries([...names].map(([text, name]) => [name, JSON.parse(text) as Schema]));
  return { operations: named.operations, defs: { ...named.defs, ...defs } };
}

function isNameable(schema: Schema): boolean {
  return typeof schema === "object" && "enum" in schema;
}

function pruneUnreachable(set: SchemaSet): SchemaSet {
  const reached = new Set<string>();
  const waiting: string[] = [];
  const visit = (schema: Schema): Schema => {
    if (typeof schema === "object" && "ref" in schema && !reached.has(schema.ref)) {
      reached.add(schema.ref);
      waiting.push(schema.ref);
    }
    return schema;
  };
  mapSet({ operations: set.operations, defs: {} }, visit);
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    const definition = set.defs[name];
    if (definition === undefined) throw new Error(`The definition ${name} is missing`);
    mapSchema(definition, visit);
  }
  const kept = Object.entries(set.defs).filter(([name]) => reached.has(name));
  return { operations: set.operations, defs: Object.fromEntries(kept.sort(([a], [b]) => compareText(a, b))) };
}

function mapSet(set: SchemaSet, change: (schema: Schema) => Schema): SchemaSet {
  const operations = Object.entries(set.operations).map(([key, { params, returns, ...rest }]) => [
    key,
    {
      ...(params === undefined ? {} : { params: mapSchema(params, change) }),
      ...(returns === undefined ? {} : { returns: mapSchema(returns, change) }),
      ...rest,
    },
  ]);
  const defs = Object.entries(set.defs).map(([name, schema]) => [name, mapSchema(schema, change)]);
  return { operations: Object.fromEntries(operations), defs: Object.fromEntries(defs) };
}

/** Rebuilds a schema from its leaves upward. */
function mapSchema(schema: Schema, change: (schema: Schema) => Schema): Schema {
  if (typeof schema === "string") return change(schema);
  if ("list" in schema) return change({ list: mapSchema(schema.list, change) });
  if ("map" in schema) return change({ map: mapSchema(schema.map, change) });
  if ("nullable" in schema) return change({ nullable: mapSchema(schema.nullable, change) });
  if ("anyOf" in schema) return change({ anyOf: schema.anyOf.map((part) => mapSchema(part, change)) });
  if ("object" in schema) {
    const properties = Object.entries(schema.object).map(([name, part]) => [name, mapSchema(part, change)]);
    return change({ object: Object.fromEntries(properties) });
  }
  return change(schema);
}
