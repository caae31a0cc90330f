// Hop one of an event: verify, store, and only then say yes. Keeps invariant 1, acknowledged ⇒ stored, and invariant 9,
// a forged or stale event changes nothing. Many events share one insert (group commit); the queue has a hard cap,
// beyond which Stripe is told to come back (503). The rules: docs/design/events.md.
import { secondMs } from "#kit/clock.ts";
import { problem } from "#kit/problems.ts";
import { sqliteCode, sqlState } from "#kit/sql/errors.ts";
import type { Kernel } from "../contract/context.ts";
import { halving } from "../store/many.ts";
import type { BillingTx, ReceiptRow } from "../store/tables.ts";
import { receiptOf } from "./receipts.ts";
import { createRefused, type Refused } from "./refused.ts";
import { isSignedBy, parseSignatureHeader, toleranceMs } from "./signature.ts";

/** Stripe's events are a few kB; the largest seen are invoices with hundreds of lines. */
const bodyBytesMax = 1024 * 1024;
/** Memory for a burst: 5,000 events of 3 kB are 15 MB. Beyond it Stripe tries again later. */
const queueMax = 5_000;
/** Rows per insert: measured, more brings nothing (docs/design/events.md). */
const batchMax = 20;

export interface Inbox {
  /** Resolves after COMMIT. Throws Problem: 400 for what is forged or stale, 503 for "come back". */
  accept(body: Uint8Array, signatureHeader: string | null): Promise<{ status: 200 }>;
  /** Stores events that came by another road; answers how many were new. */
  store(bodies: readonly Uint8Array[]): Promise<number>;
  readonly refused: Refused;
}

interface Waiting {
  readonly row: ReceiptRow;
  resolve(isNew: boolean): void;
  reject(error: unknown): void;
}

interface Queue {
  readonly waiting: Waiting[];
  isFlushing: boolean;
}

export function createInbox(kernel: Kernel, secrets: readonly string[]): Inbox {
  const queue: Queue = { waiting: [], isFlushing: false };
  const refused = createRefused(kernel);
  return {
    async accept(body, signatureHeader) {
      await verify(kernel, refused, { body, signatureHeader, secrets });
      refused.accepted();
      await enqueue(kernel, queue, body);
      return { status: 200 };
    },
    async store(bodies) {
      const stored = await Promise.all(bodies.map((body) => enqueue(kernel, queue, body)));
      return stored.filter((isNew) => isNew).length;
    },
    refused,
  };
}

async function verify(
  kernel: Kernel,
  refused: Refused,
  input: { body: Uint8Array; signatureHeader: string | null; secrets: readonly string[] },
): Promise<void> {
  const refuse = (
    reason: "webhook_signature" | "webhook_stale" | "webhook_clock_unknown" | "too_large",
    text: string,
  ) => {
    refused.count(reason);
    kernel.ports.log.warn("inbox.refused", { reason, bytes: input.body.byteLength });
    return problem(reason, text, { hint: hints[reason] });
  };
  if (input.body.byteLength > bodyBytesMax) throw refuse("too_large", `A webhook of over ${bodyBytesMax} bytes`);
  const header = parseSignatureHeader(input.signatureHeader);
  if (!header || !isSignedBy(header, input.body, input.secrets)) {
    refused.unsigned(input.body);
    throw refuse("webhook_signature", "No signature of the webhook matched");
  }
  // Whoever signed it is worth the question: after a start, and after the machine has slept.
  if (!(await kernel.gateway.knowTime())) {
    throw refuse("webhook_clock_unknown", "How old the signature is cannot be told: Stripe's time is not known");
  }
  const ageMs = kernel.gateway.time.now() - header.timestamp * secondMs;
  if (Math.abs(ageMs) <= toleranceMs) return;
  // Stripe signs each retry anew: only a replay of an old request looks like this.
  throw refuse("webhook_stale", `The signature is ${Math.round(ageMs / secondMs)} s old`);
}

