// The outbox without the rest: facts are written by the test, and handed over by two workers on one database.
import assert from "node:assert/strict";
import { hourMs, secondMs } from "#kit/clock.ts";
import { countWaiting, type DatabaseWorld, onEachDatabase } from "#kit/sql/testing.ts";
import { startWorld, type World } from "../../testing/index.ts";
import type { News } from "../contract/reacting.ts";
import type { BillingSql, BillingTables, DeliveryRow } from "../store/tables.ts";
import { type Box, begin, claim, deliveryAttemptsMax, deliveryLeaseMs, type Handler, setLeases } from "./claim.ts";
import { createOutbox, type Outbox, writeFacts } from "./outbox.ts";

const on = onEachDatabase<BillingTables>;

interface Shop {
  readonly world: World;
  readonly sql: BillingSql;
  readonly outbox: Outbox;
  /** Of order.paid, what the handler "shop" was handed: the numbers of the orders. */
  readonly handed: string[];
  now(): number;
  /** Writes that these orders were paid. Answers those that were new. */
  pay(...orders: readonly string[]): Promise<string[]>;
  rows(): Promise<Pick<DeliveryRow, "handler" | "state" | "attempts" | "until" | "error">[]>;
  close(): Promise<void>;
}

function paid(order: string, transition = order): News<"order.paid"> {
  const data = { orderId: order, amount: { amount: 2500, currency: "eur" }, paymentIntentId: "pi_1" };
  return { type: "order.paid", subject: order, transition, data };
}

