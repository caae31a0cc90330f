// Compares an answer with the shape that the family's SDK declares, for tests and for the coverage page: a field that
// is missing, of another type, or that the declarations do not know.
import type { Extras } from "./extras.ts";
import { schemaFiles } from "./files.ts";
import {
  canonicalOperation,
  type FamilySchema,
  type OperationSchema,
  type Schema,
  type VersionFamily,
  versionFamilies,
} from "./schema.ts";

export type ResponseProblems = (operation: string, body: unknown, family: VersionFamily) => string[];

/** More would bury the first ones, which usually explain the rest. */
const problemsMax = 50;
const notDeclared = ": is not declared";

/** Where Stripe's answers are known not to be as its SDKs declare, as the nouns' extras name it. */
interface Otherwise {
  /** Fields that no SDK declares there: `charge.order`. */
  readonly answered: ReadonlySet<string>;
  /** Fields that are declared there and never sent. */
  readonly leftOut: ReadonlySet<string>;
}

const asDeclared: Otherwise = { answered: new Set(), leftOut: new Set() };

/**
 * Problems as "path: what is wrong"; none when the answer is right. `createResponseChecker([])("GET
 * /v1/customers/:id", { id: "cus_1" }, "endive")[0]` is "object: is missing".
 */
export function createResponseChecker(extras: readonly Extras[]): ResponseProblems {
  const otherwise: Otherwise = {
    answered: new Set(extras.flatMap(({ answers }) => answers?.value ?? [])),
    leftOut: new Set(extras.flatMap(({ leavesOut }) => leavesOut?.value ?? [])),
  };
  return (operation, body, family) => {
    const key = canonicalOperation(operation);
    return problemsSince(family, (one) => {
      const file = schemaFiles.familyOf(key, one);
      const declared = file?.operations[key];
      if (file === undefined || declared === undefined) return [`${key}: no SDK declares this operation`];
      return problemsOf({ ...otherwise, file, path: "", owner: "" }, answerSchema(declared), body);
    });
  };
}

/** Compares one object, inside an event or on its own: `objectProblems("PaymentIntent", intent, "basil")`. */
export function objectProblems(definition: string, body: unknown, family: VersionFamily): string[] {
  return problemsSince(family, (one) => {
    const schema = schemaFiles.family(one);
    if (!Object.hasOwn(schema.defs, definition)) return [`${definition}: ${one} has no such definition`];
    return problemsOf({ ...asDeclared, file: schema, path: "", owner: "" }, { ref: definition }, body);
  });
}

/**
 * Stripe adds fields to old versions too, so what a family does not declare is right if a newer one does. Everything
 * else is as the family's own SDK says.
 */
function problemsSince(family: VersionFamily, problemsIn: (family: VersionFamily) => string[]): string[] {
  const isUndeclared = (problem: string): boolean => problem.endsWith(notDeclared);
  let problems = problemsIn(family);
  for (const newer of versionFamilies.slice(0, versionFamilies.indexOf(family)).toReversed()) {
    if (!problems.some(isUndeclared)) break;
    const there = new Set(problemsIn(newer));
    problems = problems.filter((problem) => !isUndeclared(problem) || there.has(problem));
  }
  return problems.slice(0, problemsMax);
}

function answerSchema({ returns = "any", page }: OperationSchema): Schema {
  if (page === undefined) return returns;
  const shared = { object: { enum: [page] }, data: { list: returns }, has_more: "boolean", url: "string" } as const;
  if (page === "list") return { object: shared };
  return { object: { ...shared, "next_page?": { nullable: "string" }, "total_count?": "integer" } };
}

/** Where a walk stands: in which family's declarations, and at which field of the answer. */
interface Spot extends Otherwise {
  readonly file: FamilySchema;
  readonly path: string;
  /** The same, counted from the innermost object: `charge.outcome`. */
  readonly owner: string;
}

function below(spot: Spot, name: string): Spot {
  return { ...spot, path: join(spot.path, name), owner: join(spot.owner, name) };
}

