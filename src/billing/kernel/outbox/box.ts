// What the outbox is made of at run time.
import type { Ports } from "#kit/ports.ts";
import type { Late } from "#kit/waiting/late.ts";
import type { Fact, FactType } from "../../api/index.ts";
import type { Pace } from "../store/pace.ts";
import type { BillingSql, DeliveryRow } from "../store/tables.ts";

export interface Handler {
  /** Stable over restarts: attempts and results are remembered under it. */
  readonly id: string;
  readonly types: readonly FactType[] | "*";
  handle(fact: Fact): Promise<void> | void;
}

export interface Box {
  readonly sql: BillingSql;
  readonly ports: Ports;
  readonly handlers: Map<string, Handler>;
  readonly unregistered: Set<string>;
  /** By handler: what is under way in this process. */
  readonly busy: Map<string, Lane>;
  /** Of lanes: the next work() throws them, so that the worker says so and waits a little. */
  readonly failures: unknown[];
  /** How many are taken at once for a handler, and ended at once. */
  readonly pace: Pace;
  /** Of lanes that the database was not there for. */
  readonly owed: Held[];
  /** Of handlers that hang. */
  readonly late: Late;
}

/** The deliveries of one handler that were taken together. */
export interface Lane {
  readonly ended: Promise<void>;
  isStopping: boolean;
}

/** Deliveries that were taken together, and what their rows do not say of them. */
export interface Held {
  /** Those that have not ended there, with the attempts that their rows have. */
  readonly open: Map<Claimed, number>;
  /** How some of them have ended here. */
  readonly ends: End[];
}

export interface End {
  readonly delivery: Claimed;
  /** The attempts that its row has. */
  readonly counted: number;
  readonly attempts: number;
  readonly state: DeliveryRow["state"];
  readonly error: string | null;
  readonly now: number;
  readonly nextAt: number;
}

export interface Claimed {
  readonly fact: string;
  readonly handler: string;
  /** Those before this one. No other taking of the delivery has the same, so that what is written is of this one. */
  readonly attempts: number;
  /** Somebody had taken it and never ended: it is begun alone. */
  readonly isSuspect: boolean;
  readonly type: string;
  readonly subject: string;
  readonly data: string;
  readonly occurred_at: number;
}
