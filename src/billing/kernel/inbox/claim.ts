// What is due is taken in sets: many lanes in one statement, their receipts in another. Taking a lane is what counts as
// beginning: its row says until when, and whoever takes it over finds that its receipts were begun and never ended.
// The rules: docs/design/events.md.
import { sql } from "kysely";
import { hourMs, type Instant, secondMs } from "#kit/clock.ts";
import { isProblem } from "#kit/problems.ts";
import { isAmong, rowsGiven } from "#kit/sql/many.ts";
import { backoffMs } from "#kit/waiting/retry.ts";
import type { Kernel } from "../contract/context.ts";
import { claimLanes, type Lease, releaseLanes, takenAt, takeoversOf } from "../store/lanes.ts";
import { type BillingTx, openState, type ReceiptRow } from "../store/tables.ts";

/** About a day with the backoff below; then a human. */
export const receiptAttemptsMax = 40;
const receiptBackoff = { baseMs: 2 * secondMs, capMs: hourMs };
/** Receipts looked at, and lanes taken, at a time: some MB of bodies, and a transaction of a tenth of a second. */
export const lanesMax = 500;
/** Taken at a time, for each lane that may be. */
const receiptsPerLane = 2;
const receiptsPerLaneMax = 100;
/** The error of a receipt whose work was begun and has not ended: that may have ended its process. */
export const unended = "Its work was begun and has not ended";
const lanePrefix = "inbox:";

export interface Taken {
  readonly lease: Lease;
  /** Worked together. Their attempt counts when it ends; if it never does, whoever takes the lane over counts it. */
  readonly first: readonly ReceiptRow[];
  /** Each of these may have ended the process that worked it. By object, one after the other. */
  readonly suspects: readonly (readonly ReceiptRow[])[];
}

/** The lanes of what has been due for longest, that nobody holds. */
export async function findDue(kernel: Kernel): Promise<readonly string[]> {
  const now = kernel.ports.clock.now();
  const due = await kernel.sql.read("inbox.due", (reader) =>
    reader
      .selectFrom(
        reader
          .selectFrom("receipts")
          .select(["lane", "next_at"])
          .where("state", "=", openState)
          .where("next_at", "<=", now)
          .where(({ not, exists, selectFrom, ref }) =>
            not(
              exists(
                selectFrom("lanes")
                  .select("lanes.key")
                  .where("lanes.key", "=", sql<string>`${sql.lit(lanePrefix)} || ${ref("receipts.lane")}`)
                  .where("lanes.until", ">", now),
              ),
            ),
          )
          .orderBy("next_at")
          .orderBy("lane")
          .limit(kernel.pace.size())
          .as("oldest"),
      )
      .select((eb) => ["lane", eb.fn.min("next_at").as("due_at")])
      .groupBy("lane")
      .orderBy("due_at")
      .orderBy("lane")
      .execute(),
  );
  return due.map(({ lane }) => lane);
}

/**
 * In one transaction, which writes no receipt unless a lane was left behind by somebody. When nobody knows whether it
 * was committed, what it may have taken is free again.
 */
export async function take(kernel: Kernel, lanes: readonly string[]): Promise<readonly Taken[]> {
  const now = kernel.ports.clock.now();
  const keys = lanes.map((lane) => lanePrefix + lane);
  let leases: readonly Lease[] = [];
  const claim = async (tx: BillingTx) => {
    leases = await claimLanes(tx, { keys, owner: kernel.owner, now });
    await markBegun(
      tx,
      leases.filter((lease) => takeoversOf(lease) === 1),
    );
    const due = await readDue(tx, leases, { now, most: receiptsPerLane * kernel.pace.size() });
    const receipts = Map.groupBy(due, ({ lane }) => lanePrefix + lane);
    return leases.map((lease) => ({ lease, ...split(lease, receipts.get(lease.key) ?? []) }));
  };
  try {
    return await kernel.sql.write("inbox.claim", claim);
  } catch (error) {
    if (!isProblem(error, "commit_unknown")) throw error;
    // Nobody knows that they are ours, so nobody would work them until their leases end.
    await giveBack(kernel, leases);
    throw error;
  }
}

/**
 * Nobody works them here any more, and this process lives: they are not left as somebody leaves them who has ended.
 * While the database is away they are kept for the next time.
 */
export async function giveBack({ sql, stranded, ports }: Kernel, leases: readonly Lease[]): Promise<void> {
  const all = [...stranded.splice(0), ...leases];
  if (all.length === 0) return;
  try {
    await sql.write("inbox.release", (tx) => releaseLanes(tx, all), { isRepeatable: true });
  } catch (error) {
    ports.log.warn("inbox.not_given_back", { lanes: all.length, error: String(error) });
    stranded.push(...all);
  }
}