function problemsOf(spot: Spot, schema: Schema, value: unknown): string[] {
  const { file, path } = spot;
  if (typeof schema === "string") return fitsScalar(schema, value) ? [] : [mismatch(path, schema, value)];
  if ("ref" in schema) return problemsOf(spot, file.defs[schema.ref] ?? "any", value);
  if ("nullable" in schema) return value === null ? [] : problemsOf(spot, schema.nullable, value);
  if ("enum" in schema) {
    const fits = schema.enum.some((allowed) => allowed === value) || (schema.open && typeof value === "string");
    return fits ? [] : [mismatch(path, `one of ${schema.enum.slice(0, 8).join(", ")}`, value)];
  }
  if ("list" in schema) return listProblems(spot, schema.list, value);
  if ("anyOf" in schema) return anyOfProblems(spot, schema.anyOf, value);
  if (!isRecord(value)) return [mismatch(path, "object", value)];
  if ("resource" in schema) {
    return value.object === schema.resource ? [] : [mismatch(join(path, "object"), schema.resource, value.object)];
  }
  if ("map" in schema) {
    return Object.entries(value).flatMap(([key, entry]) => problemsOf(below(spot, key), schema.map, entry));
  }
  return objectProblemsOf(spot, schema.object, value);
}

function listProblems(spot: Spot, item: Schema, value: unknown): string[] {
  if (!Array.isArray(value)) return [mismatch(spot.path, "list", value)];
  return value.flatMap((entry: unknown, index) => problemsOf(below(spot, String(index)), item, entry));
}

function objectProblemsOf(
  spot: Spot,
  declared: { readonly [name: string]: Schema },
  value: Record<string, unknown>,
): string[] {
  const { answered, leftOut, path } = spot;
  const owner = typeof value.object === "string" ? value.object : spot.owner;
  const problems: string[] = [];
  // Lists inside objects have it in every version; the SDKs keep quiet about it on purpose.
  const isInnerList = value.object === "list" && path !== "";
  const known = new Set<string>(isInnerList ? ["total_count"] : []);
  for (const [name, schema] of Object.entries(declared)) {
    const isOptional = name.endsWith("?");
    const bare = isOptional ? name.slice(0, -1) : name;
    known.add(bare);
    if (value[bare] === null && answered.has(join(owner, bare))) continue;
    // Undefined is not written to the wire, so it is absent.
    if (value[bare] !== undefined) problems.push(...problemsOf(below({ ...spot, owner }, bare), schema, value[bare]));
    else if (!isOptional && !leftOut.has(join(owner, bare))) problems.push(`${join(path, bare)}: is missing`);
  }
  for (const name of Object.keys(value)) {
    if (known.has(name) || value[name] === undefined || answered.has(join(owner, name))) continue;
    problems.push(join(path, name) + notDeclared);
  }
  return problems;
}

/** A shape of the value's own kind speaks before another kind; among those, the one with the fewest problems. */
function anyOfProblems(spot: Spot, shapes: readonly Schema[], value: unknown): string[] {
  const { path } = spot;
  const otherKind = [`${path === "" ? "the answer" : path}: `, `${join(path, "object")}: `];
  let best: { problems: string[]; rank: number } | undefined;
  for (const shape of shapes) {
    const problems = problemsOf(spot, shape, value);
    if (problems.length === 0) return problems;
    const isOtherKind = problems.some((problem) => otherKind.some((start) => problem.startsWith(start)));
    const rank = (isOtherKind ? 1_000_000 : 0) + problems.length;
    if (best === undefined || rank < best.rank) best = { problems, rank };
  }
  return best?.problems ?? [];
}

function fitsScalar(schema: string, value: unknown): boolean {
  if (schema === "any") return true;
  return schema === "integer" ? Number.isInteger(value) : typeof value === schema;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function join(path: string, name: string): string {
  return path === "" ? name : `${path}.${name}`;
}

function mismatch(path: string, wanted: string, value: unknown): string {
  const shown = (JSON.stringify(value) ?? "undefined").slice(0, 60);
  return `${path === "" ? "the answer" : path}: should be ${wanted} but is ${shown}`;
}
