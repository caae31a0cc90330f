// A caller waits ten seconds, for all of it as one whole; what it has begun goes on without it.
import assert from "node:assert/strict";
import { minuteMs, secondMs } from "#kit/clock.ts";
import { isProblem, type Problem } from "#kit/problems.ts";
import { onEachDatabase } from "#kit/sql/testing.ts";
import { createOrder, startWorld, type World } from "../../testing/index.ts";
import { enroll, startToys } from "../../testing/toys.ts";
import { claimLane } from "../store/lanes.ts";
import type { BillingTables } from "../store/tables.ts";
import { commandWaitMs } from "./operations.ts";

const on = onEachDatabase<BillingTables>;

/** What it answers, or the Problem that it throws, before its caller would have gone. */
async function inTime<T>(world: World, command: () => Promise<T>): Promise<T | Problem> {
  const { clock } = world.ports;
  const begunAt = clock.now();
  const answer = await world.run(
    command().catch((error: unknown) => {
      if (isProblem(error)) return error;
      throw error;
    }),
  );
  const waitedMs = clock.now() - begunAt;
  assert.ok(waitedMs <= commandWaitMs, `${waitedMs} ms`);
  return answer;
}

async function payments(world: World) {
  return (await world.run(world.stripe.paymentIntents.list().then((list) => list))).data;
}

on("a checkout that Stripe takes long for names its operation, and is made once", async ({ url }) => {
  const world = await startWorld({ url });
  await createOrder(world, "order_1");
  world.fail("POST /v1/payment_intents", "slow", 100);
  const first = await inTime(world, () => world.billing.orders.checkout("order_1"));
  assert.ok(first instanceof Error);
  assert.equal(first.code, "stripe_unreachable");
  const id = String(first.details?.operation);
  assert.equal((await world.run(world.billing.operations.get(id))).verb, "orders.checkout");
  world.mend();
  await world.advance(minuteMs);
  await world.run(world.billing.orders.checkout("order_1"));
  assert.equal((await payments(world)).length, 1);
  await world.close();
});

on("who waits tries again by itself, where no workers run", async ({ url }) => {
  const world = await startWorld({ url, isStarted: false });
  await createOrder(world, "order_1");
  world.fail("POST /v1/payment_intents", "lost", 2);
  const begunAt = world.ports.clock.now();
  const { clientSecret } = await world.run(world.billing.orders.checkout("order_1"));
  assert.match(clientSecret, /^pi_/);
  assert.ok(world.ports.clock.now() - begunAt < commandWaitMs / 2, "as soon as its pauses are over");
  await world.close();
});

on("ten seconds are for all of a command: its customer, its payment and its look", async ({ url }) => {
  const world = await startWorld({ url });
  world.setWebhooks(false); // else the event tells whose the Customer is before its call is answered
  world.fail("POST /v1/customers", "slow", 100);
  const ensured = await inTime(world, () => world.billing.customers.ensure({ id: "user_1" }));
  assert.ok(!(ensured instanceof Error));
  assert.equal(ensured.stripeCustomerId, null);
  await createOrder(world, "order_1", { customerId: "user_1" });
  for (const request of ["POST /v1/customers", "POST /v1/payment_intents", "GET /v1/payment_intents"]) {
    world.fail(request, "slow", 100);
    const checkout = await inTime(world, () => world.billing.orders.checkout("order_1"));
    assert.ok(checkout instanceof Error && checkout.code === "stripe_unreachable");
    const { operation } = checkout.details ?? {};
    if (request.startsWith("POST")) await world.run(world.billing.operations.get(String(operation)));
    world.mend();
    await world.advance(minuteMs);
  }
  await world.run(world.billing.orders.checkout("order_1"));
  const { data } = await world.run(world.stripe.customers.list().then((list) => list));
  assert.deepEqual([data.length, (await payments(world)).length], [1, 1]);
  await world.close();
});

on("a refund that Stripe takes long for is processing, and the return page waits no longer either", async ({ url }) => {
  const world = await startWorld({ url });
  await createOrder(world, "order_1");
  await world.pay("order_1", "pm_card_visa");
  world.setWebhooks(false);
  world.fail("GET /v1/payment_intents", "slow");
  const settled = await inTime(world, () => world.billing.orders.settled("order_1"));
  assert.ok(settled instanceof Error && settled.code === "stripe_unreachable");
  await world.run(world.billing.orders.settled("order_1"));
  world.fail("POST /v1/refunds", "slow", 100);
  const refund = await inTime(world, () =>
    world.billing.refunds.create({ id: "r_1", orderId: "order_1", amount: 500 }),
  );
  assert.ok("outcome" in refund && refund.outcome === "processing");
  assert.equal((await world.run(world.billing.operations.get(refund.operationId))).verb, "refunds.create");
  world.mend();
  await world.advance(minuteMs);
  const { data } = await world.run(world.stripe.refunds.list().then((list) => list));
  assert.equal(data.length, 1);
  assert.equal((await world.run(world.billing.refunds.get("r_1"))).status, "succeeded");
  await world.close();
});

on("who waits is answered as soon as somebody else has ended its operation", async ({ url, sql }) => {
  const toys = await startToys(url);
  const { world, core } = toys;
  world.fail("POST /v1/customers", 401); // It is due again when nobody waits any more.
  const begunMs = core.ports.clock.monotonicMs();
  const waiting = core.operations.carryOut(enroll, { subject: "toy_1", params: { name: "Ada" } });
  await world.advance(secondMs);
  await sql.write("due", async (tx) => void (await tx.updateTable("calls").set({ next_at: 0 }).execute()));
  await toys.settle();
  assert.equal((await world.run(waiting)).state, "done");
  assert.ok(core.ports.clock.monotonicMs() - begunMs < commandWaitMs / 2);
  await toys.close();
});

on("a lane that somebody else holds is not worked, and nothing of it has moved", async ({ url, sql }) => {
  const toys = await startToys(url);
  const { world, core } = toys;
  world.fail("POST /v1/customers", 401);
  await world.run(core.operations.carryOut(enroll, { subject: "toy_1", params: { name: "Ada" } }));
  await sql.write("held", async (tx) => {
    await tx.updateTable("calls").set({ next_at: 0 }).execute();
    await claimLane(tx, { key: "toy:toy_1", owner: "another", now: core.ports.clock.now() });
  });
  assert.equal(await world.run(core.operations.work()), 0);
  await toys.close();
});

on("who waited in vain relies on its own operation from then on, and on no other", async ({ url, sql }) => {
  const toys = await startToys(url);
  const { world, core } = toys;
  const give = (subject: string) =>
    world.run(core.operations.carryOut(enroll, { subject, params: { name: "Ada" } })).then(({ state }) => state);
  world.fail("POST /v1/customers", 401, 1_000);
  assert.equal(await give("toy_1"), "open");
  // As if the first one's process had ended before it could answer.
  await sql.write("unanswered", async (tx) => void (await tx.updateTable("operations").set({ promised: 0 }).execute()));
  assert.equal(await give("toy_2"), "open");
  const promised = await sql.read("promised", (reader) =>
    reader.selectFrom("operations").select(["subject", "promised"]).orderBy("subject").execute(),
  );
  assert.deepEqual(promised, [
    { subject: "toy_1", promised: 0 },
    { subject: "toy_2", promised: 1 },
  ]);
  await toys.close();
});
