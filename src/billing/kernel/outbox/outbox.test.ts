import assert from "node:assert/strict";
import { minuteMs, secondMs } from "#kit/clock.ts";
import { onEachDatabase } from "#kit/sql/testing.ts";
import { createOrder, startWorld } from "../../testing/index.ts";
import type { BillingTables } from "../store/tables.ts";
import { deliveryAttemptsMax, handlerMaxMs, handlersAtOnceMax } from "./claim.ts";

const on = onEachDatabase<BillingTables>;

on("a handler that fails is tried again with the same fact, and holds nobody up", async ({ url }) => {
  const seen: string[] = [];
  const world = await startWorld({
    url,
    handlers: (billing) =>
      billing.on(
        "order.paid",
        (fact) => {
          seen.push(fact.id);
          if (seen.length < 3) throw new Error("The shop's database is away");
        },
        { id: "shop" },
      ),
  });
  await createOrder(world, "order_1");
  await world.pay("order_1", "pm_card_visa");
  await world.advance(10_000);
  assert.equal(world.facts.length, 1, "the recorder has it although the shop has not");
  await world.advance(10 * minuteMs);
  assert.equal(seen.length, 3);
  assert.equal(new Set(seen).size, 1);
  await world.close();
});

on("a handler that never works ends as a dead letter, with its last error", async ({ url, sql }) => {
  const world = await startWorld({
    url,
    handlers: (billing) => billing.on("order.paid", () => Promise.reject(new Error("No such product")), { id: "shop" }),
  });
  await createOrder(world, "order_1");
  await world.pay("order_1", "pm_card_visa");
  await world.advance(10_000);
  // The three days of backoff are not waited for one by one.
  for (let attempt = 0; attempt < deliveryAttemptsMax; attempt++) {
    await sql.write("due", async (tx) => {
      await tx.updateTable("deliveries").set({ next_at: 0 }).where("state", "=", "open").execute();
    });
    await world.advance(31_000);
  }
  const dead = await sql.read("dead", (reader) =>
    reader.selectFrom("deliveries").select(["handler", "error", "attempts"]).where("state", "=", "dead").execute(),
  );
  assert.deepEqual(dead, [{ handler: "shop", error: "No such product", attempts: deliveryAttemptsMax }]);
  await world.close();
});

on("a handler slower than the lease keeps its delivery while it works", async ({ url }) => {
  let calls = 0;
  const world = await startWorld({
    url,
    handlers: (billing) =>
      billing.on(
        "order.paid",
        async () => {
          calls++;
          await world.ports.clock.sleep(minuteMs);
        },
        { id: "shop" },
      ),
  });
  await createOrder(world, "order_1");
  await world.pay("order_1", "pm_card_visa");
  await world.advance(minuteMs / 2);
  // A second worker on the same database finds nothing to take.
  const twin = await world.twin();
  twin.on("order.paid", () => void calls++, { id: "shop" });
  assert.equal((await world.run(twin.tick({ maxMs: 1_000 }))).worked, 0);
  await world.advance(2 * minuteMs);
  assert.equal(calls, 1);
  await world.close();
});

on("slow handlers hold up nobody else, and are themselves handed one fact at a time", async ({ url }) => {
  let underway = 0;
  let most = 0;
  const slow: string[] = [];
  const world = await startWorld({
    url,
    handlers: (billing) => {
      for (let n = 1; n < handlersAtOnceMax; n++) {
        const handler = async (id: string) => {
          underway++;
          most = Math.max(most, underway);
          await world.ports.clock.sleep(10 * secondMs);
          slow.push(id);
          underway--;
        };
        billing.on("order.paid", (fact) => handler(`${n} ${fact.data.orderId}`), { id: `a_slow_${n}` });
      }
    },
  });
  for (const id of ["order_1", "order_2", "order_3"]) await createOrder(world, id);
  for (const id of ["order_1", "order_2"]) await world.pay(id, "pm_card_visa");
  await world.advance(6 * secondMs);
  assert.equal(world.facts.length, 2, "the recorder has both while the slow ones still sleep");
  assert.equal(slow.length, 0);
  await world.pay("order_3", "pm_card_visa");
  await world.advance(3 * secondMs);
  assert.equal(world.facts.length, 3, "and what is paid meanwhile");
  await world.advance(minuteMs);
  assert.equal(slow.length, 3 * (handlersAtOnceMax - 1));
  assert.equal(most, handlersAtOnceMax - 1, "each of them had one at a time");
  await world.close();
});

