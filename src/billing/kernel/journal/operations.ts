// The journal: every wish to change something at Stripe is a row before it is a request. A crash at any moment leaves a
// call whose next step follows from its state: the same bytes under the same key while Stripe remembers it, after that
// *finding* what it made before anything is made again. Keeps invariants 3 and 4. The rules: docs/design/commands.md.
import { secondMs } from "#kit/clock.ts";
import { problem } from "#kit/problems.ts";
import { fileOperation } from "../changes/operations.ts";
import { createReacting } from "../changes/react.ts";
import type { Kernel } from "../contract/context.ts";
import { paramsHash } from "../contract/identity.ts";
import type { Reacting } from "../contract/manifest.ts";
import { claimLane, releaseLane } from "../store/lanes.ts";
import { type BillingTx, type OperationRow, type OperationState, openCallStates } from "../store/tables.ts";
import { advance, cancelReady, currentCall, type Journal, leaveOperation } from "./try.ts";

/** A caller waits this long for the end of an operation, then gets `processing` and the operation's id. */
export const commandWaitMs = 10 * secondMs;
/** How soon to ask again for a lane that somebody else holds. */
const laneBusyMs = secondMs / 4;
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

export type CancelRequest = "none" | "canceled" | "requested" | "ended";

export interface Operations {
  /** Writes the operation (or finds it), carries it out, answers how it stands after at most 10 s. */
  carryOut(command: Command): Promise<Ended>;
  /**
   * Cancels what has not been sent, and asks for the opposite of what has. In the caller's transaction, so that the
   * wish and the caller's own rows stand or fall together.
   */
  requestCancel(tx: BillingTx, input: { verb: string; subject: string }): Promise<CancelRequest>;
  /** Goes on with what is due; answers how many calls were moved. */
  work(): Promise<number>;
  /** Ends here what the original of a copied database has begun and will end itself. */
  leaveOthers(): Promise<void>;
}

export function createOperations(kernel: Kernel): Operations {
  const journal: Journal = { kernel, random: kernel.ports.random("operations") };
  return {
    carryOut: (command) => carryOut(journal, command),
    requestCancel: (tx, input) => requestCancel(kernel, tx, input),
    work: () => workDue(journal),
    leaveOthers: () => leaveOthers(kernel),
  };
}

async function carryOut(journal: Journal, command: Command): Promise<Ended> {
  const { kernel } = journal;
  const { clock } = kernel.ports;
  const lane = kernel.registry.verb(command.verb).lane(command);
  const id = await writeOperation(kernel, command);
  const deadlineMs = clock.monotonicMs() + commandWaitMs;
  for (let ended = await readEnd(kernel, id); ; ended = await readEnd(kernel, id)) {
    if (ended.state !== "open") return ended;
    const nextAt = await advance(journal, { id, lane });
    if (nextAt === undefined) continue;
    const leftMs = deadlineMs - clock.monotonicMs();
    if (leftMs <= 0) return ended;
    const waitMs = Math.min(leftMs, nextAt === "busy" ? laneBusyMs : nextAt - clock.now());
    if (waitMs > 0) await kernel.sql.wake.next("commands", waitMs);
  }
}

async function writeOperation(kernel: Kernel, command: Command): Promise<string> {
  const now = kernel.ports.clock.now();
  return kernel.sql.write("operation.begin", async (tx) => {
    const latest = await latestOf(kernel, tx, command);
    const attempt = command.attempt ?? latest?.attempt ?? 1;
    if (attempt > (latest?.attempt ?? 0)) refuseAttempt(command, latest, attempt);
    const id = await fileOperation(kernel, tx, { ...command, attempt, now });
    if (id !== undefined) {
      await command.reserve?.(createReacting(kernel, tx, now), id);
      return id;
    }
    const stored = await operationsOf(kernel, tx, command).where("attempt", "=", attempt).executeTakeFirstOrThrow();
    if (stored.params_hash === paramsHash(command.params)) return stored.id;
    throw problem("conflict", `${command.verb} ${command.subject} was given before with other parameters`, {
      hint: "Repeat it with the same parameters, or use another id for another wish.",
      details: { operation: stored.id },
    });
  });
}

