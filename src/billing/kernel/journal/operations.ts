// The journal: every wish to change something at Stripe is a row before it is a request. A crash at any moment leaves a
// call whose next step follows from its state: the same bytes under the same key while Stripe remembers it, after that
// *finding* what it made before anything is made again. Keeps invariants 3 and 4. The letter: docs/design/commands.md.
import type { NotNull } from "kysely";
import { type Instant, secondMs } from "#kit/clock.ts";
import type { Running } from "#kit/ports.ts";
import { isProblem, problem } from "#kit/problems.ts";
import { leftMs, within } from "#kit/waiting/deadline.ts";
import { retellFlag } from "../changes/flags.ts";
import { lookNow } from "../changes/observe.ts";
import { fileOperation } from "../changes/operations.ts";
import { createReacting } from "../changes/react.ts";
import type { Kernel } from "../contract/context.ts";
import { paramsHash } from "../contract/identity.ts";
import type { FiledOperation, Remote } from "../contract/reacting.ts";
import { filed, type Refusal, type Verb } from "../contract/verb.ts";
import { claimLane, releaseLane } from "../store/lanes.ts";
import {
  type BillingReader,
  type BillingTx,
  type OperationRow,
  type OperationState,
  openCallStates,
  openState,
} from "../store/tables.ts";
import { type Done, endWithout, ours, parkedFlagOf, withdrawn } from "./end.ts";
import { readStanding, refusalIn } from "./read.ts";
import { advance, carryOn, type Journal, type Progress, readOrFlag, type Sending, versionOf } from "./try.ts";

/**
 * A caller waits this long, for all that its command takes as one whole: lanes, the governor, calls, looks. Then it
 * gets `processing` and the operation's id.
 */
export const commandWaitMs = 10 * secondMs;
/** Worked per round of the completer. */
const dueMax = 20;
const mayBeDone: readonly OperationState[] = ["open", "parked"];
/** `done` is for ever; what is open or parked may still become it. */
const admitNext: readonly OperationState[] = ["refused", "failed", "canceled", "expired"];

/** One wish: `attempt` is the next after a refusal; without it, the latest there was. */
export interface Wish<Params> {
  readonly subject: string;
  readonly params: Params;
  readonly attempt?: number | undefined;
  /** In the transaction that writes it down, or finds it there and not ended: what its caller keeps beside it. */
  readonly also?: (tx: BillingTx) => Promise<void>;
}

export type Ended<Outcome> =
  | { readonly state: "open"; readonly operationId: string }
  /** isShown: our rows show what it brought about. False while Stripe's object has yet to be looked at. */
  | {
      readonly state: "done";
      readonly operationId: string;
      readonly outcome: Outcome;
      readonly isShown: boolean;
      /** Stripe's, where it was this caller's own call: with what is never stored. */
      readonly answer?: Remote;
    }
  | {
      readonly state: Exclude<OperationState, "open" | "done">;
      readonly operationId: string;
      readonly refusal: Refusal;
    };

export type CancelRequest =
  | { readonly kind: "unwished" | "none" | "canceled" | "ended" }
  /** It may have left, or waits for a human: its end files the opposite, or tells that nothing came of it. */
  | { readonly kind: "requested"; readonly operationId: string };

/** All operations that may be meant, under the lane in which they are carried out. */
export interface Cancelable {
  readonly verb: string;
  readonly subject: string;
  readonly lane: string;
}

export interface Operations {
  /** Writes the operation (or finds it), carries it out, answers how it stands after at most 10 s. */
  carryOut<Params, Outcome>(verb: Verb<Params, Outcome>, wish: Wish<Params>): Promise<Ended<Outcome>>;
  /**
   * Cancels what has not been sent, and asks for the opposite of what has. In the caller's transaction, so that the
   * wish and the caller's own rows stand or fall together: `wish` writes these, under the operation's lane, and answers
   * false when there is nothing to cancel.
   */
  requestCancel(tx: BillingTx, operation: Cancelable, wish: () => Promise<boolean>): Promise<CancelRequest>;
  /** Goes on with what is due; answers how many calls were moved. */
  work(): Promise<number>;
  /** Lets end what was begun for callers who no longer wait. */
  rest(): Promise<void>;
  /** Ends here what the original of a copied database has begun and will end itself. */
  leaveOthers(): Promise<void>;
}

