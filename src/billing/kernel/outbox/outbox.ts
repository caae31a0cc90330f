// Facts on their way to handlers. A fact is written in the transaction of the transition it tells of, once per
// transition; each handler then has its own attempts, backoff and dead letters. An attempt is counted when it begins,
// so a handler that kills its process is out of the way after its attempts, and what was taken beside it has lost none.
// Handlers are worked side by side, the facts of one handler one after the other.
import { hourMs, minuteMs, secondMs } from "#kit/clock.ts";
import type { Ports } from "#kit/ports.ts";
import { backoffMs } from "#kit/retry.ts";
import type { Fact, FactType } from "../../api.ts";
import { derivedId } from "../contract/identity.ts";
import type { News } from "../contract/manifest.ts";
import type { BillingSql, BillingTx, DeliveryRow } from "../store/schema.ts";

/** With the backoff below, about three days: a long weekend of a broken handler loses nothing. */
export const deliveryAttemptsMax = 30;
const deliveryBackoff = { baseMs: 2 * secondMs, capMs: 4 * hourMs };
/** What a crash costs: the next worker takes over this much later. A living one prolongs while it works. */
export const deliveryLeaseMs = 9 * secondMs;
/** A handler that takes longer hangs: it counts as failed, and is tried again like any other. */
export const handlerMaxMs = 2 * minuteMs;
/** Taken at a time for one handler; small, because they are worked one after the other. */
const claimMax = 20;
/** Handlers worked side by side in this process: a slow URL holds up nobody but itself. */
export const handlersAtOnceMax = 8;
/** While deliveries are under way, what became due for other handlers is looked for at least this often. */
const lookAgainMs = secondMs;

/** The facts that leave: everything else of the news stays inside. */
export const publicFactTypes: ReadonlySet<string> = new Set<FactType>([
  "order.paid",
  "order.authorized",
  "order.processing",
  "order.action_required",
  "order.failed",
  "order.canceled",
  "order.refunded",
  "refund.succeeded",
  "refund.failed",
]);

export interface Handler {
  /** Stable over restarts: attempts and results are remembered under it. */
  readonly id: string;
  readonly types: readonly FactType[] | "*";
  handle(fact: Fact): Promise<void> | void;
}

export interface Outbox {
  add(handler: Handler): void;
  remove(id: string): void;
  /** Writes down who wants what, before anything can happen that they want. */
  register(): Promise<void>;
  /**
   * Begins to deliver what is due and waits for the first end, or until there may be more to begin. Answers 0 only when
   * nothing is due and nothing is under way.
   */
  work(): Promise<number>;
  /** When the next delivery to a handler of this process is due; null without one. */
  nextAt(): Promise<number | null>;
  /** Lets what is being handled end, and gives back what was taken and not begun. */
  rest(): Promise<void>;
}

/** Writes one fact and files it for everybody who wants it. False when this transition was told before. */
export async function writeFact(tx: BillingTx, news: News, now: number): Promise<boolean> {
  const id = derivedId("fact", `${news.type}|${news.subject}|${news.transition}`);
  const inserted = await tx
    .insertInto("facts")
    .values({
      id,
      type: news.type,
      subject: news.subject,
      transition: `${news.type}|${news.subject}|${news.transition}`,
      data: JSON.stringify(news.data),
      occurred_at: now,
    })
    .onConflict((conflict) => conflict.doNothing()) // By id or by transition: the id follows from it.
    .executeTakeFirst();
  if (inserted.numInsertedOrUpdatedRows !== 1n) return false;
  const wanting = await tx
    .selectFrom("handlers")
    .select("id")
    .distinct()
    .where("type", "in", [news.type, "*"])
    .orderBy("id")
    .execute();
  for (const handler of wanting) {
    await tx
      .insertInto("deliveries")
      .values({ ...freshDelivery, fact: id, handler: handler.id, next_at: now })
      .execute();
  }
  return true;
}

const freshDelivery = { state: "open", attempts: 0, until: 0, error: null, ended_at: null } as const;

interface Box {
  readonly sql: BillingSql;
  readonly ports: Ports;
  readonly handlers: Map<string, Handler>;
  readonly unregistered: Set<string>;
  /** By handler: what is under way in this process. */
  readonly busy: Map<string, Lane>;
  /** Of lanes: the next work() throws them, so that the worker says so and waits a little. */
  readonly failures: unknown[];
}

