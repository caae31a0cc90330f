// Hop two of an event: what is due is taken by lanes, one per customer. What is due in a lane is worked together: the
// situations are read, plans are made, and carried out in one transaction. The rules: docs/design/events.md.
import { hourMs, type Instant, secondMs } from "#kit/clock.ts";
import { isProblem } from "#kit/problems.ts";
import { backoffMs } from "#kit/waiting/retry.ts";
import { lookAt } from "../changes/observe.ts";
import { wakeWorkers } from "../changes/react.ts";
import type { Kernel } from "../contract/context.ts";
import type { Remote } from "../contract/reacting.ts";
import { claimLanes, holdLane, type Lease, releaseLane } from "../store/lanes.ts";
import { halving } from "../store/many.ts";
import type { BillingTx, ReceiptRow } from "../store/tables.ts";
import { isUsable, type ListedObjects, listBacklog, listLane } from "./bulk_looks.ts";
import { carryOut, LaneLost, type Planned } from "./carry_out.ts";
import { decide, freshnessMs, type Moment, type Plan, understand } from "./decide.ts";
import { findOurs, readSituations, type Situation } from "./situation.ts";

/** About a day with the backoff below; then a human. */
const receiptAttemptsMax = 40;
/** High enough for a long backoff, low enough to leave attempts for the receipt's own faults. */
const attemptsWhileStripeIsAway = 8;
const receiptBackoff = { baseMs: 2 * secondMs, capMs: hourMs };
/** Lanes worked at once by this process: a slow look must not hold everybody. */
const lanesMax = 8;
const receiptsPerLaneMax = 100;
const looksMax = 3;
/** The error of a receipt whose work has begun. What still bears it when it is taken again may have ended a process. */
export const unended = "Its work was begun and has not ended";

/** Works what is due in up to eight lanes; answers how many receipts moved. */
export async function workInbox(kernel: Kernel): Promise<number> {
  const now = kernel.ports.clock.now();
  const due = await kernel.sql.read("inbox.due", (reader) =>
    reader
      .selectFrom("receipts")
      .select((eb) => ["lane", eb.fn.min("next_at").as("next_at")])
      .where("state", "=", "open")
      .where("next_at", "<=", now)
      .groupBy("lane")
      .orderBy("next_at")
      .orderBy("lane")
      .limit(lanesMax)
      .execute(),
  );
  if (due.length === 0) return 0;
  await kernel.gateway.knowTime(); // one question spares a look per fresh event; without an answer the looks fail too
  const backlog = await listBacklog(kernel, freshnessMs);
  if (!backlog)
    return workLanes(
      kernel,
      due.map(({ lane }) => lane),
    );
  let worked = 0;
  for (let at = 0; at < backlog.lanes.length; at += lanesMax) {
    worked += await workLanes(kernel, backlog.lanes.slice(at, at + lanesMax), backlog.listed);
  }
  return worked;
}

async function workLanes(kernel: Kernel, lanes: readonly string[], backlog?: ListedObjects): Promise<number> {
  const now = kernel.ports.clock.now();
  const claimed = await kernel.sql.write("inbox.claim", async (tx) => {
    const leases = await claimLanes(tx, { keys: lanes.map((lane) => lanePrefix + lane), owner: kernel.owner, now });
    const dues: Due[] = [];
    for (const lease of leases) dues.push({ lease, ...(await readDue(tx, lease, now)) });
    const begun = await begin(
      kernel,
      tx,
      dues.flatMap(({ first }) => first),
    );
    return dues.map((due) => ({ ...due, first: due.first.flatMap(({ id }) => begun.get(id) ?? []) }));
  });
  const worked = await Promise.all(claimed.map((due) => workLane(kernel, due, backlog)));
  return worked.reduce((sum, count) => sum + count, 0);
}

const lanePrefix = "inbox:";

interface Due {
  readonly lease: Lease;
  /** Worked together. */
  readonly first: readonly ReceiptRow[];
  /** Each of these may have ended the process that worked it. By object, one after the other. */
  readonly suspects: readonly (readonly ReceiptRow[])[];
}

async function readDue(tx: BillingTx, lease: Lease, now: Instant): Promise<Omit<Due, "lease">> {
  const due = await tx
    .selectFrom("receipts")
    .selectAll()
    .where("lane", "=", lease.key.slice(lanePrefix.length))
    .where("state", "=", "open")
    .where("next_at", "<=", now)
    .orderBy("created")
    .orderBy("received_at")
    .orderBy("id")
    .limit(receiptsPerLaneMax)
    .execute();
  const objects = byObject(due);
  const isSuspect = (receipts: readonly ReceiptRow[]) => receipts.some(({ error }) => error === unended);
  const suspects = objects.filter(isSuspect);
  return { first: objects.filter((receipts) => !isSuspect(receipts)).flat(), suspects };
}

function byObject(receipts: readonly ReceiptRow[]): readonly (readonly ReceiptRow[])[] {
  return [...Map.groupBy(receipts, (receipt) => receipt.object_id ?? receipt.id).values()];
}

/**
 * Counts the attempt before the work: what kills its process is out of the way after `receiptAttemptsMax`, and what was
 * begun beside it is not begun beside it again. Answers, by id, those that are to be worked.
 */
