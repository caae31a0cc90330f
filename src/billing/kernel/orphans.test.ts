// A delivery whose handler was taken out of the program has no owner: a human hears of it.
import assert from "node:assert/strict";
import { hourMs, secondMs } from "#kit/clock.ts";
import { onEachDatabase } from "#kit/sql/testing.ts";
import { createOrder, startWorld } from "../testing/index.ts";
import type { BillingTables } from "./store/tables.ts";

const on = onEachDatabase<BillingTables>;

on("facts for a handler that no process registers any more are flagged after an hour, once", async ({ url, sql }) => {
  const world = await startWorld({ url });
  await sql.write("of before", async (tx) => {
    await tx.insertInto("handlers").values({ id: "of_before", type: "order.paid", since: 0 }).execute();
  });
  for (const id of ["order_1", "order_2"]) {
    await createOrder(world, id);
    await world.pay(id, "pm_card_visa");
  }
  await world.advance(10 * secondMs);
  const flags = async () => (await world.run(world.billing.flags.list({ state: "open" }))).data;
  assert.deepEqual(await flags(), []);
  await world.advance(3 * hourMs);
  const told = (await flags()).map(({ kind, subject, detail }) => `${kind} ${subject}: ${detail}`);
  assert.equal(told.length, 1);
  assert.match(told[0] as string, /^handler_gone of_before: 2 facts wait/);
  assert.equal((await world.run(world.billing.deliveries.list({ state: "open" }))).data.length, 2, "and they wait");
  await world.close();
});
