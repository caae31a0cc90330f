// Carrying out a plan: what was seen is written by its version and the receipts are closed or put off, in one
// transaction that holds the lane. The rules: docs/design/events.md.
import { hourMs, type Instant, minuteMs, secondMs } from "#kit/clock.ts";
import { writeObservation } from "../changes/observe.ts";
import type { Kernel } from "../contract/context.ts";
import type { Remote } from "../contract/manifest.ts";
import { holdLane, type Lease } from "../store/lanes.ts";
import type { BillingTx, ReceiptRow, ReceiptState } from "../store/tables.ts";
import { isLookDoubtful, type Plan } from "./decide.ts";
import type { Situation } from "./situation.ts";

/** Rule 8: a look that equals the row although a fresh payload differs is repeated after these. */
const repeatAfterMs = [5 * secondMs, 30 * secondMs, 2 * minuteMs] as const;
/** Rule 7: an object that cannot be found is read again, for read lag, before it is given up. */
const parkedAfterMs = [5 * secondMs, 30 * secondMs, 2 * minuteMs, 10 * minuteMs, hourMs] as const;
/** An own call in flight answers within a few seconds; then the payload is judged again. */
const inFlightWaitMs = 2 * secondMs;

/** False when somebody else was faster: look again. */
export async function carryOut(
  kernel: Kernel,
  work: { lease: Lease; situation: Situation; plan: Plan },
): Promise<boolean> {
  const { situation, plan, lease } = work;
  const now = kernel.ports.clock.now();
  const isWritten = await kernel.sql.write("inbox.done", async (tx) => {
    if (!(await holdLane(tx, lease, now))) throw new Error("The lane was lost to another worker");
    switch (plan.kind) {
      case "foreign":
      case "seen":
        await close(tx, situation.receipts, { state: plan.kind, now });
        return true;
      case "wait":
        await putOff(tx, situation.receipts, { nextAt: now + inFlightWaitMs });
        return true;
      case "missing":
        await parkMissing(tx, situation, now);
        return true;
      case "deleted":
        return writeDeleted(kernel, tx, { situation, begun: plan.begun, now });
      case "apply":
      case "look":
        return writeSeen(kernel, tx, { situation, plan, now });
    }
  });
  if (isWritten) logReceipts(kernel, situation, plan);
  return isWritten;
}

async function writeSeen(
  kernel: Kernel,
  tx: BillingTx,
  input: { situation: Situation; plan: Extract<Plan, { kind: "apply" | "look" }>; now: Instant },
): Promise<boolean> {
  const { situation, plan, now } = input;
  const { kind, mirror, receipts } = situation;
  if (plan.kind === "look" && isLookDoubtful(situation, plan.row)) {
    const repeats = Math.max(...receipts.map((receipt) => receipt.repeats));
    const afterMs = repeatAfterMs[repeats];
    if (afterMs !== undefined) {
      await putOff(tx, receipts, { nextAt: now + afterMs, repeats: repeats + 1 });
      return true;
    }
  }
  const seen = plan.kind === "look" ? { lookBegun: plan.begun } : { seenCreated: plan.seenCreated };
  const newest = Math.max(...receipts.filter((one) => one.kind === "event").map((one) => one.created), 0);
  const isWritten = await writeObservation(kernel, tx, {
    kind,
    remote: plan.remote,
    row: plan.row,
    version: mirror?.version ?? 0,
    seenCreated: newest,
    ...seen,
  });
  if (isWritten) await close(tx, receipts, { state: "done", now });
  return isWritten;
}

async function writeDeleted(
  kernel: Kernel,
  tx: BillingTx,
  input: { situation: Situation; begun: Instant; now: Instant },
): Promise<boolean> {
  const { mirror, kind, receipts, payload } = input.situation;
  const raw = mirror ? (JSON.parse(Buffer.from(mirror.raw).toString("utf8")) as Remote) : (payload as Remote | null);
  const row = raw && kind.row(raw);
  if (raw && row) {
    const version = mirror?.version ?? 0;
    const observation = { kind, remote: raw, row, version, lookBegun: input.begun, isDeleted: true };
    if (!(await writeObservation(kernel, tx, observation))) return false;
  }
  await close(tx, receipts, { state: "done", now: input.now });
  return true;
}

/** Rule 7: a 404 is read lag until it has been one for over an hour. */
async function parkMissing(tx: BillingTx, situation: Situation, now: Instant): Promise<void> {
  const repeats = Math.max(...situation.receipts.map((receipt) => receipt.repeats));
  const afterMs = parkedAfterMs[repeats];
  const error = `Stripe has no ${situation.kind.kind} ${situation.id}`;
  if (afterMs === undefined) await close(tx, situation.receipts, { state: "dead", now, error });
  else await putOff(tx, situation.receipts, { nextAt: now + afterMs, repeats: repeats + 1, error });
}

async function close(
  tx: BillingTx,
  receipts: readonly ReceiptRow[],
  input: { state: ReceiptState; now: Instant; error?: string },
): Promise<void> {
  await tx
    .updateTable("receipts")
    .set({ state: input.state, ended_at: input.now, error: input.error ?? null })
    .where("id", "in", idsOf(receipts))
    .where("state", "=", "open")
    .execute();
}

async function putOff(
  tx: BillingTx,
  receipts: readonly ReceiptRow[],
  input: { nextAt: Instant; repeats?: number; error?: string },
): Promise<void> {
  const { nextAt, repeats, error } = input;
  await tx
    .updateTable("receipts")
    .set({ next_at: nextAt, ...(repeats !== undefined && { repeats }), ...(error !== undefined && { error }) })
    .where("id", "in", idsOf(receipts))
    .execute();
}

function idsOf(receipts: readonly ReceiptRow[]): string[] {
  return receipts.map((receipt) => receipt.id);
}

function logReceipts(kernel: Kernel, situation: Situation, plan: Plan): void {
  const now = kernel.ports.clock.now();
  for (const receipt of situation.receipts) {
    kernel.ports.log.info("inbox.done", {
      receipt: receipt.id,
      type: receipt.type,
      object: receipt.object_id,
      lane: receipt.lane,
      by: plan.kind,
      attempts: receipt.attempts,
      version: situation.mirror?.version ?? 0,
      waitedMs: now - receipt.received_at,
    });
  }
}

/** Puts a receipt back to work, whatever became of it. */
export async function replayReceipt(tx: BillingTx, input: { id: string; now: Instant }): Promise<boolean> {
  const reopened = await tx
    .updateTable("receipts")
    .set({ state: "open", attempts: 0, repeats: 0, next_at: input.now, error: null, ended_at: null })
    .where("id", "=", input.id)
    .where("object_id", "is not", null)
    .where("state", "not in", ["quarantined", "other_mode", "other_account"])
    .executeTakeFirst();
  return reopened.numUpdatedRows === 1n;
}
