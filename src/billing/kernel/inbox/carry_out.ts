// Carrying out plans: what was seen is written by its version and the receipts are closed or put off, in one
// transaction that holds the lane. The rules: docs/design/events.md.
import type { Instant } from "#kit/clock.ts";
import { isAmong } from "#kit/sql/many.ts";
import { tellGone } from "../changes/gone.ts";
import { writeObservations } from "../changes/observe.ts";
import { createReacting } from "../changes/react.ts";
import type { Kernel } from "../contract/context.ts";
import type { StripeObject } from "../contract/reacting.ts";
import { holdLane, type Lease } from "../store/lanes.ts";
import type { BillingTx } from "../store/tables.ts";
import type { Plan } from "./decide.ts";
import type { Situation } from "./situation.ts";

export interface Planned {
  readonly situation: Situation;
  readonly plan: Plan;
}

/** Thrown where another worker has taken the lane meanwhile: nothing more is written for it here. */
export class LaneLost extends Error {
  constructor(lease: Lease) {
    super(`The lane ${lease.key} was lost to another worker`);
  }
}

/** Those whose object had moved meanwhile, of which nothing was written: look again. */
export async function carryOut(
  kernel: Kernel,
  lease: Lease,
  planned: readonly Planned[],
): Promise<readonly Situation[]> {
  const now = kernel.ports.clock.now();
  const observed = planned.filter(({ plan }) => plan.observation !== undefined);
  const rest = planned.filter(({ plan }) => plan.observation === undefined);
  const written = await kernel.sql.write("inbox.done", async (tx) => {
    if (!(await holdLane(tx, lease, now))) throw new LaneLost(lease);
    // First: what is judged foreign here may be reopened by what is seen beside it.
    await endReceipts(tx, rest, now);
    await tellGone(kernel, createReacting(kernel, tx, now), rest.flatMap(goneOf));
    const ids = await writeObservations(
      kernel,
      tx,
      observed.flatMap(({ plan }) => plan.observation ?? []),
    );
    const done = observed.filter(({ situation }) => ids.has(situation.id));
    await endReceipts(tx, done, now);
    return new Set(done);
  });
  for (const one of planned) if (written.has(one) || !one.plan.observation) logReceipts(kernel, one);
  return observed.filter((one) => !written.has(one)).map(({ situation }) => situation);
}

/** What we knew, and what has been a 404 for over an hour. */
function goneOf({ situation, plan }: Planned): readonly StripeObject[] {
  const { kind, id, mirror } = situation;
  const isGone = plan.by === "missing" && "state" in plan.receipts && mirror?.tombstone === 0;
  return isGone ? [{ kind: kind.kind, id }] : [];
}

/** One statement for all that end alike. */
async function endReceipts(tx: BillingTx, planned: readonly Planned[], now: Instant): Promise<void> {
  for (const alike of Map.groupBy(planned, ({ plan }) => JSON.stringify(plan.receipts)).values()) {
    const end = alike[0]?.plan.receipts;
    if (!end) continue;
    const error = end.error ?? null;
    const changes =
      "state" in end
        ? { state: end.state, ended_at: now, error }
        : { next_at: now + end.afterMs, error, ...(end.repeats !== undefined && { repeats: end.repeats }) };
    const ids = alike.flatMap(({ situation }) => situation.receipts.map(({ id }) => id));
    await tx
      .updateTable("receipts")
      .set(changes)
      .where(isAmong(tx, "id", ids))
      .where("state", "=", "open")
      .execute();
  }
}

function logReceipts({ ports }: Kernel, { situation, plan }: Planned): void {
  const now = ports.clock.now();
  for (const receipt of situation.receipts) {
    ports.log.info("inbox.done", {
      receipt: receipt.id,
      type: receipt.type,
      object: receipt.object_id,
      lane: receipt.lane,
      by: plan.by,
      attempts: receipt.attempts,
      version: situation.mirror?.version ?? 0,
      waitedMs: now - receipt.received_at,
    });
  }
}
