// Stripe's search: a query of at most ten clauses, all of them joined by AND or all by OR, over the fields of a table.
// Stripe answers from an index that lags up to a minute; here the objects themselves are read, newest first.
// https://docs.stripe.com/search#search-query-language

import { hash } from "node:crypto";
import { isThere, type Noun, type StripeObject } from "../state/noun.ts";
import type { Params, Route } from "../state/resource.ts";
import type { Unit } from "../state/unit.ts";
import { collectionOf } from "../state/writes.ts";
import { isKnown, page } from "../store/store.ts";
import { commonDefaults } from "../words/defaults.table.ts";
import { common } from "../words/errors.table.ts";
import { beforeWork, refusal, type StripeError } from "../words/errors.ts";
import { ownOf } from "../words/form.ts";
import { text } from "../words/params.ts";
import { limitOf } from "./lists.ts";

/** `text` is compared whole, without case; a `part` may also be searched with `~`. */
export type FieldKind = "text" | "part" | "number";

/**
 * By the path in the object: `"billing_details.address.postal_code"`; where Stripe has another name for it, it says
 * `at` which path it stands. Metadata is searchable everywhere.
 */
export type SearchFields = Readonly<Record<string, FieldKind | { readonly kind: FieldKind; readonly at: string }>>;

export interface SearchAnswer {
  readonly object: "search_result";
  readonly data: readonly StripeObject[];
  readonly has_more: boolean;
  readonly next_page: string | null;
  readonly total_count?: number;
  readonly url: string;
}

type Operator = ":" | "~" | ">" | "<" | ">=" | "<=";

export interface Clause {
  readonly isNegated: boolean;
  readonly path: readonly string[];
  readonly operator: Operator;
  /** Null asks whether the field is there. */
  readonly value: string | number | null;
}

export interface SearchQuery {
  readonly clauses: readonly Clause[];
  readonly join: "AND" | "OR";
}

const searchableSince = commonDefaults.searchableSince.value;
const clausesMax = commonDefaults.searchClauses.value;
const partLengthMin = commonDefaults.searchPartLength.value;

export interface Searched<O extends StripeObject = StripeObject> {
  readonly path: string;
  readonly noun: Noun<O>;
  readonly fields: SearchFields;
  /**
   * What its lists leave out unless they are asked for it is not found either, where nobody can ask for it (inferred).
   */
  readonly isListed?: (object: O) => boolean;
}

/** `searchRoute({ path: "/v1/customers/search", noun: customers, fields: { email: "part" } })` */
export function searchRoute<O extends StripeObject>({ path, noun, fields, isListed = () => true }: Searched<O>): Route {
  const isMeant = (object: StripeObject) => isThere(noun, object) && isListed(object as O); // Of its own noun.
  return { method: "GET", path, run: (unit, params) => search(unit, { noun, fields, isMeant, url: path }, params) };
}

interface Search {
  readonly noun: Noun;
  readonly fields: SearchFields;
  readonly isMeant: (object: StripeObject) => boolean;
  readonly url: string;
}

function search(unit: Unit, { noun, fields, isMeant, url }: Search, params: Params): SearchAnswer {
  if (unit.version < searchableSince) throw refusal(common.searchTooOld, { version: unit.version }, beforeWork);
  const written = text(params, "query") ?? "";
  const query = parseSearch(written, fields, url.split("/")[2] ?? noun.object);
  const collection = collectionOf(unit.account, noun);
  const after = idOfToken(text(params, "page"), written);
  if (after !== undefined && !isKnown(collection, after)) throw refusal(common.searchPageUnknown, {}, beforeWork);
  const where = (object: StripeObject) => isMeant(object) && isFound(query, object);
  const { items, hasMore } = page(collection, { limit: limitOf(params), startingAfter: after, where });
  const last = items.at(-1);
  const answer: SearchAnswer = {
    object: "search_result",
    data: items,
    has_more: hasMore,
    next_page: hasMore && last ? tokenOf(last.id, written) : null,
    url,
  };
  const expand = params.expand;
  if (!Array.isArray(expand) || !expand.includes("total_count")) return answer;
  return { ...answer, total_count: collection.items.filter((object) => object && where(object)).length };
}

/** Throws Stripe's refusal of a query that cannot be read, or that asks for a field that is not searchable. */
function parseSearch(written: string, fields: SearchFields, resource: string): SearchQuery {
  const clauses: Clause[] = [];
  const joins = new Set<"AND" | "OR">();
  let rest = written.trim();
  if (rest === "") throw refusal(common.searchUnreadable, {}, beforeWork);
  for (;;) {
    const match = clausePattern.exec(rest);
    if (!match) throw refusal(common.searchUnreadable, {}, beforeWork);
    clauses.push(clauseOf(match, fields, resource));
    rest = rest.slice(match[0].length);
    if (rest.trim() === "") break;
    // Clauses that only a space parts are joined by AND.
    const join = /^\s+(AND|OR)\s+/i.exec(rest) ?? /^(?=\s)\s+/.exec(rest);
    if (!join) throw refusal(common.searchUnreadable, {}, beforeWork);
    joins.add(join[1]?.toUpperCase() === "OR" ? "OR" : "AND");
    rest = rest.slice(join[0].length);
  }
  if (joins.size > 1) throw refusal(common.searchMixed, {}, beforeWork);
  if (clauses.length > clausesMax) throw refusal(common.searchTooLong, { limit: clausesMax }, beforeWork);
  return { clauses, join: joins.has("OR") ? "OR" : "AND" };
}

