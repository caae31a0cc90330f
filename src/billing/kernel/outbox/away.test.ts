// A database that is away, or has no turn for us: what was handed over is not handed over again, and what was taken
// beside it is not suspected.
import assert from "node:assert/strict";
import { secondMs } from "#kit/clock.ts";
import { type DatabaseWorld, onEachDatabase } from "#kit/sql/testing.ts";
import { createRefusing, isAway } from "../../testing/machine.ts";
import { boxOf, drain, orderOf, startShop } from "../../testing/outbox.ts";
import { createPace } from "../store/pace.ts";
import type { BillingTables } from "../store/tables.ts";
import { claim, deliveryLeaseMs } from "./claim.ts";
import { createOutbox } from "./outbox.ts";

/** A shop whose outbox is refused whatever unit `refused` names; its handler takes a second. */
async function start(database: DatabaseWorld<BillingTables>) {
  const shop = await startShop(database);
  const { world } = shop;
  const { refused, faults } = createRefusing(database);
  const sql = await database.open({ clock: world.ports.clock, faults });
  const outbox = createOutbox({ sql, ports: world.ports });
  const handle = async (fact: Parameters<typeof orderOf>[0]) => {
    shop.handed.push(orderOf(fact));
    await world.ports.clock.sleep(secondMs);
  };
  outbox.add({ id: "shop", types: ["order.paid"], handle });
  return { ...shop, outbox, refused };
}

onEachDatabase<BillingTables>(
  "what ends while the database is away is written when it is there, and is handed over once",
  async (database) => {
    const shop = await start(database);
    const { world, outbox, refused } = shop;
    await shop.pay("1", "2", "3");
    refused.add("outbox.delivered");
    await world.run(outbox.work());
    await world.advance(deliveryLeaseMs / 2);
    assert.equal(shop.handed.length, 2, "and what was being handed over meanwhile");
    await assert.rejects(world.run(outbox.work()), isAway, "which the lane has met");
    await assert.rejects(world.run(outbox.work()), isAway, "and nothing is taken before it is written");
    assert.deepEqual(await world.run(claim(boxOf(shop))), [], "nor is it by others");
    refused.clear();
    await world.run(outbox.work());
    await world.advance(2 * secondMs);
    await drain(shop);
    assert.deepEqual(shop.handed.toSorted(), ["1", "2", "3"]);
    const states = (await shop.rows()).map(({ state, attempts, until }) => `${state} ${attempts} ${until}`);
    assert.deepEqual(new Set(states), new Set(["done 1 0"]));
    await shop.close();
  },
  { isAlways: true },
);

onEachDatabase<BillingTables>(
  "what cannot be given back at the end is given back by the next work",
  async (database) => {
    const shop = await start(database);
    const { world, outbox, refused } = shop;
    await shop.pay("1", "2", "3", "4");
    await world.run(outbox.work());
    refused.add("outbox.lease");
    await world.run(outbox.rest());
    await assert.rejects(world.run(outbox.work()), isAway);
    refused.clear();
    outbox.remove("shop");
    assert.equal(await world.run(outbox.work()), 0);
    const states = (await shop.rows()).map(({ state, attempts, until }) => `${state} ${attempts} ${until}`);
    assert.deepEqual(new Set(states), new Set(["done 1 0", "open 0 0"]), "which counts nothing");
    await shop.close();
  },
);

onEachDatabase<BillingTables>(
  "no more is taken and ended at once than the database lets a set have",
  async (database) => {
    const shop = await start(database);
    const { world } = shop;
    await shop.pay("1", "2", "3");
    const box = { ...boxOf(shop), pace: createPace(world.ports.clock, 2) };
    assert.equal((await world.run(claim(box))).length, 2);
    await shop.close();
  },
);
