// One try of a lane's current call: committed as sent before it leaves, settled by what came back, or found again when
// its key is too old to be believed. Only the holder of the lane is in here.
import { hourMs, type Instant, minuteMs, secondMs } from "#kit/clock.ts";
import type { Running } from "#kit/ports.ts";
import { isProblem } from "#kit/problems.ts";
import type { Random } from "#kit/random.ts";
import { backoffMs } from "#kit/waiting/retry.ts";
import { raiseFlags } from "../changes/flags.ts";
import { insertCall, type Standing } from "../changes/operations.ts";
import { wakeWorkers } from "../changes/react.ts";
import type { Kernel } from "../contract/context.ts";
import type { Remote } from "../contract/reacting.ts";
import { ShapeError } from "../contract/shape.ts";
import { type Finder, type Refusal, validForMsOf } from "../contract/verb.ts";
import { claimLane, type Lease, leaseMs, releaseLane, releaseLanes } from "../store/lanes.ts";
import { type BillingTx, type CallRow, type OperationRow, openState, type Selecting } from "../store/tables.ts";
import { type Answer, needStripeTime } from "../stripe/gateway.ts";
import type { StripeTime } from "../stripe/stripe_time.ts";
import {
  type Done,
  endStep,
  endWithout,
  ours,
  type StepAnswer,
  updateCall,
  updateOperation,
  withdrawn,
} from "./end.ts";
import { readStanding } from "./read.ts";
import { verdictOf } from "./verdict.ts";

/** Stripe keeps keys for at least 24 h; an hour before that we stop trusting it. */
const keyAgeMaxMs = 23 * hourMs;
const callBackoff = { baseMs: secondMs, capMs: 5 * minuteMs };
/** No wait is shorter, whatever the chance says: what failed just now fails again at once. */
const waitMinMs = secondMs / 2;
/** 401 and 403 wait for a human with a key; asking more often helps nobody. */
const keyRejectedWaitMs = 30 * secondMs;
/** Our own limit has kept a call back for as long as a caller may wait for it. */
const keptBackWaitMs = secondMs;
/** How soon to ask again for a lane that somebody else holds. */
const laneBusyMs = secondMs / 4;
/** An operation of another version of this program: that version, or a newer one, may come back at any time. */
const unreadableWaitMs = minuteMs;
/** A call cannot have made anything earlier than this before its step was first sent, by Stripe's time. */
const foundBeforeMs = 10 * minuteMs;

export interface Journal {
  readonly kernel: Kernel;
  readonly random: Random;
  /** Tries that were begun for a caller. */
  readonly underWay: Set<Running>;
}

export interface Progress extends Settled {
  readonly hasMoved: boolean;
}

interface Settled {
  /** Before this there is nothing to do in the lane. */
  readonly until: Instant;
  /** The operation that this try ended as done, where our rows show it. */
  readonly done?: Done | undefined;
}

/** It is over in another way than was wished, or Stripe has none. */
const notThere: Refusal = {
  http: 404,
  type: "invalid_request_error",
  code: "resource_missing",
  declineCode: null,
  message: "Stripe has no such object that could be ended.",
};

interface Try {
  readonly standing: Standing;
  readonly lease: Lease;
}

/** A call that is written down as sent, and has yet to leave. */
export interface Sending extends Try {
  /** Of the mirror of the object that the call changes; 0 when there is none. */
  readonly version: number;
}

/** One try of the first operation of the lane. */
export async function advance(journal: Journal, lane: string): Promise<Progress> {
  const { kernel } = journal;
  const { sql } = kernel;
  await needStripeTime(kernel.gateway);
  const now = kernel.ports.clock.now();
  const begun = await sql.write("operation.sent", async (tx) => {
    const lease = await claimLane(tx, { key: lane, owner: kernel.owner, now });
    if (!lease) return undefined;
    const next = await beginTry(kernel, tx, { lane, now });
    if (next.kind !== "send" && next.kind !== "find") await releaseLane(tx, lease);
    return { lease, next };
  });
  // Whoever waits for an operation here asks again: another process has the lane.
  if (!begun) return { hasMoved: false, until: now + laneBusyMs };
  const { lease, next } = begun;
  if (next.kind === "wait") return { hasMoved: false, until: next.until };
  if (next.kind === "send") return carryOn(journal, { ...next, lease });
  return moved(journal, next.kind === "find" ? await find(journal, { ...next, lease }) : { until: now });
}