/** The deliveries of one handler that were taken together. */
interface Lane {
  readonly ended: Promise<void>;
  isStopping: boolean;
}

export function createOutbox({ sql, ports }: { sql: BillingSql; ports: Ports }): Outbox {
  const box: Box = { sql, ports, handlers: new Map(), unregistered: new Set(), busy: new Map(), failures: [] };
  return {
    add(handler) {
      box.handlers.set(handler.id, handler);
      box.unregistered.add(handler.id);
    },
    remove(id) {
      box.handlers.delete(id);
      box.unregistered.delete(id);
    },
    register: () => register(box),
    work: () => work(box),
    nextAt: () => nextAt(box),
    async rest() {
      const lanes = [...box.busy.values()];
      for (const lane of lanes) lane.isStopping = true;
      await Promise.all(lanes.map((lane) => lane.ended));
    },
  };
}

async function work(box: Box): Promise<number> {
  const failure = box.failures.splice(0).at(0);
  if (failure !== undefined) throw failure;
  const claimed = await claim(box);
  for (const [handler, deliveries] of Map.groupBy(claimed, (delivery) => delivery.handler)) {
    beginLane(box, handler, deliveries);
  }
  if (box.busy.size === 0) return 0;
  const waiting = new AbortController();
  const more = box.sql.wake.next("outbox", lookAgainMs, waiting.signal);
  await Promise.race([more, ...[...box.busy.values()].map((lane) => lane.ended)]);
  waiting.abort();
  return Math.max(claimed.length, 1);
}

async function nextAt({ sql, handlers }: Box): Promise<number | null> {
  if (handlers.size === 0) return null;
  const first = await sql.read("outbox.next", (reader) =>
    reader
      .selectFrom("deliveries")
      .select((eb) => eb.fn.min("next_at").as("next_at"))
      .where("state", "=", "open")
      .where("handler", "in", [...handlers.keys()])
      .executeTakeFirst(),
  );
  return first?.next_at ?? null;
}

async function register({ sql, ports, handlers, unregistered }: Box): Promise<void> {
  if (unregistered.size === 0) return;
  const ids = [...unregistered];
  const since = ports.clock.now();
  const rows = ids.flatMap((id) => {
    const types = handlers.get(id)?.types ?? [];
    return (types === "*" ? ["*"] : types).map((type) => ({ id, type, since }));
  });
  await sql.write("outbox.register", async (tx) => {
    for (const row of rows) {
      await tx
        .insertInto("handlers")
        .values(row)
        .onConflict((conflict) => conflict.columns(["id", "type"]).doNothing())
        .execute();
    }
  });
  for (const id of ids) unregistered.delete(id);
}

interface Claimed {
  readonly fact: string;
  readonly handler: string;
  /** Begun before this one. */
  readonly attempts: number;
  /** Of the first that was taken for a handler, which is begun with the taking. */
  readonly begun?: Begun;
  readonly type: string;
  readonly subject: string;
  readonly data: string;
  readonly occurred_at: number;
}

/** Takes what is due for idle handlers under a lease, before any of it is worked. */
async function claim({ sql, ports, handlers, busy }: Box): Promise<Claimed[]> {
  const now = ports.clock.now();
  const idle = [...handlers.keys()].filter((id) => !busy.has(id));
  const free = handlersAtOnceMax - busy.size;
  if (idle.length === 0 || free <= 0) return [];
  const due = await sql.read("outbox.due", (reader) =>
    reader
      .selectFrom("deliveries")
      .select((eb) => ["handler", eb.fn.min("next_at").as("next_at")])
      .where("state", "=", "open")
      .where("next_at", "<=", now)
      .where("until", "<=", now)
      .where("handler", "in", idle)
      .groupBy("handler")
      .orderBy("next_at")
      .orderBy("handler")
      .limit(free)
      .execute(),
  );
  // Two callers may have read at once: what has become busy meanwhile is not taken a second time.
  const wanted = due.map(({ handler }) => handler).filter((handler) => !busy.has(handler));
  if (wanted.length === 0) return [];
  return sql.write("outbox.claim", async (tx) => {
    const claimed: Claimed[] = [];
    for (const handler of wanted) {
      const taken = await claimOf(tx, handler, now);
      const [first, ...rest] = taken;
      if (first) claimed.push({ ...first, begun: await begin(ports, tx, first) }, ...rest);
    }
    return claimed;
  });
}

