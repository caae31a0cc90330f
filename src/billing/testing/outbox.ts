// A shop beside the outbox: facts are written by the test, and handed over by two workers on one database.
import type { DatabaseWorld } from "#kit/sql/testing.ts";
import { until } from "#kit/testing.ts";
import { createLate } from "#kit/waiting/late.ts";
import type { News } from "../kernel/contract/reacting.ts";
import type { Box, Handler } from "../kernel/outbox/box.ts";
import { claimMax, handlerMaxMs } from "../kernel/outbox/claim.ts";
import { createOutbox, type Outbox, writeFacts } from "../kernel/outbox/outbox.ts";
import { createPace } from "../kernel/store/pace.ts";
import type { BillingSql, BillingTables, DeliveryRow } from "../kernel/store/tables.ts";
import { startWorld, type World } from "./index.ts";

export interface Shop {
  readonly world: World;
  readonly sql: BillingSql;
  readonly outbox: Outbox;
  /** Of order.paid, what the handler "shop" was handed: the numbers of the orders. */
  readonly handed: string[];
  now(): number;
  /** Writes that these orders were paid. Answers those that were new. */
  pay(...orders: readonly string[]): Promise<string[]>;
  rows(): Promise<Pick<DeliveryRow, "handler" | "state" | "attempts" | "until" | "error" | "ended_at">[]>;
  close(): Promise<void>;
}

export function paid(order: string, transition = order): News<"order.paid"> {
  const data = { orderId: order, amount: { amount: 2500, currency: "eur" }, paymentIntentId: "pi_1" };
  return { type: "order.paid", subject: order, transition, data };
}

export async function startShop({ url, open }: Pick<DatabaseWorld<BillingTables>, "url" | "open">): Promise<Shop> {
  const world = await startWorld({ url, isStarted: false });
  const sql = await open({ clock: world.ports.clock });
  // The world's own recorders want nothing here.
  await sql.write("alone", async (tx) => void (await tx.deleteFrom("handlers").execute()));
  const outbox = createOutbox({ sql, ports: world.ports });
  const handed: string[] = [];
  outbox.add({ id: "shop", types: ["order.paid"], handle: (fact) => void handed.push(orderOf(fact)) });
  await outbox.register();
  const now = () => world.ports.clock.now();
  return {
    world,
    sql,
    outbox,
    handed,
    now,
    async pay(...orders) {
      const news = orders.map((order) => paid(order));
      const fresh = await sql.write("pay", (tx) => writeFacts(tx, news, now()));
      return fresh.map(({ subject }) => subject);
    },
    rows: () =>
      sql.read("rows", (reader) =>
        reader
          .selectFrom("deliveries")
          .innerJoin("facts", "facts.id", "deliveries.fact")
          .select(["handler", "state", "attempts", "until", "error", "ended_at"])
          .orderBy("subject")
          .orderBy("handler")
          .execute(),
      ),
    async close() {
      await world.run(outbox.rest());
      await world.close();
    },
  };
}

export function orderOf({ data }: Parameters<Handler["handle"]>[0]): string {
  return (data as { orderId: string }).orderId;
}

/** Works until nothing is due. */
export async function drain({ world, outbox }: Shop): Promise<void> {
  await until("nothing more to be handed over", async () => (await world.run(outbox.work())) === 0);
}

/** What claim() takes for a handler of another process. */
export function boxOf({ sql, world }: Shop, ids: readonly string[] = ["shop"]): Box {
  const handlers = new Map(ids.map((id) => [id, { id, types: "*", handle: () => undefined } as const]));
  const late = createLate(world.ports.clock, handlerMaxMs);
  const pace = createPace(world.ports.clock, claimMax);
  const own = { unregistered: new Set<string>(), busy: new Map(), failures: [], owed: [] };
  return { sql, ports: world.ports, handlers, late, pace, ...own };
}
