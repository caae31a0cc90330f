// Facts on their way to handlers. A fact is written in the transaction of the transition it tells of, once per
// transition; each handler then has its own attempts, backoff and dead letters. An attempt is counted before the work,
// so a handler that kills its process is out of the way after a few times.
import { hourMs, minuteMs, secondMs } from "#kit/clock.ts";
import type { Ports } from "#kit/ports.ts";
import type { Random } from "#kit/random.ts";
import { backoffMs } from "#kit/retry.ts";
import type { Fact, FactType } from "../api.ts";
import type { News } from "./manifest.ts";
import { derivedId } from "./operation_keys.ts";
import type { BillingSql, BillingTx } from "./schema.ts";

/** With the backoff below, about three days: a long weekend of a broken handler loses nothing. */
export const deliveryAttemptsMax = 30;
const deliveryBackoff = { baseMs: 2 * secondMs, capMs: 4 * hourMs };
/** What a crash costs: the next worker takes over this much later. A living one prolongs while it works. */
export const deliveryLeaseMs = 9 * secondMs;
/** A handler that takes longer hangs; its lease is prolonged no more, and another worker may try. */
const handlerMaxMs = 2 * minuteMs;
/** Taken at a time; small, because they are worked one after the other. */
const claimMax = 20;

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
  /** Delivers what is due; answers how many were. */
  work(): Promise<number>;
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
    .onConflict((conflict) => conflict.column("transition").doNothing())
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
  readonly random: Random;
  readonly handlers: Map<string, Handler>;
  readonly unregistered: Set<string>;
}

export function createOutbox({ sql, ports }: { sql: BillingSql; ports: Ports }): Outbox {
  const box: Box = { sql, ports, random: ports.random("outbox"), handlers: new Map(), unregistered: new Set() };
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
    async work() {
      const claimed = await claim(box);
      if (claimed.length > 0) await deliverAll(box, claimed);
      return claimed.length;
    },
  };
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
  /** This one included. */
  readonly attempts: number;
  readonly type: string;
  readonly subject: string;
  readonly data: string;
  readonly occurred_at: number;
}

/** Takes what is due under a lease and counts the attempt, before any of it is worked. */
async function claim({ sql, ports, handlers }: Box): Promise<Claimed[]> {
  const now = ports.clock.now();
  const ids = [...handlers.keys()];
  if (ids.length === 0) return [];
  return sql.write("outbox.claim", async (tx) => {
    const due = await tx
      .selectFrom("deliveries")
      .innerJoin("facts", "facts.id", "deliveries.fact")
      .select(["fact", "handler", "attempts", "type", "subject", "data", "occurred_at"])
      .where("deliveries.state", "=", "open")
      .where("next_at", "<=", now)
      .where("until", "<=", now)
      .where("handler", "in", ids)
      .orderBy("next_at")
      .orderBy("occurred_at")
      .orderBy("fact")
      .orderBy("handler")
      .limit(claimMax)
      .execute();
    const claimed: Claimed[] = [];
    for (const delivery of due) {
      const attempts = delivery.attempts + 1;
      const taken = await tx
        .updateTable("deliveries")
        .set({ attempts, until: now + deliveryLeaseMs })
        .where("fact", "=", delivery.fact)
        .where("handler", "=", delivery.handler)
        .where("state", "=", "open")
        .where("attempts", "=", delivery.attempts)
        .where("until", "<=", now)
        .executeTakeFirst();
      if (taken.numUpdatedRows === 1n) claimed.push({ ...delivery, attempts });
    }
    return claimed;
  });
}

/** One after the other, holding the leases of those that are not worked yet. */
async function deliverAll(box: Box, claimed: readonly Claimed[]): Promise<void> {
  const { clock, run } = box.ports;
  const work = { open: new Set(claimed), begunAt: clock.now() };
  const holding = run("billing.outbox.hold", (signal) => hold(box, work, signal));
  try {
    for (const delivery of claimed) {
      work.begunAt = clock.now();
      await deliver(box, delivery);
      work.open.delete(delivery);
    }
  } finally {
    holding.stop();
  }
}

async function hold(
  { sql, ports }: Box,
  work: { readonly open: ReadonlySet<Claimed>; readonly begunAt: number },
  signal: AbortSignal,
): Promise<void> {
  for (;;) {
    await ports.clock.sleep(deliveryLeaseMs / 3, signal);
    const now = ports.clock.now();
    if (signal.aborted || now - work.begunAt > handlerMaxMs) return;
    try {
      await sql.write("outbox.hold", async (tx) => {
        for (const { fact, handler, attempts } of work.open) {
          await tx
            .updateTable("deliveries")
            .set({ until: now + deliveryLeaseMs })
            .where("fact", "=", fact)
            .where("handler", "=", handler)
            .where("attempts", "=", attempts)
            .where("state", "=", "open")
            .where("until", ">", 0)
            .execute();
        }
      });
    } catch (error) {
      // Another worker may then deliver the same fact under the same id, which a handler must bear anyway.
      ports.log.warn("outbox.hold_failed", { error });
    }
  }
}

async function deliver(box: Box, delivery: Claimed): Promise<void> {
  const { sql, ports, handlers } = box;
  const error = await handle(handlers.get(delivery.handler), delivery);
  const now = ports.clock.now();
  const isDead = error !== null && delivery.attempts >= deliveryAttemptsMax;
  const state = error === null ? "done" : isDead ? "dead" : "open";
  const backoff = backoffMs({ attempt: delivery.attempts, ...deliveryBackoff, random: box.random });
  const nextAt = state === "open" ? now + secondMs + backoff : now;
  await sql.write("outbox.delivered", async (tx) => {
    await tx
      .updateTable("deliveries")
      .set({ state, error, until: 0, next_at: nextAt, ended_at: state === "open" ? null : now })
      .where("fact", "=", delivery.fact)
      .where("handler", "=", delivery.handler)
      .where("attempts", "=", delivery.attempts)
      .execute();
  });
  const { fact, type, subject, handler, attempts } = delivery;
  const fields = { fact, type, subject, handler, attempts, state };
  if (error === null) ports.log.info("outbox.delivered", fields);
  else ports.log.warn("outbox.failed", { ...fields, error, nextAt: state === "open" ? nextAt : null });
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
