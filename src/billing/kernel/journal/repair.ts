// What a human may do with a parked operation. It was parked because Stripe met our key with other parameters, so its
// key says nothing any more: whoever goes on first looks for what was made.
import type { Instant } from "#kit/clock.ts";
import { resolveFlag } from "../changes/flags.ts";
import { viewOf } from "../changes/operations.ts";
import { createReacting } from "../changes/react.ts";
import type { Kernel } from "../contract/context.ts";
import type { Refusal } from "../contract/manifest.ts";
import type { BillingTx, OperationRow } from "../store/tables.ts";
import { currentCall, parkedFlag } from "./try.ts";

/** Finds what it made, or makes it under a fresh key. False when there is no such parked operation. */
export async function retryParked(
  kernel: Kernel,
  tx: BillingTx,
  { id, now }: { id: string; now: Instant },
): Promise<boolean> {
  const operation = await leavePark(kernel, tx, { id, now, changes: { state: "open", outcome: null, ended_at: null } });
  const call = operation && (await currentCall(tx, id));
  if (!call) return false;
  await tx
    .updateTable("calls")
    .set({ state: "finding", next_at: now })
    .where("operation", "=", id)
    .where("step", "=", call.step)
    .where("n", "=", call.n)
    .execute();
  return true;
}

/** Gives back what it had reserved. False when there is no such parked operation. */
export async function endParked(
  kernel: Kernel,
  tx: BillingTx,
  { id, reason, now }: { id: string; reason: string; now: Instant },
): Promise<boolean> {
  const refusal: Refusal = { http: 0, type: "ended_by_hand", code: null, declineCode: null, message: reason };
  const changes = { state: "failed", outcome: JSON.stringify(refusal), ended_at: now } as const;
  const operation = await leavePark(kernel, tx, { id, now, changes });
  if (!operation) return false;
  const reacting = createReacting(kernel, tx, now);
  await kernel.registry.verb(operation.verb).refused(reacting, viewOf(operation), refusal);
  return true;
}

async function leavePark(
  kernel: Kernel,
  tx: BillingTx,
  { id, now, changes }: { id: string; now: Instant; changes: Partial<OperationRow> },
): Promise<OperationRow | undefined> {
  const operation = await tx
    .updateTable("operations")
    .set(changes)
    .where("id", "=", id)
    .where("instance", "=", kernel.instance)
    .where("mode", "=", kernel.mode)
    .where("state", "=", "parked")
    .returningAll()
    .executeTakeFirst();
  if (operation) await resolveFlag(tx, { kind: parkedFlag, subject: id, now });
  return operation;
}
