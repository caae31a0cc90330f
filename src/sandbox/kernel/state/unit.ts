// The unit of work: one request, one tick, one action of a page. Actions call down, reactions run upward, events are
// buffered with the object as it was at the move. At the end the unit is committed whole, or dropped whole.
//
// Everything inside a unit is synchronous, so nobody else sees it half done: writes go straight to the store and leave
// behind what takes them back.
import type { Instant } from "#kit/clock.ts";
import type { Touched } from "../keep/journal.ts";
import { familyOf, type VersionFamily } from "../versions/families.ts";
import { noSuch } from "../words/errors.ts";
import type { Account } from "./accounts.ts";
import type { EventType } from "./event_types.ts";
import { type Noun, prefixOf, type StripeObject } from "./noun.ts";
import { type Collection, find, insert, newCollection, remove, replace, takeBack } from "./store.ts";
import type { SandboxLine, World } from "./world.ts";

export interface PendingEvent {
  readonly type: EventType;
  readonly object: StripeObject;
  readonly previous: Readonly<Record<string, unknown>> | undefined;
}

export interface UnitRequest {
  readonly id: string;
  readonly idempotencyKey: string | null;
}

export interface Unit {
  readonly world: World;
  readonly account: Account;
  /** Null for what happens by itself: a tick of the wheel. */
  readonly request: UnitRequest | null;
  readonly version: string;
  readonly family: VersionFamily;
  readonly isPublishable: boolean;
  /** The key that asked, as far as a page needs it: `pk_test_…`. */
  readonly publishableKey: string | null;
  /** Stripe's seconds at the beginning of the unit. */
  readonly created: number;
  readonly events: PendingEvent[];
  /** What will be told once the unit is committed. */
  readonly lines: SandboxLine[];
  /** What is put on the agenda once the unit is committed. */
  readonly afterwards: (() => void)[];
  readonly undo: (() => void)[];
  /** What it has written, for whoever keeps it. */
  readonly touched: Touched[];
}

/** A unit that nobody asked for: a tick of time, a delivery that came back. */
export function tickUnit(world: World, account: Account, version = account.defaultVersion): Unit {
  return {
    world,
    account,
    request: null,
    version,
    family: familyOf(version),
    isPublishable: false,
    publishableKey: null,
    created: Math.floor(world.clock.now() / 1000),
    events: [],
    lines: [],
    afterwards: [],
    undo: [],
    touched: [],
  };
}

/** Finishes the unit: its events become Event objects and go to the endpoints. */
export function commit(unit: Unit): void {
  unit.undo.length = 0;
  for (const line of unit.lines.splice(0)) unit.world.tell?.(line);
  if (unit.events.length > 0) unit.world.publish(unit);
  for (const begin of unit.afterwards.splice(0)) begin();
  unit.undo.length = 0;
  unit.world.journal?.touch(unit.account, unit.touched);
}

/** Leaves no trace of the unit. */
export function drop(unit: Unit): void {
  for (let back = unit.undo.pop(); back; back = unit.undo.pop()) back();
  unit.events.length = 0;
  unit.lines.length = 0;
  unit.afterwards.length = 0;
  unit.touched.length = 0;
}

/**
 * Asks for a unit of its own, `afterMs` from now, if this one is committed. Work that stands among a resource's `jobs`
 * outlives the process: `later(unit, dayMs, settleRefund, refund.id)`.
 */
export function later<V extends readonly unknown[]>(
  unit: Unit,
  afterMs: number,
  work: (unit: Unit, ...values: V) => void,
  ...values: V
): void {
  const { world, account } = unit;
  unit.afterwards.push(() => schedule(world, account, world.clock.now() + afterMs, work, values));
}

export function schedule<V extends readonly unknown[]>(
  world: World,
  account: Account,
  at: Instant,
  work: (unit: Unit, ...values: V) => void,
  values: V,
): void {
  const name = world.jobs.nameOf.get(work);
  const ticket = name === undefined ? -1 : world.pending.add(at, { kind: "job", account: account.id, name, values });
  world.agenda.at(at, () => {
    const tick = tickUnit(world, account);
    try {
      work(tick, ...values);
      commit(tick);
    } catch (error) {
      // One mistake leaves no trace of its own tick, and the wheel turns on.
      drop(tick);
      world.log.error("sandbox.bug", { error: error instanceof Error ? error.stack : String(error) });
    }
    world.pending.done(ticket);
    world.journal?.flush();
  });
}

