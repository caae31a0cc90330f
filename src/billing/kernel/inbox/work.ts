// Hop two of an event: one lane per customer, apply the payload where that is proven safe, else look. "Newer than what
// is stored" is not "newest": losses, retries days late and ties within a second all lie. Rule numbers: RULES §1.
import { hourMs, type Instant, minuteMs, secondMs } from "#kit/clock.ts";
import { isProblem } from "#kit/problems.ts";
import { backoffMs } from "#kit/retry.ts";
import { isOurs, writeObservation } from "../changes/mirror.ts";
import type { Kernel } from "../contract/context.ts";
import { canonicalJson } from "../contract/identity.ts";
import type { MirroredRow, MirrorKind, Remote } from "../contract/manifest.ts";
import { claimLane, holdLane, type Lease, releaseLane } from "../store/lanes.ts";
import type { BillingTx, MirrorRow, ReceiptRow, ReceiptState } from "../store/schema.ts";
import { apiVersion } from "../stripe/gateway.ts";
import { isUsable, type Listed, type ListedObjects, listBacklog, listLane } from "./bulk_looks.ts";
import { payloadOf } from "./receipts.ts";

/** D: how far two instants of Stripe's may be apart and still be in doubt. */
export const doubtMs = 5 * secondMs;
/** F: below Stripe's first retry, so that a late delivery is never taken for a fresh one. */
export const freshnessMs = 120 * secondMs;
/** About a day with the backoff below; then a human. */
export const receiptAttemptsMax = 40;
/** High enough for a long backoff, low enough to leave attempts for the receipt's own faults. */
const attemptsWhileStripeIsAway = 8;
const receiptBackoff = { baseMs: 2 * secondMs, capMs: hourMs };
/** Rule 8: a look that equals the row although a fresh payload differs is repeated after these. */
const repeatAfterMs = [5 * secondMs, 30 * secondMs, 2 * minuteMs] as const;
/** Rule 7: an object that cannot be found is read again, for read lag, before it is given up. */
const parkedAfterMs = [5 * secondMs, 30 * secondMs, 2 * minuteMs, 10 * minuteMs, hourMs] as const;
/** An own call in flight answers within a few seconds; then the payload is judged again. */
const inFlightWaitMs = 2 * secondMs;
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

interface Situation {
  readonly receipts: readonly ReceiptRow[];
  readonly kind: MirrorKind;
  readonly id: string;
  readonly mirror: MirrorRow | undefined;
  readonly payload: Readonly<Record<string, unknown>> | null;
  /** Unknown when the body has gone, so that only the object itself can tell. */
  readonly isOurs: boolean | undefined;
  readonly isInFlight: boolean;
  /** All open receipts of the object, due or not. */
  readonly openCreated: readonly number[];
}

async function readSituation(kernel: Kernel, receipts: readonly ReceiptRow[]): Promise<Situation> {
  const newest = receipts.at(-1) as ReceiptRow;
  const kind = kernel.registry.kind(newest.object_kind ?? "");
  const id = newest.object_id;
  if (!kind || id === null) throw new Error(`No resource knows the object of ${newest.id}`);
  const newestEvent = receipts.findLast((receipt) => receipt.kind === "event");
  const payload = newestEvent ? payloadOf(newestEvent) : null;
  return kernel.sql.read("inbox.situation", async (reader) => {
    const mirror = await reader.selectFrom("mirror").selectAll().where("id", "=", id).executeTakeFirst();
    const open = await reader
      .selectFrom("receipts")
      .select("created")
      .where("object_id", "=", id)
      .where("state", "=", "open")
      .execute();
    const metadata = payload?.metadata as Record<string, unknown> | null | undefined;
    const touched = [id, newest.parent, mirror?.parent].filter((one) => typeof one === "string");
    const operation = String(metadata?.bursar_op ?? "");
    const flying = await reader
      .selectFrom("calls")
      .select("key")
      .where("state", "in", ["sent", "unknown", "finding"])
      .where((eb) => eb.or([eb("touches", "in", touched), eb("operation", "=", operation)]))
      .executeTakeFirst();
    const isKnownOurs = newestEvent === undefined || mirror !== undefined;
    return {
      receipts,
      kind,
      id,
      mirror,
      payload,
      isOurs: isKnownOurs || (payload ? await isOurs(kernel, reader, payload) : undefined),
      isInFlight: flying !== undefined,
      openCreated: open.map(({ created }) => created),
    };
  });
}

