// Hop two of an event: what is due is taken by lanes, one per customer, and worked there object by object: its
// situation is read, a plan is made, and carried out in one transaction. The rules: docs/design/events.md.
import { hourMs, type Instant, secondMs } from "#kit/clock.ts";
import { isProblem } from "#kit/problems.ts";
import { backoffMs } from "#kit/retry.ts";
import type { Kernel } from "../contract/context.ts";
import { claimLane, type Lease, releaseLane } from "../store/lanes.ts";
import type { BillingTx, ReceiptRow } from "../store/tables.ts";
import { type Listed, type ListedObjects, listBacklog, listLane } from "./bulk_looks.ts";
import { carryOut } from "./carry_out.ts";
import { decide, freshnessMs } from "./decide.ts";
import { readSituation } from "./situation.ts";

/** About a day with the backoff below; then a human. */
export const receiptAttemptsMax = 40;
/** High enough for a long backoff, low enough to leave attempts for the receipt's own faults. */
const attemptsWhileStripeIsAway = 8;
const receiptBackoff = { baseMs: 2 * secondMs, capMs: hourMs };
/** Lanes worked at once by this process: a slow look must not hold everybody. */
const lanesMax = 8;
const receiptsPerLaneMax = 100;
const looksMax = 3;

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

async function workLanes(kernel: Kernel, lanes: readonly string[], listed?: ListedObjects): Promise<number> {
  const worked = await Promise.all(lanes.map((lane) => workLane(kernel, lane, listed)));
  return worked.reduce((sum, count) => sum + count, 0);
}

async function workLane(kernel: Kernel, key: string, backlog?: ListedObjects): Promise<number> {
  const now = kernel.ports.clock.now();
  const random = kernel.ports.random("inbox");
  const begun = await kernel.sql.write("inbox.claim", async (tx) => {
    const lease = await claimLane(tx, { key: `inbox:${key}`, owner: kernel.owner, now });
    if (!lease) return undefined;
    return { lease, receipts: await beginReceipts(tx, { lane: key, now, random }) };
  });
  if (!begun) return 0;
  const listed = backlog ?? (await listLane(kernel, begun.receipts));
  const byObject = Map.groupBy(begun.receipts, (receipt) => receipt.object_id ?? receipt.id);
  for (const [id, receipts] of byObject) {
    await workObject(kernel, { lease: begun.lease, receipts, listed: listed.get(id) }).catch((error: unknown) =>
      fail(kernel, receipts, error),
    );
  }
  await kernel.sql.write("inbox.release", (tx) => releaseLane(tx, begun.lease));
  kernel.sql.wake.notify("outbox");
  kernel.sql.wake.notify("operations");
  return begun.receipts.length;
}

/** Counts the attempt before the work: what kills its process is out of the way after `receiptAttemptsMax`. */
async function beginReceipts(
  tx: BillingTx,
  input: { lane: string; now: Instant; random: ReturnType<Kernel["ports"]["random"]> },
): Promise<ReceiptRow[]> {
  const due = await tx
    .selectFrom("receipts")
    .selectAll()
    .where("lane", "=", input.lane)
    .where("state", "=", "open")
    .where("next_at", "<=", input.now)
    .orderBy("created")
    .orderBy("received_at")
    .orderBy("id")
    .limit(receiptsPerLaneMax)
    .execute();
  const begun: ReceiptRow[] = [];
  for (const receipt of due) {
    const attempts = receipt.attempts + 1;
    const isDead = attempts > receiptAttemptsMax;
    const waitMs = secondMs + backoffMs({ attempt: attempts, ...receiptBackoff, random: input.random });
    await tx
      .updateTable("receipts")
      .set(isDead ? { state: "dead", ended_at: input.now } : { attempts, next_at: input.now + waitMs })
      .where("id", "=", receipt.id)
      .execute();
    if (!isDead) begun.push({ ...receipt, attempts });
  }
  return begun;
}

async function fail(kernel: Kernel, receipts: readonly ReceiptRow[], error: unknown): Promise<void> {
  const text = error instanceof Error ? error.message : String(error);
  // Stripe being away is nobody's poison: however long it lasts, the receipt is tried again afterwards.
  const isStripeAway = isProblem(error, "stripe_unreachable") || isProblem(error, "stripe_key_rejected");
  await kernel.sql.write("inbox.failed", async (tx) => {
    for (const receipt of receipts) {
      const attempts = isStripeAway ? Math.min(receipt.attempts, attemptsWhileStripeIsAway) : receipt.attempts;
      await tx.updateTable("receipts").set({ error: text, attempts }).where("id", "=", receipt.id).execute();
    }
  });
  for (const { id, type, object_id, attempts } of receipts) {
    kernel.ports.log.warn("inbox.failed", { receipt: id, type, object: object_id, attempts, error: text });
  }
}

/** Everything about one object that is due, at once. */
async function workObject(
  kernel: Kernel,
  { lease, receipts, listed }: { lease: Lease; receipts: readonly ReceiptRow[]; listed: Listed | undefined },
): Promise<void> {
  for (let look = 0; look < looksMax; look++) {
    const situation = await readSituation(kernel, receipts);
    const plan = await decide(kernel, situation, listed);
    if (await carryOut(kernel, { lease, situation, plan })) return;
  }
  throw new Error(`The object moved under ${looksMax} looks`);
}
