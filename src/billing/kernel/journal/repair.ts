// What a human may do with a parked operation. It was parked because Stripe met our key with other parameters, or
// answered what cannot be read, so its key says nothing any more: whoever goes on first looks for what was made.
import type { Instant } from "#kit/clock.ts";
import { problem } from "#kit/problems.ts";
import { resolveFlag } from "../changes/flags.ts";
import { turnBehind } from "../changes/operations.ts";
import type { Kernel } from "../contract/context.ts";
import type { BillingTx, OperationRow } from "../store/tables.ts";
import { endWithout, isUndone, ours, parkedFlag, updateCall } from "./end.ts";
import { readStanding } from "./read.ts";

/** Finds what it made, or makes it under a fresh key. False when there is no such parked operation. */
export async function retryParked(
  kernel: Kernel,
  tx: BillingTx,
  { id, now }: { id: string; now: Instant },
): Promise<boolean> {
  const operation = await leavePark(kernel, tx, { id, now });
  if (!operation) return false;
  const { verb, answers, call } = await readStanding(kernel, tx, operation);
  if (verb.steps.some((step) => isUndone(step, answers))) {
    throw problem("wrong_state", `Operation ${id} cannot be carried on: what it had made before is being undone`, {
      hint: "End it, then give the command again with the next attempt.",
      details: { id },
    });
  }
  const turn = turnBehind(kernel, tx, { lane: operation.lane, before: 0 });
  const reopened = { state: "open", outcome: null, ended_at: null, turn } as const;
  await tx.updateTable("operations").set(reopened).where("id", "=", id).execute();
  await updateCall(tx, call, { state: "finding", next_at: now });
  return true;
}

/** Gives back what it had reserved. False when there is no such parked operation. */
export async function endParked(
  kernel: Kernel,
  tx: BillingTx,
  { id, reason, now }: { id: string; reason: string; now: Instant },
): Promise<boolean> {
  const operation = await leavePark(kernel, tx, { id, now });
  if (!operation) return false;
  const standing = await readStanding(kernel, tx, operation);
  await endWithout({ kernel, tx, now, standing, end: "failed", refusal: ours("ended_by_hand", reason) });
  return true;
}

/** The parked operation, its row locked, its flag resolved. */
async function leavePark(
  kernel: Kernel,
  tx: BillingTx,
  { id, now }: { id: string; now: Instant },
): Promise<OperationRow | undefined> {
  const operation = await tx
    .updateTable("operations")
    .set({ state: "parked" })
    .where("id", "=", id)
    .where("instance", "=", kernel.instance)
    .where("mode", "=", kernel.mode)
    .where("state", "=", "parked")
    .returningAll()
    .executeTakeFirst();
  if (operation) await resolveFlag(tx, { kind: parkedFlag, subject: id, now });
  return operation;
}
