// A capture that Stripe refuses: its caller hears it, and the order says soon what became of its payment.
import assert from "node:assert/strict";
import { minuteMs, secondMs } from "#kit/clock.ts";
import { onEachDatabase } from "#kit/sql/testing.ts";
import type { BillingTables } from "../../../kernel/store/tables.ts";
import { createOrder, leaveCatchUp, startWorld } from "../../../testing/index.ts";

const on = onEachDatabase<BillingTables>;

on(
  "what Stripe refuses is looked at, so that the order is known to be canceled without a word of Stripe's",
  async ({ url, sql }) => {
    const world = await startWorld({ url, isStarted: false });
    await leaveCatchUp(sql);
    const { orders } = world.billing;
    for (const id of ["order_0", "order_1", "order_2"]) {
      await createOrder(world, id, { capture: "manual" });
      await world.pay(id, "pm_card_visa");
    }
    await world.run(world.billing.drain());
    const payment = (await world.run(orders.get("order_1"))).stripe.paymentIntentId as string;
    world.setWebhooks(false);
    await world.run(world.stripe.paymentIntents.cancel(payment));
    await assert.rejects(world.run(orders.capture("order_1")), { code: "stripe_refused" });
    assert.equal((await world.run(orders.get("order_1"))).status, "authorized");
    const owed = await sql.read("owed", (reader) =>
      reader.selectFrom("receipts").select("object_id").where("kind", "=", "look").execute(),
    );
    assert.deepEqual(owed, [{ object_id: payment }]);
    await world.run(world.billing.drain());
    assert.equal((await world.run(orders.get("order_1"))).status, "canceled");
    await world.close();
  },
);

on("what expires before it was sent is looked at by nobody", async ({ url, sql }) => {
  const world = await startWorld({ url, isStarted: false });
  await leaveCatchUp(sql);
  const { orders } = world.billing;
  await createOrder(world, "order_1", { capture: "manual" });
  await world.pay("order_1", "pm_card_visa");
  await world.run(world.billing.drain());
  world.fail("POST /v1/payment_intents/", 401);
  assert.equal((await world.run(orders.capture("order_1"))).outcome, "processing");
  await sql.write("older", async (tx) => {
    await tx
      .updateTable("operations")
      .set((eb) => ({ created_at: eb("created_at", "-", 24 * 60 * minuteMs) }))
      .execute();
  });
  await world.advance(40 * secondMs);
  world.requests.length = 0;
  await world.run(world.billing.drain());
  const again = world.run(orders.capture("order_1"));
  await assert.rejects(again, { code: "wrong_state", message: /not carried out in time/ });
  assert.deepEqual(world.requests, [], "Stripe has said nothing of it");
  await world.close();
});
