// Which fields of an answer may be expanded: those that the declarations say hold an object, a list of objects or a
// hash, whatever one object happens to carry. Stripe's own specification of its API lists the same ones, as
// `x-expandableFields`. https://github.com/stripe/openapi
import { schemaFiles } from "./files.ts";
import { canonicalOperation, type FamilySchema, type Schema, type VersionFamily, versionFamilies } from "./schema.ts";

/** `gone`: a field that only older families have. */
export type Expandability = "expandable" | "plain" | "gone" | "unknown";

/**
 * `expandability("GET /v1/customers/:id", "tax", "endive")` is "expandable". Of a list, its objects are asked about.
 * What was added later counts under older families too.
 */
export function expandability(operation: string, field: string, family: VersionFamily): Expandability {
  const at = versionFamilies.indexOf(family);
  const declared = fieldSince(operation, field, versionFamilies.slice(0, at + 1).toReversed());
  if (declared) return holdsObjects(declared.file, declared.schema) ? "expandable" : "plain";
  return fieldSince(operation, field, versionFamilies.slice(at + 1)) ? "gone" : "unknown";
}

/** What the answer may be, by its `object`: `answeredObjects("GET /v1/charges", "endive")` is `["charge"]`. */
export function answeredObjects(operation: string, family: VersionFamily): string[] {
  const key = canonicalOperation(operation);
  const file = schemaFiles.familyOf(key, family);
  const returns = file?.operations[key]?.returns;
  const named = file && returns && fieldOf(file, returns, "object");
  return typeof named === "object" && "enum" in named ? named.enum.map(String) : [];
}

/**
 * Whether a field of an object, however deep, holds an id that may be shown as the object: the declarations say
 * `string | Discount` of it, where a plain id is a `string`. What was added later counts under older families too.
 * `isReference("invoice", "total_discount_amounts.discount", "endive")` is true, of its
 * "total_taxes.tax_rate_details.tax_rate" it is false.
 */
export function isReference(object: string, path: string, family: VersionFamily): boolean {
  const at = versionFamilies.indexOf(family);
  for (const one of versionFamilies.slice(0, at + 1).toReversed()) {
    const file = schemaFiles.family(one);
    const found = path
      .split(".")
      .reduce(
        (schemas, name) => schemas.flatMap((schema) => fieldOf(file, contentOf(file, schema), name) ?? []),
        schemaFiles.definitionsOf(object, one),
      );
    if (found.length > 0) return found.some((schema) => isIdOrObject(file, contentOf(file, schema)));
  }
  return false;
}

/** Of a list what stands in it. */
function contentOf(file: FamilySchema, schema: Schema): Schema {
  if (typeof schema === "string") return schema;
  if ("ref" in schema) return contentOf(file, file.defs[schema.ref] ?? "any");
  if ("nullable" in schema) return contentOf(file, schema.nullable);
  return "list" in schema ? contentOf(file, schema.list) : schema;
}

function isIdOrObject(file: FamilySchema, schema: Schema): boolean {
  return (
    typeof schema === "object" &&
    "anyOf" in schema &&
    schema.anyOf.includes("string") &&
    schema.anyOf.some((shape) => shape !== "string" && holdsObjects(file, shape))
  );
}

interface Field {
  readonly file: FamilySchema;
  readonly schema: Schema;
}

function fieldSince(operation: string, field: string, families: readonly VersionFamily[]): Field | undefined {
  for (const family of families) {
    const file = schemaFiles.family(family);
    const returns = file.operations[canonicalOperation(operation)]?.returns;
    const schema = returns && fieldOf(file, returns, field);
    if (schema) return { file, schema };
  }
  return undefined;
}

/** Of one of the shapes that an answer may have. */
function fieldOf(file: FamilySchema, schema: Schema, field: string): Schema | undefined {
  if (typeof schema === "string") return undefined;
  if ("ref" in schema) return fieldOf(file, file.defs[schema.ref] ?? "any", field);
  if ("object" in schema) {
    const declared = [field, `${field}?`].find((one) => Object.hasOwn(schema.object, one));
    return declared === undefined ? undefined : schema.object[declared];
  }
  const shapes = "anyOf" in schema ? schema.anyOf : "nullable" in schema ? [schema.nullable] : [];
  const found = shapes.flatMap((shape) => fieldOf(file, shape, field) ?? []);
  return found.find((one) => holdsObjects(file, one)) ?? found[0];
}

function holdsObjects(file: FamilySchema, schema: Schema): boolean {
  if (typeof schema === "string") return schema === "any";
  if ("ref" in schema) return holdsObjects(file, file.defs[schema.ref] ?? "any");
  if ("nullable" in schema) return holdsObjects(file, schema.nullable);
  if ("list" in schema) return holdsObjects(file, schema.list);
  if ("anyOf" in schema) return schema.anyOf.some((shape) => holdsObjects(file, shape));
  // `invoice_credit_balance` has an amount for each currency; metadata is texts.
  if ("map" in schema) return schema.map !== "string";
  return !("enum" in schema);
}
