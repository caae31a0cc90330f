// The unit of work: one request, one tick, one action of a page. Actions call down, reactions run upward, events are
// buffered with the object as it was at the move. At the end the unit is committed whole, or dropped whole.
//
// Everything inside a unit is synchronous, so nobody else sees it half done: writes go straight to the store and leave
// behind what takes them back. The types of a unit and of its world stand in one file because they need each other.

import assert from "node:assert/strict";
import { type Clock, type Instant, secondMs } from "#kit/clock.ts";
import type { Ids } from "#kit/ids.ts";
import type { Log } from "#kit/log.ts";
import type { Attempts } from "../records/attempts.ts";
import type { StandingFaults } from "../records/faults.ts";
import type { History, SandboxLine } from "../records/history.ts";
import type { Capture } from "../store/shown.ts";
import { replace, takeBack } from "../store/store.ts";
import type { Pace } from "../timeline/pace.ts";
import type { Timeline } from "../timeline/timeline.ts";
import type { Timelines } from "../timeline/timelines.ts";
import type { Lift } from "../versions/change.ts";
import { familyOf, type VersionFamily } from "../versions/families.ts";
import type { Home } from "../words/home.ts";
import type { Account, Accounts } from "./accounts.ts";
import type { Appearance } from "./appearance.ts";
import type { EventType } from "./event_types.ts";
import type { Noun, Shape, StripeObject } from "./noun.ts";

export interface PendingEvent {
  readonly type: EventType;
  readonly capture: Capture;
  /** How much its unit had written before. */
  readonly written: number;
  /** Nobody's request is named by it, although one may have led to it. */
  readonly isOfNoRequest?: true;
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
  readonly afterwards: Afterward[];
  readonly writes: Write[];
  /** How many of them are committed: nothing takes these back. */
  committed: number;
}

/**
 * What is begun once the unit is committed, such as work for later: with plain values, so that a seed can begin the
 * same for an object that has got another id.
 */
export interface Afterward {
  readonly begin: (values: readonly unknown[]) => void;
  readonly values: readonly unknown[];
}

/** `afterwards(unit, (id) => world.timelines.close(id), clock.id)`. */
export function afterwards<V extends readonly unknown[]>(
  unit: Unit,
  begin: (...values: V) => void,
  ...values: V
): void {
  unit.afterwards.push({ begin: (given) => begin(...(given as V)), values }); // The same ones, or copies.
}

/** The second of its timeline, as objects carry it. */
export function secondOf({ now }: Pick<Unit, "now">): number {
  return Math.floor(now / secondMs);
}

/** An object that a unit wrote. */
export type Touched = Pick<Write, "noun" | "id">;

/** Work for later. Its further arguments are plain values, so that they can be written down. */
export interface Job {
  readonly run: (unit: Unit, ...values: never[]) => void;
  /** What it will be to the object that it is about, in a few words: `is renewed`. */
  readonly says: string | ((unit: Unit, ...values: never[]) => string);
  /** What is run to see whether it will come to anything, where that is not itself. */
  readonly trial?: Job["run"];
}

export interface Jobs {
  readonly byName: ReadonlyMap<string, Job>;
  readonly nameOf: ReadonlyMap<unknown, string>;
  /** By noun. */
  readonly namesFor: ReadonlyMap<string, readonly string[]>;
}

/** What all requests of one sandbox share: its ports, its manifests and its accounts. Made once by createSandbox. */
export interface World {
  /** How long real things take, such as an answer that is waited for. What time it is, the timeline says. */
  readonly clock: Pick<Clock, "sleep" | "monotonicMs">;
  readonly ids: Ids;
  readonly log: Log;
  readonly pace: Pace;
  /** The world's own; payments, money and deliveries live on it. */
  readonly timeline: Timeline;
  readonly timelines: Timelines;
  readonly accounts: Accounts;
  readonly faults: StandingFaults;
  readonly attempts: Attempts;
  readonly history: History;
  readonly jobs: Jobs;
  /** Set while the world is kept in a folder. */
  journal: Journal | undefined;
  readonly nounByPrefix: ReadonlyMap<string, Noun>;
  /** By `object`, what shows beside it. */
  readonly embeds: ReadonlyMap<string, readonly Embed[]>;
  /** What parameters of older versions mean today. */
  readonly lifts: readonly Lift[];
  /** What stored objects are under another name: `shownAs` of embeds.ts. */
  readonly made: WeakMap<object, object>;
  /** By `object`, how it looks. */
  readonly appearances: ReadonlyMap<string, Appearance>;
  readonly reactions: Reactions;
  /** The types of payment methods that accounts offer from the beginning, where they are not the usual ones. */
  readonly methodTypes: readonly string[] | undefined;
  /** The country and the currency of every account. */
  readonly home: Home;
  /** The checks of a card's bank that accounts decline on. */
  readonly declinesOn: readonly BankCheck[];
  /** How long banks take. */
  readonly settlement: Settlement;
  readonly billing: BillingSettings;
  /** Any name in the form of a version is read by its date. */
  readonly toleratesUnknownVersions: boolean;
  /** Where a browser reaches this sandbox: `http://127.0.0.1:12111`. */
  baseUrl(): string;
  /** Turns the buffered events of a committed unit into Event objects and hands them to the endpoints. */
  publish(unit: Unit): void;
  /** Remembers what happened, and tells it to whoever watches. */
  tell(line: SandboxLine): void;
}

