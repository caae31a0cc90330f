// A refund is one row whatever way its answer takes: seen before it is heard, refused beside another, decided by hand.
import assert from "node:assert/strict";
import { minuteMs, secondMs } from "#kit/clock.ts";
import type { Faults } from "#kit/sql/engine.ts";
import { countWaiting, onEachDatabase } from "#kit/sql/testing.ts";
import { until } from "#kit/testing.ts";
import { createReacting } from "../../kernel/changes/react.ts";
import type { OperationView } from "../../kernel/contract/verb.ts";
import type { BillingTables } from "../../kernel/store/tables.ts";
import { coreOn, openBooks } from "../../testing/core.ts";
import { createOrder, startWorld, type World } from "../../testing/index.ts";
import { lockOrder } from "../orders/index.ts";
import { createRefund } from "./create.ts";
import type { RefundRow } from "./tables.ts";
import { create } from "./verb.ts";

const on = onEachDatabase<BillingTables>;

async function paidOrder(world: World, id: string): Promise<void> {
  await createOrder(world, id);
  await world.pay(id, "pm_card_visa");
  await world.advance(10 * secondMs);
}

async function rowsOf(world: World): Promise<unknown[]> {
  const { data } = await world.run(world.billing.refunds.list());
  return data.map(({ id, status, stripe }) => [id, status, stripe.refundId]);
}

on("a refund whose marks were taken off at Stripe before its answer was heard is one refund", async ({ url }) => {
  const world = await startWorld({ url });
  await paidOrder(world, "order_1");
  world.fail("POST /v1/refunds", "unheard");
  world.setWebhooks(false);
  const wish = world.billing.refunds.create({ id: "r_1", orderId: "order_1", amount: 700 });
  await world.advance(10);
  const [made] = (await world.run(world.stripe.refunds.list())).data;
  const id = made?.id as string;
  await world.run(world.stripe.refunds.update(id, { metadata: { bursar_op: "", bursar_refund: "" } }));
  const [told] = (await world.run(world.stripe.events.list({ type: "refund.updated" }))).data;
  assert.equal(await world.deliver(told), 200);
  await world.advance(100);
  world.setWebhooks(true);
  assert.equal((await world.run(wish)).outcome, "done");
  await world.advance(10 * minuteMs);
  assert.deepEqual(await rowsOf(world), [["r_1", "succeeded", id]]);
  assert.equal((await world.run(world.billing.orders.get("order_1"))).amountRefunded, 700);
  await world.close();
});

on("a refund that is refused gives back its own reservation, and not that of one in the air", async ({ url }) => {
  const world = await startWorld({ url, isStarted: false });
  const { refunds } = world.billing;
  await paidOrder(world, "order_1");
  await paidOrder(world, "order_2");
  await world.run(world.billing.drain());
  world.fail("POST /v1/refunds", "slow");
  world.fail("POST /v1/refunds", 400);
  const slow = refunds.create({ id: "r_1", orderId: "order_1" });
  await world.advance(10);
  await assert.rejects(world.run(refunds.create({ id: "r_2", orderId: "order_2" })), { code: "stripe_refused" });
  assert.equal((await world.run(refunds.get("r_1"))).status, "pending");
  await assert.rejects(world.run(refunds.create({ id: "r_3", orderId: "order_1", amount: 1 })), {
    code: "invalid_amount",
  });
  await world.run(slow);
  await world.close();
});

on(
  "a refund that was seen at Stripe stands, though a human ends its operation, and is not made again",
  async ({ url, sql }) => {
    const world = await startWorld({ url });
    const { refunds, operations } = world.billing;
    await paidOrder(world, "order_1");
    world.setWebhooks(false);
    world.fail("POST /v1/refunds", "unheard");
    world.fail("POST /v1/refunds", 299); // What cannot be read is for a human.
    const wish = { id: "r_1", orderId: "order_1", amount: 700 };
    await assert.rejects(world.run(refunds.create(wish)), { code: "operation_parked" });
    world.setWebhooks(true);
    await world.advance(20 * minuteMs);
    const { id } = await sql.read("parked", (reader) =>
      reader.selectFrom("operations").select("id").where("state", "=", "parked").executeTakeFirstOrThrow(),
    );
    await world.run(operations.end(id, { reason: "Nothing at Stripe" }));
    const [made] = (await world.run(world.stripe.refunds.list())).data;
    assert.deepEqual(await rowsOf(world), [["r_1", "succeeded", made?.id]]);
    await assert.rejects(world.run(refunds.create({ ...wish, attempt: 2 })), {
      code: "conflict",
      message: `r_1 stands at Stripe as ${made?.id}`,
    });
    await world.close();
  },
);

