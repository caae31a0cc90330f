// What to do about an object: apply the payload where that is proven safe, else look. "Newer than what is stored" is
// not "newest": losses, retries days late and ties within a second all lie. The rules: docs/design/events.md.

import { hourMs, type Instant, minuteMs, secondMs } from "#kit/clock.ts";
import { problem } from "#kit/problems.ts";
import { unknownCreated } from "../changes/looks.ts";
import type { Observation } from "../changes/observe.ts";
import type { MirroredRow } from "../contract/manifest.ts";
import type { Remote } from "../contract/reacting.ts";
import { canonicalJson } from "../store/canonical_json.ts";
import type { MirrorRow, ReceiptRow, ReceiptState } from "../store/tables.ts";
import { apiVersion } from "../stripe/gateway.ts";
import { payloadOf } from "./receipts.ts";
import type { Situation, Standing } from "./situation.ts";

/** D: how far two instants of Stripe's may be apart and still be in doubt. */
const doubtMs = 5 * secondMs;
/** F: below Stripe's first retry, so that a late delivery is never taken for a fresh one. */
const freshnessMs = 120 * secondMs;

/** Rule 8: a look that equals the row although a fresh payload differs is repeated after these. */
const repeatAfterMs = [5 * secondMs, 30 * secondMs, 2 * minuteMs] as const;
/** Rule 7: an object that cannot be found is read again, for read lag, before it is given up. */
const parkedAfterMs = [5 * secondMs, 30 * secondMs, 2 * minuteMs, 10 * minuteMs, hourMs] as const;
/** An own call in flight answers within a few seconds; then the payload is judged again. */
const inFlightWaitMs = 2 * secondMs;

export interface Plan {
  /** How it was decided: what the log says. */
  readonly by: "foreign" | "seen" | "wait" | "apply" | "look" | "deleted" | "missing";
  /** Written by its version; only then follows what becomes of the receipts. */
  readonly observation?: Observation;
  readonly receipts: Closed | PutOff;
}

export interface Closed {
  readonly state: ReceiptState;
  readonly error?: string;
}

export interface PutOff {
  readonly afterMs: number;
  readonly repeats?: number;
  readonly error?: string;
}

/** Of Stripe's object as it is now: null for a 404. */
export interface Seen {
  readonly remote: Remote | null;
  readonly begunAt: Instant;
}

/** When a situation is judged. */
export interface Moment {
  /** Null while it is not known. */
  readonly stripeNow: Instant | null;
  /** A simulator's wish: no payload is believed. */
  readonly isLookForced: boolean;
}

/** Undefined when only a look can tell. */
export function decide(situation: Situation, moment: Moment): Plan | undefined {
  return settle(situation) ?? apply(situation, moment);
}

/** Rules 2 and 3: when there is nothing to be written of the object. */
export function settle(standing: Standing): Plan | undefined {
  const { receipts, mirror } = standing;
  if (standing.isOurs === false) return notOurs(standing);
  const isOver = mirror && receipts.every((receipt) => isDated(receipt, standing) && isSeen(receipt, mirror));
  return isOver ? { by: "seen", receipts: { state: "seen" } } : undefined;
}

function apply(situation: Situation, moment: Moment): Plan | undefined {
  const { receipts, kind, mirror, payload } = situation;
  const only = receipts.length === 1 ? receipts[0] : undefined;
  if (!only || !payload || !isDated(only, situation) || moment.isLookForced) return undefined;
  const remote = payload as Remote;
  const row = kind.row(remote);
  if (!row || !isSafe(situation, { receipt: only, row, stripeNow: moment.stripeNow })) return undefined;
  const observation = { kind, remote, row, version: mirror?.version ?? 0, seenCreated: only.created };
  return { by: "apply", observation, receipts: { state: "done" } };
}

/** What a look tells. */
export function understand(situation: Situation, seen: Seen): Plan {
  const { kind, id, mirror } = situation;
  const { remote } = seen;
  if (situation.isOurs === false) return notOurs(situation);
  const version = mirror?.version ?? 0;
  const lookBegun = seen.begunAt - secondMs;
  if (remote === null) {
    return isToldForgotten(situation) ? deleted(situation, { version, lookBegun }) : missing(situation);
  }
  if (remote.deleted === true) return deleted(situation, { version, lookBegun });
  const row = kind.row(remote);
  if (!row) throw problem("internal", `A look at ${id} lacks what its row needs`);
  const doubtful = doubtfulLook(situation, row);
  if (doubtful) return { by: "look", receipts: doubtful };
  const events = situation.receipts.filter((one) => one.kind === "event");
  const seenCreated = Math.max(...events.map((one) => one.created), 0);
  const observation = { kind, remote, row, version, seenCreated, lookBegun };
  return { by: "look", observation, receipts: { state: "done" } };
}

function notOurs({ isInFlight }: Standing): Plan {
  // Webhooks overtake our own transactions: what is on its way may make it ours.
  if (isInFlight) return { by: "wait", receipts: { afterMs: inFlightWaitMs } };
  return { by: "foreign", receipts: { state: "foreign" } };
}