// A name or metadata["key"], an operator, and a quoted text, a number or null. Both kinds of quotes are taken.
const quoted = String.raw`"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'`;
const field = String.raw`metadata\[\s*(${quoted})\s*\]|([a-z_0-9.]+)`;
const literalValue = String.raw`${quoted}|null|-?\d+(?:\.\d+)?`;
const clausePattern = new RegExp(String.raw`^(-)?(?:${field})\s*(>=|<=|:|~|>|<)\s*(${literalValue})(?=\s|$)`);

function clauseOf(match: RegExpExecArray, fields: SearchFields, resource: string): Clause {
  const [, minus, key, name = "", operator, literal = ""] = match;
  const value = readLiteral(literal);
  const field = key === undefined ? ownOf(fields, name) : "text";
  if (field === undefined) {
    const page = resource.replaceAll("_", "-");
    throw refusal(common.searchFieldUnknown, { field: name, resource, page }, beforeWork);
  }
  const { kind, at } = typeof field === "string" ? { kind: field, at: name } : field;
  const path = key === undefined ? at.split(".") : ["metadata", unquoted(key)];
  const clause = { isNegated: minus !== undefined, path, operator: operator as Operator, value }; // The pattern's own.
  const problem = problemOf(clause, kind, key === undefined ? name : path.join("."));
  if (problem) throw problem;
  return kind === "number" && typeof value === "string" ? { ...clause, value: Number(value) } : clause;
}

function problemOf({ operator, value }: Clause, kind: FieldKind, field: string): StripeError | undefined {
  if (value === null) return operator === ":" ? undefined : refusal(common.searchUnreadable, {}, beforeWork);
  if (kind === "number") {
    if (operator === "~") return refusal(common.searchOperatorWrong, { operator, field }, beforeWork);
    return Number.isFinite(Number(value)) && value !== ""
      ? undefined
      : refusal(common.searchNumberWrong, { field }, beforeWork);
  }
  if (operator === ":") return undefined;
  if (operator !== "~" || kind !== "part") return refusal(common.searchOperatorWrong, { operator, field }, beforeWork);
  if (String(value).length >= partLengthMin) return undefined;
  return refusal(common.searchPartTooShort, { field, limit: partLengthMin }, beforeWork);
}

function readLiteral(literal: string): string | number | null {
  if (literal === "null") return null;
  return /^["']/.test(literal) ? unquoted(literal) : Number(literal);
}

function unquoted(literal: string): string {
  return literal.slice(1, -1).replace(/\\(.)/g, "$1");
}

function isFound({ clauses, join }: SearchQuery, object: StripeObject): boolean {
  const holds = (clause: Clause) => matches(clause, fieldAt(object, clause.path)) !== clause.isNegated;
  return join === "AND" ? clauses.every(holds) : clauses.some(holds);
}

function matches({ operator, value }: Clause, found: unknown): boolean {
  const isAbsent = found === undefined || found === null;
  if (value === null || isAbsent) return value === null && isAbsent;
  const is = String(found).toLowerCase();
  switch (operator) {
    case ":":
      return is === String(value).toLowerCase();
    case "~":
      return is.includes(String(value).toLowerCase());
    case ">":
      return Number(found) > Number(value);
    case ">=":
      return Number(found) >= Number(value);
    case "<":
      return Number(found) < Number(value);
    case "<=":
      return Number(found) <= Number(value);
    default:
      return operator satisfies never;
  }
}

/** A key of metadata may itself contain dots, so the path is a list. */
function fieldAt(object: object, path: readonly string[]): unknown {
  let value: unknown = object;
  for (const step of path) {
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, step)) return undefined;
    value = (value as Record<string, unknown>)[step];
  }
  return value;
}

/** Opaque to the caller, and good for the same query only. */
function tokenOf(id: string, query: string): string {
  return Buffer.from(`${hash("sha256", query, "base64url").slice(0, 16)} ${id}`).toString("base64url");
}

function idOfToken(token: string | undefined, query: string): string | undefined {
  if (token === undefined) return undefined;
  const [queryHash, id] = Buffer.from(token, "base64url").toString("utf8").split(" ");
  if (!id || tokenOf(id, query) !== token || !queryHash) throw refusal(common.searchPageUnknown, {}, beforeWork);
  return id;
}
