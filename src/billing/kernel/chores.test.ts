// A host without a long-lived process: fetch() per request, tick() from a cron job.
import assert from "node:assert/strict";
import { dayMs, secondMs } from "#kit/clock.ts";
import { onEachDatabase } from "#kit/sql/testing.ts";
import { createBilling } from "../index.ts";
import { createOrder, optionsFor, startWorld } from "../testing/index.ts";
import { catchUpEveryMs } from "./chores.ts";
import type { BillingTables } from "./store/tables.ts";

const on = onEachDatabase<BillingTables>;

on("ticks alone find what the webhook lost, each in a process of its own", async ({ url }) => {
  const world = await startWorld({ url, isStarted: false });
  world.setWebhooks(false);
  for (const id of ["order_1", "order_2"]) {
    await createOrder(world, id);
    await world.pay(id, "pm_card_visa");
    await world.advance(catchUpEveryMs);
    const { billing } = await world.mortalTwin();
    await world.run(billing.tick({ maxMs: secondMs }));
    assert.equal((await world.run(billing.orders.get(id))).status, "paid");
    await world.run(billing.close());
  }
  await world.close();
});

on("ticks that come often ask Stripe for its events no more often than a worker", async ({ url }) => {
  const world = await startWorld({ url, isStarted: false });
  await world.run(world.billing.tick({ maxMs: secondMs }));
  world.requests.length = 0;
  for (let n = 0; n < 12; n++) {
    await world.advance(5 * secondMs);
    await world.run(world.billing.tick({ maxMs: secondMs }));
  }
  assert.deepEqual(world.requests, ["GET /v1/events"]);
  world.fail("GET /v1/events", "lost", 1);
  await world.advance(catchUpEveryMs);
  await world.run(world.billing.tick({ maxMs: secondMs }));
  await world.run(world.billing.tick({ maxMs: secondMs }));
  assert.equal(world.requests.length, 3, "what failed is asked again at the next tick");
  await world.close();
});

on("health and /ready say when each chore was last done, whoever did it", async ({ url }) => {
  const world = await startWorld({ url, isStarted: false });
  const lastDid = async () => {
    const answer = await world.run(world.billing.fetch(new Request("http://billing.test/ready")));
    return ((await answer.json()) as { lastDid: object }).lastDid;
  };
  const all = (at: string | null) => ({ catch_up: at, retention: at, orphans: at, timers: at });
  const isoNow = () => new Date(world.ports.clock.now()).toISOString();
  assert.deepEqual(await lastDid(), all(null));
  await world.run(world.billing.tick({ maxMs: secondMs }));
  assert.deepEqual(await lastDid(), all(isoNow()));
  await world.advance(dayMs);
  const { billing: other } = await world.mortalTwin();
  await world.run(other.tick({ maxMs: secondMs }));
  assert.deepEqual(await lastDid(), all(isoNow()));
  await world.run(other.close());
  await world.close();
});

on("a database that was away for a moment leaves no chore red for longer than two seconds", async ({ url }) => {
  const world = await startWorld({ url, isStarted: false });
  let isAway = true;
  const faults = ({ label }: { readonly label: string }) => {
    if (isAway && /^(retention|catch_up|outbox\.orphans)/.test(label)) throw new Error("Connection terminated");
  };
  const ports = { ...world.life().ports, mortality: { faults, atDeath() {} } };
  const billing = await world.run(createBilling(optionsFor(url), ports));
  await world.run(billing.start());
  const ready = async () => (await world.run(billing.fetch(new Request("http://billing.test/ready")))).status;
  await world.advance(secondMs / 2);
  assert.equal(await ready(), 503);
  isAway = false;
  await world.advance(2 * secondMs);
  assert.equal(await ready(), 200);
  await world.run(billing.close());
  await world.close();
});