async function claimOf(tx: BillingTx, handler: string, now: number): Promise<Claimed[]> {
  const due = await tx
    .selectFrom("deliveries")
    .innerJoin("facts", "facts.id", "deliveries.fact")
    .select(["fact", "handler", "attempts", "type", "subject", "data", "occurred_at"])
    .where("deliveries.state", "=", "open")
    .where("next_at", "<=", now)
    .where("until", "<=", now)
    .where("handler", "=", handler)
    .orderBy("next_at")
    .orderBy("occurred_at")
    .orderBy("fact")
    .limit(claimMax)
    .execute();
  const claimed: Claimed[] = [];
  for (const delivery of due) {
    const taken = await tx
      .updateTable("deliveries")
      .set({ until: now + deliveryLeaseMs })
      .where("fact", "=", delivery.fact)
      .where("handler", "=", delivery.handler)
      .where("state", "=", "open")
      .where("attempts", "=", delivery.attempts)
      .where("until", "<=", now)
      .executeTakeFirst();
    if (taken.numUpdatedRows === 1n) claimed.push(delivery);
  }
  return claimed;
}

/** Starts in the order given; a second lane of one handler, begun by two callers at once, follows the first. */
function beginLane(box: Box, handler: string, claimed: readonly Claimed[]): void {
  const before = box.busy.get(handler)?.ended;
  const running = box.ports.run("billing.outbox.lane", async () => {
    await before;
    try {
      await deliverAll(box, lane, claimed);
    } catch (error) {
      box.failures.push(error);
    }
    if (box.busy.get(handler) === lane) box.busy.delete(handler);
  });
  const lane: Lane = { ended: running.stopped, isStopping: false };
  box.busy.set(handler, lane);
}

/**
 * One after the other, holding the leases of those that are not done yet. The end of one and the beginning of the next
 * are one transaction, so that counting an attempt before it begins costs none of its own.
 */
async function deliverAll(box: Box, lane: Lane, claimed: readonly Claimed[]): Promise<void> {
  const open = new Map(claimed.map((delivery) => [delivery, delivery.attempts]));
  const holding = box.ports.run("billing.outbox.hold", (signal) => hold(box, open, signal));
  const waiting = [...claimed];
  try {
    let current = waiting.shift();
    let begun = current?.begun;
    while (current && begun) {
      if (begun.kind === "attempt") open.set(current, begun.attempt);
      const end = begun.kind === "attempt" ? await deliver(box, current, begun.attempt) : undefined;
      const next = lane.isStopping ? undefined : waiting.shift();
      const nextBegun = await box.sql.write("outbox.delivered", async (tx) => {
        if (end) await writeEnd(tx, end);
        return next && (await begin(box.ports, tx, next));
      });
      logEnd(box.ports, current, begun, end);
      open.delete(current);
      current = next;
      begun = nextBegun;
    }
    if (open.size > 0) await setLeases(box, open, 0);
  } finally {
    holding.stop();
  }
}

/** lost: another worker has begun it since. dead: it ended the process during each of its attempts. */
type Begun = { readonly kind: "attempt"; readonly attempt: number } | { readonly kind: "lost" | "dead" };

/** Counts the attempt and puts the next one off, before the handler can end the process. */
async function begin(ports: Ports, tx: BillingTx, delivery: Claimed): Promise<Begun> {
  const { fact, handler, attempts } = delivery;
  const now = ports.clock.now();
  const isDead = attempts >= deliveryAttemptsMax;
  const attempt = attempts + 1;
  const changes = isDead
    ? ({ state: "dead", error: killedEachTime, until: 0, ended_at: now } as const)
    : { attempts: attempt, until: now + deliveryLeaseMs, next_at: now + waitMs(ports, delivery, attempt) };
  const begun = await tx
    .updateTable("deliveries")
    .set(changes)
    .where("fact", "=", fact)
    .where("handler", "=", handler)
    .where("state", "=", "open")
    .where("attempts", "=", attempts)
    .executeTakeFirst();
  if (begun.numUpdatedRows !== 1n) return { kind: "lost" };
  return isDead ? { kind: "dead" } : { kind: "attempt", attempt };
}