export function createOperations(kernel: Kernel): Operations {
  const journal: Journal = { kernel, random: kernel.ports.random("operations"), underWay: new Set() };
  return {
    carryOut: (verb, wish) => carryOut(journal, verb, wish),
    requestCancel: (tx, operation, wish) => requestCancel(kernel, tx, { operation, wish }),
    work: () => workDue(journal),
    async rest() {
      await Promise.all([...journal.underWay].map((running) => running.stopped));
    },
    leaveOthers: () => leaveOthers(kernel),
  };
}

async function carryOut<Params, Outcome>(
  journal: Journal,
  verb: Verb<Params, Outcome>,
  wish: Wish<Params>,
): Promise<Ended<Outcome>> {
  const { kernel } = journal;
  const { clock } = kernel.ports;
  const { id, lane, isOpen, sending } = await writeOperation(kernel, verb, wish);
  const deadlineMs = clock.monotonicMs() + Math.min(commandWaitMs, leftMs(clock));
  const waitMs = () => deadlineMs - clock.monotonicMs();
  // What is written down as sent leaves, though nobody should wait for it by now.
  let trying = sending && byItself(journal, lane, () => carryOn(journal, sending));
  const open = { state: "open", operationId: id } as const;
  for (let ended = isOpen ? open : await readEnd(kernel, verb, id); ; ended = await readEnd(kernel, verb, id)) {
    if (ended.state !== "open") return ended;
    if (waitMs() <= 0) {
      if (await promise(kernel, id)) return ended;
      continue;
    }
    trying ??= byItself(journal, lane, () => advance(journal, lane));
    const progress = await within(clock, waitMs(), trying);
    trying = undefined;
    if (!progress) continue;
    if (progress.done?.operation === id) return shown(verb, progress.done);
    const untilMs = Math.min(waitMs(), progress.until - (kernel.gateway.time.known() ?? progress.until));
    if (untilMs > 0) await kernel.sql.wake.next("commands", untilMs);
  }
}

/** Its own try has ended it: nothing is to be read back. */
function shown<Outcome>(verb: Pick<Verb<unknown, Outcome>, "name" | "outcome">, done: Done): Ended<Outcome> {
  const { operation: operationId, answer } = done;
  const outcome = verb.outcome.read(done.outcome, `${verb.name} outcome`);
  return { state: "done", operationId, outcome, isShown: true, answer };
}

/** A call that has left is heard out, whether or not its caller still waits. */
function byItself(journal: Journal, lane: string, work: () => Promise<Progress>): Promise<Progress> {
  const { ports } = journal.kernel;
  const progress = Promise.withResolvers<Progress>();
  const running: Running = ports.run("billing.command", async () => {
    try {
      progress.resolve(await work());
    } catch (error) {
      ports.log.warn("operation.try_failed", { lane, error: String(error) }); // it is due again
      progress.reject(error);
    }
  });
  journal.underWay.add(running);
  void running.stopped.then(() => journal.underWay.delete(running));
  progress.promise.catch(() => undefined); // whoever waits no longer has the log
  return progress.promise;
}

/** Before its caller is answered `processing`. False when it has ended at this moment. */
async function promise(kernel: Kernel, id: string): Promise<boolean> {
  const now = kernel.ports.clock.now();
  return kernel.sql.write("operation.promised", async (tx) => {
    const operation = await tx
      .updateTable("operations")
      .set({ promised: 1 })
      .where("id", "=", id)
      .where("state", "=", openState)
      .returningAll()
      .executeTakeFirst();
    if (!operation) return false;
    const standing = await readOrFlag(kernel, tx, { operation, now });
    await standing?.verb.promised?.(createReacting(kernel, tx, now), standing.view);
    return true;
  });
}

interface Written {
  readonly id: string;
  readonly lane: string;
  readonly isOpen: boolean;
  /** Its first call, where the lane was free: nobody else sends it while the lease lasts. */
  readonly sending?: Sending;
}

