// Storing verified events: whatever has come by now goes into one statement, so that batches grow with the backlog, and
// whoever sent it is answered after its COMMIT. The queue has a hard cap, beyond which Stripe is told to come back.
import { secondMs } from "#kit/clock.ts";
import type { Log } from "#kit/log.ts";
import { problem } from "#kit/problems.ts";
import { sqliteCode, sqlState } from "#kit/sql/errors.ts";
import type { Columns } from "#kit/sql/many.ts";
import { within } from "#kit/waiting/deadline.ts";
import type { Kernel } from "../../contract/context.ts";
import { halving, insertion, insertRows } from "../../store/many.ts";
import type { BillingTx, ReceiptRow } from "../../store/tables.ts";
import { type Arrival, arrivalOf } from "../receipts.ts";
import { judge } from "./door.ts";

/** Memory for a burst: 5,000 events of 3 kB are 15 MB. Beyond it Stripe tries again later. */
const queueMax = 5_000;
/** A statement of half a second, and some MB of bodies. */
const batchMax = 500;
/**
 * While PostgreSQL stores one batch, the next comes in and is sent after it: of 64 that are sent again as soon as they
 * are answered, all would be waiting for one COMMIT. SQLite stores on the thread on which events come in.
 */
const flushesMax = { sqlite: 1, postgres: 2 };
/** Fewer than so many wait for the batch before them: a batch of two costs as much as one of a dozen. */
const secondMin = 16;
/** Who works holds back for so long at most: then what was acknowledged has its turn too. */
const holdBackMsMax = 10 * secondMs;
/** So many stored at once are a burst, whose next events are on their way: they come once these are answered. */
const burstMin = 16;
/** A burst is over when nothing has come for so long. */
const restMs = 20;
/** What Retry-After says: the queue is worked off in less. */
const fullWaitMs = 2 * secondMs;

export interface Store {
  /** Resolves after COMMIT: whether the event is new. Throws a Problem: 503 for "come back". */
  put(body: Uint8Array): Promise<boolean>;
  /** Resolves when nothing waits to be stored and no burst is under way: working yields to acknowledging. */
  quiet(): Promise<void>;
}

interface Waiting {
  readonly arrival: Arrival;
  resolve(isNew: boolean): void;
  reject(error: unknown): void;
}

interface Queue {
  readonly waiting: Waiting[];
  /** Those under way, each until nothing waits any more. */
  readonly flushes: Set<Promise<void>>;
  isBurst: boolean;
}

export function createStore(kernel: Kernel): Store {
  const queue: Queue = { waiting: [], flushes: new Set(), isBurst: false };
  return { put: (body) => put(kernel, queue, body), quiet: () => quiet(kernel, queue) };
}

function put(kernel: Kernel, queue: Queue, body: Uint8Array): Promise<boolean> {
  const { registry, mode, ports } = kernel;
  if (queue.waiting.length >= queueMax) {
    throw problem("inbox_full", `${queueMax} events wait to be stored`, {
      hint: "Stripe tries again.",
      details: { waitMs: fullWaitMs },
    });
  }
  const arrival = arrivalOf(body, { registry, mode, now: ports.clock.now() });
  return new Promise((resolve, reject) => {
    queue.waiting.push({ arrival, resolve, reject });
    const { waiting, flushes } = queue;
    const isWorthOne = flushes.size === 0 || waiting.length >= secondMin;
    if (isWorthOne && flushes.size < flushesMax[kernel.sql.engine]) beginFlush(kernel, queue);
  });
}

/** It is over at the instant at which it finds nothing: what comes an instant later needs another. */
function beginFlush(kernel: Kernel, queue: Queue): void {
  const { promise, resolve } = Promise.withResolvers<void>();
  queue.flushes.add(promise);
  const over = () => {
    queue.flushes.delete(promise);
    resolve();
  };
  kernel.ports.run("inbox.flush", () => flush(kernel, queue, over));
}

