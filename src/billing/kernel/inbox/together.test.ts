// What is due in a lane is worked together, and nobody suffers for it: neither beside one whose data cannot be worked,
// nor beside one that ends its process.
import assert from "node:assert/strict";
import { minuteMs, secondMs } from "#kit/clock.ts";
import { countWaiting, onEachDatabase } from "#kit/sql/testing.ts";
import { until } from "#kit/testing.ts";
import { coreOn } from "../../testing/core.ts";
import { createOrder, leaveCatchUp, startWorld, type World } from "../../testing/index.ts";
import { writeObservations } from "../changes/observe.ts";
import { type Manifest, on } from "../contract/manifest.ts";
import type { BillingSql, BillingTables } from "../store/tables.ts";
import { apiVersion } from "../stripe/gateway.ts";

const emptyRoom: Manifest = {
  name: "test",
  kinds: [],
  tables: { migrations: [], columns: {} },
  facts: {},
  events: [],
  verbs: [],
  reactions: [],
  timers: [],
};

/** Orders of one customer that are paid at Stripe; billing knows the customer, and nothing of the payments. */
async function paidAtStripe(world: World, ids: readonly string[]): Promise<void> {
  await world.run(world.billing.customers.ensure({ id: "user_1" }));
  for (const id of ids) {
    await createOrder(world, id, { customerId: "user_1" });
    await world.run(world.billing.orders.checkout(id));
  }
  await world.advance(minuteMs); // so that the payloads are newer than the answers, and may be applied
  for (const id of ids) await world.pay(id, "pm_card_visa");
}

async function deliverPayments(world: World): Promise<void> {
  const { data } = await world.run(
    world.stripe.events.list({ type: "payment_intent.succeeded", limit: 100 }).then((list) => list),
  );
  // As if all had just happened: what is fresh may be applied, and needs no look of its own.
  const created = Math.floor(world.ports.clock.now() / secondMs);
  for (const event of data.reverse())
    assert.equal(await world.deliver({ ...event, created, api_version: apiVersion }), 200);
}

async function receipts(sql: BillingSql) {
  return sql.read("receipts", (reader) =>
    reader
      .selectFrom("receipts")
      .select(["object_id", "state", "attempts", "error"])
      .where("type", "=", "payment_intent.succeeded")
      .orderBy("created")
      .orderBy("received_at")
      .orderBy("id")
      .execute(),
  );
}

async function statusOf(world: World, ids: readonly string[]): Promise<string[]> {
  const orders = await Promise.all(ids.map((id) => world.run(world.billing.orders.get(id))));
  return orders.map(({ status }) => status);
}

onEachDatabase<BillingTables>(
  "what cannot be worked stands alone in the end, and fails nobody else",
  async ({ url, open }) => {
    const world = await startWorld({ url, isStarted: false });
    world.setWebhooks(false);
    const ids = ["order_1", "order_2", "order_3", "order_4", "order_5"];
    await paidAtStripe(world, ids);
    const sql = await open({ clock: world.ports.clock });
    await leaveCatchUp(sql);
    const heard: number[] = [];
    const poisoned = on("payment.changed", async (_reacting, news) => {
      heard.push(news.length);
      if (news.some(({ data }) => data.orderId === "order_4")) throw new Error("It cannot be worked");
      return [];
    });
    const core = await coreOn(world, sql, [{ ...emptyRoom, reactions: [poisoned] }]);
    await deliverPayments(world);
    await world.run(core.work(secondMs));
    assert.deepEqual(await statusOf(world, ids), ["paid", "paid", "paid", "created", "paid"]);
    assert.equal(heard[0], 5, "all at once first");
    const bad = (await receipts(sql)).filter(({ state }) => state === "open");
    assert.deepEqual(
      bad.map(({ attempts, error }) => ({ attempts, error })),
      [{ attempts: 1, error: "It cannot be worked" }],
    );
    await world.close();
  },
);

onEachDatabase<BillingTables>("a receipt that ends its process is worked alone from then on", async ({ url, sql }) => {
  const world = await startWorld({ url, isStarted: false });
  world.setWebhooks(false);
  const ids = ["order_1", "order_2", "order_3"];
  await leaveCatchUp(sql);
  await paidAtStripe(world, ids);
  await deliverPayments(world);
  const attempts = async () => (await receipts(sql)).map((receipt) => receipt.attempts);
  const liveUntil = async (point: string) => {
    const { billing, life } = await world.mortalTwin(point);
    await world.run(Promise.race([billing.tick({ maxMs: secondMs }), life.death]));
    assert.ok(life.isDead());
    await world.advance(minuteMs); // the lease of the dead one ends, and what it had begun is due again
  };
  await liveUntil("inbox.situation (statement)");
  assert.deepEqual(await attempts(), [0, 0, 0], "that all had been begun is told by their lane");
  await liveUntil("inbox.situation (statement)");
  assert.deepEqual(await attempts(), [2, 1, 1], "only the first was begun again");
  await world.run(world.billing.tick({ maxMs: minuteMs }));
  assert.deepEqual(await statusOf(world, ids), ["paid", "paid", "paid"]);
  await world.close();
});

onEachDatabase<BillingTables>(
  "a cancel that is wished while a payment is seen is not overwritten",
  async ({ url, open, engine }) => {
    const world = await startWorld({ url, isStarted: false });
    world.setWebhooks(false);
    await createOrder(world, "order_1");
    const intent = await world.pay("order_1", "pm_card_visa");
    const [seeing, canceling] = [await open({ clock: world.ports.clock }), await open({ clock: world.ports.clock })];
    const core = await coreOn(world, seeing);
    const kind = core.kernel.registry.kind("payment_intent");
    const remote = await world.run(core.kernel.gateway.read(`/v1/payment_intents/${intent.id}`, { priority: "look" }));
    const row = remote.remote && kind?.row(remote.remote);
    assert.ok(kind && remote.remote && row);
    const mirrored = await seeing.read("mirror", (reader) =>
      reader.selectFrom("mirror").select("version").where("id", "=", intent.id).executeTakeFirst(),
    );
    const observation = {
      kind,
      remote: remote.remote,
      row,
      version: mirrored?.version ?? 0,
      lookBegun: remote.begunAt,
    };
    const wished = Promise.withResolvers<void>();
    const seen = wished.promise.then(() =>
      seeing.write("seen", (tx) => writeObservations(core.kernel, tx, [observation])),
    );
    await canceling.write("wish", async (tx) => {
      await tx.updateTable("orders").set({ cancel_requested: 1 }).where("id", "=", "order_1").execute();
      wished.resolve();
      // PostgreSQL lets the other one begin, and stops it at the row that we hold.
      await until(
        "the other one to wait at the row",
        async () => engine !== "postgres" || (await countWaiting(tx)) > 0,
      );
    });
    await world.run(seen);
    const order = await seeing.read("order", (reader) =>
      reader.selectFrom("orders").selectAll().where("id", "=", "order_1").executeTakeFirstOrThrow(),
    );
    assert.deepEqual([order.status, order.cancel_requested], ["canceled", 1]);
    const refund = await seeing.read("refund", (reader) => reader.selectFrom("refunds").select("id").execute());
    assert.deepEqual(refund, [{ id: "order_1:cancel" }], "the money goes back");
    await world.close();
  },
  { isAlways: true },
);
