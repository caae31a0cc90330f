// The journal: every wish to change something at Stripe is a row before it is a request. A crash at any moment leaves a
// call whose next step follows from its state: the same bytes under the same key while Stripe remembers it, after that
// *finding* what it made before anything is made again. Keeps invariants 3 and 4. The letter: RULES §2.
import { hourMs, type Instant, secondMs } from "#kit/clock.ts";
import { problem } from "#kit/problems.ts";
import { backoffMs } from "#kit/retry.ts";
import type { Answer } from "./gateway.ts";
import type { Kernel } from "./kernel.ts";
import { claimLane, holdLane, type Lease, leaseMs, releaseLane } from "./lanes.ts";
import type { Reacting, Refusal, Remote, Verb } from "./manifest.ts";
import { createReacting, fileLook } from "./mirror.ts";
import { paramsHash } from "./operation_keys.ts";
import { completeOperation } from "./operations_end.ts";
import { fileOperation, insertCall, viewOf } from "./operations_file.ts";
import type { BillingTx, CallRow, OperationRow, OperationState } from "./schema.ts";

/** Stripe keeps keys for at least 24 h; an hour before that we stop trusting it. */
export const keyAgeMaxMs = 23 * hourMs;
/** A caller waits this long for the end of an operation, then gets `processing` and the operation's id. */
export const commandWaitMs = 10 * secondMs;
const callBackoff = { baseMs: secondMs, capMs: 5 * 60 * secondMs };
/** 401 and 403 wait for a human with a key; asking more often helps nobody. */
const keyRejectedWaitMs = 30 * secondMs;
/** Worked per round of the completer. */
const dueMax = 20;

export interface Command {
  readonly verb: string;
  readonly subject: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly attempt?: number | undefined;
  readonly actor?: string | undefined;
  /** In the transaction that writes the operation, only when it is new: checks and reservations. Throws to refuse. */
  reserve?(reacting: Reacting, operationId: string): Promise<void>;
}

export interface Ended {
  readonly operationId: string;
  readonly state: OperationState;
  /** What verb.answered() gave, or the Refusal. */
  readonly outcome: Readonly<Record<string, unknown>> | null;
}

export interface Operations {
  /** Writes the operation (or finds it), carries it out, answers how it stands after at most 10 s. */
  carryOut(command: Command): Promise<Ended>;
  /** Cancels what has not been sent, and asks for the opposite of what has. */
  requestCancel(input: { verb: string; subject: string }): Promise<"none" | "canceled" | "requested" | "ended">;
  /** Goes on with what is due; answers how many calls were moved. */
  work(): Promise<number>;
}

