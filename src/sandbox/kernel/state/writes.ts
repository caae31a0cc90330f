// Reading and writing inside a unit: every change goes straight to the store and leaves behind what takes it back.

import assert from "node:assert/strict";
import { hasChanged } from "../store/previous.ts";
import {
  type Collection,
  find,
  forgetOldest,
  foundBy,
  insert,
  living,
  newCollection,
  newestBy,
  remove,
  replace,
  standingOf,
} from "../store/store.ts";
import { noSuch } from "../words/errors.ts";
import type { Account } from "./accounts.ts";
import { emit } from "./emit.ts";
import type { EventType } from "./event_types.ts";
import { type IndexOf, isThere, type Noun, nounOfId, type StripeObject } from "./noun.ts";
import { afterwards, type Unit } from "./unit.ts";

export function collectionOf(account: Account, noun: Noun): Collection {
  let collection = account.collections.get(noun.object);
  if (!collection) {
    collection = newCollection(noun.indices);
    account.collections.set(noun.object, collection);
  }
  return collection;
}

/** The object as it is now, inside this unit. */
export function read<O extends StripeObject>(unit: Unit, noun: Noun<O>, id: string): O | undefined {
  const collection = unit.account.collections.get(noun.object);
  return collection && (find(collection, id) as O | undefined); // A collection holds its noun's shape only.
}

/** The object of the path, or Stripe's 404. */
export function mustRead<O extends StripeObject>(unit: Unit, noun: Noun<O>, id: string, param = "id"): O {
  const object = read(unit, noun, id);
  if (!object) throw noSuch(noun, id, { inPath: true, param });
  return object;
}

/** The object that a parameter names, or Stripe's 400. */
export function mustReadParam<O extends StripeObject>(unit: Unit, noun: Noun<O>, id: string, param: string): O {
  const object = read(unit, noun, id);
  if (!object || !isThere(noun, object)) throw noSuch(noun, id, { inPath: false, param });
  return object;
}

/** Those that carry the value in an indexed field now, oldest first: `among(unit, charges, "payment_intent", id)`. */
export function among<O extends StripeObject>(unit: Unit, noun: Noun<O>, field: IndexOf<O>, value: string): O[] {
  const collection = unit.account.collections.get(noun.object);
  return collection ? (foundBy(collection, field, value) as O[]) : []; // A collection holds its noun's shape only.
}

/** The last one that was made of them. */
export function newestAmong<O extends StripeObject>(
  unit: Unit,
  noun: Noun<O>,
  field: IndexOf<O>,
  value: string,
): O | undefined {
  const collection = unit.account.collections.get(noun.object);
  return collection && (newestBy(collection, field, value) as O | undefined); // As above.
}

/** All of a noun, oldest first. */
export function all<O extends StripeObject>(unit: Unit, noun: Noun<O>): O[] {
  return living(unit.account.collections.get(noun.object)) as O[]; // A collection holds its noun's shape only.
}

/** What it was when the unit began; undefined: it was not there. */
export function atFirst<O extends StripeObject>(unit: Unit, noun: Noun<O>, object: O): O | undefined {
  const first = unit.writes.find((write) => write.noun === noun && write.id === object.id);
  return first ? (first.before as O | undefined) : object; // A write is of its noun.
}

/** Nothing of it has ever been made here. */
export function isUnused({ account }: Unit, noun: Noun): boolean {
  return !account.collections.has(noun.object);
}

/** The second in which it was made, for nouns that do not show it. */
export function bornAt(unit: Unit, noun: Noun, id: string): number {
  return standingOf(collectionOf(unit.account, noun), id)?.created ?? 0;
}

/** It was here once, and was taken away. */
export function wasErased(unit: Unit, noun: Noun, id: string): boolean {
  const standing = standingOf(collectionOf(unit.account, noun), id);
  return standing !== undefined && standing.object === undefined;
}

/** What a field of an object refers to: the noun that the field names, else by the id's kind. */
export function referredTo(unit: Unit, object: string, field: string, id: string): StripeObject | undefined {
  const { appearances } = unit.world;
  const named = appearances.get(object)?.noun.expandable[field];
  const noun = named ? appearances.get(named)?.noun : undefined;
  return noun ? standing(unit.account, noun, id) : readById(unit, id);
}

