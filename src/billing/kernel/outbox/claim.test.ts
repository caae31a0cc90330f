// The outbox without the rest: what is filed, and what is taken by whom.
import assert from "node:assert/strict";
import { secondMs } from "#kit/clock.ts";
import type { Faults } from "#kit/sql/engine.ts";
import { countWaiting, onEachDatabase } from "#kit/sql/testing.ts";
import { until } from "#kit/testing.ts";
import { boxOf, drain, orderOf, paid, startShop } from "../../testing/outbox.ts";
import type { BillingTables, BillingTx, DeliveryRow } from "../store/tables.ts";
import type { Box, Claimed } from "./box.ts";
import { begin, claim, claimMax, deliveryAttemptsMax, deliveryLeaseMs, setLeases, unended } from "./claim.ts";
import { createOutbox, writeFacts } from "./outbox.ts";

const on = onEachDatabase<BillingTables>;

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
  assert.deepEqual([held?.until, held?.attempts], [now() + deliveryLeaseMs, 0], "it is held, which says that it began");
  assert.equal(await taken(), 0);
  await shop.close();
});

on(
  "what is due is taken oldest first, a limited number at a time, and what has ended is in nobody's way",
  async (database) => {
    const shop = await startShop(database);
    const orders = Array.from({ length: claimMax + 1 }, (_, n) => String(n).padStart(3, "0"));
    for (const order of orders.toReversed()) {
      await shop.pay(order);
      await shop.world.advance(1);
    }
    const taken = async () => (await shop.world.run(claim(boxOf(shop)))).map(({ subject }) => subject);
    const claimed = await shop.world.run(claim(boxOf(shop)));
    assert.deepEqual(
      claimed.map(({ subject }) => subject),
      orders.toReversed().slice(0, claimMax),
    );
    assert.ok(claimed.every(({ isSuspect, attempts }) => !isSuspect && attempts === 0));
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
  },
);

