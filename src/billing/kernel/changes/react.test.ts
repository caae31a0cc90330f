// What follows from news, and how soon.
import assert from "node:assert/strict";
import { secondMs } from "#kit/clock.ts";
import { onEachDatabase } from "#kit/sql/testing.ts";
import { createOrder, startWorld } from "../../testing/index.ts";
import type { BillingTables } from "../store/tables.ts";

onEachDatabase<BillingTables>(
  "what an event sets in motion is worked at once, and not when the workers look again",
  async ({ url }) => {
    const world = await startWorld({ url });
    const told: string[] = [];
    for (const id of ["order_1", "order_2", "order_3"]) {
      await createOrder(world, id);
      await world.pay(id, "pm_card_visa");
      await world.advance(secondMs);
      told.push("order.paid");
      assert.deepEqual(
        world.facts.map(({ type }) => type),
        told,
        id,
      );
    }
    await world.close();
  },
);
