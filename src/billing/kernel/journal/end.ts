// The good end of an operation: its outcome, our rows, the mirror, the facts, and what was waiting for it, in one
// transaction.
import { type Instant, secondMs } from "#kit/clock.ts";
import { fileLook, reopenForeign } from "../changes/looks.ts";
import { writeObservation } from "../changes/observe.ts";
import { viewOf } from "../changes/operations.ts";
import { createReacting } from "../changes/react.ts";
import type { Kernel } from "../contract/context.ts";
import type { Remote, Verb } from "../contract/manifest.ts";
import type { BillingTx, CallRow, OperationRow } from "../store/tables.ts";

export interface Completion {
  readonly kernel: Kernel;
  readonly tx: BillingTx;
  readonly now: Instant;
  readonly operation: OperationRow;
  readonly call: CallRow;
  readonly verb: Verb;
  readonly remote: Remote;
  readonly status: number;
  /**
   * The answer of an own call is a look begun before the call (docs/design/events.md, rule 9): the version that was
   * stored then. Null for a replayed answer or a found object, of which only the id is believed.
   */
  readonly look: { readonly version: number; readonly begunAt: Instant } | null;
}

export async function completeOperation(completion: Completion): Promise<void> {
  const { kernel, tx, now, operation, call, verb, remote } = completion;
  const reacting = createReacting(kernel, tx, now);
  const outcome = await verb.answered(reacting, viewOf(operation), remote);
  await tx
    .updateTable("calls")
    .set({ state: "answered", http: completion.status, stripe_id: remote.id })
    .where("operation", "=", operation.id)
    .where("step", "=", call.step)
    .where("n", "=", call.n)
    .execute();
  await tx
    .updateTable("operations")
    .set({ state: "done", outcome: JSON.stringify(outcome), ended_at: now })
    .where("id", "=", operation.id)
    .execute();
  await observe(completion);
  await reopenForeign(tx, { id: remote.id, customer: kernel.registry.belonging(remote).customer, now });
  // Read again: a cancel may have been wished while the call was on its way.
  const current = await tx
    .selectFrom("operations")
    .select("cancel_requested")
    .where("id", "=", operation.id)
    .executeTakeFirstOrThrow();
  const opposite = current.cancel_requested === 1 ? verb.opposite?.(viewOf(operation), remote) : undefined;
  if (opposite) await reacting.fileOperation(opposite);
}

async function observe({ kernel, tx, now, call, remote, look }: Completion): Promise<void> {
  const kind = kernel.registry.kind(remote.object);
  if (!kind) return;
  const row = look ? kind.row(remote) : undefined;
  if (look && row) {
    const lookBegun = look.begunAt - secondMs;
    // The version is that of the object the call changes; what it made did not exist before.
    const version = remote.id === call.touches ? look.version : 0;
    const isWritten = await writeObservation(kernel, tx, { kind, remote, row, version, lookBegun });
    if (isWritten) return;
  }
  await fileLook(kernel, tx, { kind: kind.kind, id: remote.id, ...kind.belongsTo(remote), now });
}
