// Carrying out plans: what was seen is written by its version and the receipts are closed or put off, in one
// transaction that holds the lane. The rules: docs/design/events.md.
import type { Instant } from "#kit/clock.ts";
import { isAmong } from "#kit/sql/many.ts";
import { tellGone } from "../changes/gone.ts";
import { writeObservations } from "../changes/observe.ts";
import { createReacting } from "../changes/react.ts";
import type { Kernel } from "../contract/context.ts";
import type { StripeObject } from "../contract/reacting.ts";
import { holdLane, type Lease, releaseLanes } from "../store/lanes.ts";
import { type BillingTx, openState } from "../store/tables.ts";
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
  const done = await kernel.sql.write("inbox.done", async (tx) => {
    if (!(await holdLane(tx, lease, now))) throw new LaneLost(lease);
    return writeAll(kernel, tx, planned);
  });
  logAll(kernel, [...done]);
  return planned.filter((one) => !done.has(one)).map(({ situation }) => situation);
}

export interface PlannedLane {
  readonly lease: Lease;
  readonly planned: readonly Planned[];
}

/** The plans of many lanes, and their release. What is not done stays open and due, and is taken again. */
export async function carryOutAll(kernel: Kernel, lanes: readonly PlannedLane[]): Promise<void> {
  const write = async (tx: BillingTx) => {
    // The release is the fence too: of a lane that was lost, or given back a moment ago, nothing is written.
    const held = await releaseLanes(
      tx,
      lanes.map(({ lease }) => lease),
    );
    return writeAll(
      kernel,
      tx,
      lanes.filter(({ lease }) => held.has(lease.key)).flatMap(({ planned }) => planned),
    );
  };
  const done = await kernel.sql.write("inbox.done", write, { isRepeatable: true });
  logAll(kernel, [...done]);
}

/** Answers what was done: all but those whose object had moved. */
async function writeAll(kernel: Kernel, tx: BillingTx, planned: readonly Planned[]): Promise<ReadonlySet<Planned>> {
  const now = kernel.ports.clock.now();
  const observed = planned.filter(({ plan }) => plan.observation !== undefined);
  const rest = planned.filter(({ plan }) => plan.observation === undefined);
  // First: what is judged foreign here may be reopened by what is seen beside it.
  await endReceipts(tx, rest, now);
  await tellGone(kernel, createReacting(kernel, tx, now), rest.flatMap(goneOf));
  const ids = await writeObservations(
    kernel,
    tx,
    observed.flatMap(({ plan }) => plan.observation ?? []),
  );
  const written = observed.filter(({ situation }) => ids.has(situation.id));
  await endReceipts(tx, written, now);
  return new Set([...rest, ...written]);
}

/** What we knew, and what has been a 404 for over an hour. */
function goneOf({ situation, plan }: Planned): readonly StripeObject[] {
  const { kind, id, mirror } = situation;
  const isGone = plan.by === "missing" && "state" in plan.receipts && mirror?.tombstone === 0;
  return isGone ? [{ kind: kind.kind, id }] : [];
}

/** One statement for all that end alike. What was put to work anew meanwhile stays open: we saw what was before. */
async function endReceipts(tx: BillingTx, planned: readonly Planned[], now: Instant): Promise<void> {
  const ends = planned.flatMap(({ plan, situation }) =>
    situation.receipts.map(({ id, attempts, renewed }) => ({ id, attempts, renewed, end: plan.receipts })),
  );
  for (const alike of Map.groupBy(ends, ({ id: _id, ...shared }) => JSON.stringify(shared)).values()) {
    const [first] = alike;
    if (!first) continue;
    const { attempts, renewed, end } = first;
    const ids = alike.map(({ id }) => id);
    const changes =
      "state" in end ? { state: end.state, ended_at: now } : { next_at: now + end.afterMs, repeats: end.repeats };
    await tx
      .updateTable("receipts")
      .set({ ...changes, attempts, error: end.error ?? null })
      .where(isAmong(tx, "id", ids))
      .where("state", "=", openState)
      .where("renewed", "=", renewed)
      .execute();
  }
}

/** A line for each object that was written, and one for all that were closed alike without. */
function logAll(kernel: Kernel, done: readonly Planned[]): void {
  const isAlone = (one: Planned, alike: readonly Planned[]) => one.plan.observation !== undefined || alike.length === 1;
  for (const [by, alike] of Map.groupBy(done, ({ plan }) => plan.by)) {
    const [single, together] = [
      alike.filter((one) => isAlone(one, alike)),
      alike.filter((one) => !isAlone(one, alike)),
    ];
    for (const one of single) logReceipts(kernel, one);
    const receipts = together.reduce((sum, { situation }) => sum + situation.receipts.length, 0);
    if (receipts > 0) kernel.ports.log.info("inbox.done", { by, receipts, objects: together.length });
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
