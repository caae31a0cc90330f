// PostgreSQL ends connections, idle ones and busy ones: a restart, a failover, an administrator, a proxy's limit. What
// was wished is done once, whoever is interrupted, and nobody has to start anything again.
import assert from "node:assert/strict";
import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { hourMs, minuteMs, secondMs } from "#kit/clock.ts";
import { isProblem } from "#kit/problems.ts";
import { createGuest, cutConnections } from "#kit/sql/postgres/testing.ts";
import { onEachDatabase } from "#kit/sql/testing.ts";
import { statementsChannel } from "#kit/sql/units.ts";
import { cases, until } from "#kit/testing.ts";
import { billingUrl, createOrder, startWorld, type World } from "./testing/index.ts";

const cutsMin = cases(40, 300);
/** What a command needs is some of these: nothing is interrupted each time that it is tried. */
const statementsBetweenCuts = 25;
/** On a machine that is busy. */
const cutForMaxMs = 5 * minuteMs;
const triesMax = 100;
const bootstrapKey = `bk_test_${"k".repeat(43)}`;

/** Until enough were cut. `cuts.count` says how many there are. */
async function keepCutting(url: string, cuts: { count: number }): Promise<void> {
  let heard = 0;
  let next = 0;
  const hear = () => void heard++;
  subscribe(statementsChannel, hear);
  const isEnough = async () => {
    if (heard >= next) {
      cuts.count += await cutConnections(url);
      next = heard + statementsBetweenCuts;
    }
    return cuts.count >= cutsMin;
  };
  await until(`${cutsMin} cuts`, isEnough, { pauseMs: 1, maxMs: cutForMaxMs });
  unsubscribe(statementsChannel, hear);
}

/** What a caller does who is told to come back. */
async function untilDone<T>(world: World, command: () => Promise<T>): Promise<T> {
  for (let tries = 0; tries < triesMax; tries++) {
    try {
      return await world.run(command());
    } catch (error) {
      if (!isProblem(error) || error.httpStatus !== 503) throw error;
    }
  }
  return assert.fail(`not done in ${triesMax} tries`);
}

onEachDatabase(
  "hundreds of connections that end change nothing but when it is done",
  async ({ engine, url, sql }) => {
    if (engine === "sqlite") return; // It has none.
    await sql.close();
    const world = await startWorld({ url });
    const { orders, drain } = world.billing;
    const cuts = { count: 0 };
    const cutting = keepCutting(url, cuts);
    const ids: string[] = [];
    const sell = async () => {
      const id = `order_${ids.length}`;
      ids.push(id);
      await untilDone(world, () => createOrder(world, id));
      const { clientSecret } = await untilDone(world, () => orders.checkout(id));
      const card = { payment_method: "pm_card_visa", return_url: "http://127.0.0.1/" };
      await world.run(world.stripe.paymentIntents.confirm(clientSecret.split("_secret_")[0] as string, card));
      return cuts.count >= cutsMin;
    };
    await until(`${cutsMin} cuts`, sell, { maxMs: cutForMaxMs });
    await world.advance(10 * minuteMs);
    await cutting;
    await world.run(drain());
    for (const id of ids) assert.equal((await world.run(orders.get(id))).status, "paid", id);
    const told = new Set(world.facts.map(({ id, type }) => `${type} ${id}`));
    assert.equal(told.size, ids.length, "each is told as one fact");
    const { data: payments } = await world.run(world.stripe.paymentIntents.list({ limit: 100 }));
    assert.equal(payments.length, Math.min(100, ids.length), "and has one payment");
    const ready = await world.run(world.billing.fetch(new Request(`${billingUrl}/ready`)));
    assert.equal(ready.status, 200);
    await world.close();
  },
  { isAlways: true },
);

onEachDatabase(
  "while the server has too many connections every door says so, and afterwards nothing is missing",
  async ({ engine, url, sql }) => {
    if (engine === "sqlite") return; // Nobody turns it away.
    await sql.close();
    const guest = await createGuest(url);
    const world = await startWorld({ url: guest.url, options: { bootstrapKey } });
    const { billing } = world;
    await createOrder(world, "order_1");
    const { clientSecret } = await world.run(billing.orders.checkout("order_1"));
    await guest.turnAway();
    const isAway = (error: unknown) => isProblem(error, "database_unreachable") && error.hint !== undefined;
    await assert.rejects(createOrder(world, "order_2"), isAway);
    await assert.rejects(world.run(billing.orders.list()), isAway);
    const asked = new Request(`${billingUrl}/v1/orders/order_1`, {
      headers: { authorization: `Bearer ${bootstrapKey}` },
    });
    const answer = await world.run(billing.fetch(asked));
    assert.equal(answer.status, 503);
    assert.ok(answer.headers.has("retry-after"));
    const { error } = (await answer.json()) as { error: { code: string; hint?: string } };
    assert.ok(error.code === "database_unreachable" && error.hint, JSON.stringify(error));
    assert.equal((await world.run(billing.fetch(new Request(`${billingUrl}/ready`)))).status, 503);
    assert.equal(await world.deliver({ id: "evt_1", object: "event" }), 503, "Stripe is to send it again");
    const card = { payment_method: "pm_card_visa", return_url: "http://127.0.0.1/" };
    await world.run(world.stripe.paymentIntents.confirm(clientSecret.split("_secret_")[0] as string, card));
    await world.advance(10 * secondMs);
    await guest.letIn();
    await world.advance(hourMs);
    assert.equal((await world.run(billing.orders.get("order_1"))).status, "paid");
    assert.deepEqual(
      world.facts.map(({ type }) => type),
      ["order.paid"],
    );
    await world.close();
    await guest.leave();
  },
  { isAlways: true, isEmpty: true },
);
