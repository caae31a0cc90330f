// The kernel's tables, as both databases speak them: text ids, integers (milliseconds, minor units, 0/1 for no/yes),
// bytes as bytes, JSON only for what we made. No database makes an id or reads a clock.
import { sql } from "kysely";
import type { Reader, Sql, Tx } from "#kit/sql/port.ts";
import type { DeliveryState, OperationState, ReceiptState } from "../../api/index.ts";

/** All tables of one database. Each room merges its own into this, in its tables.ts; these are the kernel's. */
export interface BillingTables {
  settings: SettingRow;
  lanes: LaneRow;
  operations: OperationRow;
  calls: CallRow;
  receipts: ReceiptRow;
  mirror: MirrorRow;
  facts: FactRow;
  handlers: HandlerRow;
  deliveries: DeliveryRow;
  timers: TimerRow;
  limits: LimitRow;
  flags: FlagRow;
}

export type BillingSql = Sql<BillingTables>;
export type BillingTx = Tx<BillingTables>;
export type BillingReader = Reader<BillingTables>;
/** What both a reader and a transaction can do. */
export type Selecting = Pick<BillingTx, "selectFrom">;

export interface SettingRow {
  key: string;
  value: string;
}

/** A lease: whoever holds `token` before `until` may write for this key. */
export interface LaneRow {
  key: string;
  owner: string | null;
  until: number;
  token: number;
}

export type { OperationState, ReceiptState } from "../../api/index.ts";

export interface OperationRow {
  id: string;
  instance: string;
  mode: "test" | "live";
  verb: string;
  subject: string;
  attempt: number;
  lane: string;
  /** Its place in the lane: the lowest open one goes first. 0 from its first call on, so that nothing comes between. */
  turn: number;
  params_hash: string;
  /** JSON of ours. */
  params: string;
  /** The step it stands at. The current call is the last call of this step. */
  step: string;
  /** JSON of ours: what is kept of the answers so far, by step. */
  answers: string;
  actor: string | null;
  state: OperationState;
  /** JSON of ours: what the command answers, or the refusal, once it has ended. */
  outcome: string | null;
  cancel_requested: number;
  /** Nobody waits for its end: its caller was answered `processing`, or it was filed by what happened. */
  promised: number;
  created_at: number;
  ended_at: number | null;
}

/** Written out: for a parameter, SQLite prepares a statement anew each time to know the index of what is open. */
export const openState = sql.lit("open" as const);

/** Of a call that has a next step. */
export const openCallStates = ["ready", "sent", "unknown", "finding"] as const;
export type CallState = (typeof openCallStates)[number] | "answered" | "absent" | "canceled";

export interface CallRow {
  operation: string;
  step: string;
  n: number;
  key: string;
  method: "POST" | "DELETE";
  path: string;
  body: Uint8Array;
  api_version: string;
  state: CallState;
  /** Stripe's time, in ms: the age of the key is Stripe's business. */
  first_sent_at: number | null;
  tries: number;
  next_at: number;
  http: number | null;
  /** The object it changes, when that exists before the call. */
  touches: string | null;
  /** The object it made or changed, once answered. */
  stripe_id: string | null;
}

export interface ReceiptRow {
  /** The event's id, or `look_…` for a look that we owe an object, or `raw_…` for what cannot be read. */
  id: string;
  kind: "event" | "look";
  type: string;
  lane: string;
  object_kind: string | null;
  object_id: string | null;
  customer: string | null;
  parent: string | null;
  /** Stripe's seconds. */
  created: number;
  livemode: number;
  api_version: string | null;
  account: string | null;
  sha256: string;
  body: Uint8Array | null;
  state: ReceiptState;
  attempts: number;
  /** Looks repeated because a fresh payload disagreed, and reads that found nothing. */
  repeats: number;
  /**
   * How often it was put to work anew. Whoever was at it then has seen Stripe as it was before, so that an end is
   * written only where this stands as it was when the work began.
   */
  renewed: number;
  next_at: number;
  error: string | null;
  received_at: number;
  ended_at: number | null;
}

/** One of Stripe's objects as we know it. */
export interface MirrorRow {
  id: string;
  kind: string;
  version: number;
  seen_created: number;
  look_begun: number;
  tombstone: number;
  customer: string | null;
  parent: string | null;
  /** JSON of ours: row(remote). */
  row: string;
  /** Stripe's object, client secrets cut. */
  raw: Uint8Array;
  updated_at: number;
}

export interface FactRow {
  id: string;
  type: string;
  subject: string;
  /** What happened to what: the same transition observed twice is one fact. */
  transition: string;
  data: string;
  occurred_at: number;
}

/** Who wants which facts. In the database, so that a process without the handler's code still files the delivery. */
export interface HandlerRow {
  id: string;
  /** A fact type, or `*`. */
  type: string;
  since: number;
}

export interface DeliveryRow {
  fact: string;
  handler: string;
  state: DeliveryState;
  attempts: number;
  next_at: number;
  /** Lease of the worker that is delivering. */
  until: number;
  error: string | null;
  ended_at: number | null;
  /** The fact's, by which one handler's are listed. */
  occurred_at: number;
}

/** Work that is due at an instant. */
export interface TimerRow {
  kind: string;
  subject: string;
  /** Stripe's time, in ms, as are all instants here. */
  due_at: number;
  /** dead: given up after its attempts, until it is filed again. */
  state: "open" | "dead";
  attempts: number;
  /** The next attempt; at first, when it is due. */
  next_at: number;
  error: string | null;
}

export interface LimitRow {
  name: string;
  /** The number of the turn that is now: plus one for each second that somebody has seen pass. */
  second: number;
  /** Tickets given since it began; those beyond a second's worth are of the turns to come. */
  used: number;
}

/** Something a human should look at. */
export interface FlagRow {
  id: string;
  kind: string;
  subject: string;
  detail: string;
  created_at: number;
  resolved_at: number | null;
}