/** Those of every lane that happened first, and of all lanes alike when there are too many. */
async function readDue(
  tx: BillingTx,
  leases: readonly Lease[],
  { now, most }: { now: Instant; most: number },
): Promise<readonly ReceiptRow[]> {
  const lanes = leases.map(({ key }) => key.slice(lanePrefix.length));
  const numbered = tx
    .selectFrom("receipts")
    .select((eb) => [
      "id",
      eb.fn
        .agg<number>("row_number")
        .over((over) => over.partitionBy("lane").orderBy("created").orderBy("received_at").orderBy("id"))
        .as("nth"),
    ])
    .where(isAmong(tx, "lane", lanes))
    .where("state", "=", openState)
    .where("next_at", "<=", now);
  const chosen = tx
    .selectFrom(numbered.as("numbered"))
    .select("numbered.id")
    .where("nth", "<=", receiptsPerLaneMax)
    .orderBy("nth")
    .orderBy("numbered.id")
    .limit(most);
  const due = await tx
    .selectFrom(chosen.as("chosen"))
    .innerJoin("receipts", "receipts.id", "chosen.id")
    .selectAll("receipts")
    .execute();
  // Here and not there: a database that orders them moves their bodies.
  return due.sort(asItHappened);
}

function asItHappened(a: ReceiptRow, b: ReceiptRow): number {
  return a.created - b.created || a.received_at - b.received_at || (a.id < b.id ? -1 : 1);
}

/**
 * A lane that was taken over works only what was begun before, one by one: what was not begun beside it then is not
 * begun beside it now either, and waits until the lane is free.
 */
function split(lease: Lease, due: readonly ReceiptRow[]): Omit<Taken, "lease"> {
  const objects = byObject(due);
  const isSuspect = (receipts: readonly ReceiptRow[]) => receipts.some(({ error }) => error === unended);
  const first = takeoversOf(lease) > 0 ? [] : objects.filter((receipts) => !isSuspect(receipts)).flat();
  return {
    first: first.map((receipt) => ({ ...receipt, attempts: receipt.attempts + 1 })),
    suspects: objects.filter(isSuspect),
  };
}

export function byObject(receipts: readonly ReceiptRow[]): readonly (readonly ReceiptRow[])[] {
  return [...Map.groupBy(receipts, (receipt) => receipt.object_id ?? receipt.id).values()];
}

/** What was due when somebody took the lane, who never ended: that was an attempt of each. */
async function markBegun(tx: BillingTx, leases: readonly Lease[]): Promise<void> {
  if (leases.length === 0) return;
  const rows = leases.map((lease) => ({ left: lease.key.slice(lanePrefix.length), taken_at: takenAt(lease) }));
  await tx
    .updateTable("receipts")
    .from(rowsGiven<(typeof rows)[number]>(tx, { columns: { left: "text", taken_at: "integer" }, rows }))
    .set((eb) => ({ attempts: eb("receipts.attempts", "+", 1), error: unended }))
    .whereRef("receipts.lane", "=", "given.left")
    .where("receipts.state", "=", openState)
    .whereRef("receipts.next_at", "<=", "given.taken_at")
    .where((eb) => eb.or([eb("receipts.error", "is", null), eb("receipts.error", "<>", unended)]))
    .execute();
}

/**
 * Counts the attempt before the work, and puts the next one off: what kills its process is out of the way after
 * `receiptAttemptsMax`. Answers those that are to be worked.
 */
export async function begin(kernel: Kernel, tx: BillingTx, receipts: readonly ReceiptRow[]): Promise<ReceiptRow[]> {
  const now = kernel.ports.clock.now();
  const begun: ReceiptRow[] = [];
  for (const [{ attempts: before, renewed }, ids] of asBegun(receipts)) {
    const attempts = before + 1;
    const isDead = attempts > receiptAttemptsMax;
    const next = { attempts, next_at: now + waitMs(kernel, attempts), error: unended };
    const counted = await tx
      .updateTable("receipts")
      .set(isDead ? { state: "dead", ended_at: now } : next)
      .where(isAmong(tx, "id", ids))
      .where("state", "=", openState)
      .where("renewed", "=", renewed)
      .returning("id")
      .execute();
    const ours = new Set(isDead ? [] : counted.map(({ id }) => id));
    begun.push(...receipts.filter(({ id }) => ours.has(id)).map((receipt) => ({ ...receipt, attempts })));
  }
  return begun;
}

/** The ids of those whose work began alike: what is written of it is written for that beginning alone. */
export function asBegun(
  receipts: readonly ReceiptRow[],
): readonly (readonly [Pick<ReceiptRow, "attempts" | "renewed">, readonly string[]])[] {
  const alike = Map.groupBy(receipts, ({ attempts, renewed }) => `${attempts}|${renewed}`);
  return [...alike.values()].flatMap((some) => (some[0] ? [[some[0], some.map(({ id }) => id)] as const] : []));
}

/** Until the next attempt of what has failed so often. */
export function waitMs({ ports }: Kernel, attempts: number): number {
  return secondMs + backoffMs({ attempt: attempts, ...receiptBackoff, random: ports.random("inbox") });
}
