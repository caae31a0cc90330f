// The unit of work: one request, one tick, one action of a page. Actions call down, reactions run upward, events are
// buffered with the object as it was at the move. At the end the unit is committed whole, or dropped whole.
//
// Everything inside a unit is synchronous, so nobody else sees it half done: writes go straight to the store and leave
// behind what takes them back.

import type { Instant } from "#kit/clock.ts";
import type { Touched } from "../keep/volume.ts";
import type { Timeline } from "../time/timeline.ts";
import { familyOf, type VersionFamily } from "../versions/families.ts";
import type { Account } from "./accounts.ts";
import type { EventType } from "./event_types.ts";
import type { Capture } from "./shown.ts";
import type { SandboxLine, World } from "./world.ts";

export interface PendingEvent {
  readonly type: EventType;
  readonly capture: Capture;
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
  readonly undo: (() => void)[];
  /** What it has written, for whoever keeps it. */
  readonly touched: Touched[];
}

export interface Opened {
  readonly version: string;
  /** The world's when none is named. */
  readonly timeline: Timeline;
  /** Its timeline's now, unless it was due earlier. */
  readonly at: Instant;
}

/** A unit that nobody asked for: a tick of time, a delivery that came back. */
export function tickUnit(world: World, account: Account, given: Partial<Opened> = {}): Unit {
  const { version = account.defaultVersion, timeline = world.timeline, at: now = timeline.now() } = given;
  return {
    world,
    account,
    request: null,
    version,
    family: familyOf(version),
    isPublishable: false,
    publishableKey: null,
    timeline,
    now,
    created: Math.floor((timeline === world.timeline ? now : world.timeline.now()) / 1000),
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
  for (const line of unit.lines.splice(0)) unit.world.tell(line);
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

/** Told when the unit is committed, and only then. */
export function note(unit: Unit, kind: SandboxLine["kind"], id: string, text: string): void {
  unit.lines.push({ at: unit.now, kind, account: unit.account.id, id, text });
}