on(
  "an answer waits for whoever counts the refunds of its order, and what was seen then is not taken from them",
  async (database) => {
    const { world, sql, core } = await openBooks(database, { payment_intent: "pi_1", amount_paid: 2_500 });
    const other = await database.open({ clock: world.ports.clock });
    const pending: Omit<RefundRow, "id"> = {
      ...{ foreign_made: 0, order_id: "order_1", amount: 500, currency: "eur", status: "pending", reason: null },
      ...{ failure_reason: null, stripe_id: null, operation: null, created_at: 0, held: 0 },
      ...{ invoice: null, payment_intent: "pi_1" },
    };
    const rows = [
      { ...pending, id: "r_0", stripe_id: "re_0" },
      { ...pending, id: "r_1" },
    ];
    await sql.write("rows", async (tx) => void (await tx.insertInto("refunds").values(rows).execute()));
    const counting = Promise.withResolvers<void>();
    const answered = counting.promise.then(() =>
      sql.write("answered", async (tx) => {
        const reacting = createReacting(core.kernel, tx, 0);
        const wish = { subject: "r_1", params: { orderId: "order_1" } } as OperationView<never>;
        return create.answered(reacting, wish, { create: { id: "re_1" } });
      }),
    );
    await other.write("counting", async (tx) => {
      await lockOrder(tx, "order_1");
      await tx.updateTable("refunds").set({ stripe_id: "re_2" }).where("id", "=", "r_1").execute();
      counting.resolve();
      // PostgreSQL stops the answer at the order's row that we hold.
      await until(
        "the other one to wait at the row",
        async () => database.engine !== "postgres" || (await countWaiting(tx)) > 0,
      );
    });
    assert.deepEqual(await answered, { stripeRefundId: "re_2" }, "its own, and the one that was seen first");
    assert.deepEqual(await rowsOf(world), [
      ["r_1", "pending", "re_2"],
      ["r_0", "pending", "re_0"],
    ]);
    await world.close();
  },
  { isAlways: true },
);

on("a refund that nobody wished is not found", async ({ url }) => {
  const world = await startWorld({ url, isStarted: false });
  await assert.rejects(world.run(world.billing.refunds.get("r_1")), { code: "not_found", message: "No refund r_1" });
  await world.close();
});

on("a key that may write refunds and not read them sends back once, and says so", async ({ url }) => {
  const world = await startWorld({ url });
  const { refunds } = world.billing;
  await paidOrder(world, "order_1");
  world.fail("GET /v1/refunds", 403, 10_000);
  const heard = await world.run(refunds.create({ id: "r_1", orderId: "order_1", amount: 700 }));
  assert.deepEqual([heard.outcome, heard.value.status], ["done", "succeeded"]);
  // Of an answer that was lost the second one is a replay, of which only the id is believed: the event tells the rest.
  world.fail("POST /v1/refunds", "unheard");
  const unheard = { id: "r_2", orderId: "order_1", amount: 300 };
  assert.equal((await world.run(refunds.create(unheard))).outcome, "processing");
  await world.advance(60 * minuteMs);
  assert.equal((await world.run(world.stripe.refunds.list())).data.length, 2);
  world.mend();
  await world.advance(60 * minuteMs);
  assert.equal((await world.run(refunds.create(unheard))).outcome, "done");
  assert.equal((await world.run(world.billing.orders.get("order_1"))).amountRefunded, 1000);
  assert.equal((await world.run(world.stripe.refunds.list())).data.length, 2);
  await world.close();
});

on("a refund that is refused for a dispute hides nothing that breaks as that is written", async (database) => {
  const faults: Faults = ({ point, label }) => {
    if (point === "begin" && label === "look.written") throw new Error("it broke");
  };
  const world = await startWorld({ url: database.url, isStarted: false });
  const core = await coreOn(world, await database.open({ clock: world.ports.clock, faults }));
  await createOrder(world, "order_1");
  await world.pay("order_1", "pm_card_createDispute");
  await world.run(world.billing.orders.settled("order_1"));
  await assert.rejects(world.run(createRefund(core, { id: "r_1", orderId: "order_1" })), { message: "it broke" });
  assert.equal((await world.run(world.billing.refunds.get("r_1"))).status, "failed", "and nothing is reserved");
  await world.close();
});