/** Rule 7: of what Stripe forgets when it is deleted there are a 404 and an event, or were before. */
function isToldForgotten({ kind, receipts, mirror }: Situation): boolean {
  const isTold = mirror?.tombstone === 1 || receipts.some(({ type }) => type.endsWith(".deleted"));
  return kind.isForgotten === true && isTold;
}

/** Rule 7: a 404 is read lag until it has been one for over an hour. */
function missing({ kind, id, receipts }: Situation): Plan {
  const repeats = repeatsOf(receipts);
  const afterMs = parkedAfterMs[repeats];
  const error = `Stripe has no ${kind.kind} ${id}`;
  if (afterMs === undefined) return { by: "missing", receipts: { state: "dead", error } };
  return { by: "missing", receipts: { afterMs, repeats: repeats + 1, error } };
}

/** The last that was known of it, as what is gone. */
function deleted(situation: Situation, at: { version: number; lookBegun: Instant }): Plan {
  const { mirror, kind, payload } = situation;
  const remote = mirror ? (JSON.parse(Buffer.from(mirror.raw).toString("utf8")) as Remote) : (payload as Remote | null);
  const row = mirror ? (JSON.parse(mirror.row) as MirroredRow) : remote && kind.row(remote);
  const receipts = { state: "done" } as const;
  if (!remote || !row) return { by: "deleted", receipts };
  return { by: "deleted", observation: { ...at, kind, remote, row, isDeleted: true }, receipts };
}

/** Rule 11: an event that a test clock may have dated has no place in our time. A look that is owed is dated by us. */
function isDated(receipt: ReceiptRow, { kind, payload }: Pick<Standing, "kind" | "payload">): boolean {
  return receipt.kind === "look" || payload === null || kind.isOnClock?.(payload) !== true;
}

/** Rule 3: what happened long enough before our last look began was in it. */
function isSeen(receipt: ReceiptRow, mirror: Pick<MirrorRow, "look_begun">): boolean {
  return receipt.created !== unknownCreated && receipt.created * secondMs + secondMs + doubtMs < mirror.look_begun;
}

/** Rule 4, all of it. */
function isSafe(
  situation: Situation,
  told: { receipt: ReceiptRow; row: MirroredRow; stripeNow: Instant | null },
): boolean {
  const { receipt, row, stripeNow } = told;
  const { mirror } = situation;
  const createdMs = receipt.created * secondMs;
  const others = situation.openCreated.filter((created) => Math.abs(created * secondMs - createdMs) <= doubtMs);
  const before = mirror ? (JSON.parse(mirror.row) as MirroredRow) : null;
  return (
    receipt.api_version === apiVersion &&
    createdMs > (mirror?.seen_created ?? 0) * secondMs + doubtMs &&
    // A look takes a while: what it saw may be newer than an event made just after it began.
    createdMs > (mirror?.look_begun ?? 0) + doubtMs &&
    others.length <= 1 &&
    stripeNow !== null &&
    stripeNow - createdMs <= freshnessMs &&
    !situation.isInFlight &&
    mirror?.tombstone !== 1 &&
    // Nothing happens to it any more: who says otherwise is not believed, whichever end is told.
    !(before?.isFinal && canonicalJson(before) !== canonicalJson(row)) &&
    !receipt.type.endsWith(".deleted")
  );
}

/** Rule 8: Stripe's reads may lag behind its own events. When to look again; undefined when the look is believed. */
function doubtfulLook(situation: Situation, row: MirroredRow): PutOff | undefined {
  const { mirror, receipts } = situation;
  if (!mirror || canonicalJson(JSON.parse(mirror.row)) !== canonicalJson(row)) return undefined;
  const told = toldLast(situation);
  // A final state is not taken back: what tells of another one happened before.
  const isEarlier = (one: MirroredRow) => row.isFinal && !one.isFinal;
  const isKnown = (one: MirroredRow) => canonicalJson(one) === canonicalJson(row);
  if (told.length === 0 || told.some((one) => isKnown(one) || isEarlier(one))) return undefined;
  const repeats = repeatsOf(receipts);
  const afterMs = repeatAfterMs[repeats];
  return afterMs === undefined ? undefined : { afterMs, repeats: repeats + 1 };
}

/** What fresh events say of the object, those within D of the newest: any of them may have been the last. */
function toldLast({ mirror, receipts, kind }: Situation): readonly MirroredRow[] {
  const fresh = receipts.filter((one) => one.kind === "event" && one.created > (mirror?.seen_created ?? 0));
  const newest = Math.max(...fresh.map(({ created }) => created));
  const last = fresh.filter(({ created }) => (newest - created) * secondMs <= doubtMs);
  return last.flatMap((receipt) => {
    const payload = payloadOf(receipt);
    return (payload && kind.row(payload as Remote)) ?? [];
  });
}

function repeatsOf(receipts: readonly ReceiptRow[]): number {
  return Math.max(...receipts.map((receipt) => receipt.repeats));
}