on("eight handlers are worked at once, and who has nothing due takes none of their places", async (database) => {
  const shop = await startShop(database);
  const names = Array.from({ length: 10 }, (_, n) => `h${n}`);
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
  many.busy.set("h8", lane);
  assert.deepEqual(await taken(many), [], "nine are, where two began at once");
  assert.deepEqual(await taken(boxOf(shop, [])), [], "nobody is here");
  const change = (changes: Partial<DeliveryRow>) =>
    shop.sql.write("change", async (tx) => {
      await tx
        .updateTable("deliveries")
        .set({ until: 0, next_at: 0, ...changes })
        .execute();
      const due = { state: "open", until: 0, next_at: 0, attempts: 0 } as const;
      await tx.updateTable("deliveries").set(due).where("handler", "=", "h9").execute();
    });
  await change({ until: shop.now() + 1 });
  assert.deepEqual(await taken(boxOf(shop, names)), ["h9"], "another worker holds the others'");
  await change({ state: "dead" });
  assert.deepEqual(await taken(boxOf(shop, names)), ["h9"], "the others' have ended");
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
        await until(
          "the other one to wait at the row",
          async () => database.engine !== "postgres" || (await countWaiting(tx)) > 0,
        );
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
  "of two sets for one handler that were taken at once, nothing is handed beside the second either",
  async (database) => {
    const shop = await startShop(database);
    const { outbox, world } = shop;
    let atOnce = 0;
    let most = 0;
    const handle = async (): Promise<void> => {
      most = Math.max(most, ++atOnce);
      await world.ports.clock.sleep(secondMs / 50);
      atOnce--;
    };
    outbox.add({ id: "shop", types: ["order.paid"], handle });
    await shop.pay(...Array.from({ length: 2 * claimMax }, (_, n) => `${n}`));
    await world.run(Promise.all([outbox.work(), outbox.work()]));
    await world.advance((claimMax * secondMs) / 50); // the second set is being handed over
    await shop.pay("later");
    await drain(shop);
    assert.equal(most, 1);
    assert.ok((await shop.rows()).every(({ state, attempts }) => state === "done" && attempts === 1));
    await shop.close();
  },
);

on("what nobody knows whether it was taken is given back at once, and nothing that others hold", async (database) => {
  const shop = await startShop(database);
  shop.outbox.add({ id: "beside", types: ["order.paid"], handle: () => undefined });
  await shop.outbox.register();
  await shop.pay("1", "2");
  const second = (tx: BillingTx) => tx.selectFrom("facts").select("id").where("subject", "=", "2");
  const until = shop.now() + deliveryLeaseMs;
  await shop.sql.write("others", async (tx) => {
    await tx.updateTable("deliveries").set({ until }).where("handler", "=", "beside").execute();
    const soon = { until: until - 1 };
    await tx
      .updateTable("deliveries")
      .set(soon)
      .where("handler", "=", "shop")
      .where("fact", "in", second(tx))
      .execute();
  });
  const silent = new Set(["outbox.claim", "outbox.lease"]);
  const faults: Faults = ({ point, label }) => {
    if (point === "committed" && silent.delete(label)) throw new Error("The connection broke");
    if (point === "statement" && label === "outbox.claim" && silent.size === 0) throw new Error("No such statement");
  };
  const box = { ...boxOf(shop), sql: await database.open({ clock: shop.world.ports.clock, faults }) };
  assert.deepEqual(await shop.world.run(claim(box)), []);
  const leases = (await shop.rows()).map((row) => `${row.handler} ${row.until === 0 ? "free" : "held"}`);
  assert.deepEqual(leases, ["beside held", "shop free", "beside held", "shop held"]);
  assert.equal(silent.size, 0);
  await assert.rejects(shop.world.run(claim(box)), /No such statement/, "what else breaks is said");
  const taken = await shop.world.run(claim(boxOf(shop)));
  assert.deepEqual(
    taken.map(({ subject, isSuspect, attempts }) => [subject, isSuspect, attempts]),
    [["1", false, 0]],
  );
  await shop.close();
});

on("what was taken and never ended is counted once, and taken as what may end its process", async (database) => {
  const shop = await startShop(database);
  const { world } = shop;
  await shop.pay("1");
  const taken = async () => {
    await world.advance(deliveryLeaseMs);
    const [delivery] = await world.run(claim(boxOf(shop)));
    const [row] = await shop.rows();
    return [delivery?.isSuspect, delivery?.attempts, row?.attempts, row?.error];
  };
  assert.deepEqual(await taken(), [false, 0, 0, null]);
  assert.deepEqual(await taken(), [true, 1, 1, unended], "somebody had begun it");
  assert.deepEqual(await taken(), [true, 1, 1, unended], "it was taken beside another one, and not begun");
  await shop.close();
});

on("what nobody knows whether it was taken is free at once, and does not count as an attempt", async (database) => {
  const shop = await startShop(database);
  await shop.pay("1");
  for (const point of ["commit", "committed"] as const) {
    let isArmed = true;
    const faults: Faults = (at) => {
      if (at.point !== point || at.label !== "outbox.claim" || !isArmed) return;
      isArmed = false;
      throw new Error("the connection broke");
    };
    const sql = await database.open({ clock: shop.world.ports.clock, faults });
    assert.deepEqual(await shop.world.run(claim({ ...boxOf(shop), sql })), []);
    assert.equal(isArmed, false);
    const [delivery] = await shop.world.run(claim(boxOf(shop)));
    assert.deepEqual([delivery?.isSuspect, delivery?.attempts], [false, 0]);
    await setLeases(shop, new Map([[delivery as Claimed, 0]]), 0);
  }
  await shop.close();
});

on("what another worker has taken over is not begun here, and its end is not written", async (database) => {
  const shop = await startShop(database);
  const { sql, world } = shop;
  const handling = Promise.withResolvers<void>();
  shop.outbox.add({ id: "shop", types: ["order.paid"], handle: () => handling.promise });
  await shop.pay("1");
  await world.run(shop.outbox.work());
  await sql.write("stop", async (tx) => void (await tx.updateTable("deliveries").set({ until: 1 }).execute()));
  const [delivery] = await world.run(claim(boxOf(shop)));
  assert.ok(delivery?.isSuspect);
  handling.resolve();
  await world.run(shop.outbox.rest());
  assert.equal((await shop.rows())[0]?.state, "open", "the end of who was stopped is nobody's");
  const begun = (one: Claimed) => sql.write("begin", (tx) => begin(world.ports, tx, one));
  assert.equal(await begun(delivery), "begun");
  assert.equal(await begun(delivery), "lost", "another worker has begun it");
  const [{ attempts } = { attempts: 0 }] = await shop.rows();
  assert.equal(attempts, delivery.attempts + 1);
  const worn = { ...delivery, attempts: deliveryAttemptsMax };
  const { attempts: worns } = worn;
  await sql.write("wear", async (tx) => void (await tx.updateTable("deliveries").set({ attempts: worns }).execute()));
  assert.equal(await begun(worn), "dead");
  const [row] = await shop.rows();
  assert.deepEqual([row?.state, row?.until], ["dead", 0]);
  assert.match(row?.error ?? "", /process ended/);
  assert.equal(await begun(worn), "lost", "it has ended");
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

on(
  "an attempt is counted on the row of its own handler, which has time for it and is put off after it",
  async (database) => {
    const shop = await startShop(database);
    shop.outbox.add({ id: "beside", types: ["order.paid"], handle: () => undefined });
    await shop.outbox.register();
    await shop.pay("1", "2");
    const [delivery] = await claim(boxOf(shop));
    const all = () =>
      shop.sql.read("all", (reader) =>
        reader.selectFrom("deliveries").selectAll().orderBy("fact").orderBy("handler").execute(),
      );
    const isIt = ({ fact, handler }: DeliveryRow) => fact === delivery?.fact && handler === "shop";
    const before = await all();
    const begun = await shop.sql.write("begin", (tx) => begin(shop.world.ports, tx, delivery as Claimed));
    assert.equal(begun, "begun");
    const after = await all();
    assert.deepEqual(
      after.filter((row) => !isIt(row)),
      before.filter((row) => !isIt(row)),
    );
    const row = after.find(isIt);
    assert.deepEqual([row?.attempts, row?.until], [1, shop.now() + deliveryLeaseMs]);
    assert.ok((row?.next_at ?? 0) > shop.now());
    await shop.close();
  },
);
