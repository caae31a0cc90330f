// A database that is away, or has no turn for us, takes nothing from those that were being worked: none of them failed,
// none is suspected, and what was taken is free at once.
import assert from "node:assert/strict";
import { secondMs } from "#kit/clock.ts";
import { type DatabaseWorld, onEachDatabase } from "#kit/sql/testing.ts";
import { coreOn } from "../../testing/core.ts";
import { deliver, paymentEvent, receipts } from "../../testing/inbox.ts";
import { leaveCatchUp, startWorld } from "../../testing/index.ts";
import { createRefusing, isAway } from "../../testing/machine.ts";
import type { BillingTables } from "../store/tables.ts";
import { findDue } from "./claim.ts";
import { workInbox } from "./work.ts";

/** A core that is refused whatever unit `refused` names. */
async function start({ engine, url, open, sql }: DatabaseWorld<BillingTables>) {
  const world = await startWorld({ url, isStarted: false });
  world.setWebhooks(false);
  await leaveCatchUp(sql);
  const { refused, faults } = createRefusing({ engine, url });
  const { kernel } = await coreOn(world, await open({ clock: world.ports.clock, faults }));
  return {
    world,
    kernel,
    refused,
    work: () => world.run(workInbox(kernel)),
    rows: async () => Object.values(await receipts(sql)),
    lanes: () => sql.read("lanes", (reader) => reader.selectFrom("lanes").select("key").execute()),
  };
}

onEachDatabase<BillingTables>(
  "a set that the database refuses is free at once, nobody in it is suspected, and the next one is smaller",
  async (database) => {
    const { world, kernel, refused, ...box } = await start(database);
    await deliver(
      world,
      [0, 1, 2].map((nth) => paymentEvent(world, nth, kernel.instance)),
    );
    const sizes: number[] = [];
    for (const label of ["inbox.claim", "inbox.situation", "inbox.done"]) {
      refused.add(label);
      await assert.rejects(box.work(), isAway, label);
      refused.clear();
      assert.deepEqual(await box.lanes(), [], label);
      assert.deepEqual(await box.rows(), Array(3).fill({ state: "open", attempts: 0, error: null }), label);
      sizes.push(kernel.pace.size());
    }
    assert.deepEqual(sizes, [250, 125, 62]);
    assert.equal(await box.work(), 3);
    assert.deepEqual(await box.rows(), Array(3).fill({ state: "done", attempts: 1, error: null }));
    await world.close();
  },
  { isAlways: true },
);

onEachDatabase<BillingTables>(
  "lanes that cannot be given back while the database is away are given back when it is there",
  async (database) => {
    const { world, kernel, refused, ...box } = await start(database);
    await deliver(world, [paymentEvent(world, 1, kernel.instance)]);
    for (const label of ["inbox.done", "inbox.release"]) refused.add(label);
    await assert.rejects(box.work(), isAway);
    assert.equal((await box.lanes()).length, 1);
    await world.advance(9 * secondMs); // longer than a lease
    refused.clear();
    assert.equal(await box.work(), 1);
    assert.deepEqual(await box.rows(), [{ state: "done", attempts: 1, error: null }]);
    await world.close();
  },
);

onEachDatabase<BillingTables>(
  "what a look showed and the database refuses is not counted against it",
  async (database) => {
    const { world, kernel, refused, ...box } = await start(database);
    const metadata = { bursar_instance: kernel.instance };
    const payment = await world.run(world.stripe.paymentIntents.create({ amount: 2_500, currency: "eur", metadata }));
    // Of an older version of the API, so that only a look can tell.
    await deliver(world, [{ ...paymentEvent(world, 1), api_version: "2020-08-27", data: { object: payment } }]);
    refused.add("inbox.done");
    await assert.rejects(box.work(), isAway);
    refused.clear();
    assert.deepEqual(await box.rows(), [{ state: "open", attempts: 0, error: null }]);
    assert.deepEqual(await findDue(kernel), [payment.id], "its lane is free");
    assert.equal(await box.work(), 1);
    assert.deepEqual(await box.rows(), [{ state: "done", attempts: 1, error: null }]);
    await world.close();
  },
);
