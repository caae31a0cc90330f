// Facts on their way to handlers. A fact is written in the transaction of the transition it tells of, once per
// transition; each handler then has its own attempts, backoff and dead letters.
import { secondMs } from "#kit/clock.ts";
import type { Ports } from "#kit/ports.ts";
import type { Columns } from "#kit/sql/many.ts";
import { createLate } from "#kit/waiting/late.ts";
import { derivedId } from "../contract/identity.ts";
import type { News } from "../contract/reacting.ts";
import { insertion, insertRows, slicesOf } from "../store/many.ts";
import { createPace } from "../store/pace.ts";
import { type BillingSql, type BillingTx, type DeliveryRow, type FactRow, openState } from "../store/tables.ts";
import type { Box, Handler } from "./box.ts";
import { claim, claimMax, handlerMaxMs } from "./claim.ts";
import { beginLane } from "./deliver.ts";
import { settle } from "./ends.ts";

/** While deliveries are under way, what became due for other handlers is looked for at least this often. */
const lookAgainMs = secondMs;

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
  /** The handlers of this process. */
  handlers(): readonly string[];
  /** Lets what is being handled end, and gives back what was taken and not begun. */
  rest(): Promise<void>;
}

/** Writes facts and files them for everybody who wants them. Answers those that were never told before. */
export async function writeFacts(tx: BillingTx, news: readonly News[], now: number): Promise<readonly News[]> {
  const byId = new Map<string, News>();
  for (const one of news) {
    const id = factId(one);
    if (!byId.has(id)) byId.set(id, one); // told twice at once: the first counts
  }
  const rows = [...byId].map(([id, one]) => factRow(id, one, now));
  if (rows.length === 0) return [];
  const inserted = await insertRows(tx, factRows, rows);
  const fresh = rows.filter(({ id }) => inserted.has(id));
  await fileDeliveries(tx, fresh, now);
  return fresh.flatMap(({ id }) => byId.get(id) ?? []);
}

async function fileDeliveries(tx: BillingTx, facts: readonly FactRow[], now: number): Promise<void> {
  const handlers = await tx
    .selectFrom("handlers")
    .select(["id", "type"])
    .where("type", "in", ["*", ...new Set(facts.map(({ type }) => type))])
    .orderBy("id")
    .execute();
  const rows = facts.flatMap((fact) => {
    const wanting = handlers.filter(({ type }) => type === "*" || type === fact.type);
    const ids = [...new Set(wanting.map(({ id }) => id))];
    return ids.map((handler) => ({ ...freshDelivery, fact: fact.id, handler, next_at: now, occurred_at: now }));
  });
  await insertRows(tx, deliveryRows, rows);
}

const factColumns = {
  id: "text",
  type: "text",
  subject: "text",
  transition: "text",
  data: "text",
  occurred_at: "integer",
} as const satisfies Columns<FactRow>;

const factRows = insertion("facts", {
  columns: factColumns,
  key: "id",
  // By id or by transition: the id follows from it.
  resolved: (inserting) => inserting.onConflict((conflict) => conflict.doNothing()),
});

const deliveryColumns = {
  fact: "text",
  handler: "text",
  state: "text",
  attempts: "integer",
  next_at: "integer",
  until: "integer",
  error: "text",
  ended_at: "integer",
  occurred_at: "integer",
} as const satisfies Columns<DeliveryRow>;

const deliveryRows = insertion("deliveries", { columns: deliveryColumns, key: "fact" });

function factId({ type, subject, transition }: News): string {
  return derivedId("fact", `${type}|${subject}|${transition}`);
}

function factRow(id: string, { type, subject, transition, data }: News, now: number): FactRow {
  const told = `${type}|${subject}|${transition}`;
  return { id, type, subject, transition: told, data: JSON.stringify(data), occurred_at: now };
}

const freshDelivery = { state: "open", attempts: 0, until: 0, error: null, ended_at: null } as const;

export function createOutbox({ sql, ports }: { sql: BillingSql; ports: Ports }): Outbox {
  const box: Box = {
    sql,
    ports,
    handlers: new Map(),
    unregistered: new Set(),
    busy: new Map(),
    failures: [],
    pace: createPace(ports.clock, claimMax),
    owed: [],
    late: createLate(ports.clock, handlerMaxMs),
  };
  return {
    add(handler) {
      box.handlers.set(handler.id, handler);
      box.unregistered.add(handler.id);
    },
    remove: (id) => void box.handlers.delete(id),
    register: () => register(box),
    work: () => work(box),
    nextAt: () => nextAt(box),
    handlers: () => [...box.handlers.keys()],
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
  await settle(box);
  const claimed = await claim(box);
  for (const [handler, deliveries] of Map.groupBy(claimed, (delivery) => delivery.handler)) {
    beginLane(box, handler, deliveries);
  }
  if (box.busy.size === 0) return 0;
  const waiting = new AbortController();
  const more = box.sql.wake.next("outbox", lookAgainMs, { signal: waiting.signal });
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
      .where("state", "=", openState)
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
    for (const slice of slicesOf(rows)) {
      await tx
        .insertInto("handlers")
        .values(slice)
        .onConflict((conflict) => conflict.columns(["id", "type"]).doNothing())
        .execute();
    }
  });
  for (const id of ids) unregistered.delete(id);
}