/** Sends what was written down as sent. */
export async function carryOn(journal: Journal, sending: Sending): Promise<Progress> {
  return moved(journal, await send(journal, sending));
}

function moved({ kernel: { sql } }: Journal, settled: Settled): Progress {
  sql.wake.notify("commands");
  wakeWorkers(sql);
  return { hasMoved: true, ...settled };
}

type Next =
  /** The operation, or by somebody else all that there was. */
  | { readonly kind: "ended" }
  | { readonly kind: "wait"; readonly until: Instant }
  | { readonly kind: "find"; readonly standing: Standing }
  | ({ readonly kind: "send" } & Omit<Sending, "lease">);

/** Decides what the lane's first operation does next, and writes it down before anything leaves. */
async function beginTry(kernel: Kernel, tx: BillingTx, { lane, now }: { lane: string; now: Instant }): Promise<Next> {
  const operation = await firstOf(kernel, tx, lane);
  if (!operation) return { kind: "ended" };
  const standing = await readOrFlag(kernel, tx, { operation, now });
  if (!standing) return { kind: "wait", until: now + unreadableWaitMs };
  const { call, verb, view } = standing;
  const isExpired = now - operation.created_at >= validForMsOf(verb, view);
  if (call.state === "ready" && (operation.cancel_requested === 1 || isExpired)) {
    // Nothing has left under this key, and what an earlier one made was looked for: nothing stands.
    const expired = ours("expired", "It was not carried out while it was wished.");
    const end = operation.cancel_requested === 1 ? "withdrawn" : "expired";
    await endWithout({ kernel, tx, now, standing, end, refusal: end === "expired" ? expired : withdrawn });
    return { kind: "ended" };
  }
  // A call that is `sent` while the lane is ours has lost its sender, and has been due since its lease ended.
  if (call.next_at > now) return { kind: "wait", until: call.next_at };
  const tried = { tries: call.tries + 1, next_at: now + leaseMs };
  if (call.state === "finding" || isExpired || isTooOld(call, kernel.gateway.time)) {
    const finding = { ...tried, state: "finding" as const };
    await updateCall(tx, call, finding);
    return { kind: "find", standing: { ...standing, call: { ...call, ...finding } } };
  }
  const sent = { ...tried, state: "sent" as const, first_sent_at: call.first_sent_at ?? now };
  await updateCall(tx, call, sent);
  if (operation.turn > 0) await updateOperation(tx, operation, { turn: 0 });
  const version = await versionOf(tx, call.touches);
  return { kind: "send", standing: { ...standing, call: { ...call, ...sent } }, version };
}

/** Its key, by Stripe's time or by the machine's clock: whichever makes it older, and from the first try. */
function isTooOld(call: CallRow, time: StripeTime): boolean {
  return call.first_sent_at !== null && time.latest() - call.first_sent_at >= keyAgeMaxMs;
}

/** The open operation whose turn it is: nothing else of the lane runs between its steps. */
async function firstOf(kernel: Kernel, tx: BillingTx, lane: string): Promise<OperationRow | undefined> {
  return tx
    .selectFrom("operations")
    .selectAll()
    .where("lane", "=", lane)
    .where("state", "=", openState)
    .where("instance", "=", kernel.instance)
    .where("mode", "=", kernel.mode)
    .orderBy("turn")
    .orderBy("id")
    .limit(1)
    .executeTakeFirst();
}