const killedEachTime = "Its process ended during each of its attempts";

/** A stream per attempt: handlers end in any order, and each waits as long as it would have alone. */
function waitMs(ports: Ports, { fact, handler }: Claimed, attempt: number): number {
  const random = ports.random(`outbox ${fact} ${handler} ${attempt}`);
  return secondMs + backoffMs({ attempt, ...deliveryBackoff, random });
}

async function hold({ sql, ports }: Box, open: Open, signal: AbortSignal): Promise<void> {
  for (;;) {
    await ports.clock.sleep(deliveryLeaseMs / 3, signal);
    if (signal.aborted) return;
    try {
      await setLeases({ sql }, open, ports.clock.now() + deliveryLeaseMs);
    } catch (error) {
      // Another worker may then deliver the same fact under the same id, which a handler must bear anyway.
      ports.log.warn("outbox.hold_failed", { error });
    }
  }
}

/** What is not done yet, with its attempts so far. */
type Open = ReadonlyMap<Claimed, number>;

/** Moves the end of the leases that are still ours: on while they are worked, to 0 for what is given back. */
async function setLeases({ sql }: Pick<Box, "sql">, open: Open, until: number): Promise<void> {
  const held = [...open];
  await sql.write("outbox.lease", async (tx) => {
    for (const [{ fact, handler }, attempts] of held) {
      await tx
        .updateTable("deliveries")
        .set({ until })
        .where("fact", "=", fact)
        .where("handler", "=", handler)
        .where("attempts", "=", attempts)
        .where("state", "=", "open")
        .where("until", ">", 0)
        .execute();
    }
  });
}

interface End {
  readonly delivery: Claimed;
  readonly attempts: number;
  readonly state: DeliveryRow["state"];
  readonly error: string | null;
  readonly now: number;
  readonly nextAt: number;
}

async function deliver({ ports, handlers }: Box, delivery: Claimed, attempts: number): Promise<End> {
  const error = await inTime(ports.clock, handle(handlers.get(delivery.handler), delivery));
  const now = ports.clock.now();
  const isDead = error !== null && attempts >= deliveryAttemptsMax;
  const state = error === null ? "done" : isDead ? "dead" : "open";
  const nextAt = state === "open" ? now + waitMs(ports, delivery, attempts) : now;
  return { delivery, attempts, state, error, now, nextAt };
}

async function writeEnd(tx: BillingTx, { delivery, attempts, state, error, now, nextAt }: End): Promise<void> {
  await tx
    .updateTable("deliveries")
    .set({ state, error, until: 0, next_at: nextAt, ended_at: state === "open" ? null : now })
    .where("fact", "=", delivery.fact)
    .where("handler", "=", delivery.handler)
    .where("attempts", "=", attempts)
    .execute();
}

function logEnd({ log }: Ports, delivery: Claimed, begun: Begun, end: End | undefined): void {
  const { fact, type, subject, handler } = delivery;
  const fields = { fact, type, subject, handler, attempts: end?.attempts ?? delivery.attempts };
  if (begun.kind === "dead") log.warn("outbox.failed", { ...fields, state: "dead", error: killedEachTime });
  if (!end) return;
  const { state, error, nextAt } = end;
  if (error === null) log.info("outbox.delivered", { ...fields, state });
  else log.warn("outbox.failed", { ...fields, state, error, nextAt: state === "open" ? nextAt : null });
}

async function inTime(clock: Ports["clock"], handling: Promise<string | null>): Promise<string | null> {
  const handled = new AbortController();
  const hangs = clock.sleep(handlerMaxMs, handled.signal).then(() => `It took over ${handlerMaxMs / secondMs} s`);
  const error = await Promise.race([handling, hangs]);
  handled.abort();
  return error;
}

/** What the handler threw, as text, or null. */
async function handle(handler: Handler | undefined, delivery: Claimed): Promise<string | null> {
  if (!handler) return "The handler was removed";
  const type = delivery.type as FactType;
  const data = JSON.parse(delivery.data) as Fact["data"];
  try {
    await handler.handle({ id: delivery.fact, type, occurredAt: new Date(delivery.occurred_at), data });
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
