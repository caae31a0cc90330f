// What all requests of one sandbox share: its ports, its resources and its accounts. Made once by createSandbox.
import type { Clock, Instant } from "#kit/clock.ts";
import type { Ids } from "#kit/ids.ts";
import type { Log } from "#kit/log.ts";
import type { Attempts } from "../keep/attempts.ts";
import type { History } from "../keep/history.ts";
import type { Journal } from "../keep/journal.ts";
import type { Pace } from "../time/pace.ts";
import type { Settlement } from "../time/settlement.table.ts";
import type { Timeline } from "../time/timeline.ts";
import type { Timelines } from "../time/timelines.ts";
import type { Lift } from "../versions/change.ts";
import type { StandingFaults } from "../wire/faults.ts";
import type { Account, Accounts } from "./accounts.ts";
import type { Embed } from "./embeds.ts";
import type { Noun } from "./noun.ts";
import type { Reactions } from "./reactions.ts";
import type { Resource } from "./resource.ts";
import type { Unit } from "./unit.ts";

/** One thing that happened, for whoever watches. */
export interface SandboxLine {
  readonly at: Instant;
  readonly kind: "request" | "move" | "event" | "delivery";
  readonly account: string;
  readonly id: string;
  readonly text: string;
}

/** Work for later. Its further arguments are plain values, so that they can be written down. */
export type Job = (unit: Unit, ...values: never[]) => void;

export interface Jobs {
  readonly byName: ReadonlyMap<string, Job>;
  readonly nameOf: ReadonlyMap<unknown, string>;
}

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
  readonly resources: readonly Resource[];
  readonly nounByPrefix: ReadonlyMap<string, Noun>;
  /** By `object`, what shows beside it. */
  readonly embeds: ReadonlyMap<string, readonly Embed[]>;
  /** What parameters of older versions mean today. */
  readonly lifts: readonly Lift[];
  readonly resourceByObject: ReadonlyMap<string, Resource>;
  readonly reactions: Reactions;
  /** How long banks take. */
  readonly settlement: Settlement;
  /** Any name in the form of a version is read by its date. */
  readonly toleratesUnknownVersions: boolean;
  /** Where a browser reaches this sandbox: `http://127.0.0.1:12111`. */
  baseUrl(): string;
  /** Turns the buffered events of a committed unit into Event objects and hands them to the endpoints. */
  publish(unit: Unit): void;
  /** Remembers what happened, and tells it to whoever watches. */
  tell(line: SandboxLine): void;
}

export function tell(world: World, account: Account, said: Pick<SandboxLine, "kind" | "id" | "text">): void {
  world.tell({ at: world.timeline.now(), account: account.id, ...said });
}