/** As an account's `settings.card_payments.decline_on` calls it. */
export type BankCheck = "avs_failure" | "cvc_failure";

/** `"test"`: as in Stripe's test mode. `"real"`: as long as banks really take. */
export type Settlement = "test" | "real";

/** What the owner of an account chooses about billing: at Stripe in the Dashboard, where no call reaches it. */
export interface BillingSettings {
  /** Whether each customer's invoices are numbered by themselves, or all of the account's in one row. */
  readonly numbering: "customer_level" | "account_level";
  /** Where a part of a cent is rounded: in the tax of each line, or once in the sum of a rate. */
  readonly taxRounding: "line_level" | "invoice_level";
  /** When a payment that failed is tried again: eight times within two weeks, or so many days after each other. */
  readonly retries: "smart" | readonly number[];
  /** What becomes of a subscription when all of them have failed. */
  readonly afterRetries: "cancel" | "unpaid" | "past_due";
  /** What becomes of a subscription when a payment of it is disputed. */
  readonly afterDispute: "leave" | "cancel" | "cancel_at_period_end";
  /** How many days before a renewal `invoice.upcoming` announces it. */
  readonly upcomingDays: number;
  /** How many days before it is due `invoice.will_be_due` reminds of what was sent: an automation, if there is one. */
  readonly willBeDueDays: readonly number[];
  /** How many days after that day `invoice.overdue` does. */
  readonly overdueDays: readonly number[];
  /** Whether test clocks are held to Stripe's limits: how far they go at once, and how much hangs on one. */
  readonly testClocks: "limited" | "unlimited";
}

/** What an object shows beside its own fields: embeds.ts makes them. */
export interface Embed {
  /** Whose field it is: `charge`. */
  readonly on: string;
  /** `refunds`, or a path for what stands deeper: `last_payment_error.payment_method`. */
  readonly field: string;
  /** Owned is stored inside the object, referred is an id there; the others are found from outside. */
  readonly as: "owned" | "referred" | "list" | "name" | "included";
  /** What stands there now; a list is newest first. */
  readonly find: (unit: Unit, object: Shape) => readonly StripeObject[];
  /** Families before this one show it unasked. When absent all do, or none does if it is includable. */
  readonly before?: VersionFamily;
  /** Those that do not show it unasked show it when somebody expands it. */
  readonly isIncludable?: boolean;
  /** What is included, made of what is stored and of what `find` has found. */
  readonly value?: (object: object, found: readonly object[]) => unknown;
  /** Where the whole list is; the id is empty of what cannot be asked for. */
  readonly urlOf?: (id: string) => string;
  /** Does not say how many there are. */
  readonly isUncounted?: boolean;
}

/** What a noun does when one below it has moved: reactions.ts makes them. */
export interface Reaction {
  /** Whose action or signal it is bound to: `charge`. */
  readonly noun: string;
  /** `settle`. */
  readonly to: string;
  readonly run: (unit: Unit, before: StripeObject | undefined, after: StripeObject) => void;
}

/** By noun, then by action or signal; each list in the order given. */
export type Reactions = ReadonlyMap<string, ReadonlyMap<string, readonly Reaction[]>>;

/** What keeps a world in a folder. */
export interface Journal {
  /** What a committed unit has changed. */
  touch(account: Account, touched: readonly Touched[]): void;
  /** An answer that is kept under an idempotency key. */
  keep(account: Account, key: string): void;
  /** Objects that have left the store for good. */
  forget(account: Account, noun: Noun, ids: readonly string[]): void;
  /**
   * Writes what has come together since the last time, as one line. False when the disk does not take it: then the
   * file is as it was, and the next call tries again with all of it.
   */
  flush(): boolean;
  /** Starts the file anew with the world as it is. */
  rewrite(): void;
  close(): void;
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
  for (const { begin, values } of unit.afterwards.splice(0)) begin(values);
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

export function tell(world: World, account: Account, said: Pick<SandboxLine, "kind" | "id" | "text">): void {
  world.tell({ at: world.timeline.now(), account: account.id, ...said });
}