/** Told when the unit is committed, and only then. */
export function note(unit: Unit, kind: SandboxLine["kind"], id: string, text: string): void {
  if (unit.world.tell) unit.lines.push({ at: unit.world.clock.now(), kind, account: unit.account.id, id, text });
}

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
  if (!object) throw noSuch(noun.label, id, { inPath: true, param });
  return object;
}

/** The object that a parameter names, or Stripe's 400. */
export function mustReadParam<O extends StripeObject>(unit: Unit, noun: Noun<O>, id: string, param: string): O {
  const object = read(unit, noun, id);
  if (!object) throw noSuch(noun.label, id, { inPath: false, param });
  return object;
}

/** By the id's kind, for expansion and for nouns further up. */
export function readById(unit: Unit, id: string): StripeObject | undefined {
  const noun = unit.world.nounByPrefix.get(prefixOf(id));
  return noun && read(unit, noun, id);
}

/** Puts a new object into the store. Objects with a `status` are born by `begin` of machine.ts alone. */
export function add<O extends StripeObject>(unit: Unit, noun: Noun<O>, object: O, event: EventType | null): O {
  const collection = collectionOf(unit.account, noun);
  insert(collection, object, unit.created);
  unit.touched.push({ noun, id: object.id });
  unit.undo.push(() => takeBack(collection, object.id));
  if (event) emit(unit, event, object);
  return object;
}

/** The same for a change. What really differs becomes `previous_attributes`; an equal object sends nothing. */
export function change<O extends StripeObject>(
  unit: Unit,
  noun: Noun<O>,
  before: O,
  changes: Partial<Omit<O, "status" | "id" | "object">> & { readonly status?: never },
  event: EventType | null,
): O {
  return put(unit, noun, before, { ...before, ...changes }, event);
}

/** The one place that writes. Only machine.ts and this file call it. */
export function put<O extends StripeObject>(
  unit: Unit,
  noun: Noun<O>,
  before: O,
  after: O,
  event: EventType | null,
): O {
  const collection = collectionOf(unit.account, noun);
  replace(collection, after);
  unit.touched.push({ noun, id: after.id });
  unit.undo.push(() => replace(collection, before));
  if (!event) return after;
  if (!hasPrevious(event)) {
    emit(unit, event, after);
    return after;
  }
  const previous = previousAttributes(before, after);
  if (Object.keys(previous).length > 0) emit(unit, event, after, previous);
  return after;
}

export function erase<O extends StripeObject>(unit: Unit, noun: Noun<O>, object: O, event: EventType | null): void {
  const collection = collectionOf(unit.account, noun);
  remove(collection, object.id);
  unit.touched.push({ noun, id: object.id });
  unit.undo.push(() => replace(collection, object));
  if (event) emit(unit, event, object);
}

export function emit(
  unit: Unit,
  type: EventType,
  object: StripeObject,
  previous?: Readonly<Record<string, unknown>>,
): void {
  unit.events.push({ type, object, previous });
  note(unit, "event", object.id, type);
}

/** `*.updated` says what changed, and so does `charge.refunded`; a refund's events are always sent bare. */
function hasPrevious(event: EventType): boolean {
  return (event.endsWith(".updated") && !event.startsWith("refund.")) || event === "charge.refunded";
}

/** The old values of what differs: nested hashes hold only the changed keys, arrays are whole, absent is null. */
export function previousAttributes(before: object, after: object): Record<string, unknown> {
  const was = before as Record<string, unknown>;
  const is = after as Record<string, unknown>;
  const previous: Record<string, unknown> = {};
  for (const key of new Set([...Object.keys(was), ...Object.keys(is)])) {
    if (was[key] === is[key]) continue;
    if (isHash(was[key]) && isHash(is[key])) {
      const inner = previousAttributes(was[key], is[key]);
      if (Object.keys(inner).length > 0) previous[key] = inner;
    } else if (JSON.stringify(was[key]) !== JSON.stringify(is[key])) {
      previous[key] = was[key] ?? null;
    }
  }
  return previous;
}

function isHash(value: unknown): value is object {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
