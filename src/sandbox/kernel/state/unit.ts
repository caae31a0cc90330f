// The unit of work: one request, one tick, one action of a page. Actions call down, reactions run upward, events are
// buffered with the object as it was at the move. At the end the unit is committed whole, or dropped whole.
//
// Everything inside a unit is synchronous, so nobody else sees it half done: writes go straight to the store and leave
// behind what takes them back.

import type { Instant } from "#kit/clock.ts";
import type { Touched } from "../keep/journal.ts";
import { familyOf, type VersionFamily } from "../versions/families.ts";
import type { Account } from "./accounts.ts";
import type { EventType } from "./event_types.ts";
import type { StripeObject } from "./noun.ts";
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

export function emit(
  unit: Unit,
  type: EventType,
  object: StripeObject,
  previous?: Readonly<Record<string, unknown>>,
): void {
  unit.events.push({ type, object, previous });
  note(unit, "event", object.id, type);
}