async function begin(
  kernel: Kernel,
  tx: BillingTx,
  receipts: readonly ReceiptRow[],
): Promise<ReadonlyMap<string, ReceiptRow>> {
  const now = kernel.ports.clock.now();
  const random = kernel.ports.random("inbox");
  const begun = new Map<string, ReceiptRow>();
  for (const [before, alike] of Map.groupBy(receipts, ({ attempts }) => attempts)) {
    const attempts = before + 1;
    const isDead = attempts > receiptAttemptsMax;
    const waitMs = secondMs + backoffMs({ attempt: attempts, ...receiptBackoff, random });
    await tx
      .updateTable("receipts")
      .set(isDead ? { state: "dead", ended_at: now } : { attempts, next_at: now + waitMs, error: unended })
      .where(
        "id",
        "in",
        alike.map(({ id }) => id),
      )
      .execute();
    if (!isDead) for (const receipt of alike) begun.set(receipt.id, { ...receipt, attempts });
  }
  return begun;
}

interface LaneWork {
  readonly kernel: Kernel;
  readonly lease: Lease;
  readonly listed: ListedObjects;
}

async function workLane(kernel: Kernel, { lease, first, suspects }: Due, backlog?: ListedObjects): Promise<number> {
  const listed = backlog ?? (await listLane(kernel, [...first, ...suspects.flat()]));
  const lane: LaneWork = { kernel, lease, listed };
  try {
    await workTogether(lane, first);
    for (const receipts of suspects) await workTogether(lane, await beginSuspect(lane, receipts));
  } catch (error) {
    if (!(error instanceof LaneLost)) throw error;
    kernel.ports.log.warn("inbox.lane_lost", { lane: lease.key });
  }
  await kernel.sql.write("inbox.release", (tx) => releaseLane(tx, lease));
  wakeWorkers(kernel.sql);
  return first.length + suspects.flat().length;
}

async function beginSuspect({ kernel, lease }: LaneWork, receipts: readonly ReceiptRow[]): Promise<ReceiptRow[]> {
  return kernel.sql.write("inbox.suspect", async (tx) => {
    if (!(await holdLane(tx, lease, kernel.ports.clock.now()))) throw new LaneLost(lease);
    return [...(await begin(kernel, tx, receipts)).values()];
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
      const plan = decide(situation, momentOf(kernel)) ?? (await understandListed(lane, situation));
      if (!plan) await write();
      ready.push({ situation, plan: plan ?? (await understandLook(kernel, situation)) });
    } catch (error) {
      await fail(lane, situation.receipts, error);
    }
  }
  await write();
  return moved;
}

function momentOf({ gateway, ports }: Kernel): Moment {
  const stripeNow = gateway.time.isKnown() ? ports.clock.now() : null;
  return { stripeNow, isLookForced: ports.maybe("inbox.force_look") };
}

async function readAll(lane: LaneWork, objects: readonly (readonly ReceiptRow[])[]): Promise<readonly Situation[]> {
  const situations: Situation[] = [];
  const read = async (some: typeof objects) => void situations.push(...(await readSituations(lane.kernel, some)));
  for (const { items, error } of await halving(objects, read, isOfTheData)) await fail(lane, items.flat(), error);
  return situations;
}

async function writeReady(lane: LaneWork, ready: readonly Planned[]): Promise<readonly Situation[]> {
  const moved: Situation[] = [];
  const write = async (some: typeof ready) => void moved.push(...(await carryOut(lane.kernel, lane.lease, some)));
  for (const { items, error } of await halving(ready, write, isOfTheData)) {
    await fail(
      lane,
      items.flatMap(({ situation }) => situation.receipts),
      error,
    );
  }
  return moved;
}

/** Whether fewer at once may fare better. */
function isOfTheData(error: unknown): boolean {
  return !(error instanceof LaneLost) && !isProblem(error, "sql_busy");
}

/** A listed object that lacks what its row needs is looked at alone. */
async function understandListed({ kernel, listed }: LaneWork, situation: Situation): Promise<Plan | undefined> {
  const seen = listed.get(situation.id);
  if (!isUsable(seen, situation) || !situation.kind.row(seen.remote)) return undefined;
  return understand(await withOwner(kernel, situation, seen.remote), seen);
}

async function understandLook(kernel: Kernel, situation: Situation): Promise<Plan> {
  const { kind, id } = situation;
  const seen = await lookAt(kernel, { kind, id, priority: "look" });
  return understand(await withOwner(kernel, situation, seen.remote), seen);
}

async function withOwner(kernel: Kernel, situation: Situation, remote: Remote | null): Promise<Situation> {
  if (situation.isOurs !== undefined || remote === null) return situation;
  const ours = await kernel.sql.read("inbox.owner", (reader) => findOurs(kernel, reader, [remote]));
  return { ...situation, isOurs: ours.has(situation.id) };
}

async function fail({ kernel, lease }: LaneWork, receipts: readonly ReceiptRow[], error: unknown): Promise<void> {
  if (error instanceof LaneLost) throw error;
  const text = error instanceof Error ? error.message : String(error);
  // Stripe being away is nobody's poison: however long it lasts, the receipt is tried again afterwards.
  const isStripeAway = isProblem(error, "stripe_unreachable") || isProblem(error, "stripe_key_rejected");
  const attemptsOf = ({ attempts }: ReceiptRow) =>
    isStripeAway ? Math.min(attempts, attemptsWhileStripeIsAway) : attempts;
  await kernel.sql.write("inbox.failed", async (tx) => {
    if (!(await holdLane(tx, lease, kernel.ports.clock.now()))) throw new LaneLost(lease);
    for (const [attempts, alike] of Map.groupBy(receipts, attemptsOf)) {
      const ids = alike.map(({ id }) => id);
      await tx.updateTable("receipts").set({ error: text, attempts }).where("id", "in", ids).execute();
    }
  });
  for (const { id, type, object_id, attempts } of receipts) {
    kernel.ports.log.warn("inbox.failed", { receipt: id, type, object: object_id, attempts, error: text });
  }
}
