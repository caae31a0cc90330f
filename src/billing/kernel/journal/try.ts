// One try of a call: committed as sent before it leaves, settled by what came back, or found again when its key is too
// old to be believed. Only the holder of the subject's lane is in here.
import { hourMs, type Instant, minuteMs, secondMs } from "#kit/clock.ts";
import type { Random } from "#kit/random.ts";
import { backoffMs } from "#kit/retry.ts";
import { fileLook } from "../changes/looks.ts";
import { insertCall, viewOf } from "../changes/operations.ts";
import { createReacting, spread } from "../changes/react.ts";
import type { Kernel } from "../contract/context.ts";
import type { Finder, Refusal, Remote, Verb } from "../contract/manifest.ts";
import { claimLane, holdLane, type Lease, leaseMs, releaseLane } from "../store/lanes.ts";
import type { BillingTx, CallRow, OperationRow, OperationState } from "../store/tables.ts";
import type { Answer } from "../stripe/gateway.ts";
import { completeOperation } from "./end.ts";
import { verdictOf } from "./verdict.ts";

/** Stripe keeps keys for at least 24 h; an hour before that we stop trusting it. */
export const keyAgeMaxMs = 23 * hourMs;
const callBackoff = { baseMs: secondMs, capMs: 5 * minuteMs };
/** No wait is shorter, whatever the chance says: what failed just now fails again at once. */
const waitMinMs = secondMs / 2;
/** What a parked operation is flagged as. */
export const parkedFlag = "operation_parked";
/** 401 and 403 wait for a human with a key; asking more often helps nobody. */
const keyRejectedWaitMs = 30 * secondMs;

export interface Journal {
  readonly kernel: Kernel;
  readonly random: Random;
}

interface Try {
  readonly operation: OperationRow;
  readonly call: CallRow;
  readonly verb: Verb;
  readonly lease: Lease;
}

/**
 * One try under the lane. The instant before which there is nothing to do, undefined when the operation has ended, or
 * `busy` when somebody else holds the lane.
 */
export async function advance(
  journal: Journal,
  { id, lane }: { readonly id: string; readonly lane: string },
): Promise<Instant | undefined | "busy"> {
  const { kernel } = journal;
  const { sql } = kernel;
  const now = kernel.ports.clock.now();
  const begun = await sql.write("operation.sent", async (tx) => {
    const lease = await claimLane(tx, { key: lane, owner: kernel.owner, now });
    if (!lease) return undefined;
    const step = await beginTry(kernel, tx, { id, now });
    if (step.kind === "ended" || step.kind === "wait") await releaseLane(tx, lease);
    return { lease, step };
  });
  if (!begun) return "busy";
  const { lease, step } = begun;
  if (step.kind === "ended") return undefined;
  if (step.kind === "wait") return step.until;
  const { operation, call, version } = step;
  const attempt: Try = { operation, call, verb: kernel.registry.verb(operation.verb), lease };
  const nextAt = step.kind === "find" ? await find(journal, attempt) : await send(journal, attempt, version);
  for (const topic of ["commands", "operations", "inbox", "outbox"]) sql.wake.notify(topic);
  return nextAt;
}

type Begun =
  | { readonly kind: "ended" }
  | { readonly kind: "wait"; readonly until: Instant }
  | {
      readonly kind: "send" | "find";
      readonly operation: OperationRow;
      readonly call: CallRow;
      /** Of the mirror of the object that the call changes; 0 when there is none. */
      readonly version: number;
    };

/** Decides what a call does next, and writes it down before anything leaves. */
async function beginTry(kernel: Kernel, tx: BillingTx, input: { id: string; now: Instant }): Promise<Begun> {
  const { id, now } = input;
  const operation = await tx.selectFrom("operations").selectAll().where("id", "=", id).executeTakeFirst();
  const call = await currentCall(tx, id);
  if (operation?.state !== "open" || !call) return { kind: "ended" };
  if (operation.cancel_requested === 1 && call.state === "ready" && call.n === 1) {
    await cancelReady(kernel, tx, { operation, call, now });
    return { kind: "ended" };
  }
  // A call that is `sent` while the lane is ours has lost its sender: whatever next_at says, nobody waits for it.
  if (call.state !== "sent" && call.next_at > now) return { kind: "wait", until: call.next_at };
  const stripeNow = kernel.gateway.time.now();
  const isOld = call.first_sent_at !== null && stripeNow - call.first_sent_at >= keyAgeMaxMs;
  const tries = call.tries + 1;
  const next_at = now + leaseMs;
  if (call.state === "finding" || isOld) {
    const finding = { state: "finding" as const, tries, next_at };
    await updateCall(tx, call, finding);
    return { kind: "find", operation, call: { ...call, ...finding }, version: 0 };
  }
  const sent = { state: "sent" as const, tries, next_at, first_sent_at: call.first_sent_at ?? stripeNow };
  await updateCall(tx, call, sent);
  const mirrored =
    call.touches === null
      ? undefined
      : await tx.selectFrom("mirror").select("version").where("id", "=", call.touches).executeTakeFirst();
  return { kind: "send", operation, call: { ...call, ...sent }, version: mirrored?.version ?? 0 };
}

