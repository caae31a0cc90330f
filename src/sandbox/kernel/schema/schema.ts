// The language of the generated schemas: what a parameter may be and what an answer looks like, per version family.
// Derived from the declarations of the `stripe` packages by scripts/generate_schema.ts; never written by hand.

/** One SDK per family of API versions; the newest first. */
export const versionFamilies = [
  "endive",
  "dahlia",
  "clover",
  "basil",
  "acacia",
  "2024-06-20",
  "2022-11-15",
  "2020-08-27",
] as const;

export type VersionFamily = (typeof versionFamilies)[number];

export type Schema =
  | "string"
  | "integer"
  | "number"
  | "boolean"
  | "any"
  | { readonly ref: string }
  /** `open` in an answer: Stripe may send values that the declarations do not name. */
  | { readonly enum: readonly (string | number | boolean)[]; readonly open?: true }
  | { readonly list: Schema }
  | { readonly map: Schema }
  /** A name that ends in "?" may be absent. */
  | { readonly object: { readonly [name: string]: Schema } }
  | { readonly anyOf: readonly Schema[] }
  /** In a parameter: the empty string unsets it. In an answer: null. */
  | { readonly nullable: Schema }
  /** An expanded object whose shape is not in this file: only its `object` is checked. */
  | { readonly resource: string };

export interface OperationSchema {
  /** Absent: the operation takes nothing but `expand`. */
  readonly params?: Schema;
  readonly returns?: Schema;
  /** The answer is a page of `returns`. */
  readonly page?: "list" | "search_result";
}

export interface FamilySchema {
  /** `stripe@23.1.0`, whose declarations these are. */
  readonly source: string;
  readonly apiVersion: string;
  /** Hash of the package and of the generator; the freshness test compares it. */
  readonly inputs: string;
  /** By "METHOD /v1/path/:id", every path parameter spelt `:id`. */
  readonly operations: { readonly [operation: string]: OperationSchema };
  readonly defs: { readonly [name: string]: Schema };
}

/** Spells every path parameter `:id`: "GET /v1/customers/{customer}" becomes "GET /v1/customers/:id". */
export function canonicalOperation(operation: string): string {
  return operation.replace(/\/(?::\w+|\{\w+\})/g, "/:id");
}