function refuseAttempt(command: Command, latest: OperationRow | undefined, attempt: number): void {
  const isNext = attempt === (latest?.attempt ?? 0) + 1;
  const admitsNext = latest === undefined || ["refused", "failed", "canceled"].includes(latest.state);
  if (isNext && admitsNext) return;
  throw problem("wrong_state", `${command.verb} ${command.subject} admits no attempt ${attempt}`, {
    hint: latest ? `Attempt ${latest.attempt} is ${latest.state}.` : "The first attempt is 1.",
    details: { attempt: latest?.attempt ?? 0, state: latest?.state ?? null },
  });
}

async function requestCancel(
  kernel: Kernel,
  tx: BillingTx,
  input: { verb: string; subject: string },
): Promise<CancelRequest> {
  const now = kernel.ports.clock.now();
  const latest = await latestOf(kernel, tx, input);
  if (!latest) return "none";
  if (latest.state !== "open") return "ended";
  const lease = await claimLane(tx, { key: latest.lane, owner: kernel.owner, now });
  const call = await currentCall(tx, latest.id);
  const isUnsent = call?.state === "ready" && call.n === 1;
  if (lease && call && isUnsent) await cancelReady(kernel, tx, { operation: latest, call, now });
  else await tx.updateTable("operations").set({ cancel_requested: 1 }).where("id", "=", latest.id).execute();
  if (lease) await releaseLane(tx, lease);
  return lease && isUnsent ? "canceled" : "requested";
}

async function workDue(journal: Journal): Promise<number> {
  const { kernel } = journal;
  const now = kernel.ports.clock.now();
  const due = await kernel.sql.read("operations.due", (reader) =>
    reader
      .selectFrom("calls")
      .innerJoin("operations", "operations.id", "calls.operation")
      .select(["operations.id", "operations.lane"])
      .where("calls.state", "in", openCallStates)
      .where("calls.next_at", "<=", now)
      .where("operations.state", "=", "open")
      // A database may have been used with keys of both modes; the other one's calls wait for the other key.
      .where("operations.mode", "=", kernel.mode)
      .orderBy("calls.next_at")
      .orderBy("operations.id")
      .limit(dueMax)
      .execute(),
  );
  let moved = 0;
  for (const operation of due) {
    if ((await advance(journal, operation)) !== "busy") moved++;
  }
  return moved;
}

async function leaveOthers(kernel: Kernel): Promise<void> {
  const others = await kernel.sql.read("operations.others", (reader) =>
    reader
      .selectFrom("operations")
      .select("id")
      .where("state", "=", "open")
      .where("instance", "!=", kernel.instance)
      .execute(),
  );
  for (const { id } of others) {
    await kernel.sql.write("operation.left", (tx) => leaveOperation(kernel, tx, { id, now: kernel.ports.clock.now() }));
    kernel.ports.log.info("operation.left", { operation: id });
  }
}

async function readEnd(kernel: Kernel, operationId: string): Promise<Ended> {
  const row = await kernel.sql.read("operation.read", (reader) =>
    reader
      .selectFrom("operations")
      .select(["state", "outcome"])
      .where("id", "=", operationId)
      .executeTakeFirstOrThrow(),
  );
  const outcome = row.outcome === null ? null : (JSON.parse(row.outcome) as Record<string, unknown>);
  return { operationId, state: row.state, outcome };
}

function operationsOf(kernel: Kernel, tx: BillingTx, of: { verb: string; subject: string }) {
  return tx
    .selectFrom("operations")
    .selectAll()
    .where("instance", "=", kernel.instance)
    .where("mode", "=", kernel.mode)
    .where("verb", "=", of.verb)
    .where("subject", "=", of.subject);
}

async function latestOf(kernel: Kernel, tx: BillingTx, of: { verb: string; subject: string }) {
  return operationsOf(kernel, tx, of).orderBy("attempt", "desc").limit(1).executeTakeFirst();
}