/** Undefined when it is of another version of this program: a human is told, and it waits. */
export async function readOrFlag(
  kernel: Kernel,
  tx: BillingTx,
  { operation, now }: { operation: OperationRow; now: Instant },
): Promise<Standing | undefined> {
  try {
    return await readStanding(kernel, tx, operation);
  } catch (error) {
    if (!isProblem(error, "operation_unreadable")) throw error;
    kernel.ports.log.error("operation.unreadable", { operation: operation.id, error: error.message });
    await raiseFlags(tx, [{ kind: error.code, subject: operation.id, detail: error.message }], now);
    const next_at = now + unreadableWaitMs;
    await tx.updateTable("calls").set({ next_at }).where("operation", "=", operation.id).execute();
    return undefined;
  }
}

export async function versionOf(db: Selecting, id: string | null): Promise<number> {
  if (id === null) return 0;
  const mirrored = await db.selectFrom("mirror").select("version").where("id", "=", id).executeTakeFirst();
  return mirrored?.version ?? 0;
}

async function send(journal: Journal, sending: Sending): Promise<Settled> {
  const { standing, version } = sending;
  const { method, path, body, key, api_version } = standing.call;
  const call = { method, path, body, key, apiVersion: api_version };
  const answer = await journal.kernel.gateway.send(call, contextOf(standing));
  return settle(journal, sending, (tx, now) => understand(journal, tx, { standing, now, answer, version }));
}

async function find(journal: Journal, one: Try): Promise<Settled> {
  const { kernel } = journal;
  const { standing } = one;
  const { operation, call } = standing;
  let found: Remote | null;
  try {
    found = await findAgain(kernel, standing);
  } catch (error) {
    kernel.ports.log.warn("operation.finding_failed", { operation: operation.id, error: String(error) });
    const waitMs = waitFor(journal, call.tries);
    return settle(journal, one, (tx, now) => later(tx, call, { state: "finding", nextAt: now + waitMs }));
  }
  kernel.ports.log.info("operation.found", { operation: operation.id, step: call.step, stripeId: found?.id ?? null });
  return settle(journal, one, async (tx, now) => {
    if (found) return answered({ kernel, tx, now, standing, remote: found, status: 200, look: null });
    if (call.http === 404 && standing.step.leavesReadable) {
      await endWithout({ kernel, tx, now, standing, end: "failed", refusal: notThere });
      return { until: now };
    }
    await updateCall(tx, call, { state: "absent" });
    await insertCall(tx, operation, { ...call, n: call.n + 1, next_at: now });
    return { until: now };
  });
}

/** What the call made, or the object it was to change if that is as it was wished. */
async function findAgain(kernel: Kernel, standing: Standing): Promise<Remote | null> {
  const { view, answers, call, step } = standing;
  const context = contextOf(standing);
  if (step.find) {
    const begun = await kernel.sql.read("operation.begun", (reader) =>
      reader
        .selectFrom("calls")
        .select((eb) => eb.fn.min("first_sent_at").as("at"))
        .where("operation", "=", call.operation)
        .where("step", "=", call.step)
        .executeTakeFirst(),
    );
    const sentAt = begun?.at ?? null;
    if (sentAt === null) return null; // nothing of this step has ever left
    const finder: Finder = {
      since: Math.floor((sentAt - foundBeforeMs) / secondMs),
      list: (path) => Array.fromAsync(kernel.gateway.list(path, context)),
    };
    return step.find(view, finder, answers);
  }
  // What a call changes is named in its own path: POST /v1/payment_intents/pi_1/capture.
  const end = call.path.indexOf(`/${call.touches}`) + `/${call.touches}`.length;
  const expand = (step.expand ?? []).map((field, at) => `${at === 0 ? "?" : "&"}expand[]=${field}`).join("");
  const { remote } = await kernel.gateway.read(`${call.path.slice(0, end)}${expand}`, context);
  if (!remote) return step.gone?.(view) ?? null;
  return step.holds?.(remote, view, answers) ? remote : null;
}

