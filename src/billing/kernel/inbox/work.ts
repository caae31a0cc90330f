// Hop two of an event: what is due is taken by lanes, one per customer, many at a time. What needs no request is worked
// in sets; what must be looked at is worked lane by lane, a few side by side. The rules: docs/design/events.md.
import { isProblem } from "#kit/problems.ts";
import { isAmong } from "#kit/sql/many.ts";
import { lookAt } from "../changes/observe.ts";
import { wakeWorkers } from "../changes/react.ts";
import type { Kernel } from "../contract/context.ts";
import { holdLane, type Lease } from "../store/lanes.ts";
import type { ReceiptRow } from "../store/tables.ts";
import { putOff } from "./alone.ts";
import { type ListedObjects, listLane, listSet } from "./bulk_looks.ts";
import { carryOut, LaneLost, type Planned } from "./carry_out.ts";
import { asBegun, begin, byObject, findDue, giveBack, receiptAttemptsMax, type Taken, take, waitMs } from "./claim.ts";
import { type Plan, understand } from "./decide.ts";
import { eachAlone, isOfTheData, planOf, withOwner, workSet } from "./sets.ts";
import { readSituations, type Situation } from "./situation.ts";

/** High enough for a long backoff, low enough to leave attempts for the receipt's own faults. */
const attemptsWhileStripeIsAway = 8;
/** Lanes that ask Stripe at once: a slow look must not hold everybody. */
const lookingLanesMax = 8;
const looksMax = 3;

/** Works a set of what is due; answers how many receipts moved. */
export async function workInbox(kernel: Kernel): Promise<number> {
  await giveBack(kernel, []);
  const due = await findDue(kernel);
  if (due.length === 0) return 0;
  const { taken, left } = await kernel.pace.keep(() => takeAndWork(kernel, due)).catch(noneTaken);
  const listed = await listSet(kernel, left.map(receiptsOf));
  const shown = [...listed.values()].filter((object) => object !== null);
  const looking = shown.length > 0 ? await workSet(kernel, left, listed) : left;
  const [now, later] = [looking.slice(0, lookingLanesMax), looking.slice(lookingLanesMax)];
  if (later.length > 0) await putOff(kernel, later, listed);
  const ends = await Promise.allSettled(now.map((lane) => workLane(kernel, lane, listed)));
  wakeWorkers(kernel.sql);
  for (const end of ends) if (end.status === "rejected") throw end.reason;
  return count(taken) - count(later);
}

async function takeAndWork(kernel: Kernel, due: readonly string[]) {
  const taken = await take(kernel, due);
  return { taken, left: await workSet(kernel, taken, new Map()) };
}

/** What nobody knows to have been taken is due again. */
function noneTaken(error: unknown): { readonly taken: readonly Taken[]; readonly left: readonly Taken[] } {
  if (!isProblem(error, "commit_unknown")) throw error;
  return { taken: [], left: [] };
}

function receiptsOf({ first, suspects }: Taken): readonly ReceiptRow[] {
  return [...first, ...suspects.flat()];
}

function count(lanes: readonly Taken[]): number {
  return lanes.reduce((sum, lane) => sum + receiptsOf(lane).length, 0);
}

interface LaneWork {
  readonly kernel: Kernel;
  readonly lease: Lease;
  readonly listed: ListedObjects;
}

async function workLane(kernel: Kernel, taken: Taken, backlog: ListedObjects): Promise<void> {
  const { lease, first, suspects } = taken;
  const listed = new Map([...backlog, ...(await listLane(kernel, receiptsOf(taken)))]);
  const lane: LaneWork = { kernel, lease, listed };
  try {
    await workTogether(lane, first);
    for (const receipts of suspects) await workTogether(lane, await beginSuspect(lane, receipts));
  } catch (error) {
    // Anything else may come of what is worked, each time: then its lease ends, and it is suspected and counted.
    if (!isOfTheData(error)) await giveBack(kernel, [lease]);
    if (!(error instanceof LaneLost)) throw error;
    kernel.ports.log.warn("inbox.lane_lost", { lane: lease.key });
    return;
  }
  await giveBack(kernel, [lease]);
}

