import assert from "node:assert/strict";
import { renameSync } from "node:fs";
import { test } from "node:test";
import { minuteMs, secondMs } from "#kit/clock.ts";
import { testPorts } from "#kit/create_ports.ts";
import { isProblem } from "#kit/problems.ts";
import { createWholeDatabase, engineNames, noPostgres, type WholeDatabase } from "#kit/sql/testing.ts";
import { isWholeOnPostgres } from "#kit/testing.ts";
import { adoptDatabase, createBilling } from "../../index.ts";
import { createOrder, optionsFor, startWorld, type World } from "../../testing/index.ts";

const paymentsMade = (world: World) => world.requests.filter((request) => request === "POST /v1/payment_intents");

/** A database in which one payment is open, another order is paid, and nobody was told of that. */
async function busyDatabase(database: WholeDatabase): Promise<void> {
  const world = await startWorld({
    url: database.url,
    handlers: (billing) => billing.on("order.paid", () => Promise.reject(new Error("away")), { id: "shop" }),
  });
  await createOrder(world, "order_paid");
  await world.pay("order_paid", "pm_card_visa");
  await world.advance(secondMs);
  await createOrder(world, "order_open");
  world.fail("POST /v1/payment_intents", "lost", 1_000);
  await assert.rejects(world.run(world.billing.orders.checkout("order_open")), { code: "stripe_unreachable" });
  await world.close();
}

/** How a copy is known is what the engines do differently; what follows from it is billing's. */
const notAlways = "npm test copies a database of PostgreSQL once, npm run test:all for each of these";

async function refusesToStart(url: string): Promise<void> {
  await assert.rejects(createBilling(optionsFor(url), testPorts({ seed: 3 })), (error: unknown) => {
    assert.ok(isProblem(error, "database_copied"), String(error));
    assert.match(error.hint ?? "", /`adoptDatabase\(\{ as: "moved" \}\)`.*`adoptDatabase\(\{ as: "copy" \}\)`/);
    return true;
  });
}

for (const engine of engineNames) {
  const onCopy = (
    name: string,
    work: (copy: WholeDatabase, original: WholeDatabase) => Promise<void>,
    { isAlways = false } = {},
  ) =>
    void test(`${name} (${engine})`, async (t) => {
      if (engine === "postgres" && !isAlways && !isWholeOnPostgres) return t.skip(notAlways);
      const original = await createWholeDatabase(engine);
      if (!original) return t.skip(noPostgres);
      await busyDatabase(original);
      const copy = await original.copy();
      try {
        await work(copy, original);
      } finally {
        await copy.drop();
        await original.drop();
      }
    });

  onCopy(
    "a copied database refuses to start until a human says what it is, the original does not",
    async (copy, original) => {
      await refusesToStart(copy.url);
      await refusesToStart(copy.url);
      await (await createBilling(optionsFor(original.url), testPorts({ seed: 4 }))).close();
    },
    { isAlways: true },
  );

  onCopy("a moved database goes on where it stood", async (moved) => {
    const { instance } = await adoptDatabase({ database: moved.url, as: "moved" }, testPorts({ seed: 5 }));
    const told: string[] = [];
    const world = await startWorld({
      url: moved.url,
      seed: 2,
      handlers: (billing) => billing.on("order.paid", ({ data }) => void told.push(data.orderId), { id: "shop" }),
    });
    await world.advance(2 * minuteMs);
    const [payment] = (await world.run(world.stripe.paymentIntents.list())).data;
    assert.equal(payment?.metadata.bursar_order, "order_open");
    assert.equal(payment.metadata.bursar_instance, instance);
    assert.deepEqual(told, ["order_paid"]);
    await world.close();
  });

  onCopy("a copy sends nothing and tells nobody of what the original has begun", async (copy, original) => {
    const before = await adoptDatabase({ database: original.url, as: "moved" }, testPorts({ seed: 6 }));
    const { instance } = await adoptDatabase({ database: copy.url, as: "copy" }, testPorts({ seed: 7 }));
    assert.notEqual(instance, before.instance);
    const told: string[] = [];
    const world = await startWorld({
      url: copy.url,
      seed: 2,
      handlers: (billing) => billing.on("order.paid", ({ data }) => void told.push(data.orderId), { id: "shop" }),
    });
    await world.advance(2 * minuteMs);
    assert.deepEqual(paymentsMade(world), []);
    assert.deepEqual(told, []);
    await world.pay("order_open", "pm_card_visa");
    await world.advance(secondMs);
    const [payment] = (await world.run(world.stripe.paymentIntents.list())).data;
    assert.equal(payment?.metadata.bursar_instance, instance);
    assert.deepEqual(told, ["order_open"]);
    await world.close();
  });
}

test("a SQLite file that is moved needs no word", async () => {
  const database = await createWholeDatabase("sqlite");
  assert.ok(database);
  await (await createBilling(optionsFor(database.url), testPorts({ seed: 8 }))).close();
  const path = database.url.slice("sqlite:".length);
  renameSync(path, `${path}.moved`);
  await (await createBilling(optionsFor(`${database.url}.moved`), testPorts({ seed: 9 }))).close();
  await database.drop();
});
