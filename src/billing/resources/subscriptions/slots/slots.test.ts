// One plan of a group and customer, whatever happens beside a start: another process with another clock, the Dashboard,
// an event that overtakes an answer, a catalog that came later.
import assert from "node:assert/strict";
import { dayMs, hourMs, minuteMs, secondMs } from "#kit/clock.ts";
import { onEachDatabase } from "#kit/sql/testing.ts";
import { cases } from "#kit/testing.ts";
import { type Billing, createBilling } from "../../../index.ts";
import type { BillingTables } from "../../../kernel/store/tables.ts";
import { optionsFor, saveCard, startWorld, type World } from "../../../testing/index.ts";
import { atStripe, openFlags, payWaiting, plans, sell, starting } from "../../../testing/subscribers.ts";

const on = onEachDatabase<BillingTables>;

/** Somebody works in the Dashboard. */
async function byHand({ stripe, run, billing }: World, customer: string, more: object = {}): Promise<string> {
  const { prices } = await run(billing.catalog.get());
  const items = [{ price: prices["bursar-basic-month-eur"] ?? "" }];
  return (await run(stripe.subscriptions.create({ customer, items, ...more }))).id;
}

/** Another process on the database, on a machine whose clock goes before. */
async function ahead(world: World, url: string, aheadMs: number): Promise<Billing> {
  const { clock, random } = world.ports;
  const fetch: typeof globalThis.fetch = (input, init) => world.sandbox.fetch(new Request(input, init));
  const chance = (stream: string) => random(`twin ${aheadMs} ${stream}`);
  const ports = { ...world.ports, fetch, random: chance, clock: { ...clock, now: () => clock.now() + aheadMs } };
  return world.run(createBilling(optionsFor(url), ports));
}

on("of two processes that start at once, whatever their clocks say, one makes a subscription", async ({ url }) => {
  const world = await startWorld({ url });
  for (const [n, aheadMs] of [-3_000, 30_000, 0, 1_000, 10_000].slice(0, cases(2, 5)).entries()) {
    const customerId = `user_${n}`;
    const customer = await sell(world, customerId);
    const twin = await ahead(world, url, aheadMs);
    const wish = { customerId, plan: "pro", every: "month", currency: "eur" } as const;
    const answers = await world.run(
      Promise.allSettled([
        world.billing.subscriptions.start({ ...wish, id: `start_${n}` }),
        twin.subscriptions.start({ ...wish, id: `other_${n}` }),
      ]),
    );
    const lost = answers.flatMap((answer) => (answer.status === "rejected" ? answer.reason : []));
    assert.deepEqual(
      lost.map(({ code }) => code),
      ["wrong_state"],
    );
    assert.equal((await atStripe(world, customer)).length, 1, `${aheadMs} ms apart`);
    const same = await world.run(
      Promise.all([
        world.billing.subscriptions.start({ ...wish, plan: "care", id: `same_${n}` }),
        twin.subscriptions.start({ ...wish, plan: "care", id: `same_${n}` }),
      ]),
    );
    const [first, second] = same.map(({ value }) => value.subscription?.id);
    assert.deepEqual([first, (await atStripe(world, customer)).length], [second, 2], "one id is one start");
    await world.run(twin.close());
  }
  await world.advance(minuteMs);
  assert.deepEqual(await openFlags(world), []);
  await world.close();
});

on("what was made in the Dashboard holds the slot, and gives it back when it ends", async ({ url }) => {
  const world = await startWorld({ url });
  const customer = await sell(world);
  const id = await byHand(world, customer, { trial_period_days: 7 });
  await world.advance(minuteMs);
  await assert.rejects(world.run(starting(world)), (problem: { details?: Record<string, unknown> }) => {
    assert.deepEqual(problem.details, {
      customerId: "user_1",
      group: "bursar",
      subscriptionId: id,
      startId: null,
    });
    return true;
  });
  await world.run(world.stripe.subscriptions.cancel(id).then((made) => made));
  await world.advance(minuteMs);
  const trial = world.run(starting(world, { trial: true }));
  await assert.rejects(trial, { message: /has had their trial/ }, "a trial of the Dashboard is a trial");
  assert.equal((await world.run(starting(world))).outcome, "done");
  await world.close();
});

on("a second one is flagged, and takes the slot when the first ends", async ({ url }) => {
  const world = await startWorld({ url });
  const customer = await sell(world);
  const { value } = await world.run(starting(world));
  const id = await byHand(world, customer);
  await world.advance(minuteMs);
  const { data: flags } = await world.run(world.billing.flags.list({ state: "open" }));
  assert.deepEqual(
    flags.map(({ kind, subject, detail }) => [kind, subject, detail]),
    [["second_subscription", "user_1/bursar", `${id} beside ${value.subscription?.id}`]],
  );
  await world.run(world.stripe.subscriptions.cancel(value.subscription?.id ?? "").then((made) => made));
  await world.advance(minuteMs);
  assert.deepEqual(await openFlags(world), [], "it was seen to");
  await assert.rejects(world.run(starting(world, { id: "start_2" })), {
    message: new RegExp(`has subscription ${id}`),
  });
  await world.close();
});

on("the Dashboard makes one while a start is in the air: both are known, and a human is told", async ({ url }) => {
  const world = await startWorld({ url });
  const customer = await sell(world);
  world.fail("POST /v1/subscriptions", "lost", 3);
  const start = starting(world);
  await world.advance(secondMs);
  world.mend();
  const id = await byHand(world, customer);
  assert.equal((await world.run(start)).outcome, "done");
  await world.advance(minuteMs);
  assert.equal((await atStripe(world, customer)).length, 2);
  assert.deepEqual(await openFlags(world), ["second_subscription"]);
  const { data } = await world.run(world.billing.subscriptions.list({ customerId: "user_1" }));
  assert.deepEqual(data.map((one) => one.startId).sort(), ["start_1", null].sort());
  assert.ok(data.some((one) => one.id === id));
  await world.close();
});

