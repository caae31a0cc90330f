// Events of one second may come in any order, and which of them was the last nobody can tell from them.
import assert from "node:assert/strict";
import { secondMs } from "#kit/clock.ts";
import { onEachDatabase } from "#kit/sql/testing.ts";
import { createOrder, startWorld } from "../../testing/index.ts";
import type { BillingTables } from "../store/tables.ts";

const cards = { pm_card_visa: "paid", pm_card_chargeDeclined: "failed" } as const;

for (const [card, status] of Object.entries(cards)) {
  onEachDatabase<BillingTables>(
    `an event that came last and tells of before is not a doubt about a look (${status})`,
    async ({ url, sql }) => {
      const world = await startWorld({ url, isStarted: false });
      world.setWebhooks(false);
      await createOrder(world, "order_1");
      await world.pay("order_1", card).catch((error: Error) => error);
      assert.equal((await world.run(world.billing.orders.settled("order_1"))).status, status);
      const { data } = await world.run(world.stripe.events.list({ limit: 100 }).then((list) => list));
      const ofPayment = data.filter(({ type }) => type.startsWith("payment_intent."));
      assert.ok(ofPayment.length >= 2);
      // The newest first: what tells of before arrives last.
      for (const event of ofPayment) {
        assert.equal(await world.deliver({ ...event, created: ofPayment[0]?.created }), 200);
      }
      world.requests.length = 0;
      await world.run(world.billing.tick({ maxMs: secondMs }));
      const open = await sql.read("open", (reader) =>
        reader
          .selectFrom("receipts")
          .select("id")
          .where("state", "=", "open")
          .where("type", "like", "payment%")
          .execute(),
      );
      assert.deepEqual(open, []);
      const looks = world.requests.filter((line) => line.startsWith("GET /v1/payment_intents/"));
      assert.ok(looks.length <= 1, looks.join());
      assert.equal((await world.run(world.billing.orders.get("order_1"))).status, status);
      await world.close();
    },
  );
}

onEachDatabase<BillingTables>("a lane that nobody works on is not a row", async ({ url, sql }) => {
  const world = await startWorld({ url });
  for (const id of ["order_1", "order_2"]) {
    await createOrder(world, id);
    await world.pay(id, "pm_card_visa");
  }
  await world.advance(10 * secondMs);
  await world.run(world.billing.refunds.create({ id: "r_1", orderId: "order_1", amount: 500 }));
  await world.advance(10 * secondMs);
  assert.deepEqual(await sql.read("lanes", (reader) => reader.selectFrom("lanes").selectAll().execute()), []);
  await world.close();
});
