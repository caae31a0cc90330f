// Everything that makes a run unrepeatable (time, chance, the network, the disk) enters through Ports. They are made
// once, by the CLI or by a test, and handed down; nothing below reaches for a clock or a socket of its own. That is
// why a story replays byte for byte and a seed reproduces a failure.
import type { Clock } from "./clock.ts";
import type { Ids } from "./ids.ts";
import type { Log } from "./log.ts";
import type { Random } from "./random.ts";
import type { Mortality } from "./sql/engine.ts";

/** The platform's `fetch`, as an argument. Must reject with the platform's errors (`TypeError`, `AbortError`). */
export type Fetch = (input: string | URL | Request, init?: RequestInit) => Promise<Response>;

/** A long-lived loop. `stopped` resolves once the loop has returned after its signal was aborted. */
export interface Running {
  readonly name: string;
  stop(): void;
  readonly stopped: Promise<void>;
}

export interface Ports {
  readonly clock: Clock;
  /** A stream of chance with a name; the same seed and name give the same numbers, whoever draws from other streams. */
  random(stream: string): Random;
  readonly ids: Ids;
  readonly fetch: Fetch;
  readonly log: Log;
  /** Starts a loop or a fire-and-forget. A kill abandons it; a loop that throws is logged and ends the run loudly. */
  run(name: string, loop: (signal: AbortSignal) => Promise<void>): Running;
  /** False outside the simulator, where it plants bugs, tiny batches and forced looks. */
  maybe(name: string): boolean;
  /** How long one transaction may last, for openSql(). Set by tests, on a machine that may be busy otherwise. */
  readonly unitMaxMs?: number;
  /** Set by a test that kills this process within its own: hand it to openSql() and lockWorkers(). */
  readonly mortality?: Mortality;
}