on(
  "an event that overtakes the answer, and an answer that is lost, make one row and one fact",
  async ({ url, sql }) => {
    const world = await startWorld({ url });
    const customer = await sell(world);
    world.fail("POST /v1/subscriptions", "unheard");
    const { outcome, value } = await world.run(starting(world));
    assert.equal(outcome, "done");
    await world.advance(10 * minuteMs);
    assert.equal((await atStripe(world, customer)).length, 1);
    const slots = await sql.read("slots", (reader) => reader.selectFrom("subscription_slots").selectAll().execute());
    const id = value.subscription?.id;
    assert.deepEqual(slots, [{ customer: "user_1", plan_group: "bursar", start: "start_1", subscription: id }]);
    const started = world.facts.filter(({ type }) => type === "subscription.started");
    assert.equal(started.length, 1);
    await world.close();
  },
);

on("what a Customer who is linked has had from before holds its slot", async ({ url }) => {
  const world = await startWorld({ url });
  const customer = await sell(world, "user_0");
  const { id: stripeCustomerId } = await world.run(
    world.stripe.customers.create({ payment_method: "pm_card_visa" }).then((made) => made),
  );
  const [method] = (await world.run(world.stripe.customers.listPaymentMethods(stripeCustomerId))).data;
  const held = await byHand(world, stripeCustomerId, { default_payment_method: method?.id });
  await world.run(world.billing.customers.link({ id: "user_1", stripeCustomerId }));
  await assert.rejects(world.run(starting(world)), { message: new RegExp(`has subscription ${held}`) });
  assert.deepEqual(await atStripe(world, customer), []);
  await world.close();
});

on("a day without webhooks: what ended and what was made meanwhile is seen before a slot is taken", async ({ url }) => {
  const world = await startWorld({ url });
  const customer = await sell(world, "user_1", null);
  const answer = await world.run(starting(world));
  assert.ok(answer.outcome === "action_required");
  world.setWebhooks(false);
  await payWaiting(world, answer.clientSecret);
  const refused = world.run(starting(world, { id: "start_2" }));
  await assert.rejects(refused, { code: "wrong_state" }, "it was paid, though nobody has told us");
  await world.advance(dayMs);
  await world.run(world.stripe.subscriptions.cancel(answer.value.subscription?.id ?? "").then((made) => made));
  await world.advance(hourMs); // Stripe's list of events tells.
  const again = await world.run(starting(world, { id: "start_3" }));
  assert.equal(again.outcome, "action_required", "the slot is free");
  assert.equal((await atStripe(world, customer)).length, 2);
  await world.close();
});

on("without a process that lives on, a start and a tick are enough", async ({ url }) => {
  const world = await startWorld({ url, isStarted: false });
  const customer = await sell(world, "user_1", null);
  const method = await saveCard(world, "user_1");
  world.fail("POST /v1/subscriptions", "lost", 1_000);
  assert.equal((await world.run(starting(world, { method }))).outcome, "processing");
  world.mend();
  await world.advance(minuteMs);
  await world.run(world.billing.tick({ maxMs: 10_000 }));
  const { outcome, value } = await world.run(starting(world, { method }));
  assert.deepEqual([outcome, value.subscription?.status], ["done", "active"]);
  assert.equal((await atStripe(world, customer)).length, 1);
  await world.close();
});

on("a start that is not carried out in time is told, and holds nothing any more", async ({ url }) => {
  const world = await startWorld({ url });
  const customer = await sell(world);
  world.fail("POST /v1/subscriptions", "lost", 10_000);
  assert.equal((await world.run(starting(world, { trial: true }))).outcome, "processing");
  await assert.rejects(world.run(starting(world, { id: "start_2" })), { message: /start start_1 under way/ });
  await world.advance(20 * minuteMs);
  world.mend();
  await world.advance(10 * minuteMs);
  assert.deepEqual(await atStripe(world, customer), []);
  const failed = world.facts.filter(({ type }) => type === "subscription.start_failed");
  assert.deepEqual(
    failed.map(({ data }) => "reason" in data && data.reason),
    ["expired"],
  );
  const { value } = await world.run(starting(world, { id: "start_2", trial: true }));
  assert.equal(value.subscription?.status, "trialing", "the trial is theirs again");
  await world.close();
});

on("an answer that takes 25 seconds is waited for by nobody, and holds", async ({ url }) => {
  const world = await startWorld({ url });
  const customer = await sell(world);
  world.fail("POST /v1/subscriptions", "slow");
  const first = await world.run(starting(world));
  await world.advance(minuteMs);
  const again = await world.run(starting(world));
  assert.equal(again.outcome, "done", first.outcome);
  assert.equal((await atStripe(world, customer)).length, 1);
  await world.close();
});

on("no plan is had for nothing: a trial does not lead from a paid plan to a dearer one", async ({ url }) => {
  const world = await startWorld({ url });
  const customer = await sell(world);
  assert.equal((await world.run(starting(world, { plan: "basic" }))).outcome, "done");
  await assert.rejects(world.run(starting(world, { id: "start_2", trial: true })), { code: "wrong_state" });
  assert.equal((await atStripe(world, customer)).length, 1);
  assert.equal(plans.plans.pro.trialDays, 14);
  await world.close();
});