on("a handler that hangs counts as failed and is tried again", async ({ url }) => {
  let calls = 0;
  const world = await startWorld({
    url,
    handlers: (billing) =>
      billing.on("order.paid", () => (calls++ === 0 ? new Promise<void>(() => undefined) : undefined), { id: "shop" }),
  });
  await createOrder(world, "order_1");
  await world.pay("order_1", "pm_card_visa");
  await world.advance(handlerMaxMs + minuteMs);
  assert.equal(calls, 2);
  await world.close();
});

on("one handler id may want two types, each with a function of its own, and none of them twice", async ({ url }) => {
  const seen: string[] = [];
  const world = await startWorld({
    url,
    handlers: (billing) => {
      billing.on("order.paid", () => void seen.push("paid"), { id: "shop" });
      billing.on("order.refunded", () => void seen.push("refunded"), { id: "shop" });
      assert.throws(() => billing.on("order.paid", () => undefined, { id: "shop" }), { code: "invalid_config" });
    },
  });
  await createOrder(world, "order_1");
  await world.pay("order_1", "pm_card_visa");
  await world.advance(10 * secondMs);
  await world.run(world.billing.refunds.create({ id: "r_1", orderId: "order_1" }));
  await world.advance(10 * secondMs);
  assert.deepEqual(seen, ["paid", "refunded"]);
  await world.close();
});

on(
  "a handler that ends its process is out of the way after its attempts; what was taken beside it loses one at most",
  async ({ url, sql }) => {
    const world = await startWorld({ url, isStarted: false });
    const ids = ["order_1", "order_2", "order_3"];
    for (const id of ids) await createOrder(world, id);
    const attempts = async () => {
      const rows = await sql.read("rows", (reader) =>
        reader
          .selectFrom("deliveries")
          .innerJoin("facts", "facts.id", "deliveries.fact")
          .select(["subject", "state", "attempts", "error"])
          .where("handler", "=", "shop")
          .execute(),
      );
      return Object.fromEntries(rows.map((row) => [row.subject, row]));
    };
    const begun: string[] = [];
    /** A process whose handler ends it at one order: the second that it is ever handed. */
    const live = async () => {
      const { billing, life } = await world.mortalTwin();
      const handle = (orderId: string) => {
        begun.push(orderId);
        if (orderId !== begun[1]) return undefined;
        life.kill();
        return new Promise<void>(() => undefined); // nothing of this process goes on
      };
      billing.on("order.paid", ({ data }) => handle(data.orderId), { id: "shop" });
      const work = () => world.run(Promise.race([billing.tick({ maxMs: 1_000 }), life.death]));
      await work();
      return { life, work };
    };
    const first = await live();
    for (const id of ids) await world.pay(id, "pm_card_visa");
    await world.advance(secondMs);
    await first.work();
    assert.equal(begun.length, 2);
    const killer = begun[1] as string;
    const neighbour = ids.find((id) => !begun.includes(id)) as string;
    for (let life = 0; life < 3; life++) {
      await world.advance(10 * secondMs);
      await live();
    }
    const after = await attempts();
    assert.deepEqual([after[neighbour]?.state, after[neighbour]?.attempts], ["done", 2], "handed over alone");
    const deaths = begun.filter((id) => id === killer).length;
    assert.deepEqual([after[killer]?.state, after[killer]?.attempts], ["open", deaths], "each death was counted");
    await sql.write("due", async (tx) => {
      const worn = { attempts: deliveryAttemptsMax, next_at: 0, until: 0 };
      await tx.updateTable("deliveries").set(worn).where("state", "=", "open").where("handler", "=", "shop").execute();
    });
    const last = await live();
    assert.ok(!last.life.isDead(), "it is not begun again");
    const { [killer]: dead } = await attempts();
    assert.deepEqual([dead?.state, dead?.attempts], ["dead", deliveryAttemptsMax]);
    assert.match(dead?.error ?? "", /process ended/);
    await world.close();
  },
);
