// Rule 9 of docs/design/events.md: the answer of a call of ours is a look that began before the call. When somebody was
// faster, only its id is believed, and a look is owed; for nothing else one is.
import assert from "node:assert/strict";
import { secondMs } from "#kit/clock.ts";
import type { Faults } from "#kit/sql/engine.ts";
import { onEachDatabase } from "#kit/sql/testing.ts";
import { manifests } from "../../resources/index.ts";
import { checkout } from "../../resources/orders/checkout.ts";
import { createOrder, leaveCatchUp, optionsFor, startWorld, type World } from "../../testing/index.ts";
import { createCore } from "../core.ts";
import type { BillingSql, BillingTables } from "../store/tables.ts";

const on = onEachDatabase<BillingTables>;

/** What is known of the PaymentIntent, and how many looks at it are owed. */
async function known(sql: BillingSql) {
  return sql.read("known", async (reader) => {
    const { row, version, look_begun } = await reader
      .selectFrom("mirror")
      .selectAll()
      .where("kind", "=", "payment_intent")
      .executeTakeFirstOrThrow();
    const owed = await reader
      .selectFrom("receipts")
      .select("object_kind")
      .where("kind", "=", "look")
      .where("state", "=", "open")
      .execute();
    const { status } = JSON.parse(row) as { status: string };
    return { status, version, look_begun, owed: owed.map(({ object_kind }) => object_kind) };
  });
}

async function heldOrder(world: World): Promise<void> {
  await createOrder(world, "order_1", { capture: "manual" });
  await world.pay("order_1", "pm_card_visa");
  await world.run(world.billing.drain());
  await world.advance(10 * secondMs);
  world.setWebhooks(false);
}

on("what Stripe answers to a change is known as of a second before it was asked", async ({ url, sql }) => {
  const world = await startWorld({ url, isStarted: false });
  await heldOrder(world);
  const before = await known(sql);
  assert.deepEqual([before.status, before.owed], ["requires_capture", []]);
  const askedAt = world.ports.clock.now();
  await world.run(world.billing.orders.capture("order_1"));
  const after = await known(sql);
  assert.deepEqual([after.status, after.version, after.owed], ["succeeded", before.version + 1, []]);
  assert.ok(after.look_begun <= askedAt - secondMs, "what happened meanwhile may not be in it");
  assert.ok(after.look_begun > askedAt - 4 * secondMs, "what happened long before is");
  await world.close();
});

on("what is known of other payments says nothing of the one that is changed", async ({ url, sql }) => {
  const world = await startWorld({ url, isStarted: false });
  for (const id of ["order_0", "order_1", "order_2"]) {
    await createOrder(world, id, { capture: "manual" });
    await world.pay(id, "pm_card_visa");
  }
  await world.run(world.billing.drain());
  await world.advance(10 * secondMs);
  world.setWebhooks(false);
  const { stripe } = await world.run(world.billing.orders.get("order_1"));
  await sql.write("others", async (tx) => {
    const more = tx.updateTable("mirror").set((eb) => ({ version: eb("version", "+", 5) }));
    await more.where("id", "!=", stripe.paymentIntentId).execute();
  });
  await world.run(world.billing.orders.capture("order_1"));
  const owed = await sql.read("owed", (reader) =>
    reader.selectFrom("receipts").select("id").where("kind", "=", "look").execute(),
  );
  assert.deepEqual(owed, []);
  await world.close();
});

on("what Stripe answers that it has made is known, and owed no look", async ({ url, sql }) => {
  const world = await startWorld({ url, isStarted: false });
  world.setWebhooks(false);
  await createOrder(world, "order_1");
  await world.run(world.billing.orders.checkout("order_1"));
  const { status, version, owed } = await known(sql);
  assert.deepEqual([status, version, owed], ["requires_payment_method", 1, []]);
  await world.close();
});

on(
  "a refund is known by the answer to the call that made it, whatever is known of its payment",
  async ({ url, sql }) => {
    const world = await startWorld({ url, isStarted: false });
    await createOrder(world, "order_1");
    await world.pay("order_1", "pm_card_visa");
    await world.run(world.billing.drain());
    world.setWebhooks(false);
    await world.run(world.billing.refunds.create({ id: "r_1", orderId: "order_1", amount: 500 }));
    const { refunds, owed } = await sql.read("refunds", async (reader) => ({
      refunds: await reader.selectFrom("mirror").select("version").where("kind", "=", "refund").execute(),
      owed: await reader.selectFrom("receipts").select("id").where("kind", "=", "look").execute(),
    }));
    assert.deepEqual([refunds, owed], [[{ version: 1 }], []]);
    await world.close();
  },
);

on("an answer that was overtaken is not written, and a look is owed instead", async ({ url, sql }) => {
  const world = await startWorld({ url, isStarted: false });
  await heldOrder(world);
  const before = await known(sql);
  world.fail("POST /v1/payment_intents/", "slow");
  const captured = world.billing.orders.capture("order_1");
  await world.advance(secondMs);
  await sql.write("faster", async (tx) => {
    await tx
      .updateTable("mirror")
      .set((eb) => ({ version: eb("version", "+", 1) }))
      .where("kind", "=", "payment_intent")
      .execute();
  });
  await world.run(captured);
  await world.advance(30 * secondMs);
  const after = await known(sql);
  assert.deepEqual([after.status, after.version], ["requires_capture", before.version + 1]);
  assert.deepEqual(after.owed, ["payment_intent"]);
  await world.close();
});

