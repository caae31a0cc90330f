// A try that did not reach Stripe is none: our own limit kept the call back, or the database failed before it left.
import assert from "node:assert/strict";
import { minuteMs, secondMs } from "#kit/clock.ts";
import { onEachDatabase } from "#kit/sql/testing.ts";
import { withDeadline } from "#kit/waiting/deadline.ts";
import { checkout } from "../../resources/orders/checkout.ts";
import { coreOn } from "../../testing/core.ts";
import { createOrder, startWorld } from "../../testing/index.ts";
import { enroll, startToys } from "../../testing/toys.ts";
import type { BillingTables } from "../store/tables.ts";

const on = onEachDatabase<BillingTables>;

on("a call that our own limit kept back has not been tried, and is sent when there is room", async ({ url, sql }) => {
  const toys = await startToys(url);
  const { world, core } = toys;
  const give = (subject: string) => world.run(core.operations.carryOut(enroll, { subject, params: { name: "Ada" } }));
  assert.equal((await give("toy_0")).state, "done");
  await sql.write("busy", async (tx) => {
    await tx.updateTable("limits").set({ used: 2_500 }).where("name", "=", "account").execute();
  });
  await world.advance(2 * secondMs); // Tickets that were drawn before are good for a second.
  world.requests.length = 0;
  const { state, operationId } = await give("toy_1");
  assert.equal(state, "open");
  await world.advance(1.5 * secondMs);
  const call = await sql.read("call", (reader) =>
    reader.selectFrom("calls").selectAll().where("operation", "=", operationId).executeTakeFirstOrThrow(),
  );
  assert.deepEqual([call.state, call.tries, call.first_sent_at, world.requests], ["ready", 0, null, []]);
  assert.ok(call.next_at > core.ports.clock.now(), "and is not due at once");
  await world.advance(2 * minuteMs);
  await toys.settle();
  assert.equal((await give("toy_1")).state, "done");
  assert.equal(world.requests.filter((line) => line === "POST /v1/customers").length, 1);
  await toys.close();
});

on("who waits hears at once that the database has failed, and the call is made when it is back", async (database) => {
  const world = await startWorld({ url: database.url, isStarted: false });
  let isBroken = false;
  const faults = ({ point, label }: { point: string; label: string }) => {
    if (isBroken && point === "begin" && label === "operation.answered") throw new Error("The disk is full");
  };
  const core = await coreOn(world, await database.open({ clock: world.ports.clock, faults }));
  await createOrder(world, "order_1");
  const params = { amount: 2500, currency: "eur", customer: null, capture: "automatic", metadata: {} } as const;
  const give = () => world.run(core.operations.carryOut(checkout, { subject: "order_1", params }));
  isBroken = true;
  const begunMs = core.ports.clock.monotonicMs();
  await assert.rejects(give(), /The disk is full/);
  assert.ok(core.ports.clock.monotonicMs() - begunMs < secondMs);
  isBroken = false;
  assert.equal((await give()).state, "done");
  await world.close();
});

on("an answer that cannot be written, and that nobody waits for, is logged, and asked for again", async ({ url }) => {
  let isBroken = true;
  const toys = await startToys(url, ({ point, label }) => {
    if (isBroken && point === "begin" && label === "operation.answered") throw new Error("The disk is full");
  });
  const { world, core } = toys;
  const give = () => core.operations.carryOut(enroll, { subject: "toy_1", params: { name: "Ada" } });
  assert.equal((await world.run(withDeadline(core.ports.clock, 0, give))).state, "open");
  await world.advance(minuteMs);
  assert.ok(world.log.some((line) => line.includes("operation.try_failed") && line.includes("The disk is full")));
  isBroken = false;
  await toys.settle();
  assert.equal((await world.run(give())).state, "done");
  assert.equal((await world.run(world.stripe.customers.list())).data.length, 1);
  await toys.close();
});