export function createOperations(kernel: Kernel): Operations {
  const { sql, ports } = kernel;
  const { clock } = ports;
  const random = ports.random("operations");

  async function write(command: Command): Promise<string> {
    const now = clock.now();
    return sql.write("operation.begin", async (tx) => {
      const latest = await latestOf(kernel, tx, command);
      const attempt = command.attempt ?? latest?.attempt ?? 1;
      if (attempt > (latest?.attempt ?? 0)) refuseAttempt(command, latest, attempt);
      const id = await fileOperation(kernel, tx, { ...command, attempt, now });
      if (id !== undefined) {
        await command.reserve?.(createReacting(kernel, tx, now), id);
        return id;
      }
      const stored = await tx
        .selectFrom("operations")
        .select(["id", "params_hash"])
        .where("instance", "=", kernel.instance)
        .where("mode", "=", kernel.mode)
        .where("verb", "=", command.verb)
        .where("subject", "=", command.subject)
        .where("attempt", "=", attempt)
        .executeTakeFirstOrThrow();
      if (stored.params_hash === paramsHash(command.params)) return stored.id;
      throw problem("conflict", `${command.verb} ${command.subject} was given before with other parameters`, {
        hint: "Repeat it with the same parameters, or use another id for another wish.",
        details: { operation: stored.id },
      });
    });
  }

  /** One try under the lane. The instant before which there is nothing to do, or undefined when it has ended. */
  async function advance(operationId: string, lane: string): Promise<Instant | undefined> {
    const now = clock.now();
    const begun = await sql.write("operation.sent", async (tx) => {
      const lease = await claimLane(tx, { key: lane, owner: kernel.owner, now });
      if (!lease) return { busy: true as const };
      return { busy: false as const, lease, ...(await beginTry(kernel, tx, operationId, now)) };
    });
    if (begun.busy) return now + secondMs / 4;
    const { lease, step } = begun;
    if (step.kind === "ended") {
      await sql.write("operation.release", (tx) => releaseLane(tx, lease));
      return undefined;
    }
    if (step.kind === "wait") {
      await sql.write("operation.release", (tx) => releaseLane(tx, lease));
      return step.until;
    }
    const { operation, call, version } = step;
    const verb = kernel.registry.verb(operation.verb);
    const nextAt =
      step.kind === "find"
        ? await find({ operation, call, verb, lease })
        : await send({ operation, call, verb, lease, version });
    sql.wake.notify(`operation:${operationId}`);
    sql.wake.notify("operations");
    sql.wake.notify("inbox");
    sql.wake.notify("outbox");
    return nextAt;
  }

  interface Try {
    readonly operation: OperationRow;
    readonly call: CallRow;
    readonly verb: Verb;
    readonly lease: Lease;
  }

  async function send(attempt: Try & { version: number }): Promise<Instant | undefined> {
    const { operation, call } = attempt;
    const answer = await kernel.gateway.send(
      { method: call.method, path: call.path, body: call.body, key: call.key, apiVersion: call.api_version },
      contextOf(operation, call),
    );
    return settle(attempt, (tx, now) => understand({ ...attempt, tx, now, answer }));
  }

  async function find(attempt: Try): Promise<Instant | undefined> {
    const { operation, call, verb } = attempt;
    const context = contextOf(operation, call);
    const view = viewOf(operation);
    let found: Remote | null;
    try {
      found = await verb.find(view, {
        get: async (path) => (await kernel.gateway.read(path, context)).remote,
        list: (path) => Array.fromAsync(kernel.gateway.list(path, context)),
      });
    } catch (error) {
      ports.log.warn("operation.finding_failed", { operation: operation.id, error: String(error) });
      return settle(attempt, (tx, now) => later(tx, call, { state: "finding", nextAt: now + waitFor(call.tries) }));
    }
    ports.log.info("operation.found", { operation: operation.id, step: call.step, stripeId: found?.id ?? null });
    return settle(attempt, async (tx, now) => {
      if (found) {
        await completeOperation({ kernel, tx, now, operation, call, verb, remote: found, status: 200, look: null });
        return undefined;
      }
      await updateCall(tx, call, { state: "absent" });
      await insertCall(tx, operation, { ...call, n: call.n + 1, next_at: now });
      return now;
    });
  }

  /** Writes what became of a try, if the lane is still ours and nobody else has moved the call. */
  async function settle(
    attempt: Try,
    work: (tx: BillingTx, now: Instant) => Promise<Instant | undefined>,
  ): Promise<Instant | undefined> {
    const { call, lease } = attempt;
    const now = clock.now();
    return sql.write("operation.answered", async (tx) => {
      if (!(await holdLane(tx, lease, now))) return now + leaseMs;
      const current = await currentCall(tx, call.operation);
      const isMine = current?.n === call.n && current.tries === call.tries && current.state === call.state;
      const nextAt = isMine ? await work(tx, now) : now;
      await releaseLane(tx, lease);
      return nextAt;
    });
  }

  function waitFor(tries: number): number {
    return secondMs / 2 + backoffMs({ attempt: tries, ...callBackoff, random });
  }

  async function understand(input: Try & { tx: BillingTx; now: Instant; answer: Answer; version: number }) {
    const { tx, now, answer, operation, call, verb } = input;
    const verdict = verdictOf(answer);
    switch (verdict.kind) {
      case "done": {
        if (answer.kind !== "answer") throw new Error("silence is never done");
        const look = answer.isReplayed ? null : { version: input.version, begunAt: answer.begunAt };
        const remote = answer.body as Remote;
        await completeOperation({ kernel, tx, now, operation, call, verb, remote, status: answer.status, look });
        return undefined;
      }
      case "key_rejected": {
        // Stripe did nothing, so this try does not count.
        const isFirst = call.tries <= 1;
        const state = isFirst ? "ready" : "unknown";
        const first_sent_at = isFirst ? null : call.first_sent_at;
        await updateCall(tx, call, { state, tries: call.tries - 1, first_sent_at, next_at: now + keyRejectedWaitMs });
        return now + keyRejectedWaitMs;
      }
      case "unknown":
        return later(tx, call, { state: "unknown", nextAt: now + waitFor(call.tries), http: verdict.http });
      case "finding":
        return later(tx, call, { state: "finding", nextAt: now, http: verdict.http });
      case "refused":
        await refuse({ ...input, refusal: verdict.refusal, state: verdict.state });
        return undefined;
    }
  }

  async function refuse(input: Try & { tx: BillingTx; now: Instant; refusal: Refusal; state: OperationState }) {
    const { tx, now, operation, call, verb, refusal, state } = input;
    const reacting = createReacting(kernel, tx, now);
    await updateCall(tx, call, { state: "answered", http: refusal.http });
    await tx
      .updateTable("operations")
      .set({ state, outcome: JSON.stringify(refusal), ended_at: now })
      .where("id", "=", operation.id)
      .execute();
    if (state === "parked") {
      // Never in a correct run: the same key left with other bytes. A human must see it before anything moves on.
      await reacting.flag("operation_parked", operation.id, refusal.message);
      ports.log.error("operation.parked", { operation: operation.id, verb: operation.verb, message: refusal.message });
      return;
    }
    await verb.refused(reacting, viewOf(operation), refusal);
    // Why it was refused is Stripe's object to tell.
    if (call.touches === null) return;
    const known = await tx.selectFrom("mirror").selectAll().where("id", "=", call.touches).executeTakeFirst();
    if (known) await fileLook(kernel, tx, { ...known, now });
  }

  async function readEnd(operationId: string): Promise<Ended> {
    const row = await sql.read("operation.read", (reader) =>
      reader
        .selectFrom("operations")
        .select(["state", "outcome"])
        .where("id", "=", operationId)
        .executeTakeFirstOrThrow(),
    );
    const outcome = row.outcome === null ? null : (JSON.parse(row.outcome) as Record<string, unknown>);
    return { operationId, state: row.state, outcome };
  }

  return {
    async carryOut(command) {
      const verb = kernel.registry.verb(command.verb);
      const operationId = await write(command);
      const lane = verb.lane(command);
      const deadlineMs = clock.monotonicMs() + commandWaitMs;
      for (let ended = await readEnd(operationId); ; ended = await readEnd(operationId)) {
        if (ended.state !== "open") return ended;
        const nextAt = await advance(operationId, lane);
        if (nextAt === undefined) continue;
        const leftMs = deadlineMs - clock.monotonicMs();
        if (leftMs <= 0) return ended;
        const waitMs = Math.max(0, Math.min(leftMs, nextAt - clock.now()));
        if (waitMs > 0) await sql.wake.next(`operation:${operationId}`, waitMs);
      }
    },

    async requestCancel({ verb, subject }) {
      const now = clock.now();
      return sql.write("operation.cancel", async (tx) => {
        const latest = await latestOf(kernel, tx, { verb, subject });
        if (!latest) return "none";
        if (latest.state !== "open") return "ended";
        const lease = await claimLane(tx, { key: latest.lane, owner: kernel.owner, now });
        const call = await currentCall(tx, latest.id);
        if (lease && call?.state === "ready") {
          await cancelReady(kernel, tx, { operation: latest, call, now });
          await releaseLane(tx, lease);
          return "canceled";
        }
        await tx.updateTable("operations").set({ cancel_requested: 1 }).where("id", "=", latest.id).execute();
        if (lease) await releaseLane(tx, lease);
        return "requested";
      });
    },

    async work() {
      const now = clock.now();
      const due = await sql.read("operations.due", (reader) =>
        reader
          .selectFrom("calls")
          .innerJoin("operations", "operations.id", "calls.operation")
          .select(["operations.id", "operations.lane"])
          .where("calls.state", "in", ["ready", "sent", "unknown", "finding"])
          .where("calls.next_at", "<=", now)
          .where("operations.state", "=", "open")
          .orderBy("calls.next_at")
          .orderBy("operations.id")
          .limit(dueMax)
          .execute(),
      );
      let moved = 0;
      for (const { id, lane } of due) {
        const nextAt = await advance(id, lane);
        if (nextAt === undefined || nextAt > clock.now() + secondMs / 4) moved++;
      }
      return moved;
    },
  };
}