async function quiet({ ports: { clock } }: Kernel, queue: Queue): Promise<void> {
  const untilMs = clock.monotonicMs() + holdBackMsMax;
  for (let leftMs = holdBackMsMax; leftMs > 0; leftMs = untilMs - clock.monotonicMs()) {
    if (queue.flushes.size > 0) await within(clock, leftMs, Promise.all(queue.flushes));
    else if (queue.isBurst) {
      queue.isBurst = false; // until as many have been stored again
      await clock.sleep(restMs);
    } else return;
  }
}

async function flush(kernel: Kernel, queue: Queue, over: () => void): Promise<void> {
  const { waiting } = queue;
  while (waiting.length > 0) {
    await gather(kernel, waiting);
    const batch = waiting.splice(0, batchMax);
    if (batch.length === 0) break; // they have gone along with others
    await storeBatch(kernel, batch);
    queue.isBurst = batch.length >= burstMin;
  }
  over();
}

/** What comes in the same breath goes along: for as long as each turn brings more, up to a batch. */
async function gather({ ports: { clock } }: Kernel, waiting: readonly Waiting[]): Promise<void> {
  for (let before = 0; before < waiting.length && waiting.length < batchMax; ) {
    before = waiting.length;
    await clock.turn();
  }
}

async function storeBatch(kernel: Kernel, batch: readonly Waiting[]): Promise<void> {
  const { log } = kernel.ports;
  const store = async (some: readonly Waiting[]) => {
    const rows = await judge(
      kernel,
      some.map(({ arrival }) => arrival),
    );
    // By the events' ids: a second time it stores nothing.
    const stored = await kernel.sql.write("inbox.store", (tx) => insert(tx, rows), { isRepeatable: true });
    if (rows.some(({ state }) => state === "open")) kernel.sql.wake.notify("inbox");
    logStored(log, rows, stored.size);
    for (const { arrival, resolve } of some) resolve(stored.has(arrival.row.id));
  };
  for (const { items, error } of await halving(batch, store, isAboutContent)) {
    log.error("inbox.not_stored", { events: items.length, error: String(error) });
    for (const { reject } of items) {
      reject(problem("unavailable", "The event could not be stored", { cause: error, hint: "Stripe tries again." }));
    }
  }
}

/** One line for a batch: a line for each event was a tenth of what acknowledging it took. */
function logStored(log: Log, rows: readonly ReceiptRow[], fresh: number): void {
  const [only, ...others] = rows;
  const who = others.length === 0 && only ? { receipt: only.id, type: only.type, object: only.object_id } : {};
  const byState = Map.groupBy(rows, ({ state }) => state);
  const states = [...byState].map(([state, some]) => [state, some.length] as const);
  log.info("inbox.stored", { ...who, events: rows.length, fresh, ...Object.fromEntries(states) });
}

async function insert(tx: BillingTx, receipts: readonly ReceiptRow[]): Promise<ReadonlySet<string>> {
  // Two deliveries of one event may share a batch; PostgreSQL would refuse to touch one row twice.
  const rows = [...new Map(receipts.map((row) => [row.id, row])).values()];
  return insertRows(tx, receiptRows, rows);
}

const receiptColumns = {
  id: "text",
  kind: "text",
  type: "text",
  lane: "text",
  object_kind: "text",
  object_id: "text",
  customer: "text",
  parent: "text",
  created: "integer",
  livemode: "integer",
  api_version: "text",
  account: "text",
  sha256: "text",
  body: "bytes",
  state: "text",
  attempts: "integer",
  repeats: "integer",
  renewed: "integer",
  next_at: "integer",
  error: "text",
  received_at: "integer",
  ended_at: "integer",
} as const satisfies Columns<ReceiptRow>;

const receiptRows = insertion("receipts", {
  columns: receiptColumns,
  key: "id",
  resolved: (inserting) => inserting.onConflict((conflict) => conflict.column("id").doNothing()),
});

/** SQLSTATE classes 22 and 23, and SQLite's TOOBIG, CONSTRAINT, MISMATCH: the row is wrong, not the database away. */
function isAboutContent(error: unknown): boolean {
  if (/^2[23]/.test(sqlState(error) ?? "")) return true;
  return [18, 19, 20].includes((sqliteCode(error) ?? 0) & 0xff);
}