async function send(journal: Journal, attempt: Try, version: number): Promise<Instant | undefined> {
  const { method, path, body, key, api_version } = attempt.call;
  const answer = await journal.kernel.gateway.send(
    { method, path, body, key, apiVersion: api_version },
    contextOf(attempt),
  );
  return settle(journal, attempt, (tx, now) => understand(journal, tx, { ...attempt, now, answer, version }));
}

async function find(journal: Journal, attempt: Try): Promise<Instant | undefined> {
  const { kernel } = journal;
  const { operation, call, verb } = attempt;
  let found: Remote | null;
  try {
    found = await verb.find(viewOf(operation), finderOf(kernel, attempt));
  } catch (error) {
    kernel.ports.log.warn("operation.finding_failed", { operation: operation.id, error: String(error) });
    const waitMs = waitFor(journal, call.tries);
    return settle(journal, attempt, (tx, now) => later(tx, call, { state: "finding", nextAt: now + waitMs }));
  }
  kernel.ports.log.info("operation.found", { operation: operation.id, step: call.step, stripeId: found?.id ?? null });
  return settle(journal, attempt, async (tx, now) => {
    if (found) {
      await completeOperation({ kernel, tx, now, operation, call, verb, remote: found, status: 200, look: null });
      return undefined;
    }
    await updateCall(tx, call, { state: "absent" });
    await insertCall(tx, operation, { ...call, n: call.n + 1, next_at: now });
    return now;
  });
}

function finderOf(kernel: Kernel, attempt: Try): Finder {
  const context = contextOf(attempt);
  return {
    get: async (path) => (await kernel.gateway.read(path, context)).remote,
    list: (path) => Array.fromAsync(kernel.gateway.list(path, context)),
  };
}

/** Writes what became of a try, if the lane is still ours and nobody else has moved the call. */
async function settle(
  { kernel }: Journal,
  { call, lease }: Try,
  work: (tx: BillingTx, now: Instant) => Promise<Instant | undefined>,
): Promise<Instant | undefined> {
  const now = kernel.ports.clock.now();
  return kernel.sql.write("operation.answered", async (tx) => {
    if (!(await holdLane(tx, lease, now))) return now + leaseMs;
    const current = await currentCall(tx, call.operation);
    const isMine = current?.n === call.n && current.tries === call.tries && current.state === call.state;
    const nextAt = isMine ? await work(tx, now) : now;
    await releaseLane(tx, lease);
    return nextAt;
  });
}

type Answered = Try & { readonly now: Instant; readonly answer: Answer; readonly version: number };

async function understand(journal: Journal, tx: BillingTx, answered: Answered): Promise<Instant | undefined> {
  const { kernel } = journal;
  const { now, answer, operation, call, verb, version } = answered;
  const verdict = verdictOf(answer);
  switch (verdict.kind) {
    case "done": {
      const { remote, status, begunAt, isReplayed } = verdict;
      const look = isReplayed ? null : { version, begunAt };
      await completeOperation({ kernel, tx, now, operation, call, verb, remote, status, look });
      return undefined;
    }
    case "key_rejected": {
      // Stripe did nothing, so this try does not count.
      const isFirst = call.tries <= 1;
      const state = isFirst ? "ready" : "unknown";
      const first_sent_at = isFirst ? null : call.first_sent_at;
      const next_at = now + keyRejectedWaitMs;
      await updateCall(tx, call, { state, tries: call.tries - 1, first_sent_at, next_at });
      return next_at;
    }
    case "unknown":
      return later(tx, call, { state: "unknown", nextAt: now + waitFor(journal, call.tries), http: verdict.http });
    case "finding":
      return later(tx, call, { state: "finding", nextAt: now, http: verdict.http });
    case "refused":
      await refuse(kernel, tx, { ...answered, refusal: verdict.refusal, state: verdict.state });
      return undefined;
  }
}

