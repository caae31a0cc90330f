// The outbox without the rest: what is handed over, and how it ends.
import assert from "node:assert/strict";
import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { hourMs, secondMs } from "#kit/clock.ts";
import type { Faults } from "#kit/sql/engine.ts";
import { onEachDatabase } from "#kit/sql/testing.ts";
import { type Heard, statementsChannel } from "#kit/sql/units.ts";
import { until } from "#kit/testing.ts";
import { boxOf, drain, orderOf, type Shop, startShop } from "../../testing/outbox.ts";
import type { BillingTables } from "../store/tables.ts";
import type { Handler } from "./box.ts";
import { claim, claimMax, deliveryAttemptsMax, deliveryLeaseMs, killedEachTime } from "./claim.ts";
import { createOutbox } from "./outbox.ts";

const on = onEachDatabase<BillingTables>;

on("facts that are handled in one breath are ended together", async (database) => {
  const shop = await startShop(database);
  const orders = Array.from({ length: claimMax }, (_, n) => `o${n}`);
  await shop.pay(...orders);
  const ended: Heard[] = [];
  const hear = (said: unknown) => void ended.push(said as Heard);
  subscribe(statementsChannel, hear);
  await drain(shop);
  unsubscribe(statementsChannel, hear);
  assert.equal(shop.handed.length, orders.length);
  const ends = ended.filter(({ unit }) => unit.label === "outbox.delivered");
  assert.ok(ends.length < orders.length / 2, `${ends.length} statements`);
  assert.ok((await shop.rows()).every(({ state, attempts }) => state === "done" && attempts === 1));
  await shop.close();
});

