// What happens to an operation at the very moment at which something else is decided about it.
import assert from "node:assert/strict";
import type { Faults } from "#kit/sql/engine.ts";
import { type DatabaseWorld, onEachDatabase } from "#kit/sql/testing.ts";
import { manifests } from "../../resources/index.ts";
import { checkout } from "../../resources/orders/checkout.ts";
import { createOrder, optionsFor, startWorld, type World } from "../../testing/index.ts";
import { createCore } from "../core.ts";
import type { BillingTables } from "../store/tables.ts";

const on = onEachDatabase<BillingTables>;
const params = { amount: 2500, currency: "eur", customer: null, capture: "automatic", metadata: {} } as const;

/** Another process, in which this happens before the first unit of that name begins. */
async function processWith(
  world: World,
  database: DatabaseWorld<BillingTables>,
  label: string,
  happens: () => Promise<unknown>,
) {
  let isLeft = true;
  const faults: Faults = async (at) => {
    if (!isLeft || at.point !== "begin" || at.label !== label) return;
    isLeft = false;
    await happens();
  };
  const { ports } = world.life();
  const sql = await database.open({ clock: ports.clock, faults });
  const core = await world.run(createCore({ options: optionsFor(database.url), ports, sql, manifests }));
  await world.run(core.kernel.gateway.knowTime());
  return core;
}

on("who is about to be told `processing` when its operation ends hears of its end", async (database) => {
  const world = await startWorld({ url: database.url, isStarted: false });
  const other = await processWith(world, database, "nothing", async () => undefined);
  const core = await processWith(world, database, "operation.promised", async () => {
    world.mend();
    await database.sql.write("due", async (tx) => void (await tx.updateTable("calls").set({ next_at: 0 }).execute()));
    await other.operations.work();
  });
  await createOrder(world, "order_1");
  world.fail("POST /v1/payment_intents", "lost", 1_000);
  const ended = await world.run(core.operations.carryOut(checkout, { subject: "order_1", params }));
  assert.equal(ended.state, "done");
  await world.close();
});

on(
  "who is about to try what somebody else ends at that moment finds nothing to do, and hears of its end",
  async (database) => {
    const world = await startWorld({ url: database.url, isStarted: false });
    const other = await processWith(world, database, "nothing", async () => undefined);
    const core = await processWith(world, database, "operation.sent", async () => {
      await database.sql.write("due", async (tx) => void (await tx.updateTable("calls").set({ next_at: 0 }).execute()));
      await other.operations.work();
    });
    await createOrder(world, "order_1");
    world.fail("POST /v1/payment_intents", "lost");
    const ended = await world.run(core.operations.carryOut(checkout, { subject: "order_1", params }));
    assert.equal(ended.state, "done");
    assert.equal(world.requests.filter((line) => line === "POST /v1/payment_intents").length, 2);
    await world.close();
  },
);

on("an operation that another replica of a copy leaves at the same moment is left once", async (database) => {
  const world = await startWorld({ url: database.url, isStarted: false });
  await createOrder(world, "order_1");
  world.fail("POST /v1/payment_intents", 401);
  await world.run(world.billing.orders.checkout("order_1").catch(() => undefined));
  const set = (changes: { instance?: string; state?: "canceled" }) =>
    database.sql.write("set", async (tx) => void (await tx.updateTable("operations").set(changes).execute()));
  await set({ instance: "ins_of_the_original" });
  const rows = () => database.sql.read("rows", (reader) => reader.selectFrom("operations").selectAll().execute());
  const [before] = await rows();
  const core = await processWith(world, database, "operation.left", () => set({ state: "canceled" }));
  await world.run(core.operations.leaveOthers());
  assert.deepEqual(await rows(), [{ ...before, state: "canceled" }], "nothing is given back a second time");
  const { data } = await world.run(world.billing.flags.list());
  assert.deepEqual(data, []);
  await world.close();
});

on("what is in the air when a process closes is heard out", async ({ url, sql }) => {
  const world = await startWorld({ url, isStarted: false });
  await createOrder(world, "order_1");
  world.fail("POST /v1/payment_intents", "slow");
  void world.billing.orders.checkout("order_1").catch(() => undefined);
  await world.advance(10);
  await world.run(world.billing.close());
  const states = await sql.read("states", (reader) => reader.selectFrom("operations").select("state").execute());
  assert.deepEqual(states, [{ state: "done" }]);
  await world.close();
});