async function refuse(
  kernel: Kernel,
  tx: BillingTx,
  refused: Try & { now: Instant; refusal: Refusal; state: OperationState },
): Promise<void> {
  const { now, operation, call, verb, refusal, state } = refused;
  const reacting = createReacting(kernel, tx, now);
  await updateCall(tx, call, { state: "answered", http: refusal.http });
  await tx
    .updateTable("operations")
    .set({ state, outcome: JSON.stringify(refusal), ended_at: now })
    .where("id", "=", operation.id)
    .execute();
  if (state === "parked") {
    // Never in a correct run: the same key left with other bytes. A human must see it before anything moves on.
    await reacting.flag(parkedFlag, operation.id, refusal.message);
    kernel.ports.log.error("operation.parked", { operation: operation.id, verb: operation.verb });
    return;
  }
  await verb.refused(reacting, viewOf(operation), refusal);
  if (call.touches === null) return;
  // Why it was refused is Stripe's object to tell.
  const known = await tx.selectFrom("mirror").selectAll().where("id", "=", call.touches).executeTakeFirst();
  if (known) await fileLook(kernel, tx, { ...known, now });
}

/** Nothing has left yet: the wish is taken back. */
export async function cancelReady(
  kernel: Kernel,
  tx: BillingTx,
  input: { operation: OperationRow; call: CallRow; now: Instant },
): Promise<void> {
  const { operation, call, now } = input;
  await updateCall(tx, call, { state: "canceled" });
  const ended = { state: "canceled" as const, ended_at: now };
  await tx.updateTable("operations").set(ended).where("id", "=", operation.id).execute();
  const verb = kernel.registry.verb(operation.verb);
  const reacting = createReacting(kernel, tx, now);
  await spread(kernel, reacting, (await verb.canceled?.(reacting, viewOf(operation))) ?? []);
}

/**
 * Ends an operation that the original of this copied database has begun: it sends the call, and what it brings about
 * is seen at Stripe. Here what was reserved is given back.
 */
export async function leaveOperation(
  kernel: Kernel,
  tx: BillingTx,
  { id, now }: { id: string; now: Instant },
): Promise<void> {
  const operation = await tx.selectFrom("operations").selectAll().where("id", "=", id).executeTakeFirstOrThrow();
  const call = await currentCall(tx, id);
  if (operation.state !== "open" || !call) return; // another replica was faster
  const message = "It belongs to the database that this one was copied from, and is carried out there.";
  const refusal: Refusal = { http: 0, type: "other_instance", code: null, declineCode: null, message };
  await updateCall(tx, call, { state: "canceled" });
  await tx
    .updateTable("operations")
    .set({ state: "canceled", outcome: JSON.stringify(refusal), ended_at: now })
    .where("id", "=", id)
    .execute();
  await kernel.registry.verb(operation.verb).refused(createReacting(kernel, tx, now), viewOf(operation), refusal);
}

export async function currentCall(tx: BillingTx, operationId: string): Promise<CallRow | undefined> {
  return tx
    .selectFrom("calls")
    .selectAll()
    .where("operation", "=", operationId)
    .orderBy("n", "desc")
    .limit(1)
    .executeTakeFirst();
}

async function later(
  tx: BillingTx,
  call: CallRow,
  next: { state: "unknown" | "finding"; nextAt: Instant; http?: number | null },
): Promise<Instant> {
  await updateCall(tx, call, { state: next.state, next_at: next.nextAt, http: next.http ?? null });
  return next.nextAt;
}

async function updateCall(
  tx: BillingTx,
  call: Pick<CallRow, "operation" | "step" | "n">,
  changes: Partial<CallRow>,
): Promise<void> {
  await tx
    .updateTable("calls")
    .set(changes)
    .where("operation", "=", call.operation)
    .where("step", "=", call.step)
    .where("n", "=", call.n)
    .execute();
}

function waitFor({ random }: Journal, tries: number): number {
  return waitMinMs + backoffMs({ attempt: tries, ...callBackoff, random });
}

function contextOf({ operation, call }: Try) {
  const { id, attempt, subject, lane } = operation;
  const orderId = lane.startsWith("order:") ? lane.slice("order:".length) : subject;
  return { priority: "command", operation: id, step: call.step, n: call.n, orderId, attempt } as const;
}
