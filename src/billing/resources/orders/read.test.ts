// What an order shows of itself and of its payment.
import assert from "node:assert/strict";
import { onEachDatabase } from "#kit/sql/testing.ts";
import type { BillingTables } from "../../kernel/store/tables.ts";
import { openBooks } from "../../testing/core.ts";
import { createOrder, startWorld } from "../../testing/index.ts";
import { readOrder, viewOrder } from "./read.ts";

onEachDatabase<BillingTables>(
  "an order shows what became of it, and its own payment as it was last seen",
  async (database) => {
    const { world, sql, core, change } = await openBooks(database, { status: "created" });
    const view = async () => viewOrder(core, await readOrder(core, "order_1"));
    const seen = (id: string) => {
      const what = { kind: "payment_intent", version: 1, tombstone: 0, customer: null, parent: null, row: "{}" };
      const raw = new TextEncoder().encode(JSON.stringify({ id, object: "payment_intent" }));
      return { id, ...what, raw, seen_created: 0, look_begun: 0, updated_at: 0 };
    };
    await sql.write("seen", async (tx) => {
      for (const id of ["pi_0", "pi_1"]) await tx.insertInto("mirror").values(seen(id)).execute();
    });
    const fresh = await view();
    assert.deepEqual([fresh.lastFailure, fresh.paidAt], [null, null]);
    assert.deepEqual(fresh.stripe, { paymentIntentId: null, paymentIntent: null });
    const lastFailure = { code: "card_declined", declineCode: "insufficient_funds", message: "No" };
    await change("order_1", { payment_intent: "pi_1", last_failure: JSON.stringify(lastFailure), paid_at: 5_000 });
    const later = await view();
    assert.deepEqual([later.lastFailure, later.paidAt], [lastFailure, new Date(5_000)]);
    assert.deepEqual(later.stripe, {
      paymentIntentId: "pi_1",
      paymentIntent: { id: "pi_1", object: "payment_intent" },
    });
    await world.close();
  },
);

onEachDatabase<BillingTables>(
  "orders are found by their customer's address in any case, as customers are",
  async ({ url }) => {
    const world = await startWorld({ url });
    const { customers, orders } = world.billing;
    for (const [id, email] of Object.entries({ user_1: "Åsa@shop.test", user_2: "åsa@shop.test" })) {
      await world.run(customers.ensure({ id, email }));
      await createOrder(world, `order_of_${id}`, { customerId: id });
    }
    for (const email of ["Åsa@shop.test", "ÅSA@SHOP.TEST", "åSA@shop.TEST"]) {
      const found = (await world.run(customers.list({ email }))).data.map(({ id }) => `order_of_${id}`);
      assert.deepEqual(
        (await world.run(orders.list({ email }))).data.map(({ id }) => id),
        found,
        email,
      );
      assert.equal(found.length, 1);
    }
    await world.close();
  },
);