function contextOf(operation: OperationRow, call: CallRow) {
  const { id, attempt, subject, lane } = operation;
  const orderId = lane.startsWith("order:") ? lane.slice("order:".length) : subject;
  return { priority: "command", operation: id, step: call.step, n: call.n, orderId, attempt } as const;
}

function refuseAttempt(command: Command, latest: OperationRow | undefined, attempt: number): void {
  const isNext = attempt === (latest?.attempt ?? 0) + 1;
  const isOver = latest === undefined || latest.state === "refused" || latest.state === "failed";
  if (isNext && (isOver || latest.state === "canceled")) return;
  throw problem("wrong_state", `${command.verb} ${command.subject} admits no attempt ${attempt}`, {
    hint: latest ? `Attempt ${latest.attempt} is ${latest.state}.` : "The first attempt is 1.",
    details: { attempt: latest?.attempt ?? 0, state: latest?.state ?? null },
  });
}

async function latestOf(kernel: Kernel, tx: BillingTx, command: { verb: string; subject: string }) {
  return tx
    .selectFrom("operations")
    .selectAll()
    .where("instance", "=", kernel.instance)
    .where("mode", "=", kernel.mode)
    .where("verb", "=", command.verb)
    .where("subject", "=", command.subject)
    .orderBy("attempt", "desc")
    .limit(1)
    .executeTakeFirst();
}

