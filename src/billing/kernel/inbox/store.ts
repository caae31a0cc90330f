// Storing verified events: whatever has come by now goes into one statement, so that batches grow with the backlog, and
// whoever sent it is answered after its COMMIT. The queue has a hard cap, beyond which Stripe is told to come back.
import { sql } from "kysely";
import { secondMs } from "#kit/clock.ts";
import { problem } from "#kit/problems.ts";
import { sqliteCode, sqlState } from "#kit/sql/errors.ts";
import { bytesGiven, rowsGiven } from "#kit/sql/many.ts";
import type { Kernel } from "../contract/context.ts";
import { halving } from "../store/many.ts";
import type { BillingTx, ReceiptRow } from "../store/tables.ts";
import { receiptOf } from "./receipts.ts";

/** Memory for a burst: 5,000 events of 3 kB are 15 MB. Beyond it Stripe tries again later. */
const queueMax = 5_000;
/** A statement of half a second, and some MB of bodies. */
const batchMax = 500;
/** Who works holds back for so long at most: then what was acknowledged has its turn too. */
const holdBackMsMax = 10 * secondMs;
/** What Retry-After says: the queue is worked off in less. */
const fullWaitMs = 2 * secondMs;

export interface Store {
  /** Resolves after COMMIT: whether the event is new. Throws a Problem: 503 for "come back". */
  put(body: Uint8Array): Promise<boolean>;
  /** Resolves when nothing waits to be stored: working yields to acknowledging. */
  quiet(): Promise<void>;
}

interface Waiting {
  readonly row: ReceiptRow;
  resolve(isNew: boolean): void;
  reject(error: unknown): void;
}

interface Queue {
  readonly waiting: Waiting[];
  isFlushing: boolean;
  readonly rested: Set<() => void>;
}

export function createStore(kernel: Kernel): Store {
  const queue: Queue = { waiting: [], isFlushing: false, rested: new Set() };
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
  const row = receiptOf(body, { registry, mode, now: ports.clock.now() });
  return new Promise((resolve, reject) => {
    queue.waiting.push({ row, resolve, reject });
    if (queue.isFlushing) return;
    queue.isFlushing = true;
    ports.run("inbox.flush", () => flush(kernel, queue));
  });
}

async function quiet({ ports }: Kernel, queue: Queue): Promise<void> {
  if (!queue.isFlushing) return;
  const waited = new AbortController();
  const rested = () => waited.abort("rested");
  queue.rested.add(rested);
  await ports.clock.sleep(holdBackMsMax, waited.signal);
  queue.rested.delete(rested);
}

async function flush(kernel: Kernel, queue: Queue): Promise<void> {
  while (queue.waiting.length > 0) {
    await kernel.ports.clock.turn(); // what came in the same breath goes along
    await storeBatch(kernel, queue.waiting.splice(0, batchMax));
    kernel.sql.wake.notify("inbox");
  }
  queue.isFlushing = false;
  for (const rested of queue.rested) rested();
}

async function storeBatch(kernel: Kernel, batch: readonly Waiting[]): Promise<void> {
  const { log } = kernel.ports;
  const store = async (some: readonly Waiting[]) => {
    const rows = some.map(({ row }) => row);
    const stored = await kernel.sql.write("inbox.store", (tx) => insert(tx, rows));
    // One line for a batch: a line for each event was a tenth of what acknowledging it took.
    const [only, ...others] = rows;
    const who = others.length === 0 && only ? { receipt: only.id, type: only.type, object: only.object_id } : {};
    log.info("inbox.stored", { ...who, events: rows.length, fresh: stored.size });
    for (const { row, resolve } of some) resolve(stored.has(row.id));
  };
  for (const { items, error } of await halving(batch, store, isAboutContent)) {
    log.error("inbox.not_stored", { events: items.length, error: String(error) });
    for (const { reject } of items) {
      reject(problem("unavailable", "The event could not be stored", { cause: error, hint: "Stripe tries again." }));
    }
  }
}

/** Stored as they are given. */
const same = [
  "id",
  "type",
  "object_kind",
  "object_id",
  "parent",
  "created",
  "livemode",
  "api_version",
  "account",
  "sha256",
  "state",
  "error",
  "received_at",
] as const;
type Given = Pick<ReceiptRow, (typeof same)[number] | "customer" | "lane"> & { body_at: number; body_length: number };
const columns = {
  id: "text",
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
  state: "text",
  error: "text",
  received_at: "integer",
  body_at: "integer",
  body_length: "integer",
} as const satisfies Record<keyof Given, "text" | "integer">;

/**
 * One statement: the rows as one parameter, their bodies as another, cut apart there. The lane is the payload's
 * customer, else the customer that our mirror knows for its parent or itself, else what the payload says.
 */
async function insert(tx: BillingTx, receipts: readonly ReceiptRow[]): Promise<ReadonlySet<string>> {
  // Two deliveries of one event may share a batch; PostgreSQL would refuse to touch one row twice.
  const unique = [...new Map(receipts.map((row) => [row.id, row])).values()];
  const bodies = unique.map(({ body }) => body ?? new Uint8Array());
  let end = 0;
  const rows = unique.map(({ body, kind, attempts, repeats, next_at, ended_at, ...row }) => {
    const body_length = body?.length ?? 0;
    end += body_length;
    return { ...row, body_at: end - body_length + 1, body_length };
  });
  const bytes = bytesGiven(tx, Buffer.concat(bodies));
  const laned = tx.selectFrom(rowsGiven<Given>(tx, { columns, rows })).select((eb) => {
    const customerOf = (id: "given.parent" | "given.object_id") =>
      eb.selectFrom("mirror").select("mirror.customer").where("mirror.id", "=", eb.ref(id));
    return eb.fn.coalesce("given.customer", customerOf("given.parent"), customerOf("given.object_id")).as("known");
  });
  const inserted = await tx
    .insertInto("receipts")
    .columns([...same, "customer", "lane", "body", "next_at", "kind", "attempts", "repeats"])
    .expression(
      tx
        .selectFrom(laned.selectAll("given").as("laned"))
        .select((eb) => [
          ...same,
          "known",
          eb.fn.coalesce("known", "lane").as("lane"),
          sql<Uint8Array>`substr(${bytes}, cast(body_at as integer), cast(body_length as integer))`.as("body"),
          "received_at as next_at",
          sql.lit("event").as("kind"),
          sql.lit(0).as("attempts"),
          sql.lit(0).as("repeats"),
        ])
        .where(sql.lit(true)), // without it SQLite takes the ON of the conflict for one of a join
    )
    .onConflict((conflict) => conflict.column("id").doNothing())
    .returning("id")
    .execute();
  return new Set(inserted.map(({ id }) => id));
}

/** SQLSTATE class 22, and SQLite's TOOBIG, CONSTRAINT, MISMATCH: the row is wrong, not the database away. */
function isAboutContent(error: unknown): boolean {
  if (sqlState(error)?.startsWith("22")) return true;
  return [18, 19, 20].includes((sqliteCode(error) ?? 0) & 0xff);
}