/** A new operation is sent by the transaction that writes it down, if its lane is free. */
async function writeOperation<Params>(
  kernel: Kernel,
  verb: Verb<Params>,
  { subject, params, attempt: named, also }: Wish<Params>,
): Promise<Written> {
  const now = kernel.ports.clock.now();
  const wish = { verb: verb.name, subject };
  return kernel.sql.write("operation.begin", async (tx) => {
    // The first attempt is there already, or nothing is: to write it finds out.
    const latest = named === 1 ? undefined : await latestOf(kernel, tx, wish);
    const attempt = named ?? latest?.attempt ?? 1;
    if (attempt > (latest?.attempt ?? 0)) {
      admitAttempt(wish, latest, attempt);
      const operation = filed(verb, { subject, params, attempt });
      const lane = verb.lane({ subject, params });
      const written = await writeNew(kernel, tx, { operation, lane, now });
      if (written) await also?.(tx);
      if (written) return written;
    }
    const stored = await operationsOf(kernel, tx, wish).where("attempt", "=", attempt).executeTakeFirstOrThrow();
    const { id, lane, state } = stored;
    if (stored.params_hash === paramsHash(params)) {
      if (mayBeDone.includes(state)) await also?.(tx);
      return { id, lane, isOpen: state === "open" };
    }
    throw problem("conflict", `${verb.name} ${subject} was given before with other parameters`, {
      hint: "Repeat it with the same parameters, or use another id for another wish.",
      details: { operation: stored.id },
    });
  });
}

/** Undefined when somebody else was faster. */
async function writeNew(
  kernel: Kernel,
  tx: BillingTx,
  { operation, lane, now }: { operation: FiledOperation; lane: string; now: Instant },
): Promise<Written | undefined> {
  const lease = await claimLane(tx, { key: lane, owner: kernel.owner, now });
  const filing = { ...operation, isPromised: false, isTaken: lease !== undefined };
  const standing = await fileOperation(kernel, createReacting(kernel, tx, now), filing);
  const isSent = standing?.call.state === "sent";
  if (lease && !isSent) await releaseLane(tx, lease);
  if (!standing) return undefined;
  const { id } = standing.operation;
  if (!lease || !isSent) return { id, lane, isOpen: true };
  return { id, lane, isOpen: true, sending: { standing, lease, version: await versionOf(tx, standing.call.touches) } };
}

/** The first, or the next after one that came to nothing. Throws when it is neither. */
export function admitAttempt(
  wish: { verb: string; subject: string },
  latest: Pick<OperationRow, "attempt" | "state"> | undefined,
  attempt: number,
): void {
  const isNext = attempt === (latest?.attempt ?? 0) + 1;
  const admitsNext = latest === undefined || admitNext.includes(latest.state);
  if (isNext && admitsNext) return;
  throw problem("wrong_state", `${wish.verb} ${wish.subject} admits no attempt ${attempt}`, {
    hint: latest ? `Attempt ${latest.attempt} is ${latest.state}.` : "The first attempt is 1.",
    details: { attempt: latest?.attempt ?? 0, state: latest?.state ?? null },
  });
}

async function requestCancel(
  kernel: Kernel,
  tx: BillingTx,
  { operation, wish }: { operation: Cancelable; wish: () => Promise<boolean> },
): Promise<CancelRequest> {
  const now = kernel.ports.clock.now();
  const lease = await claimLane(tx, { key: operation.lane, owner: kernel.owner, now });
  const isWished = await wish();
  // After the wish: an operation that begins at this moment has met it, or is found here.
  const latest = isWished ? await latestOf(kernel, tx, operation) : undefined;
  const standing = lease && latest?.state === "open" ? await readStanding(kernel, tx, latest) : undefined;
  const isUnsent = standing?.call.state === "ready";
  if (isUnsent) await endWithout({ kernel, tx, now, standing, end: "withdrawn", refusal: withdrawn });
  if (lease) await releaseLane(tx, lease);
  if (!latest) return { kind: isWished ? "none" : "unwished" };
  if (isUnsent) return { kind: "canceled" };
  // Whoever ends it at this moment has its row: then it has ended, and was not asked to look for a wish.
  const wished = await tx
    .updateTable("operations")
    .set({ cancel_requested: 1 })
    .where("id", "=", latest.id)
    .where("state", "in", ["open", "parked"])
    .returning("outcome")
    .executeTakeFirst();
  if (!wished) return { kind: "ended" };
  const refusal = refusalIn(wished.outcome); // of what is parked; what is open has none
  if (refusal) await retellFlag(tx, parkedFlagOf(latest.id, { refusal, isCancelWished: true }));
  return { kind: "requested", operationId: latest.id };
}

async function workDue(journal: Journal): Promise<number> {
  const { kernel } = journal;
  const now = kernel.ports.clock.now();
  const due = await kernel.sql.read("operations.due", (reader) =>
    currentCalls(kernel, reader)
      .select("operations.lane")
      .where("calls.next_at", "<=", now)
      .orderBy("calls.next_at")
      .orderBy("operations.id")
      .limit(dueMax)
      .execute(),
  );
  let moved = 0;
  for (const { lane } of due) {
    if ((await advance(journal, lane)).hasMoved) moved++;
  }
  return moved;
}