/** Writes what became of a try, if the lane is still ours: whoever has it now, or had it since, has moved the call. */
async function settle(
  { kernel }: Journal,
  { lease }: Try,
  work: (tx: BillingTx, now: Instant) => Promise<Settled>,
): Promise<Settled> {
  const now = kernel.ports.clock.now();
  return kernel.sql.write("operation.answered", async (tx) => {
    // The release is the fence too.
    const held = await releaseLanes(tx, [lease]);
    return held.has(lease.key) ? work(tx, now) : { until: now + leaseMs };
  });
}

interface Heard {
  readonly standing: Standing;
  readonly now: Instant;
  readonly answer: Answer;
  readonly version: number;
}

async function understand(journal: Journal, tx: BillingTx, heard: Heard): Promise<Settled> {
  const { kernel } = journal;
  const { now, answer, standing, version } = heard;
  const { call } = standing;
  const verdict = verdictOf(answer);
  switch (verdict.kind) {
    case "done": {
      const { remote, status, begunAt, isReplayed } = verdict;
      const look = isReplayed ? null : { version, begunAt };
      return answered({ kernel, tx, now, standing, remote, status, look });
    }
    case "key_rejected":
      return uncounted(tx, call, now + keyRejectedWaitMs);
    case "unsent":
      return uncounted(tx, call, now + keptBackWaitMs);
    case "unknown":
      return later(tx, call, { state: "unknown", nextAt: now + waitFor(journal, call.tries), http: verdict.http });
    case "finding":
      return later(tx, call, { state: "finding", nextAt: now, http: verdict.http });
    case "refused":
      if (verdict.gone && standing.step.gone) {
        const remote = standing.step.gone(standing.view);
        const look = { version, begunAt: verdict.gone.begunAt };
        return answered({ kernel, tx, now, standing, remote, status: verdict.refusal.http, look });
      }
      if (verdict.gone && standing.step.leavesReadable) {
        return later(tx, call, { state: "finding", nextAt: now, http: verdict.refusal.http });
      }
      await endWithout({ kernel, tx, now, standing, end: verdict.state, refusal: verdict.refusal });
      return { until: now };
  }
}

/** An answer in a shape that the step does not know is for a human: it was done, and we cannot go on from it. */
async function answered(step: StepAnswer): Promise<Settled> {
  const { standing, remote } = step;
  try {
    standing.step.answer.read(remote, `Stripe's answer to ${standing.verb.name} ${standing.step.name}`);
  } catch (error) {
    if (!(error instanceof ShapeError)) throw error;
    await endWithout({ ...step, end: "parked", refusal: ours("answer_unreadable", error.message) });
    return { until: step.now };
  }
  return { until: step.now, done: await endStep(step) };
}

/** As if it had not been tried. */
async function uncounted(tx: BillingTx, call: CallRow, nextAt: Instant): Promise<Settled> {
  const isFirst = call.tries <= 1;
  const state = isFirst ? "ready" : "unknown";
  const first_sent_at = isFirst ? null : call.first_sent_at;
  await updateCall(tx, call, { state, tries: call.tries - 1, first_sent_at, next_at: nextAt });
  return { until: nextAt };
}

async function later(
  tx: BillingTx,
  call: CallRow,
  next: { state: "unknown" | "finding"; nextAt: Instant; http?: number | null },
): Promise<Settled> {
  await updateCall(tx, call, { state: next.state, next_at: next.nextAt, http: next.http ?? null });
  return { until: next.nextAt };
}

function waitFor({ random }: Journal, tries: number): number {
  return waitMinMs + backoffMs({ attempt: tries, ...callBackoff, random });
}

function contextOf({ operation, verb, view, call }: Standing) {
  const { id, attempt } = operation;
  return {
    priority: "command",
    operation: id,
    step: call.step,
    n: call.n,
    about: verb.about?.(view),
    attempt,
  } as const;
}