type Plan =
  | { readonly kind: "foreign" | "seen" | "wait" }
  | { readonly kind: "apply"; readonly row: MirroredRow; readonly remote: Remote; readonly seenCreated: number }
  | { readonly kind: "look"; readonly remote: Remote; readonly row: MirroredRow; readonly begun: Instant }
  | { readonly kind: "deleted"; readonly begun: Instant }
  | { readonly kind: "missing" };

async function decide(kernel: Kernel, situation: Situation, listed: Listed | undefined): Promise<Plan> {
  const { receipts, kind, id, mirror, payload } = situation;
  if (situation.isOurs === false) return { kind: situation.isInFlight ? "wait" : "foreign" };
  if (mirror && receipts.every((receipt) => isSeen(receipt, mirror))) return { kind: "seen" };
  const only = receipts.length === 1 ? receipts[0] : undefined;
  if (only && payload && !kernel.ports.maybe("inbox.force_look")) {
    const remote = payload as Remote;
    const row = kind.row(remote);
    if (row && isSafe(kernel, situation, { receipt: only, row })) {
      return { kind: "apply", row, remote, seenCreated: only.created };
    }
  }
  const look = isUsable(listed, situation) ? listed : await kernel.gateway.read(kind.path(id), { priority: "look" });
  const { remote, begunAt } = look;
  const begun = begunAt - secondMs;
  if (remote === null) return { kind: "missing" };
  if (situation.isOurs === undefined) {
    const isOwn = await kernel.sql.read("inbox.owner", (reader) => isOurs(kernel, reader, remote));
    if (!isOwn) return { kind: situation.isInFlight ? "wait" : "foreign" };
  }
  if (remote.deleted === true) return { kind: "deleted", begun };
  const row = kind.row(remote);
  if (!row) throw new Error(`A look at ${id} lacks what its row needs`);
  return { kind: "look", remote, row, begun };
}

/** Rule 3: what happened long enough before our last look began was in it. */
function isSeen(receipt: ReceiptRow, mirror: MirrorRow): boolean {
  return receipt.created * secondMs + secondMs + doubtMs < mirror.look_begun;
}

/** Rule 4, all of it. */
function isSafe(kernel: Kernel, situation: Situation, input: { receipt: ReceiptRow; row: MirroredRow }): boolean {
  const { receipt, row } = input;
  const { mirror } = situation;
  const createdMs = receipt.created * secondMs;
  const others = situation.openCreated.filter((created) => Math.abs(created * secondMs - createdMs) <= doubtMs);
  const before = mirror ? (JSON.parse(mirror.row) as MirroredRow) : null;
  return (
    receipt.kind === "event" &&
    receipt.api_version === apiVersion &&
    createdMs > (mirror?.seen_created ?? 0) * secondMs + doubtMs &&
    // A look takes a while: what it saw may be newer than an event made just after it began.
    createdMs > (mirror?.look_begun ?? 0) + doubtMs &&
    others.length <= 1 &&
    kernel.gateway.time.isKnown() &&
    kernel.gateway.time.now() - createdMs <= freshnessMs &&
    !situation.isInFlight &&
    mirror?.tombstone !== 1 &&
    !(before?.isFinal && !row.isFinal) &&
    !receipt.type.endsWith(".deleted")
  );
}

/** False when somebody else was faster: look again. */
async function carryOut(kernel: Kernel, work: { lease: Lease; situation: Situation; plan: Plan }): Promise<boolean> {
  const { situation, plan, lease } = work;
  const now = kernel.ports.clock.now();
  const isWritten = await kernel.sql.write("inbox.done", async (tx) => {
    if (!(await holdLane(tx, lease, now))) throw new Error("The lane was lost to another worker");
    switch (plan.kind) {
      case "foreign":
      case "seen":
        await close(tx, situation.receipts, { state: plan.kind, now });
        return true;
      case "wait":
        await putOff(tx, situation.receipts, { nextAt: now + inFlightWaitMs });
        return true;
      case "missing":
        await parkMissing(tx, situation, now);
        return true;
      case "deleted":
        return writeDeleted(kernel, tx, { situation, begun: plan.begun, now });
      case "apply":
      case "look":
        return writeSeen(kernel, tx, { situation, plan, now });
    }
  });
  if (isWritten) logReceipts(kernel, situation, plan);
  return isWritten;
}