async function currentCall(tx: BillingTx, operationId: string): Promise<CallRow | undefined> {
  return tx
    .selectFrom("calls")
    .selectAll()
    .where("operation", "=", operationId)
    .orderBy("n", "desc")
    .limit(1)
    .executeTakeFirst();
}

type Begun =
  | { readonly kind: "ended" }
  | { readonly kind: "wait"; readonly until: Instant }
  | { readonly kind: "send" | "find"; readonly operation: OperationRow; readonly call: CallRow; readonly version: number };

/** Decides what a call does next, and commits it as sent before anything leaves. The lane is held. */
async function beginTry(kernel: Kernel, tx: BillingTx, operationId: string, now: Instant): Promise<{ step: Begun }> {
  const operation = await tx.selectFrom("operations").selectAll().where("id", "=", operationId).executeTakeFirst();
  const call = await currentCall(tx, operationId);
  if (operation?.state !== "open" || !call) return { step: { kind: "ended" } };
  if (operation.cancel_requested === 1 && call.state === "ready" && call.n === 1) {
    await cancelReady(kernel, tx, { operation, call, now });
    return { step: { kind: "ended" } };
  }
  const isFirst = call.state === "ready" && call.tries === 0;
  // A call that is `sent` under our lease has lost its sender: its time to answer is over, whatever next_at says.
  if (!isFirst && call.state !== "sent" && call.next_at > now) return { step: { kind: "wait", until: call.next_at } };
  const stripeNow = kernel.gateway.time.now();
  const isOld = call.first_sent_at !== null && stripeNow - call.first_sent_at >= keyAgeMaxMs;
  if (call.state === "finding" || isOld) {
    const finding = { ...call, state: "finding" as const, tries: call.tries + 1, next_at: now + leaseMs };
    await updateCall(tx, call, { state: finding.state, tries: finding.tries, next_at: finding.next_at });
    return { step: { kind: "find", operation, call: finding, version: 0 } };
  }
  const sent = {
    ...call,
    state: "sent" as const,
    tries: call.tries + 1,
    first_sent_at: call.first_sent_at ?? stripeNow,
    next_at: now + leaseMs,
  };
  const { state, tries, first_sent_at, next_at } = sent;
  await updateCall(tx, call, { state, tries, first_sent_at, next_at });
  const mirrored =
    call.touches === null
      ? undefined
      : await tx.selectFrom("mirror").select("version").where("id", "=", call.touches).executeTakeFirst();
  return { step: { kind: "send", operation, call: sent, version: mirrored?.version ?? 0 } };
}

async function cancelReady(
  kernel: Kernel,
  tx: BillingTx,
  input: { operation: OperationRow; call: CallRow; now: Instant },
): Promise<void> {
  const { operation, call, now } = input;
  await updateCall(tx, call, { state: "canceled" });
  await tx
    .updateTable("operations")
    .set({ state: "canceled", ended_at: now })
    .where("id", "=", operation.id)
    .execute();
  const verb = kernel.registry.verb(operation.verb);
  await verb.canceled?.(createReacting(kernel, tx, now), viewOf(operation));
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

export type Verdict =
  | { readonly kind: "done" }
  | { readonly kind: "key_rejected" }
  | { readonly kind: "unknown" | "finding"; readonly http: number | null }
  | { readonly kind: "refused"; readonly state: "refused" | "failed" | "parked"; readonly refusal: Refusal };

/** What an answer of Stripe means for a call (RULES §2, 3 to 5). Pure. */
export function verdictOf(answer: Answer): Verdict {
  if (answer.kind === "silence") return { kind: "unknown", http: null };
  const { status, body, isReplayed } = answer;
  if (status >= 200 && status < 300) return { kind: "done" };
  if (status === 401 || status === 403) return { kind: "key_rejected" };
  const error = (body["error"] ?? {}) as Record<string, unknown>;
  const code = typeof error["code"] === "string" ? error["code"] : null;
  if (status >= 500) return { kind: isReplayed ? "finding" : "unknown", http: status };
  const isPassing = status === 409 || status === 429 || code === "lock_timeout" || code === "rate_limit";
  if (isPassing || status < 400) return { kind: "unknown", http: status };
  const refusal: Refusal = {
    http: status,
    type: String(error["type"] ?? ""),
    code,
    declineCode: typeof error["decline_code"] === "string" ? error["decline_code"] : null,
    message: String(error["message"] ?? `HTTP ${status}`),
  };
  const state = refusal.type === "idempotency_error" ? "parked" : status === 402 ? "refused" : "failed";
  return { kind: "refused", state, refusal };
}
