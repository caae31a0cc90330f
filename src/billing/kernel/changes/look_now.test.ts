// A look for somebody who waits: what it shows is written as of a second before it was asked for, over what was known
// then; who is not shown anything hears so.
import assert from "node:assert/strict";
import { secondMs } from "#kit/clock.ts";
import type { Faults } from "#kit/sql/engine.ts";
import { type DatabaseWorld, onEachDatabase } from "#kit/sql/testing.ts";
import { coreOn } from "../../testing/core.ts";
import { startWorld } from "../../testing/index.ts";
import type { BillingTables } from "../store/tables.ts";
import { lookNow } from "./observe.ts";

const on = onEachDatabase<BillingTables>;

async function startLooking({ url, open, sql }: DatabaseWorld<BillingTables>, faults: Faults = () => {}) {
  const world = await startWorld({ url, isStarted: false });
  world.setWebhooks(false);
  const { kernel } = await coreOn(world, await open({ clock: world.ports.clock, faults }));
  return {
    world,
    look: (kind: string, id: string) => world.run(lookNow(kernel, { kind, id })),
    known: async (id: string) => {
      const rows = sql.read("known", (reader) =>
        reader.selectFrom("mirror").selectAll().where("id", "=", id).execute(),
      );
      return (await rows)[0];
    },
  };
}

const money = { amount: 2_500, currency: "eur" };

on("what it shows is known as of a second before it was asked for", async (database) => {
  const { world, look, known } = await startLooking(database);
  for (let n = 0; n < 2; n++) {
    const beside = await world.run(world.stripe.paymentIntents.create(money));
    await look("payment_intent", beside.id); // of others more is known than of it
  }
  const { id } = await world.run(world.stripe.paymentIntents.create(money));
  await world.advance(10 * secondMs);
  const askedAt = world.ports.clock.now();
  await look("payment_intent", id);
  const { version = 0, look_begun = 0 } = (await known(id)) ?? {};
  assert.equal(version, 1);
  assert.ok(look_begun <= askedAt - secondMs && look_begun > askedAt - 4 * secondMs, `${look_begun - askedAt}`);
  await world.close();
});

on("what is not there, or is there no more, is not found, and what was known of it stays", async (database) => {
  const { world, look, known } = await startLooking(database);
  await assert.rejects(look("payment_intent", "pi_none"), { code: "not_found" });
  const { id } = await world.run(world.stripe.customers.create({}));
  await look("customer", id);
  const before = await known(id);
  await world.run(world.stripe.customers.del(id));
  await assert.rejects(look("customer", id), { code: "not_found" });
  assert.deepEqual(await known(id), before);
  await world.close();
});

on("who is overtaken looks again, three times at most: what the others wrote is as new", async (database) => {
  let overtakes = 0;
  const faults: Faults = async ({ point, label }) => {
    if (point !== "begin" || label !== "look.written" || overtakes === 0) return;
    overtakes--;
    await database.sql.write("faster", async (tx) => {
      await tx
        .updateTable("mirror")
        .set((eb) => ({ version: eb("version", "+", 1) }))
        .execute();
    });
  };
  const { world, look, known } = await startLooking(database, faults);
  const { id } = await world.run(world.stripe.paymentIntents.create(money));
  await look("payment_intent", id);
  overtakes = 2;
  await look("payment_intent", id);
  assert.equal((await known(id))?.version, 4, "the third look is written");
  overtakes = 9;
  await look("payment_intent", id);
  assert.deepEqual([overtakes, (await known(id))?.version], [6, 7]);
  await world.close();
});