/** The calls of the operations whose turn it is, one per lane. */
export function currentCalls({ instance, mode }: Kernel, reader: BillingReader) {
  return (
    reader
      .selectFrom("calls")
      .innerJoin("operations", (join) =>
        join.onRef("operations.id", "=", "calls.operation").onRef("operations.step", "=", "calls.step"),
      )
      .where("calls.state", "in", openCallStates)
      .where("operations.state", "=", openState)
      .where("operations.instance", "=", instance)
      // A database may have been used with keys of both modes; the other one's calls wait for the other key.
      .where("operations.mode", "=", mode)
      .where((eb) =>
        eb.not(
          eb.exists(
            eb
              .selectFrom("operations as before")
              .select("before.id")
              .whereRef("before.lane", "=", "operations.lane")
              .where("before.state", "=", openState)
              .where("before.instance", "=", instance)
              .where("before.mode", "=", mode)
              .where((is) =>
                is.or([
                  is("before.turn", "<", is.ref("operations.turn")),
                  is.and([
                    is("before.turn", "=", is.ref("operations.turn")),
                    is("before.id", "<", is.ref("operations.id")),
                  ]),
                ]),
              ),
          ),
        ),
      )
  );
}

async function leaveOthers(kernel: Kernel): Promise<void> {
  const others = await kernel.sql.read("operations.others", (reader) =>
    reader
      .selectFrom("operations")
      .select("id")
      .where("state", "=", openState)
      .where("instance", "!=", kernel.instance)
      .execute(),
  );
  for (const { id } of others) {
    await kernel.sql.write("operation.left", (tx) => leaveOperation(kernel, tx, { id, now: kernel.ports.clock.now() }));
    kernel.ports.log.info("operation.left", { operation: id });
  }
}

/**
 * Ends an operation that the original of this copied database has begun: it sends the call, and what it brings about
 * is seen at Stripe. Here what was reserved is given back.
 */
async function leaveOperation(kernel: Kernel, tx: BillingTx, { id, now }: { id: string; now: Instant }): Promise<void> {
  const operation = await tx
    .updateTable("operations")
    .set({ state: "open" })
    .where("id", "=", id)
    .where("state", "=", openState)
    .returningAll()
    .executeTakeFirst();
  if (!operation) return; // another replica was faster
  const standing = await readOrFlag(kernel, tx, { operation, now });
  const refusal = ours(
    "other_instance",
    "It belongs to the database that this one was copied from, and is carried out there.",
  );
  if (standing) await endWithout({ kernel, tx, now, standing, end: "left", refusal });
}

async function readEnd<Outcome>(
  kernel: Kernel,
  verb: Pick<Verb<unknown, Outcome>, "name" | "outcome">,
  id: string,
): Promise<Ended<Outcome>> {
  const row = await kernel.sql.read("operation.read", (reader) =>
    reader.selectFrom("operations").select(["state", "outcome"]).where("id", "=", id).executeTakeFirstOrThrow(),
  );
  const { state } = row;
  if (state === "open") return { state, operationId: id };
  if (state !== "done") return { state, operationId: id, refusal: refusalIn(row.outcome) ?? withdrawn };
  const outcome = verb.outcome.read(JSON.parse(row.outcome ?? "null"), `${verb.name} outcome`);
  return { state, operationId: id, outcome, isShown: await showChange(kernel, id) };
}

/**
 * An answer shows the state that the command brought about. Where only the id of Stripe's answer was believed (it was
 * replayed, or found again, or overtaken), the look that is owed for it is made now.
 */
async function showChange(kernel: Kernel, operationId: string): Promise<boolean> {
  const owed = await kernel.sql.read("operation.owed", (reader) =>
    reader
      .selectFrom("receipts")
      .innerJoin("calls", "calls.stripe_id", "receipts.object_id")
      .select(["receipts.object_kind as kind", "receipts.object_id as id"])
      .where("calls.operation", "=", operationId)
      .where("receipts.kind", "=", "look")
      .where("receipts.state", "=", openState)
      .$narrowType<{ kind: NotNull; id: NotNull }>()
      .execute(),
  );
  for (const { kind, id } of owed) {
    try {
      await lookNow(kernel, { kind, id });
    } catch (error) {
      if (!isProblem(error)) throw error;
      kernel.ports.log.warn("operation.not_shown", { operation: operationId, object: id, error: error.message });
      return false;
    }
  }
  return true;
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