async function startShop({ url, open }: Pick<DatabaseWorld<BillingTables>, "url" | "open">): Promise<Shop> {
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
          .select(["handler", "state", "attempts", "until", "error"])
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

function orderOf({ data }: Parameters<Handler["handle"]>[0]): string {
  return (data as { orderId: string }).orderId;
}

/** Works until nothing is due. */
async function drain({ world, outbox }: Shop): Promise<void> {
  while ((await world.run(outbox.work())) > 0);
}

/** What claim() takes for a handler of another process. */
function boxOf({ sql, world }: Shop, ids: readonly string[] = ["shop"]): Box {
  const handlers = new Map(ids.map((id) => [id, { id, types: "*", handle: () => undefined } as const]));
  return { sql, ports: world.ports, handlers, unregistered: new Set(), busy: new Map(), failures: [] };
}

on("a transition is one fact, however often it is seen, and the first telling counts", async (database) => {
  const shop = await startShop(database);
  assert.deepEqual(await shop.pay("1", "2"), ["1", "2"]);
  assert.deepEqual(await shop.pay("2", "3"), ["3"]);
  const twice = [paid("4", "pi_1"), paid("4", "pi_2"), { ...paid("4", "pi_1"), data: paid("nobody").data }];
  assert.equal((await shop.sql.write("twice", (tx) => writeFacts(tx, twice, 0))).length, 2);
  assert.deepEqual(await shop.sql.write("none", (tx) => writeFacts(tx, [], 0)), []);
  await drain(shop);
  assert.deepEqual(shop.handed.sort(), ["1", "2", "3", "4", "4"]);
  await shop.close();
});

on("each handler is handed what it wants, once, and nothing else", async (database) => {
  const shop = await startShop(database);
  const all: string[] = [];
  const refunded: string[] = [];
  shop.outbox.add({ id: "all", types: "*", handle: (fact) => void all.push(orderOf(fact)) });
  shop.outbox.add({
    id: "all",
    types: ["order.paid", "order.refunded"],
    handle: (fact) => void all.push(orderOf(fact)),
  });
  await shop.outbox.register();
  shop.outbox.add({ id: "all", types: "*", handle: (fact) => void all.push(orderOf(fact)) });
  shop.outbox.add({ id: "refunds", types: ["order.refunded"], handle: (fact) => void refunded.push(orderOf(fact)) });
  shop.outbox.add({ id: "star", types: "*", handle: () => undefined });
  await shop.outbox.register();
  await shop.pay("1");
  await drain(shop);
  assert.deepEqual([shop.handed, all, refunded], [["1"], ["1"], []]);
  assert.deepEqual(shop.outbox.handlers(), ["shop", "all", "refunds", "star"]);
  assert.deepEqual(
    (await shop.rows()).map(({ handler, state }) => `${handler} ${state}`),
    ["all done", "shop done", "star done"],
  );
  await shop.close();
});

on("what is not due is left, and so is what another worker holds, until its lease is over", async (database) => {
  const shop = await startShop(database);
  const { now, sql } = shop;
  await shop.pay("1");
  const change = (changes: Partial<DeliveryRow>) =>
    sql.write("change", async (tx) => void (await tx.updateTable("deliveries").set(changes).execute()));
  const taken = async () => (await shop.world.run(claim(boxOf(shop)))).length;
  const fresh = { state: "open", attempts: 0, next_at: now(), until: 0 } as const;
  for (const [changes, count] of [
    [{ next_at: now() + 1 }, 0],
    [{ until: now() + 1 }, 0],
    [{ state: "done" }, 0],
    [{ state: "dead" }, 0],
    [{ until: now() }, 1],
    [{}, 1],
  ] as const) {
    await change({ ...fresh, ...changes });
    assert.equal(await taken(), count, JSON.stringify(changes));
  }
  const [held] = await shop.rows();
  assert.deepEqual([held?.until, held?.attempts], [now() + deliveryLeaseMs, 1], "it is held, and its attempt counted");
  assert.equal(await taken(), 0);
  await shop.close();
});

on("what is due is taken oldest first, twenty at a time, and what has ended is in nobody's way", async (database) => {
  const shop = await startShop(database);
  const orders = Array.from({ length: 21 }, (_, n) => String(n).padStart(2, "0"));
  for (const order of orders.toReversed()) {
    await shop.pay(order);
    await shop.world.advance(1);
  }
  const taken = async () => (await shop.world.run(claim(boxOf(shop)))).map(({ subject }) => subject);
  const claimed = await shop.world.run(claim(boxOf(shop)));
  assert.deepEqual(
    claimed.map(({ subject }) => subject),
    orders.toReversed().slice(0, 20),
  );
  assert.deepEqual(
    claimed.map(({ begun }) => begun?.kind),
    ["attempt", ...Array.from({ length: 19 }, () => undefined)],
    "only the first is begun",
  );
  const [last, ...held] = await shop.rows();
  assert.equal(last?.until, 0, "what is beyond them is anybody's");
  assert.ok(held.every(({ until }) => until === shop.now() + deliveryLeaseMs));
  for (const ended of [{ until: shop.now() + 1 }, { state: "done" }, { next_at: shop.now() + 1 }] as const) {
    const fresh = { state: "open", attempts: 0, next_at: 0, until: 0 } as const;
    await shop.sql.write("end", async (tx) => {
      const ofFirst = tx
        .selectFrom("facts")
        .select("id")
        .where("subject", "=", orders[0] as string);
      await tx
        .updateTable("deliveries")
        .set({ ...fresh, ...ended })
        .execute();
      await tx
        .updateTable("deliveries")
        .set({ ...fresh, next_at: shop.now() })
        .where("fact", "in", ofFirst)
        .execute();
    });
    assert.deepEqual(await taken(), [orders[0]], JSON.stringify(ended));
  }
  await shop.close();
});

on("eight handlers are worked at once, and who has nothing due takes none of their places", async (database) => {
  const shop = await startShop(database);
  const names = Array.from({ length: 9 }, (_, n) => `h${n}`);
  for (const id of names) shop.outbox.add({ id, types: ["order.paid"], handle: () => undefined });
  await shop.outbox.register();
  await shop.pay("1");
  const many = boxOf(shop, names);
  const lane = { ended: Promise.resolve(), isStopping: false };
  for (const id of names.slice(0, 2)) many.busy.set(id, lane);
  const taken = async (box: Box) => (await shop.world.run(claim(box))).map(({ handler }) => handler);
  assert.deepEqual(await taken(many), names.slice(2, 8), "two are busy: six are free");
  for (const id of names.slice(2, 8)) many.busy.set(id, lane);
  assert.deepEqual(await taken(many), [], "eight are busy");
  const change = (changes: Partial<DeliveryRow>) =>
    shop.sql.write("change", async (tx) => {
      await tx
        .updateTable("deliveries")
        .set({ until: 0, next_at: 0, ...changes })
        .execute();
      const due = { state: "open", until: 0, next_at: 0, attempts: 0 } as const;
      await tx.updateTable("deliveries").set(due).where("handler", "=", "h8").execute();
    });
  await change({ until: shop.now() + 1 });
  assert.deepEqual(await taken(boxOf(shop, names)), ["h8"], "another worker holds the others'");
  await change({ state: "dead" });
  assert.deepEqual(await taken(boxOf(shop, names)), ["h8"], "the others' have ended");
  await shop.close();
});

on(
  "what another worker takes, ends or puts off at this very moment is not taken here",
  async (database) => {
    const shop = await startShop(database);
    const other = await database.open({ clock: shop.world.ports.clock });
    await shop.pay("1");
    for (const moment of [{ until: shop.now() + 1 }, { next_at: shop.now() + 1 }, { state: "done" }] as const) {
      const fresh = { state: "open", next_at: 0, until: 0 } as const;
      await other.write("fresh", async (tx) => void (await tx.updateTable("deliveries").set(fresh).execute()));
      const begun = Promise.withResolvers<void>();
      const claimed = begun.promise.then(() => claim(boxOf(shop)));
      await other.write("moment", async (tx) => {
        await tx.updateTable("deliveries").set(moment).execute();
        begun.resolve();
        // PostgreSQL lets the other one see what is still due, and stops it at the row that we hold.
        while (database.engine === "postgres" && (await countWaiting(tx)) === 0);
      });
      assert.deepEqual(await shop.world.run(claimed), [], JSON.stringify(moment));
    }
    await shop.close();
  },
  { isAlways: true },
);

on("two that ask at once are not handed the same, nor one handler two facts at a time", async (database) => {
  const shop = await startShop(database);
  let atOnce = 0;
  let most = 0;
  const handle = async (): Promise<void> => {
    most = Math.max(most, ++atOnce);
    await shop.world.ports.clock.sleep(secondMs);
    atOnce--;
  };
  shop.outbox.add({ id: "slow", types: ["order.paid"], handle });
  await shop.outbox.register();
  await shop.pay("1", "2");
  await shop.world.run(Promise.all([shop.outbox.work(), shop.outbox.work()]));
  await shop.pay("3");
  await shop.world.run(Promise.all([shop.outbox.work(), shop.outbox.work()]));
  await drain(shop);
  assert.equal(most, 1);
  assert.deepEqual(shop.handed.sort(), ["1", "2", "3"]);
  assert.ok((await shop.rows()).every(({ state, attempts }) => state === "done" && attempts === 1));
  await shop.close();
});

on(
  "what another worker has begun since it was taken is not begun here, and its end is not written",
  async (database) => {
    const shop = await startShop(database);
    const { sql, world } = shop;
    await shop.pay("1");
    const [delivery] = await world.run(claim(boxOf(shop)));
    assert.ok(delivery);
    const again = () => sql.write("begin", (tx) => begin(world.ports, tx, delivery));
    assert.deepEqual(await again(), { kind: "lost" }, "claim has begun it");
    const worn = { ...delivery, attempts: deliveryAttemptsMax };
    const wear = (attempts: number) =>
      sql.write("wear", async (tx) => void (await tx.updateTable("deliveries").set({ attempts }).execute()));
    await wear(deliveryAttemptsMax - 1);
    const last = { ...delivery, attempts: deliveryAttemptsMax - 1 };
    const begun = await sql.write("last", (tx) => begin(world.ports, tx, last));
    assert.deepEqual(begun, { kind: "attempt", attempt: deliveryAttemptsMax });
    assert.deepEqual(await sql.write("worn", (tx) => begin(world.ports, tx, worn)), { kind: "dead" });
    const [row] = await shop.rows();
    assert.deepEqual([row?.state, row?.until], ["dead", 0]);
    assert.match(row?.error ?? "", /process ended/);
    assert.deepEqual(await sql.write("dead", (tx) => begin(world.ports, tx, worn)), { kind: "lost" }, "it has ended");
    await shop.close();
  },
);

on(
  "at the end what is being handed over ends, and what was taken beside it is given back at once",
  async (database) => {
    const shop = await startShop(database);
    const ended: string[] = [];
    const handle: Handler["handle"] = async (fact) => {
      await shop.world.ports.clock.sleep(2 * secondMs);
      ended.push(orderOf(fact));
    };
    shop.outbox.add({ id: "shop", types: ["order.paid"], handle });
    await shop.pay("1", "2", "3");
    await shop.world.run(shop.outbox.work());
    await shop.world.run(shop.outbox.rest());
    assert.equal(ended.length, 1);
    const states = (await shop.rows()).map(({ state, attempts, until }) => `${state} ${attempts} ${until}`);
    assert.deepEqual(states.sort(), ["done 1 0", "open 0 0", "open 0 0"], "no lease is left, and no attempt was lost");
    await shop.close();
  },
);

on("leases are prolonged while they are worked, also of those that wait behind", async (database) => {
  const shop = await startShop(database);
  const slow: Handler["handle"] = () => shop.world.ports.clock.sleep(deliveryLeaseMs * 3);
  shop.outbox.add({ id: "shop", types: ["order.paid"], handle: slow });
  await shop.pay("1", "2");
  await shop.world.run(shop.outbox.work());
  await shop.world.advance(deliveryLeaseMs * 2);
  assert.ok((await shop.rows()).every(({ until }) => until > shop.now()));
  assert.deepEqual(await shop.world.run(claim(boxOf(shop))), [], "another worker takes neither");
  await shop.world.run(shop.outbox.rest());
  await shop.world.advance(deliveryLeaseMs);
  assert.deepEqual(
    (await shop.rows()).map(({ state, until }) => `${state} ${until}`).sort(),
    ["done 0", "open 0"],
    "nobody prolongs them any more",
  );
  await shop.close();
});

on("a lease is moved only where it is still ours", async (database) => {
  const shop = await startShop(database);
  shop.outbox.add({ id: "other", types: ["order.paid"], handle: () => undefined });
  await shop.outbox.register();
  await shop.pay("1", "2");
  const [delivery] = await shop.world.run(claim(boxOf(shop)));
  assert.ok(delivery);
  const until = async () => {
    await setLeases(shop, new Map([[delivery, 1]]), 99);
    return (await shop.rows()).map((row) => row.until);
  };
  const change = (changes: Partial<DeliveryRow>) =>
    shop.sql.write("change", async (tx) => {
      await tx
        .updateTable("deliveries")
        .set({ state: "open", attempts: 1, until: 7, ...changes })
        .execute();
    });
  await change({});
  const untils = await until();
  assert.deepEqual(untils.toSorted(), [7, 7, 7, 99], "of one fact and one handler");
  await change({ attempts: 2 });
  assert.deepEqual(await until(), [7, 7, 7, 7], "another worker has begun it since");
  await change({ state: "done" });
  assert.deepEqual(await until(), [7, 7, 7, 7], "it has ended");
  await change({ until: 0 });
  assert.deepEqual(await until(), [0, 0, 0, 0], "it was given back");
  await shop.close();
});

on("a handler that was removed is handed nothing; what was taken for it waits for its return", async (database) => {
  const shop = await startShop(database);
  const { outbox, world } = shop;
  const handle: Handler["handle"] = async (fact) => {
    shop.handed.push(orderOf(fact));
    outbox.remove("shop");
  };
  outbox.add({ id: "shop", types: ["order.paid"], handle });
  await shop.pay("1", "2");
  await drain(shop);
  assert.equal(shop.handed.length, 1);
  const open = (await shop.rows()).find(({ state }) => state === "open");
  assert.equal(open?.error, "The handler was removed");
  assert.deepEqual([outbox.handlers(), await outbox.nextAt()], [[], null]);
  await world.advance(hourMs);
  assert.equal(await world.run(outbox.work()), 0);
  outbox.add({ id: "shop", types: ["order.paid"], handle });
  await drain(shop);
  assert.equal(shop.handed.length, 2);
  outbox.add({ id: "never", types: ["order.paid"], handle });
  outbox.remove("never");
  await outbox.register();
  await shop.pay("3");
  assert.ok(
    (await shop.rows()).every(({ handler }) => handler !== "never"),
    "nobody wants it any more",
  );
  await shop.close();
});

on("when the next delivery is due is known, of this process's handlers alone", async (database) => {
  const shop = await startShop(database);
  assert.equal(await shop.outbox.nextAt(), null);
  await shop.pay("1");
  assert.equal(await shop.outbox.nextAt(), shop.now());
  await drain(shop);
  assert.equal(await shop.outbox.nextAt(), null, "what is done is not due");
  const other = createOutbox({ sql: shop.sql, ports: shop.world.ports });
  other.add({ id: "other", types: ["order.paid"], handle: () => undefined });
  await other.register();
  await shop.pay("2");
  await drain(shop);
  assert.equal(await shop.outbox.nextAt(), null, "what is another process's neither");
  await shop.close();
});

on("what a handler throws is kept as text, and the fact comes again, later each time", async (database) => {
  const shop = await startShop(database);
  const { world } = shop;
  shop.outbox.add({ id: "shop", types: ["order.paid"], handle: () => Promise.reject("no Error at all") });
  await shop.pay("1");
  await drain(shop);
  const [row] = await shop.rows();
  assert.deepEqual([row?.state, row?.attempts, row?.until, row?.error], ["open", 1, 0, "no Error at all"]);
  const dueAt = (await shop.outbox.nextAt()) ?? 0;
  assert.ok(dueAt >= shop.now() + secondMs, "not at once");
  await world.advance(dueAt - shop.now() - 1);
  assert.equal(await world.run(shop.outbox.work()), 0);
  await world.advance(1);
  assert.ok((await world.run(shop.outbox.work())) > 0);
  await shop.close();
});

on("a lane that breaks is said by the next work, and holds nobody up after it", async (database) => {
  const shop = await startShop(database);
  const { world } = shop;
  let isBroken = false;
  const random = (stream: string) => {
    if (isBroken) throw new Error("Chance is away");
    return world.ports.random(stream);
  };
  const outbox = createOutbox({ sql: shop.sql, ports: { ...world.ports, random } });
  const handle: Handler["handle"] = (fact) => {
    shop.handed.push(orderOf(fact));
    isBroken = shop.handed.length === 1; // then it is not known when it is to be tried again
    throw new Error("Not now");
  };
  outbox.add({ id: "shop", types: ["order.paid"], handle });
  await shop.pay("1");
  await world.run(outbox.work());
  await world.run(outbox.rest());
  await assert.rejects(world.run(outbox.work()), /Chance is away/);
  isBroken = false;
  await world.advance(hourMs);
  while ((await world.run(outbox.work())) > 0);
  assert.deepEqual(shop.handed, ["1", "1"]);
  await shop.close();
});
