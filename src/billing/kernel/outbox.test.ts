import assert from "node:assert/strict";
import { minuteMs } from "#kit/clock.ts";
import { onEachDatabase } from "#kit/sql/testing.ts";
import { createOrder, startWorld } from "../testing/world.ts";
import { deliveryAttemptsMax } from "./outbox.ts";
import type { BillingDatabase } from "./schema.ts";

const on = onEachDatabase<BillingDatabase>;

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
  await world.billing.tick({ maxMs: 1_000 });
  await world.advance(2 * minuteMs);
  assert.equal(calls, 1);
  await world.close();
});