async function writeSeen(
  kernel: Kernel,
  tx: BillingTx,
  input: { situation: Situation; plan: Extract<Plan, { kind: "apply" | "look" }>; now: Instant },
): Promise<boolean> {
  const { situation, plan, now } = input;
  const { kind, mirror, receipts } = situation;
  if (plan.kind === "look" && isLookDoubtful(situation, plan.row)) {
    const repeats = Math.max(...receipts.map((receipt) => receipt.repeats));
    const afterMs = repeatAfterMs[repeats];
    if (afterMs !== undefined) {
      await putOff(tx, receipts, { nextAt: now + afterMs, repeats: repeats + 1 });
      return true;
    }
  }
  const seen = plan.kind === "look" ? { lookBegun: plan.begun } : { seenCreated: plan.seenCreated };
  const newest = Math.max(...receipts.filter((one) => one.kind === "event").map((one) => one.created), 0);
  const isWritten = await writeObservation(kernel, tx, {
    kind,
    remote: plan.remote,
    row: plan.row,
    version: mirror?.version ?? 0,
    seenCreated: newest,
    ...seen,
  });
  if (isWritten) await close(tx, receipts, { state: "done", now });
  return isWritten;
}

/** Rule 8: Stripe's reads may lag behind its own events. */
function isLookDoubtful(situation: Situation, row: MirroredRow): boolean {
  const { mirror, payload, kind, receipts } = situation;
  if (!mirror || !payload || canonicalJson(JSON.parse(mirror.row)) !== canonicalJson(row)) return false;
  const isFresh = receipts.some((receipt) => receipt.kind === "event" && receipt.created > mirror.seen_created);
  const told = kind.row(payload as Remote);
  return isFresh && told !== undefined && canonicalJson(told) !== canonicalJson(row);
}

async function writeDeleted(
  kernel: Kernel,
  tx: BillingTx,
  input: { situation: Situation; begun: Instant; now: Instant },
): Promise<boolean> {
  const { mirror, kind, receipts, payload } = input.situation;
  const raw = mirror ? (JSON.parse(Buffer.from(mirror.raw).toString("utf8")) as Remote) : (payload as Remote | null);
  const row = raw && kind.row(raw);
  if (raw && row) {
    const version = mirror?.version ?? 0;
    const observation = { kind, remote: raw, row, version, lookBegun: input.begun, isDeleted: true };
    if (!(await writeObservation(kernel, tx, observation))) return false;
  }
  await close(tx, receipts, { state: "done", now: input.now });
  return true;
}

/** Rule 7: a 404 is read lag until it has been one for over an hour. */
async function parkMissing(tx: BillingTx, situation: Situation, now: Instant): Promise<void> {
  const repeats = Math.max(...situation.receipts.map((receipt) => receipt.repeats));
  const afterMs = parkedAfterMs[repeats];
  const error = `Stripe has no ${situation.kind.kind} ${situation.id}`;
  if (afterMs === undefined) await close(tx, situation.receipts, { state: "dead", now, error });
  else await putOff(tx, situation.receipts, { nextAt: now + afterMs, repeats: repeats + 1, error });
}

async function close(
  tx: BillingTx,
  receipts: readonly ReceiptRow[],
  input: { state: ReceiptState; now: Instant; error?: string },
): Promise<void> {
  await tx
    .updateTable("receipts")
    .set({ state: input.state, ended_at: input.now, error: input.error ?? null })
    .where("id", "in", idsOf(receipts))
    .where("state", "=", "open")
    .execute();
}

async function putOff(
  tx: BillingTx,
  receipts: readonly ReceiptRow[],
  input: { nextAt: Instant; repeats?: number; error?: string },
): Promise<void> {
  const { nextAt, repeats, error } = input;
  await tx
    .updateTable("receipts")
    .set({ next_at: nextAt, ...(repeats !== undefined && { repeats }), ...(error !== undefined && { error }) })
    .where("id", "in", idsOf(receipts))
    .execute();
}

function idsOf(receipts: readonly ReceiptRow[]): string[] {
  return receipts.map((receipt) => receipt.id);
}

function logReceipts(kernel: Kernel, situation: Situation, plan: Plan): void {
  const now = kernel.ports.clock.now();
  for (const receipt of situation.receipts) {
    kernel.ports.log.info("inbox.done", {
      receipt: receipt.id,
      type: receipt.type,
      object: receipt.object_id,
      lane: receipt.lane,
      by: plan.kind,
      attempts: receipt.attempts,
      version: situation.mirror?.version ?? 0,
      waitedMs: now - receipt.received_at,
    });
  }
}