/** What has the id now, through its owner where another noun's objects own it. */
export function standing(account: Account, noun: Noun, id: string): StripeObject | undefined {
  const stored = noun.madeOf && account.collections.get(noun.madeOf.object);
  const meant = stored && find(stored, id);
  if (meant) return noun.madeOf?.make(meant as never); // Of the noun that it is made of.
  const collection = account.collections.get(noun.owner?.object ?? noun.object);
  if (!collection || !noun.owner) return collection && find(collection, id);
  const { field } = noun.owner;
  const [owner] = foundBy(collection, field, id);
  const [list = ""] = field.split(".");
  // The path leads to the ids of those that it owns.
  const owned = (owner as (StripeObject & Record<string, readonly StripeObject[] | undefined>) | undefined)?.[list];
  return owned?.find((one) => one.id === id);
}

/** By the id's kind, for fields that may hold several and for nouns further up. */
export function readById(unit: Unit, id: string): StripeObject | undefined {
  const noun = nounOfId(unit.world.nounByPrefix, id);
  return noun && read(unit, noun, id);
}

/** Puts a new object into the store. Objects with a `status` are born by `begin` of machine.ts alone. */
export function add<O extends StripeObject>(unit: Unit, noun: Noun<O>, object: O, event: EventType | null): O {
  const collection = collectionOf(unit.account, noun);
  insert(collection, object, createdOf(object) ?? unit.created);
  unit.writes.push({ noun, id: object.id, before: undefined });
  if (event) emit(unit, event, object);
  return object;
}

/** What a `created` filter compares is what is shown, on whatever clock the object lives. */
function createdOf(object: StripeObject): number | undefined {
  return "created" in object && typeof object.created === "number" ? object.created : undefined;
}

/** The same for a change. An equal object sends nothing, whatever an older version would make of it. */
export function change<O extends StripeObject>(
  unit: Unit,
  noun: Noun<O>,
  before: O,
  changes: Partial<Omit<O, "status" | "id" | "object">> & { readonly status?: never },
  event: EventType | null,
): O {
  return put(unit, noun, before, { ...before, ...changes }, event);
}

/**
 * The one place that writes. Only machine.ts and this file call it. What is changed is what is stored: a reaction may
 * have changed it since it was read, and that would be lost.
 */
export function put<O extends StripeObject>(
  unit: Unit,
  noun: Noun<O>,
  before: O,
  after: O,
  event: EventType | null,
): O {
  const collection = collectionOf(unit.account, noun);
  const stored = replace(collection, after);
  if (stored !== before) assert.fail(`${after.id} was changed since it was read`);
  unit.writes.push({ noun, id: after.id, before });
  if (!event) return after;
  if (!noun.saysWhatChanged(event)) {
    emit(unit, event, after);
    return after;
  }
  const told = asTold(noun, before, after);
  if (hasChanged(told, after)) emit(unit, event, after, told);
  return after;
}

/** What was there before, as far as an event says so. */
function asTold<O extends StripeObject>({ untold }: Noun<O>, before: O, after: O): O {
  if (untold.length === 0) return before;
  const now = after as unknown as Readonly<Record<string, unknown>>; // Its own fields.
  return { ...before, ...Object.fromEntries(untold.map((field) => [field, now[field]])) };
}

export function erase<O extends StripeObject>(unit: Unit, noun: Noun<O>, object: O, event: EventType | null): void {
  const collection = collectionOf(unit.account, noun);
  remove(collection, object.id);
  unit.writes.push({ noun, id: object.id, before: object });
  if (event) emit(unit, event, object);
}

/**
 * Once the unit is committed, and only then, since nothing brings them back: the oldest of a noun that are over leave
 * the store, `atMost` so many, and with them what only they have captured.
 */
export function letGo<O extends StripeObject>(
  unit: Unit,
  noun: Noun<O>,
  atMost: number,
  isOver: (object: O) => boolean,
): void {
  const { world, account } = unit;
  afterwards(unit, () => {
    const isOverHere = (object: StripeObject) => isOver(object as O); // A collection holds its noun's shape only.
    const ids = forgetOldest(collectionOf(account, noun), atMost, isOverHere);
    if (ids.length > 0) world.journal?.forget(account, noun, ids);
  });
}
