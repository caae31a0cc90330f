// What an object shows beside its own fields, as values of the manifests: an object that it owns, one that it refers
// to, a list of others, or the name of another. The kernel walks them when an object is rendered and when an event
// captures it. The higher of the two nouns declares an embed, since it knows both.
import assert from "node:assert/strict";
import type { VersionFamily } from "../versions/families.ts";
import { meantBy, type Noun, type Shape, type StripeObject } from "./noun.ts";
import type { Embed, Unit } from "./unit.ts";
import { among, read } from "./writes.ts";

/** Stored inside, an object or an array of them: `owned(tokens, "card")`. */
export function owned(on: Noun, field: string): Embed {
  const path = field.split(".");
  const stored = (_unit: Unit, object: Shape) => listOf(valueAt(object, path)) as StripeObject[]; // Declared.
  return { on: on.object, field, as: "owned", find: stored };
}

/** Stored inside as an array, shown as a list: `ownedList(subscriptions, "items", (id) => …)`. */
export function ownedList(on: Noun, field: string, urlOf: (id: string) => string): Embed {
  return { ...owned(on, field), as: "list", urlOf };
}

/**
 * An id is stored, or a list of them, the objects are shown:
 * `referred(paymentIntents, "last_payment_error.payment_method", methods)`.
 */
export function referred(on: Noun, field: string, noun: Noun): Embed {
  const path = field.split(".");
  const there = (unit: Unit, object: Shape) => withId(unit, noun, meantBy(object)?.[field] ?? valueAt(object, path));
  return { on: on.object, field, as: "referred", find: there };
}

function withId(unit: Unit, noun: Noun, id: unknown): readonly StripeObject[] {
  if (Array.isArray(id)) return withIds(unit, noun, id);
  const one = typeof id === "string" ? read(unit, noun, id) : undefined;
  return one ? [one] : [];
}

function withIds(unit: Unit, noun: Noun, ids: readonly unknown[]): readonly StripeObject[] {
  return ids.flatMap((id) => withId(unit, noun, id));
}

/** A list as it is, one as a list of one. */
function listOf(value: unknown): readonly unknown[] {
  if (value === undefined || value === null) return [];
  return Array.isArray(value) ? value : [value];
}

/** Shown so to the families before this one; later ones see what is stored: `until("clover", referred(…))`. */
export function until(family: VersionFamily, embed: Embed): Embed {
  return { ...embed, before: family };
}

export interface Finding {
  readonly before?: VersionFamily;
  /** By the id of the object that shows it. */
  readonly find: (unit: Unit, id: string) => readonly StripeObject[];
}

export interface Listing extends Finding {
  readonly isIncludable?: boolean;
  readonly isUncounted?: boolean;
  readonly urlOf: (id: string) => string;
}

/** A collection of its own, of which ten are shown: `listed(charges, "refunds", { … })`. */
export function listed(on: Noun, field: string, listing: Listing): Embed {
  return { ...listing, on: on.object, field, as: "list", find: byId(listing.find) };
}

/** The id of another object that this one does not store: `named(charges, "dispute", { … })`. */
export function named(on: Noun, field: string, { find: found, ...finding }: Finding): Embed {
  return { ...finding, on: on.object, field, as: "name", find: byId((unit, id) => found(unit, id).slice(0, 1)) };
}

/**
 * What is shown only when somebody expands it: `included(prices, "tiers", (price) => tiersOf(price))`. Where nothing of
 * it is built, what Stripe shows of one who has none: `included(customers, "tax", () => ({ … }))`.
 */
export function included<O extends StripeObject>(on: Noun<O>, field: string, value: (object: O) => unknown): Embed {
  return includedWith(on, field, { find: () => [], value });
}

interface Made<O> {
  find(unit: Unit, object: O): readonly StripeObject[];
  value(object: O, found: readonly object[]): unknown;
}

/** The same, made of what is found beside the object, which is handed over as it is shown. */
export function includedWith<O extends StripeObject>(on: Noun<O>, field: string, { find, value }: Made<O>): Embed {
  return {
    on: on.object,
    field,
    as: "included",
    isIncludable: true,
    // An embed is asked for objects of its noun.
    find: (unit, object) => find(unit, object as O),
    value: (object, found) => value(object as O, found),
  };
}

/**
 * What a stored object is under another name, as an embed's `find`: made once of each, since none is ever changed, so
 * that all events that show it hold the same one. `shownAs(unit, price, planOf)`.
 */
export function shownAs<S extends StripeObject, M extends StripeObject>(
  { world }: Unit,
  stored: S | undefined,
  make: (stored: S) => M | undefined,
): readonly StripeObject[] {
  if (!stored) return [];
  const made = world.made.get(stored) ?? make(stored);
  if (!made) return [];
  world.made.set(stored, made);
  return [made as StripeObject]; // Only this writes there.
}

/** All of a noun whose indexed field names the object, newest first: `find: newest(refunds, "charge")`. */
export function newest<O extends StripeObject>(noun: Noun<O>, field: keyof O & string): Finding["find"] {
  return (unit, id) => among(unit, noun, field, id).reverse();
}

function byId(found: Finding["find"]): Embed["find"] {
  return (unit, { id }) => (id === undefined ? [] : found(unit, id));
}

/** `valueAt(intent, ["last_payment_error", "payment_method"])`; of a list on the way, what stands in each of it. */
export function valueAt(object: object, path: readonly string[]): unknown {
  let value: unknown = object;
  for (const name of path)
    value = Array.isArray(value) ? value.flatMap((one) => fieldOf(one, name)) : fieldOf(value, name);
  return value;
}

function fieldOf(value: unknown, name: string): unknown {
  return (value as Record<string, unknown> | null | undefined)?.[name];
}

/** Puts a value at the end of a path, into copies of what lies on the way; behind a list, what its ids refer to. */
export function place(object: Record<string, unknown>, path: string, value: unknown): void {
  const dot = path.indexOf(".");
  if (dot < 0) {
    object[path] = value;
    return;
  }
  const [name, rest] = [path.slice(0, dot), path.slice(dot + 1)];
  const inner = object[name];
  if (Array.isArray(inner)) {
    const shown = Map.groupBy(value as readonly { readonly id: string }[], ({ id }) => id); // Referred to.
    object[name] = inner.map((one) => shownIn(one, rest.split("."), shown));
    return;
  }
  assert(typeof inner === "object" && inner !== null, `${path} leads through objects`);
  const copy = { ...inner };
  place(copy, rest, value);
  object[name] = copy;
}

type ById = ReadonlyMap<string, readonly unknown[]>;

/** Each id at the end of the path becomes what is shown of it. */
function shownIn(value: unknown, path: readonly string[], shown: ById): unknown {
  if (Array.isArray(value)) return value.map((one) => shownIn(one, path, shown));
  const [name, ...rest] = path;
  if (name === undefined) return shown.get(String(value))?.[0] ?? value;
  return typeof value === "object" && value !== null
    ? { ...value, [name]: shownIn(fieldOf(value, name), rest, shown) }
    : value;
}
