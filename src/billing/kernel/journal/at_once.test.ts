// A new command is sent by the transaction that writes it down, where its lane is free and nothing else is open in it.
// What that spares is counted in transactions; what stands beside it is not taken for something of its lane.
import assert from "node:assert/strict";
import { secondMs } from "#kit/clock.ts";
import type { Faults } from "#kit/sql/engine.ts";
import { onEachDatabase } from "#kit/sql/testing.ts";
import { checkout } from "../../resources/orders/checkout.ts";
import { coreOn } from "../../testing/core.ts";
import { createOrder, startWorld } from "../../testing/index.ts";
import { enroll, pair, startToys, type ToyWorld } from "../../testing/toys.ts";
import { claimLane } from "../store/lanes.ts";
import type { BillingSql, BillingTables, OperationRow } from "../store/tables.ts";

const on = onEachDatabase<BillingTables>;

/** The units of the journal that are begun: `take` answers those since it was asked before. */
function countUnits(): { readonly faults: Faults; take(): string[] } {
  const units: string[] = [];
  return {
    faults({ point, label }) {
      if (point === "begin" && label.startsWith("operation.")) units.push(label.slice("operation.".length));
    },
    take: () => units.splice(0),
  };
}

function give({ world, core }: ToyWorld, subject: string) {
  return world.run(core.operations.carryOut(enroll, { subject, params: { name: "Ada" } }));
}

function lanesHeld(sql: BillingSql): Promise<string[]> {
  return sql.read("lanes", async (reader) =>
    (await reader.selectFrom("lanes").select("key").execute()).map(({ key }) => key),
  );
}

/** The same operation once more, as it would stand beside it. */
async function writeBeside(sql: BillingSql, id: string, beside: readonly Partial<OperationRow>[]): Promise<void> {
  await sql.write("beside", async (tx) => {
    const operation = await tx.selectFrom("operations").selectAll().where("id", "=", id).executeTakeFirstOrThrow();
    for (const [n, changes] of beside.entries()) {
      const row = { ...operation, subject: `beside|${n}`, turn: 7, ...changes, id: `op_${n}` };
      await tx.insertInto("operations").values(row).execute();
    }
  });
}

on("a new command is one transaction before its call and one after, whatever stands beside it", async (database) => {
  const world = await startWorld({ url: database.url, isStarted: false });
  const units = countUnits();
  const core = await coreOn(world, await database.open({ clock: world.ports.clock, faults: units.faults }));
  for (const id of ["order_1", "order_2"]) await createOrder(world, id);
  const params = { amount: 2500, currency: "eur", customer: null, capture: "automatic", metadata: {} } as const;
  const begin = (subject: string) => world.run(core.operations.carryOut(checkout, { subject, params, attempt: 1 }));
  const { operationId } = await begin("order_1");
  const lane = checkout.lane({ subject: "order_2", params });
  await writeBeside(database.sql, operationId, [
    { state: "open", lane: `${lane}|another` },
    { state: "done", lane },
    { state: "open", lane, mode: "live" },
    { state: "open", lane, instance: "ins_of_the_original" },
  ]);
  units.take();
  assert.equal((await begin("order_2")).state, "done");
  assert.deepEqual(units.take(), ["begin", "answered"]);
  assert.deepEqual(await lanesHeld(database.sql), []);
  assert.equal((await begin("order_2")).state, "done");
  assert.deepEqual(units.take(), ["begin", "read", "owed"], "given again, it is only read");
  assert.deepEqual(await lanesHeld(database.sql), []);
  await world.close();
});

on("a command that waits for its turn holds no lane meanwhile, and goes on as soon as it comes", async (database) => {
  const units = countUnits();
  const toys = await startToys(database.url, units.faults);
  const { world, core } = toys;
  const customer = (await world.run(world.stripe.customers.create({}))).id;
  world.fail("POST /v1/customers", 401);
  assert.equal((await give(toys, "toy_1")).state, "open");
  units.take();
  const behind = core.operations.carryOut(pair, { subject: "toy_1", params: { customer } });
  await world.advance(1);
  assert.deepEqual(units.take(), ["begin", "sent"]);
  assert.deepEqual(await lanesHeld(database.sql), []);
  await database.sql.write("due", async (tx) => void (await tx.updateTable("calls").set({ next_at: 0 }).execute()));
  assert.equal(await world.run(core.operations.work()), 1);
  await toys.settle();
  assert.equal((await world.run(behind)).state, "done");
  await toys.close();
});

on("a command whose lane somebody else holds is not sent before that has ended", async (database) => {
  const toys = await startToys(database.url);
  const { world, core } = toys;
  const lane = "toy:toy_1";
  await database.sql.write("held", async (tx) => {
    assert.ok(await claimLane(tx, { key: lane, owner: "another", now: core.ports.clock.now() }));
  });
  const waiting = core.operations.carryOut(enroll, { subject: "toy_1", params: { name: "Ada" } });
  await world.advance(7 * secondMs);
  const posted = () => world.requests.filter((line) => line.startsWith("POST")).length;
  assert.deepEqual([posted(), await lanesHeld(database.sql)], [0, [lane]]);
  assert.equal((await world.run(waiting)).state, "done");
  assert.equal(posted(), 3);
  await toys.close();
});

on("who waits while the machine sleeps asks anew what time it is, and goes on", async ({ url }) => {
  const toys = await startToys(url);
  const { world, core } = toys;
  world.fail("POST /v1/customers", "lost");
  const waiting = core.operations.carryOut(enroll, { subject: "toy_1", params: { name: "Ada" } });
  await world.advance(100);
  await toys.sleep(3 * secondMs);
  assert.equal((await world.run(waiting)).state, "done");
  await toys.close();
});
