// Facts on their way to handlers. A fact is written in the transaction of the transition it tells of, once per
// transition; each handler then has its own attempts, backoff and dead letters. An attempt is counted before the work,
// so a handler that kills its process is out of the way after a few times.
import { hourMs, minuteMs, secondMs } from "#kit/clock.ts";
import type { Ports } from "#kit/ports.ts";
import { backoffMs } from "#kit/retry.ts";
import type { Fact, FactType } from "../api.ts";
import type { News } from "./manifest.ts";
import { derivedId } from "./operation_keys.ts";
import type { BillingSql, BillingTx } from "./schema.ts";

/** With the backoff below, about three days: a long weekend of a broken handler loses nothing. */
export const deliveryAttemptsMax = 30;
const deliveryBackoff = { baseMs: 2 * secondMs, capMs: 4 * hourMs };
/** A handler may take this long before another worker believes that it died. */
export const deliveryLeaseMs = 2 * minuteMs;
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
  /** When the next delivery is due, if any. */
  nextAt(): Promise<number | null>;
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

export function createOutbox(input: { sql: BillingSql; ports: Ports }): Outbox {
  const { sql, ports } = input;
  const { clock } = ports;
  const random = ports.random("outbox");
  const handlers = new Map<string, Handler>();
  const unregistered = new Set<string>();

  async function claim() {
    const now = clock.now();
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
      const claimed = [];
      for (const delivery of due) {
        const taken = await tx
          .updateTable("deliveries")
          .set((eb) => ({ attempts: eb("attempts", "+", 1), until: now + deliveryLeaseMs }))
          .where("fact", "=", delivery.fact)
          .where("handler", "=", delivery.handler)
          .where("state", "=", "open")
          .where("until", "<=", now)
          .executeTakeFirst();
        if (taken.numUpdatedRows === 1n) claimed.push({ ...delivery, attempts: delivery.attempts + 1 });
      }
      return claimed;
    });
  }

  async function deliver(delivery: Awaited<ReturnType<typeof claim>>[number]): Promise<void> {
    const fact = {
      id: delivery.fact,
      type: delivery.type as FactType,
      occurredAt: new Date(delivery.occurred_at),
      data: JSON.parse(delivery.data) as Fact["data"],
    };
    let error: string | null = null;
    try {
      await handlers.get(delivery.handler)?.handle(fact);
    } catch (thrown) {
      error = thrown instanceof Error ? thrown.message : String(thrown);
    }
    const now = clock.now();
    const isDead = error !== null && delivery.attempts >= deliveryAttemptsMax;
    const state = error === null ? "done" : isDead ? "dead" : "open";
    const waitMs = state === "open" ? secondMs + backoffMs({ attempt: delivery.attempts, ...deliveryBackoff, random }) : 0;
    await sql.write("outbox.delivered", async (tx) => {
      await tx
        .updateTable("deliveries")
        .set({ state, error, until: 0, next_at: now + waitMs, ended_at: state === "open" ? null : now })
        .where("fact", "=", delivery.fact)
        .where("handler", "=", delivery.handler)
        .where("attempts", "=", delivery.attempts)
        .execute();
    });
    const line = { factId: fact.id, type: fact.type, subject: delivery.subject, handler: delivery.handler };
    const fields = { ...line, attempt: delivery.attempts, state };
    if (error === null) ports.log.info("outbox.delivered", fields);
    else ports.log.warn("outbox.failed", { ...fields, error, nextAt: state === "open" ? now + waitMs : null });
  }

  return {
    add(handler) {
      handlers.set(handler.id, handler);
      unregistered.add(handler.id);
    },
    remove(id) {
      handlers.delete(id);
    },
    async register() {
      if (unregistered.size === 0) return;
      const ids = [...unregistered];
      const since = clock.now();
      await sql.write("outbox.register", async (tx) => {
        for (const id of ids) {
          const types = handlers.get(id)?.types ?? [];
          for (const type of types === "*" ? ["*"] : types) {
            await tx
              .insertInto("handlers")
              .values({ id, type, since })
              .onConflict((conflict) => conflict.columns(["id", "type"]).doNothing())
              .execute();
          }
        }
      });
      for (const id of ids) unregistered.delete(id);
    },
    async work() {
      const claimed = await claim();
      for (const delivery of claimed) await deliver(delivery);
      return claimed.length;
    },
    async nextAt() {
      const ids = [...handlers.keys()];
      if (ids.length === 0) return null;
      const row = await sql.read("outbox.next", (reader) =>
        reader
          .selectFrom("deliveries")
          .select((eb) => [eb.fn.min("next_at").as("next_at"), eb.fn.max("until").as("until")])
          .where("state", "=", "open")
          .where("handler", "in", ids)
          .executeTakeFirst(),
      );
      return row?.next_at ?? null;
    },
  };
}
