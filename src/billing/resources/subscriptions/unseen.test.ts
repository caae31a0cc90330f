// A subscription that was over before anybody heard of it: it is told from its beginning to its end, each once, and
// leaves the customer as free as if its events had come in time.
import assert from "node:assert/strict";
import { dayMs, hourMs, minuteMs } from "#kit/clock.ts";
import { onEachDatabase } from "#kit/sql/testing.ts";
import type { BillingTables } from "../../kernel/store/tables.ts";
import { applied, short } from "../../testing/access.ts";
import { startWorld, type World } from "../../testing/index.ts";
import { assertMirrored, payer, subscribe } from "../../testing/mirrored.ts";
import { atStripe, openFlags, payWaiting, sell, starting } from "../../testing/subscribers.ts";

const on = onEachDatabase<BillingTables>;

/** Billing is not there for a day in which others work at Stripe, and the webhooks of that day are lost. */
async function away(world: World, work: () => Promise<void>): Promise<void> {
  world.setWebhooks(false);
  await work();
  await world.advance(dayMs);
  world.setWebhooks(true);
  await ticks(world);
}

async function ticks(world: World): Promise<void> {
  for (let nth = 0; nth < 3; nth++) {
    await world.run(world.billing.tick({ maxMs: minuteMs }));
    await world.advance(minuteMs);
  }
}

/** What was told of subscriptions and access, each as often as it was. */
function told({ facts }: World, of = ""): string[] {
  const ours = facts.filter(({ type, data }) => /^(subscription|access)[.]/.test(type) && isOf(data, of));
  return ours.map(({ type }) => type).toSorted();
}

const isOf = (data: object, id: string) => id === "" || Object.values(data).includes(id);

async function cancel({ stripe, run }: World, id: string): Promise<void> {
  await run(stripe.subscriptions.cancel(id).then((made) => made));
}

on("what began and ended unheard is told once, and what was paid for is had", async ({ url, sql }) => {
  const world = await startWorld({ url, isStarted: false });
  const price = (await applied(world))("basic");
  const customer = await payer(world, "user_1");
  await ticks(world);
  await away(world, async () => {
    const { id } = await subscribe(world, customer, { items: [{ price }] });
    await world.advance(hourMs);
    await cancel(world, id);
  });
  await assertMirrored(world, sql, customer);
  assert.deepEqual(told(world), ["access.granted", "subscription.ended", "subscription.started"]);
  const check = () => world.run(world.billing.access.check("user_1", "projects"));
  assert.deepEqual(short(await check()), [true, "canceled_with_time_left", 3]);
  await world.advance(31 * dayMs);
  await ticks(world);
  assert.deepEqual(short(await check()), [false, "none", 0]);
  assert.deepEqual(told(world), ["access.granted", "access.revoked", "subscription.ended", "subscription.started"]);
  await world.close();
});

on("what was canceled before its payer came has not started, and a trial has", async ({ url, sql }) => {
  const world = await startWorld({ url, isStarted: false });
  const customer = await sell(world);
  const { prices } = await world.run(world.billing.catalog.get());
  const items = [{ price: prices["bursar-pro-month-eur"] ?? "" }];
  await ticks(world);
  const ids: string[] = [];
  await away(world, async () => {
    ids.push((await subscribe(world, customer, { items, payment_behavior: "default_incomplete" })).id);
    ids.push((await subscribe(world, customer, { items, trial_period_days: 7 })).id);
    for (const id of ids) await cancel(world, id);
  });
  await assertMirrored(world, sql, customer);
  const [unpaid, trial] = ids;
  assert.deepEqual([told(world, unpaid), told(world, trial)], [[], ["subscription.ended", "subscription.started"]]);
  assert.deepEqual(await openFlags(world), []);
  await assert.rejects(world.run(starting(world, { trial: true })), { message: /has had their trial/ });
  assert.equal((await world.run(starting(world))).outcome, "done", "the slot is free");
  await world.close();
});

on("a start whose payer paid and left unheard is told, and its slot is free", async ({ url, sql }) => {
  const world = await startWorld({ url, isStarted: false });
  const customer = await sell(world, "user_1", null);
  const begun = await world.run(starting(world));
  assert.ok(begun.outcome === "action_required");
  await ticks(world);
  const id = begun.value.subscription?.id ?? "";
  await away(world, async () => {
    await payWaiting(world, begun.clientSecret);
    await world.advance(hourMs);
    await cancel(world, id);
  });
  await assertMirrored(world, sql, customer);
  assert.deepEqual(told(world, id), ["subscription.action_required", "subscription.ended", "subscription.started"]);
  assert.equal((await world.run(starting(world, { id: "start_2" }))).outcome, "action_required");
  await world.close();
});

on("a start whose answer was lost, and that was canceled meanwhile, gives its slot back", async ({ url, sql }) => {
  const world = await startWorld({ url, isStarted: false });
  const customer = await sell(world);
  await ticks(world);
  world.fail("POST /v1/subscriptions", "unheard", 1_000);
  assert.equal((await world.run(starting(world))).outcome, "processing");
  world.mend();
  await away(world, async () => {
    const [made] = await atStripe(world, customer);
    await world.advance(hourMs);
    await cancel(world, made?.id ?? "");
  });
  await assertMirrored(world, sql, customer);
  assert.deepEqual(told(world), ["subscription.ended", "subscription.started"]);
  const { value } = await world.run(starting(world));
  assert.equal(value.subscription?.status, "canceled", "it is what the start has made");
  assert.equal((await world.run(starting(world, { id: "start_2" }))).outcome, "done");
  assert.equal((await atStripe(world, customer)).length, 2);
  await world.close();
});
