// Decodes application/x-www-form-urlencoded bodies and query strings as Stripe does, in the spelling of every SDK:
// `a[b]`, `a[0][b]`, `a[]`, `%5B`, `+`, `%20`. An indexed element stays a map with the key "0": only the parameter
// schema knows whether `x[0]` is the first element of a list or a metadata key.

import { common } from "./errors.table.ts";
import { refusal, type StripeError } from "./errors.ts";

export type FormValue = string | FormTree | (string | FormTree)[];
export type FormTree = { [key: string]: FormValue };

/** Stripe's deepest parameter has eight levels; twice that is somebody's mistake. */
const depthMax = 16;
/** A subscription schedule with every list full has about two thousand parameters. */
const pairsMax = 10_000;
/** One mebibyte, far above what Stripe's gateway lets through. */
const lengthMax = 1_048_576;

/** `decodeForm("a[0][b]=1&c=x+y")` gives `{ a: { "0": { b: "1" } }, c: "x y" }`. */
export function decodeForm(text: string): FormTree {
  if (text.length > lengthMax) throw refusal(common.formTooLarge, { what: "The request is larger" });
  const tree: FormTree = {};
  if (text === "") return tree;
  const pairs = text.split("&");
  if (pairs.length > pairsMax) throw refusal(common.formTooLarge, { what: "The request has more parameters" });
  for (const pair of pairs) {
    if (pair === "") continue;
    const equals = pair.indexOf("=");
    const name = decodePart(equals < 0 ? pair : pair.slice(0, equals));
    const value = equals < 0 ? "" : decodePart(pair.slice(equals + 1));
    insert(tree, name, value);
  }
  return tree;
}

/** Spells a path as Stripe does in messages: `formPath(["items", "0", "price"])` is `items[0][price]`. */
export function formPath(path: readonly string[]): string {
  return path.length < 2 ? (path[0] ?? "") : `${path[0]}[${path.slice(1).join("][")}]`;
}

/** True when a form value is a map, not a text and not a list. */
export function isFormTree(value: FormValue | undefined): value is FormTree {
  return typeof value === "object" && !Array.isArray(value);
}

function decodePart(part: string): string {
  const spaced = part.includes("+") ? part.replaceAll("+", " ") : part;
  if (!spaced.includes("%")) return spaced;
  try {
    return decodeURIComponent(spaced);
  } catch {
    throw refusal(common.formNotUtf8);
  }
}

function insert(tree: FormTree, name: string, value: string): void {
  const bracket = name.indexOf("[");
  if (bracket <= 0) {
    if (name !== "") assign(tree, name, value);
    return;
  }
  const path = splitName(name, bracket);
  if (path.length > depthMax) throw refusal(common.formTooLarge, { what: "The parameters are nested deeper" });
  insertAt(tree, { path, value }, 0);
}

/** `a[b][]` → ["a", "b", ""]. A stray bracket makes the whole name one key, which is then an unknown parameter. */
function splitName(name: string, firstBracket: number): string[] {
  const path = [name.slice(0, firstBracket)];
  let at = firstBracket;
  while (at < name.length) {
    const close = name.indexOf("]", at);
    if (name[at] !== "[" || close < 0) return [name];
    path.push(name.slice(at + 1, close));
    at = close + 1;
  }
  return path;
}

interface Sent {
  readonly path: readonly string[];
  readonly value: string;
}

function insertAt(tree: FormTree, sent: Sent, index: number): void {
  const { path, value } = sent;
  const key = path[index]!; // The caller stays inside the path.
  if (index === path.length - 1) {
    assign(tree, key, value);
    return;
  }
  const existing = ownOf(tree, key);
  if (path[index + 1] === "") {
    const list = existing ?? assign(tree, key, []);
    if (!Array.isArray(list)) throw mixed(path, index);
    appendTo(list, sent, index + 1);
    return;
  }
  const child = existing ?? assign(tree, key, {});
  if (!isFormTree(child)) throw mixed(path, index);
  insertAt(child, sent, index + 1);
}

/** `a[][x]=1&a[][y]=2&a[][x]=3` is two elements: a name that the last element already has begins a new one. */
function appendTo(list: (string | FormTree)[], sent: Sent, index: number): void {
  const { path, value } = sent;
  if (index === path.length - 1) {
    list.push(value);
    return;
  }
  const last = list.at(-1);
  const isSameElement = isFormTree(last) && !hasPath(last, path, index + 1);
  const element: FormTree = isSameElement ? last : {};
  if (!isSameElement) list.push(element);
  insertAt(element, sent, index + 1);
}

function hasPath(tree: FormTree, path: readonly string[], index: number): boolean {
  const value = ownOf(tree, path[index]!); // Only called inside the path.
  if (value === undefined) return false;
  if (index === path.length - 1) return true;
  return isFormTree(value) ? hasPath(value, path, index + 1) : !Array.isArray(value);
}

/** The last value of a repeated name wins. */
function assign<T extends FormValue>(tree: FormTree, key: string, value: T): T {
  setOwn(tree, key, value);
  return value;
}

function mixed(path: readonly string[], index: number): StripeError {
  const param = formPath(path.slice(0, index + 1));
  return refusal(path[index + 1] === "" ? common.parameterNotList : common.parameterNotHash, {}, { param });
}

/** `constructor` is a name like any other: what every object of JavaScript inherits is not among them. */
export function ownOf<T>(fields: { readonly [name: string]: T }, name: string): T | undefined {
  return Object.hasOwn(fields, name) ? fields[name] : undefined;
}

/** Setting `__proto__` would change the object instead of filling it. */
export function setOwn<T>(fields: { [name: string]: T }, name: string, value: T): void {
  if (name !== "__proto__") fields[name] = value;
  else Object.defineProperty(fields, name, { value, enumerable: true, configurable: true, writable: true });
}