async function beginSuspect({ kernel, lease }: LaneWork, receipts: readonly ReceiptRow[]): Promise<ReceiptRow[]> {
  return kernel.sql.write("inbox.suspect", async (tx) => {
    if (!(await holdLane(tx, lease, kernel.ports.clock.now()))) throw new LaneLost(lease);
    return begin(kernel, tx, receipts);
  });
}

/** Looks again at what moved while we looked; what moves every time is failed for now. */
async function workTogether(lane: LaneWork, receipts: readonly ReceiptRow[]): Promise<void> {
  let left = byObject(receipts);
  for (let look = 0; look < looksMax && left.length > 0; look++) {
    const moved = await workRound(lane, left);
    left = moved.map((situation) => situation.receipts);
  }
  const error = new Error(`The object moved under ${looksMax} looks`);
  for (const moved of left) await fail(lane, moved, error);
}

/**
 * In the order of the receipts, because a failed charge is told before the payment that came after it. What needs no
 * request is written together; before each request what is ready is written, so that nobody waits for Stripe in vain.
 */
async function workRound(lane: LaneWork, objects: readonly (readonly ReceiptRow[])[]): Promise<readonly Situation[]> {
  const { kernel } = lane;
  const moved: Situation[] = [];
  const ready: Planned[] = [];
  const write = async () => void moved.push(...(await writeReady(lane, ready.splice(0))));
  for (const situation of await readAll(lane, objects)) {
    try {
      const plan = await planOf(kernel, situation, lane.listed);
      if (!plan) await write();
      ready.push({ situation, plan: plan ?? (await understandLook(kernel, situation)) });
    } catch (error) {
      if (!isOfTheData(error)) throw error;
      await fail(lane, situation.receipts, error);
    }
  }
  await write();
  return moved;
}

async function readAll(lane: LaneWork, objects: readonly (readonly ReceiptRow[])[]): Promise<readonly Situation[]> {
  const situations: Situation[] = [];
  const read = async (some: typeof objects) => void situations.push(...(await readSituations(lane.kernel, some)));
  for (const { items, error } of await eachAlone(objects, read)) await fail(lane, items.flat(), error);
  return situations;
}

async function writeReady(lane: LaneWork, ready: readonly Planned[]): Promise<readonly Situation[]> {
  const moved: Situation[] = [];
  const write = async (some: typeof ready) => void moved.push(...(await carryOut(lane.kernel, lane.lease, some)));
  for (const { items, error } of await eachAlone(ready, write)) {
    await fail(
      lane,
      items.flatMap(({ situation }) => situation.receipts),
      error,
    );
  }
  return moved;
}

async function understandLook(kernel: Kernel, situation: Situation): Promise<Plan> {
  const { kind, id } = situation;
  const seen = await lookAt(kernel, { kind, id, priority: "look" });
  return understand(await withOwner(kernel, situation, seen.remote), seen);
}

async function fail({ kernel, lease }: LaneWork, receipts: readonly ReceiptRow[], error: unknown): Promise<void> {
  const text = error instanceof Error ? error.message : String(error);
  // Stripe being away is nobody's poison: however long it lasts, the receipt is tried again afterwards.
  const isStripeAway = isProblem(error, "stripe_unreachable") || isProblem(error, "stripe_key_rejected");
  const after = (attempts: number) => (isStripeAway ? Math.min(attempts, attemptsWhileStripeIsAway) : attempts);
  const now = kernel.ports.clock.now();
  await kernel.sql.write("inbox.failed", async (tx) => {
    if (!(await holdLane(tx, lease, now))) throw new LaneLost(lease);
    for (const [{ attempts: begun, renewed }, ids] of asBegun(receipts)) {
      const attempts = after(begun);
      const next =
        attempts < receiptAttemptsMax
          ? { next_at: now + waitMs(kernel, attempts) }
          : ({ state: "dead", ended_at: now } as const);
      await tx
        .updateTable("receipts")
        .set({ error: text, attempts, ...next })
        .where(isAmong(tx, "id", ids))
        .where("renewed", "=", renewed)
        .execute();
    }
  });
  for (const { id, type, object_id, attempts } of receipts) {
    kernel.ports.log.warn("inbox.failed", { receipt: id, type, object: object_id, attempts, error: text });
  }
}
