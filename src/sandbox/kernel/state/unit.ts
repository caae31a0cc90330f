// The unit of work: one request, one tick, one action of a page. Actions call down, reactions run upward, events are
// buffered with the object as it was at the move. At the end the unit is committed whole, or dropped whole.
//
// Everything inside a unit is synchronous, so nobody else sees it half done: writes go straight to the store and leave
// behind what takes them back.

import assert from "node:assert/strict";
import type { Instant } from "#kit/clock.ts";
import type { Timeline } from "../time/timeline.ts";
import { familyOf, type VersionFamily } from "../versions/families.ts";
import type { Account } from "./accounts.ts";
import type { EventType } from "./event_types.ts";
import type { Noun, StripeObject } from "./noun.ts";
import type { Capture } from "./shown.ts";
import { replace, takeBack } from "./store.ts";
import type { SandboxLine, World } from "./world.ts";

export interface PendingEvent {
  readonly type: EventType;
  readonly capture: Capture;
}

export interface UnitRequest {
  readonly id: string;
  readonly idempotencyKey: string | null;
}

/** One write: where it was, for whoever keeps it, and what stood there before, which takes it back. */
export interface Write {
  readonly noun: Noun;
  readonly id: string;
  /** Undefined: it was made. */
  readonly before: StripeObject | undefined;
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
  readonly timeline: Timeline;
  /** The instant it happens at, on its timeline: a tick's is the one it was due at. */
  readonly now: Instant;
  /** The world's second, as payments, balance transactions and payouts carry it. */
  readonly created: number;
  readonly events: PendingEvent[];
  /** What will be told once the unit is committed. */
  readonly lines: SandboxLine[];
  /** What is filed for later once the unit is committed. */
  readonly afterwards: (() => void)[];
  readonly writes: Write[];
  /** How many of them are committed: nothing takes these back. */
  committed: number;
}

export interface Opened {
  readonly version: string;
  /** The world's when none is named. */
  readonly timeline: Timeline;
  /** Its timeline's now, unless it was due earlier. */
  readonly at: Instant;
  /** Null, as when nobody asked. */
  readonly request: UnitRequest | null;
  readonly publishableKey: string | null;
}

/** A unit that nobody asked for: a tick of time, a delivery that came back. */
export function tickUnit(world: World, account: Account, given: Partial<Opened> = {}): Unit {
  return openUnit(world, account, given);
}

export function openUnit(world: World, account: Account, given: Partial<Opened>): Unit {
  const { version = account.defaultVersion, timeline = world.timeline, at: now = timeline.now() } = given;
  const { request = null, publishableKey = null } = given;
  return {
    world,
    account,
    request,
    version,
    family: familyOf(version),
    isPublishable: publishableKey !== null,
    publishableKey,
    timeline,
    now,
    created: Math.floor((timeline === world.timeline ? now : world.timeline.now()) / 1000),
    events: [],
    lines: [],
    afterwards: [],
    writes: [],
    committed: 0,
  };
}

/** Finishes the unit: its events become Event objects and go to the endpoints. */
export function commit(unit: Unit): void {
  unit.committed = unit.writes.length;
  for (const line of unit.lines.splice(0)) unit.world.tell(line);
  if (unit.events.length > 0) unit.world.publish(unit);
  for (const begin of unit.afterwards.splice(0)) begin();
  unit.committed = unit.writes.length;
  unit.world.journal?.touch(unit.account, unit.writes);
}

/** Leaves no trace of the unit. */
export function drop(unit: Unit): void {
  backTo(unit, unit.committed);
  unit.events.length = 0;
  unit.lines.length = 0;
  unit.afterwards.length = 0;
}

/** Takes the newest writes back, until so many are left. */
export function backTo({ account, writes }: Unit, count: number): void {
  while (writes.length > count) {
    const { noun, id, before } = writes.pop()!; // There are more than that.
    const collection = account.collections.get(noun.object);
    assert(collection, "what was written stands somewhere");
    if (before) replace(collection, before);
    else takeBack(collection, id);
  }
}

/** Told when the unit is committed, and only then. */
export function note(unit: Unit, kind: SandboxLine["kind"], id: string, text: string): void {
  unit.lines.push({ at: unit.now, kind, account: unit.account.id, id, text });
}