const hints = {
  webhook_signature: "Is the secret that of this endpoint, and is the body passed on byte for byte?",
  webhook_stale: "Was a captured request sent again? Stripe signs every retry anew.",
  webhook_clock_unknown: "Stripe tries again; the time is learnt from Stripe's first answer.",
  too_large: "Is it Stripe who sends this?",
} as const;

function enqueue(kernel: Kernel, queue: Queue, body: Uint8Array): Promise<boolean> {
  const { registry, mode, ports } = kernel;
  if (queue.waiting.length >= queueMax) {
    throw problem("inbox_full", `${queueMax} events wait to be stored`, { hint: "Stripe tries again." });
  }
  const row = receiptOf(body, { registry, mode, now: ports.clock.now() });
  return new Promise((resolve, reject) => {
    queue.waiting.push({ row, resolve, reject });
    if (queue.isFlushing) return;
    queue.isFlushing = true;
    ports.run("inbox.flush", () => flush(kernel, queue));
  });
}

async function flush(kernel: Kernel, queue: Queue): Promise<void> {
  while (queue.waiting.length > 0) {
    const batch = queue.waiting.splice(0, batchMax);
    await storeBatch(kernel, batch);
    kernel.sql.wake.notify("inbox");
  }
  queue.isFlushing = false;
}

/** One insert for all. */
async function storeBatch(kernel: Kernel, batch: readonly Waiting[]): Promise<void> {
  const store = async (some: readonly Waiting[]) => {
    const rows = some.map(({ row }) => row);
    const stored = await kernel.sql.write("inbox.store", (tx) => insert(tx, rows));
    for (const { row, resolve } of some) {
      const isNew = stored.has(row.id);
      kernel.ports.log.info("inbox.stored", { receipt: row.id, type: row.type, object: row.object_id, isNew });
      resolve(isNew);
    }
  };
  for (const { items, error } of await halving(batch, store, isAboutContent)) {
    kernel.ports.log.error("inbox.not_stored", { events: items.length, error: String(error) });
    for (const { reject } of items) {
      reject(problem("unavailable", "The event could not be stored", { cause: error, hint: "Stripe tries again." }));
    }
  }
}

async function insert(tx: BillingTx, rows: readonly ReceiptRow[]): Promise<ReadonlySet<string>> {
  // Two deliveries of one event may share a batch; PostgreSQL would refuse to touch one row twice.
  const unique = [...new Map(rows.map((row) => [row.id, row])).values()];
  const laned = await withLanes(tx, unique);
  const inserted = await tx
    .insertInto("receipts")
    .values(laned)
    .onConflict((conflict) => conflict.column("id").doNothing())
    .returning("id")
    .execute();
  return new Set(inserted.map(({ id }) => id));
}

/** The lane is the payload's customer, else the customer our mirror knows for its parent, else the object. */
async function withLanes(tx: BillingTx, rows: readonly ReceiptRow[]): Promise<ReceiptRow[]> {
  const unknown = rows.filter((row) => row.customer === null && row.object_id !== null);
  const ids = [...new Set(unknown.flatMap((row) => [row.object_id, row.parent]).filter((id) => id !== null))];
  if (ids.length === 0) return [...rows];
  const mirrored = await tx
    .selectFrom("mirror")
    .select(["id", "customer"])
    .where("id", "in", ids)
    .where("customer", "is not", null)
    .execute();
  const customers = new Map(mirrored.map(({ id, customer }) => [id, customer]));
  return rows.map((row) => {
    if (row.customer !== null) return row;
    const customer = customers.get(row.parent ?? "") ?? customers.get(row.object_id ?? "") ?? null;
    return customer === null ? row : { ...row, customer, lane: customer };
  });
}

/** SQLSTATE class 22, and SQLite's TOOBIG, CONSTRAINT, MISMATCH: the row is wrong, not the database away. */
function isAboutContent(error: unknown): boolean {
  if (sqlState(error)?.startsWith("22")) return true;
  return [18, 19, 20].includes((sqliteCode(error) ?? 0) & 0xff);
}