on(
  "when an end cannot be written for what it is, nothing more is handed over until the lease is over",
  async (database) => {
    const shop = await startShop(database);
    const { world, outbox } = shop;
    let isBroken = true;
    const sql = {
      ...shop.sql,
      write: ((label, work) =>
        isBroken && label === "outbox.delivered"
          ? Promise.reject(new Error("No such text"))
          : shop.sql.write(label, work)) as typeof shop.sql.write,
    };
    const broken = createOutbox({ sql, ports: world.ports });
    const handle: Handler["handle"] = async (fact) => {
      shop.handed.push(orderOf(fact));
      await world.ports.clock.sleep(secondMs);
    };
    broken.add({ id: "shop", types: ["order.paid"], handle });
    await shop.pay("1", "2", "3");
    await world.run(broken.work());
    await world.advance(deliveryLeaseMs / 2);
    assert.equal(shop.handed.length, 2, "and what was being handed over meanwhile");
    await assert.rejects(world.run(broken.work()), /No such text/);
    isBroken = false;
    await world.advance(deliveryLeaseMs);
    await drain({ ...shop, outbox });
    assert.ok((await shop.rows()).every(({ state, attempts }) => state === "done" && attempts > 1));
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

on("what a handler throws is kept as text, and the fact comes again, later each time", async (database) => {
  const shop = await startShop(database);
  const { world } = shop;
  shop.outbox.add({ id: "shop", types: ["order.paid"], handle: () => Promise.reject("no Error at all") });
  await shop.pay("1");
  await drain(shop);
  const [row] = await shop.rows();
  assert.deepEqual([row?.state, row?.attempts, row?.until, row?.error], ["open", 1, 0, "no Error at all"]);
  assert.equal(row?.ended_at, null, "it has not ended");
  const dueAt = (await shop.outbox.nextAt()) ?? 0;
  assert.ok(dueAt >= shop.now() + secondMs, "not at once");
  await world.advance(dueAt - shop.now() - 1);
  assert.equal(await world.run(shop.outbox.work()), 0);
  await world.advance(1);
  assert.ok((await world.run(shop.outbox.work())) > 0);
  await shop.close();
});

/** The process that took these has ended; and each has failed so often before. */
async function leaveBehind({ sql }: Shop, orders: readonly string[], attempts = 0): Promise<void> {
  await sql.write("leave", async (tx) => {
    const facts = tx.selectFrom("facts").select("id").where("subject", "in", orders);
    await tx.updateTable("deliveries").set({ until: 1, attempts }).where("fact", "in", facts).execute();
  });
}

on("what may end its process is begun when all before it is written, and is held like any other", async (database) => {
  const shop = await startShop(database);
  const { world } = shop;
  const { clock } = world.ports;
  const sql = {
    ...shop.sql,
    write: (async (label, work) => {
      if (label === "outbox.delivered") await clock.sleep(secondMs); // a slow database
      return shop.sql.write(label, work);
    }) as typeof shop.sql.write,
  };
  const outbox = createOutbox({ sql, ports: world.ports });
  const begun: string[] = [];
  const handle: Handler["handle"] = async (fact) => {
    const states = (await shop.rows()).map(({ state, attempts }) => `${state} ${attempts}`);
    begun.push(`${orderOf(fact)}: ${states.join(", ")}`);
    await clock.sleep(2 * deliveryLeaseMs);
  };
  outbox.add({ id: "shop", types: ["order.paid"], handle });
  for (const order of ["1", "2"]) {
    await shop.pay(order);
    await world.advance(1);
  }
  await leaveBehind(shop, ["2"]);
  await world.run(outbox.work());
  await world.advance(2 * deliveryLeaseMs + secondMs);
  assert.deepEqual(begun, ["1: open 0, open 1", "2: done 1, open 2"]);
  await world.advance(deliveryLeaseMs * 1.5);
  assert.deepEqual(await world.run(claim(boxOf(shop))), [], "another worker does not take it meanwhile");
  await world.run(outbox.rest());
  await shop.close();
});

on(
  "it is said when a fact was delivered, when it failed and comes again, and when it was given up",
  async (database) => {
    const shop = await startShop(database);
    const { outbox, sql, world } = shop;
    const failures = ["Not now", null, "Never", null];
    const handle: Handler["handle"] = () => {
      const failure = failures.shift();
      if (failure) throw new Error(failure);
    };
    outbox.add({ id: "shop", types: ["order.paid"], handle });
    await shop.pay("1");
    await drain(shop);
    const againAt = await outbox.nextAt();
    await world.advance(hourMs);
    await drain(shop);
    const endedAt = shop.now();
    await shop.pay("2");
    await sql.write("wear", async (tx) => {
      const worn = { attempts: deliveryAttemptsMax - 1 };
      await tx.updateTable("deliveries").set(worn).where("state", "=", "open").execute();
    });
    await drain(shop);
    await shop.pay("3");
    await leaveBehind(shop, ["3"], deliveryAttemptsMax - 1); // which was its last
    await drain(shop);
    const ofOutbox = world.log.map((line) => JSON.parse(line)).filter(({ event }) => /^outbox/.test(event));
    assert.deepEqual(
      ofOutbox.map((line) => [line.event, line.subject, line.state, line.attempts, line.error, line.nextAt]),
      [
        ["outbox.failed", "1", "open", 1, "Not now", againAt],
        ["outbox.delivered", "1", "done", 2, undefined, undefined],
        ["outbox.failed", "2", "dead", deliveryAttemptsMax, "Never", null],
        ["outbox.failed", "3", "dead", deliveryAttemptsMax, killedEachTime, undefined],
      ],
    );
    assert.deepEqual(
      (await shop.rows()).map(({ ended_at }) => ended_at),
      [endedAt, endedAt, endedAt],
    );
    await shop.close();
  },
);

on(
  "a suspect that another worker has begun meanwhile is neither handed over here nor said to be dead",
  async (database) => {
    const shop = await startShop(database);
    const { outbox, sql, world } = shop;
    const handle: Handler["handle"] = async (fact) => {
      shop.handed.push(orderOf(fact));
      await sql.write("other", async (tx) => void (await tx.updateTable("deliveries").set({ attempts: 5 }).execute()));
    };
    outbox.add({ id: "shop", types: ["order.paid"], handle });
    for (const order of ["1", "2"]) {
      await shop.pay(order);
      await world.advance(1);
    }
    await leaveBehind(shop, ["1", "2"]);
    await world.run(outbox.work());
    await world.run(outbox.rest());
    assert.deepEqual(shop.handed, ["1"]);
    assert.ok(!world.log.some((line) => line.includes("outbox.failed")));
    await shop.close();
  },
);

on("a fact is handed over once, though nobody knows at first whether its end was written", async (database) => {
  const shop = await startShop(database);
  const { world } = shop;
  let silences = 1;
  const faults: Faults = ({ point, label }) => {
    if (point === "committed" && label === "outbox.delivered" && silences-- > 0)
      throw new Error("The connection broke");
  };
  const sql = await database.open({ clock: world.ports.clock, faults });
  const outbox = createOutbox({ sql, ports: world.ports });
  outbox.add({ id: "shop", types: ["order.paid"], handle: (fact) => void shop.handed.push(orderOf(fact)) });
  await shop.pay("1", "2");
  await drain({ ...shop, outbox });
  await world.advance(2 * deliveryLeaseMs);
  await drain({ ...shop, outbox });
  assert.deepEqual(shop.handed.toSorted(), ["1", "2"]);
  assert.ok(silences <= 0);
  assert.ok((await shop.rows()).every(({ state, attempts }) => state === "done" && attempts === 1));
  await shop.close();
});

on("who was handed a fact is not waited for once it has ended", async (database) => {
  const shop = await startShop(database);
  const { clock } = shop.world.ports;
  const before = clock.nextAt();
  await shop.pay("1");
  await drain(shop);
  assert.equal(clock.nextAt(), before);
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
  await until("nothing more to be handed over", async () => (await world.run(outbox.work())) === 0);
  assert.deepEqual(shop.handed, ["1", "1"]);
  await shop.close();
});