on(
  "what a call has made and was seen before its answer is not written by that, and a look is owed",
  async ({ url, sql }) => {
    const world = await startWorld({ url, isStarted: false });
    await leaveCatchUp(sql);
    await createOrder(world, "order_1");
    world.fail("POST /v1/payment_intents", "slow");
    const checkout = world.billing.orders.checkout("order_1").catch(() => undefined);
    await world.advance(secondMs);
    await world.run(world.billing.tick({ maxMs: secondMs }));
    const seen = await known(sql);
    world.setWebhooks(false);
    await world.run(checkout);
    await world.advance(30 * secondMs);
    const after = await known(sql);
    assert.deepEqual([after.version, after.owed], [seen.version, ["payment_intent"]]);
    await world.close();
  },
);

on(
  "an answer that shows too little for a row is not written, and a look is owed instead",
  async ({ url, open, sql }) => {
    const world = await startWorld({ url, isStarted: false });
    world.setWebhooks(false);
    await createOrder(world, "order_1");
    const cut = manifests.map((room) => ({
      ...room,
      kinds: room.kinds.map((kind) => ({ ...kind, row: () => undefined })),
    }));
    const { ports } = world.life();
    const given = { options: optionsFor(url), ports, sql: await open({ clock: ports.clock }), manifests: cut };
    const core = await world.run(createCore(given));
    await world.run(core.ready());
    const params = { amount: 2500, currency: "eur", customer: null, capture: "automatic", metadata: {} } as const;
    await world.run(core.operations.carryOut(checkout, { subject: "order_1", params }));
    const { state, owed, mirrored } = await sql.read("after", async (reader) => ({
      ...(await reader.selectFrom("operations").select("state").executeTakeFirstOrThrow()),
      owed: await reader.selectFrom("receipts").select("object_kind").where("kind", "=", "look").execute(),
      mirrored: await reader.selectFrom("mirror").select("id").execute(),
    }));
    assert.deepEqual([state, owed, mirrored], ["done", [{ object_kind: "payment_intent" }], []]);
    await world.close();
  },
);

on("what is done and cannot be shown is not said to be shown, until it can be", async ({ url, open }) => {
  const world = await startWorld({ url, isStarted: false });
  world.setWebhooks(false);
  await createOrder(world, "order_1");
  let isBroken = false;
  const faults: Faults = ({ point, label }) => {
    if (isBroken && point === "begin" && label === "look.written") throw new Error("The disk is full");
  };
  const { ports } = world.life();
  const sql = await open({ clock: ports.clock, faults });
  const core = await world.run(createCore({ options: optionsFor(url), ports, sql, manifests }));
  await world.run(core.ready());
  const params = { amount: 2500, currency: "eur", customer: null, capture: "automatic", metadata: {} } as const;
  const give = () => world.run(core.operations.carryOut(checkout, { subject: "order_1", params }));
  const isShown = async () => {
    const ended = await give();
    return ended.state === "done" && ended.isShown;
  };
  world.fail("POST /v1/payment_intents", "unheard"); // The second answer is a replay: a look is owed.
  world.fail("GET /v1/payment_intents/", "lost", 100);
  assert.equal(await isShown(), false);
  world.mend();
  isBroken = true;
  await assert.rejects(give(), /The disk is full/, "that is not Stripe's fault, and is not kept quiet");
  isBroken = false;
  assert.equal(await isShown(), true);
  await world.close();
});

for (const fault of ["slow", "unheard"] as const) {
  on(
    `what was nobody's before the answer (${fault}) said whose its Customer is is ours from then on`,
    async (given) => {
      const world = await startWorld({ url: given.url, isStarted: false });
      await leaveCatchUp(given.sql);
      world.setWebhooks(false);
      world.fail("POST /v1/customers", fault);
      const ensured = world.billing.customers.ensure({ id: "user_1" });
      await world.advance(secondMs / 10);
      const [made] = (await world.run(world.stripe.customers.list())).data;
      world.setWebhooks(true);
      await world.run(
        world.stripe.paymentIntents.create({ amount: 500, currency: "eur", customer: made?.id as string }),
      );
      const work = () => world.run(world.billing.tick({ maxMs: secondMs }));
      const payment = () =>
        given.sql.read("payment", (reader) =>
          reader.selectFrom("receipts").select("state").where("type", "=", "payment_intent.created").execute(),
        );
      if (fault === "slow") {
        await work();
        assert.deepEqual(await payment(), [{ state: "foreign" }]);
      }
      await world.run(ensured);
      await world.advance(30 * secondMs);
      await work();
      assert.deepEqual(await payment(), [{ state: "done" }]);
      await world.close();
    },
  );
}

on("a command that is given again asks Stripe nothing, and looks at nothing but its own", async ({ url, sql }) => {
  const world = await startWorld({ url, isStarted: false });
  const { orders } = world.billing;
  await heldOrder(world);
  world.fail("POST /v1/payment_intents/", "unheard"); // The second answer is a replay: a look is owed, and made.
  assert.equal((await world.run(orders.capture("order_1"))).outcome, "done");
  await world.run(world.billing.drain());
  world.requests.length = 0;
  assert.equal((await world.run(orders.capture("order_1"))).outcome, "done");
  assert.deepEqual(world.requests, []);
  await sql.write("owed", async (tx) => {
    const look = await tx.selectFrom("receipts").selectAll().where("kind", "=", "look").executeTakeFirstOrThrow();
    const open = { id: "look_of_another", object_id: "pi_another", state: "open" } as const;
    await tx
      .insertInto("receipts")
      .values({ ...look, ...open })
      .execute();
    // As if the checkout of this very order had made another one.
    const made = tx.selectFrom("operations").select("id").where("verb", "=", "orders.checkout");
    await tx.updateTable("calls").set({ stripe_id: "pi_another" }).where("operation", "in", made).execute();
  });
  assert.equal((await world.run(orders.capture("order_1"))).outcome, "done");
  assert.deepEqual(world.requests, []);
  await world.close();
});
