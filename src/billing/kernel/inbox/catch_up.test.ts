// From where Stripe's list is read, and what of it is kept.
import assert from "node:assert/strict";
import { dayMs, hourMs, minuteMs, secondMs } from "#kit/clock.ts";
import { type DatabaseWorld, onEachDatabase } from "#kit/sql/testing.ts";
import { coreOn } from "../../testing/core.ts";
import { startWorld } from "../../testing/index.ts";
import type { BillingTables } from "../store/tables.ts";
import { catchUp } from "./catch_up.ts";
import type { Inbox } from "./intake/accept.ts";

const on = onEachDatabase<BillingTables>;

/** `lists`: since when, each time that Stripe was asked for its events. */
async function startInbox({ url, open }: Pick<DatabaseWorld<BillingTables>, "url" | "open">) {
  const world = await startWorld({ url, isStarted: false });
  world.setWebhooks(false);
  const { kernel, inbox } = await coreOn(world, await open({ clock: world.ports.clock }));
  const { pages } = kernel.gateway;
  const lists: number[] = [];
  Object.assign(kernel.gateway, {
    pages(...[path, context]: Parameters<typeof pages>) {
      lists.push(Number(/created\[gte\]=(\d+)/.exec(path)?.[1]) * secondMs);
      return pages(path, context);
    },
  });
  const now = () => Math.floor(world.ports.clock.now() / secondMs) * secondMs;
  return { world, inbox, lists, now, run: (other: Inbox = inbox) => world.run(catchUp(kernel, other)) };
}

on("it goes on ten minutes before the last time, and not further back than Stripe lists events", async (database) => {
  const { world, inbox, lists, now, run } = await startInbox(database);
  const first = now();
  await run();
  await world.advance(hourMs);
  const second = now();
  await run();
  await world.advance(hourMs);
  const away = { ...inbox, store: () => Promise.reject(new Error("The database is away")) };
  await assert.rejects(run(away), /away/);
  await run();
  await world.advance(40 * dayMs);
  const last = now();
  await run();
  const overlap = 10 * minuteMs;
  const [since1, since2, since3, since4, since5] = lists;
  assert.deepEqual([since1, since2], [first - overlap, first - overlap], "the first time is the last time too");
  assert.deepEqual([since3, since4], [second - overlap, second - overlap], "what was not stored is read again");
  assert.equal(since5, last - 30 * dayMs);
  await world.close();
});

on("every event of every page is stored, found once, and not stored again", async (database) => {
  const { world, inbox, run } = await startInbox(database);
  const made = Array.from({ length: 201 }, () => world.stripe.customers.create({}).then((customer) => customer));
  await world.run(Promise.all(made));
  const given: number[] = [];
  const counted: Inbox = {
    ...inbox,
    store(bodies) {
      given.push(bodies.length);
      return inbox.store(bodies);
    },
  };
  assert.deepEqual([await run(counted), await run(counted)], [{ found: 201 }, { found: 0 }]);
  assert.deepEqual(given, [100, 100, 1, 0, 0, 0]);
  const said = world.log.map((line) => JSON.parse(line)).filter(({ event }) => event === "catch_up.found");
  assert.deepEqual(
    said.map(({ found }) => found),
    [201],
  );
  await world.close();
});
