// A way to pay is collected: one SetupIntent per wish, and what it saves is the customer's, told once, whoever tells of
// it or nobody does.
import assert from "node:assert/strict";
import { minuteMs, secondMs } from "#kit/clock.ts";
import { onEachDatabase } from "#kit/sql/testing.ts";
import { stride } from "#kit/testing.ts";
import type { BillingTables } from "../../../kernel/store/tables.ts";
import { createOrder, startWorld, type World } from "../../../testing/index.ts";

const on = onEachDatabase<BillingTables>;

/** As the customer's browser does. */
async function confirm(world: World, setupIntentId: string, method = "pm_card_visa"): Promise<string> {
  const { setupIntents } = world.stripe;
  const wish = { payment_method: method, return_url: "http://127.0.0.1/" };
  return world.run(
    setupIntents.confirm(setupIntentId, wish).then(
      ({ status }) => status,
      ({ code }: { code: string }) => code,
    ),
  );
}

const told = (world: World) => world.facts.map(({ type, data }) => [type, data]);

on("a card is saved by one SetupIntent, becomes the default, and is told once", async ({ url }) => {
  const world = await startWorld({ url });
  const { customers, methods } = world.billing;
  world.fail("POST /v1/customers", 400);
  await assert.rejects(world.run(customers.ensure({ id: "user_1" })), { code: "stripe_refused" });
  await assert.rejects(world.run(methods.collect("user_9", { id: "card_1" })), { code: "not_found" });
  await world.run(customers.ensure({ id: "user_1", attempt: 2 }));
  const wish = { id: "card_1", setAsDefault: true } as const;
  const collect = () => world.run(methods.collect("user_1", wish));
  const first = await collect();
  assert.deepEqual([first.id, first.customerId, first.status, first.methodId], ["card_1", "user_1", "open", null]);
  assert.match(first.clientSecret, /^seti_\w+_secret_\w+$/);
  assert.match(first.url, /^http.*\/pay\/open\/[\w-]{43}$/);
  const again = await collect();
  assert.deepEqual([again.setupIntentId, again.clientSecret], [first.setupIntentId, first.clientSecret]);
  assert.notEqual(again.url, first.url, "each call gives a link of its own");
  const setup = await world.run(world.stripe.setupIntents.retrieve(first.setupIntentId).then((one) => one));
  assert.equal(setup.usage, "off_session");
  await assert.rejects(world.run(methods.collect("user_1", { id: "card_1" })), { code: "conflict" });
  assert.equal(await confirm(world, first.setupIntentId), "succeeded");
  await world.advance(20 * secondMs);
  const [card, ...others] = await world.run(methods.list("user_1"));
  assert.deepEqual([others.length, card?.last4, card?.isDefault], [0, "4242", true]);
  const done = await collect();
  assert.deepEqual([done.status, done.methodId], ["succeeded", card?.id]);
  const data = { customerId: "user_1", methodId: card?.id };
  assert.deepEqual(told(world), [
    ["method.added", { ...data, type: "card" }],
    ["method.default_changed", data],
  ]);
  await world.close();
});

for (const type of ["ideal", "bancontact"] as const) {
  on(`what ${type} leaves behind is saved: an account that is debited later, under its mandate`, async ({ url }) => {
    const world = await startWorld({ url });
    const { customers, methods, orders } = world.billing;
    await world.run(customers.ensure({ id: "user_1" }));
    const wish = { id: "bank_1", setAsDefault: true } as const;
    const { setupIntentId } = await world.run(methods.collect("user_1", wish));
    const online = { ip_address: "127.0.0.1", user_agent: "test" };
    const setup = await world.run(
      world.stripe.setupIntents.confirm(setupIntentId, {
        payment_method_data: { type, billing_details: { name: "Jenny", email: "jenny@example.test" } },
        mandate_data: { customer_acceptance: { type: "online", online } },
        return_url: "http://127.0.0.1/",
      }),
    );
    assert.equal((await world.run(methods.settled("user_1", "bank_1"))).status, "action_required");
    const body = new URLSearchParams({ outcome: "succeeded" });
    const bank = new Request(setup.next_action?.redirect_to_url?.url ?? "", { method: "POST", body });
    assert.equal((await world.run(world.sandbox.fetch(bank))).status, 303);
    const { status, methodId } = await world.run(methods.settled("user_1", "bank_1"));
    await world.advance(20 * secondMs);
    const saved = await world.run(methods.list("user_1"));
    assert.deepEqual(
      saved.map((method) => [method.id, method.type, method.isDefault]),
      [[methodId, "sepa_debit", true]],
    );
    assert.equal(status, "succeeded");
    const data = { customerId: "user_1", methodId };
    assert.deepEqual(told(world), [
      ["method.added", { ...data, type: "sepa_debit" }],
      ["method.default_changed", data],
    ]);
    await createOrder(world, "order_1", { customerId: "user_1" });
    const charged = await world.run(orders.charge("order_1"));
    assert.equal(charged.value.status, "processing", "a debit takes its time");
    assert.deepEqual((await world.run(world.billing.flags.list({ state: "open" }))).data, []);
    await world.close();
  });
}

on("without webhooks the return asks Stripe, and without anybody who asks a tick catches up", async ({ url }) => {
  const world = await startWorld({ url, isStarted: false });
  const { customers, methods } = world.billing;
  world.setWebhooks(false);
  await world.run(customers.ensure({ id: "user_1" }));
  const wish = { id: "card_1", setAsDefault: true } as const;
  const tick = () => world.run(world.billing.tick({ maxMs: minuteMs }));
  const asked = await world.run(methods.collect("user_1", wish));
  const settled = () => world.run(methods.settled("user_1", "card_1"));
  await assert.rejects(world.run(methods.settled("user_1", "card_9")), { code: "not_found" });
  await assert.rejects(world.run(methods.settled("user_9", "card_1")), { code: "not_found" });
  assert.equal(await confirm(world, asked.setupIntentId, "pm_card_chargeDeclined"), "card_declined");
  const failed = await settled();
  const declined = { code: "card_declined", declineCode: "generic_decline" };
  assert.deepEqual([failed.status, failed.methodId, failed.lastFailure], ["open", null, declined]);
  await confirm(world, asked.setupIntentId);
  const { status, methodId, lastFailure, ...rest } = await settled();
  assert.deepEqual([status, lastFailure], ["succeeded", null]);
  assert.deepEqual(rest, { id: "card_1", customerId: "user_1", setupIntentId: asked.setupIntentId });
  await tick();
  const listed = async () => (await world.run(methods.list("user_1"))).map(({ id, isDefault }) => [id, isDefault]);
  assert.deepEqual(await listed(), [[methodId, true]]);
  const unasked = await world.run(methods.collect("user_1", { id: "card_2", setAsDefault: true }));
  await confirm(world, unasked.setupIntentId, "pm_card_mastercard");
  await world.advance(10 * minuteMs);
  await tick();
  await tick();
  const both = await listed();
  assert.deepEqual([both.length, both.find(([id]) => id !== methodId)?.[1]], [2, true], "of one second, in any order");
  await world.close();
});

on(
  "a declined card leaves the wish open for another, a canceled one says so, and a lost Customer is replaced",
  async ({ url }) => {
    const world = await startWorld({ url });
    const { customers, methods } = world.billing;
    const { stripeCustomerId } = await world.run(customers.ensure({ id: "user_1" }));
    const { setupIntentId } = await world.run(methods.collect("user_1", { id: "card_1" }));
    assert.equal(await confirm(world, setupIntentId, "pm_card_visa_chargeDeclined"), "card_declined");
    await world.advance(10 * secondMs);
    assert.equal((await world.run(methods.collect("user_1", { id: "card_1" }))).status, "open");
    assert.equal(await confirm(world, setupIntentId, "pm_card_mastercard"), "succeeded");
    await world.advance(10 * secondMs);
    assert.deepEqual(
      (await world.run(methods.list("user_1"))).map(({ last4, isDefault }) => [last4, isDefault]),
      [["4444", false]],
    );
    const over = await world.run(methods.collect("user_1", { id: "card_2" }));
    await world.run(world.stripe.setupIntents.cancel(over.setupIntentId));
    await assert.rejects(world.run(methods.collect("user_1", { id: "card_2" })), {
      code: "wrong_state",
      message: "Setup user_1/card_2 was canceled at Stripe, and saves nothing any more",
    });
    world.setWebhooks(false);
    await world.run(world.stripe.customers.del(stripeCustomerId as string));
    const anew = await world.run(methods.collect("user_1", { id: "card_3" }));
    const { customer } = await world.run(world.stripe.setupIntents.retrieve(anew.setupIntentId).then((one) => one));
    assert.notEqual(customer, stripeCustomerId);
    assert.equal((await world.run(customers.get("user_1"))).stripeCustomerId, customer);
    for (const wrong of [
      { id: "" },
      { id: "a", usage: "never" },
      { id: "a", setAsDefault: 1 },
      { id: "a", returnUrl: "x" },
    ]) {
      await assert.rejects(world.run(methods.collect("user_1", wrong as never)), { code: "invalid_params" });
    }
    await world.close();
  },
);

on("two processes that wish the same at once make one setup, and one choice of theirs is the last", async ({ url }) => {
  const world = await startWorld({ url });
  const twin = await world.twin();
  const both = [world.billing, twin];
  const { stripeCustomerId } = await world.run(world.billing.customers.ensure({ id: "user_1" }));
  const made = await world.run(Promise.all(both.map(({ methods }) => methods.collect("user_1", { id: "card_1" }))));
  const { data } = await world.run(world.stripe.setupIntents.list({ customer: stripeCustomerId as string }));
  assert.deepEqual(new Set(made.map(({ setupIntentId }) => setupIntentId)), new Set(data.map(({ id }) => id)));
  assert.equal(data.length, 1);
  const cards: string[] = [];
  for (const card of ["pm_card_visa", "pm_card_mastercard"]) {
    const customer = stripeCustomerId as string;
    cards.push((await world.run(world.stripe.paymentMethods.attach(card, { customer }).then((one) => one))).id);
  }
  const wishes = both.map(({ methods }, n) => methods.setDefault("user_1", cards[n] as string, { id: `choice_${n}` }));
  await world.run(Promise.all(wishes));
  const removals = both.map(({ methods }) => methods.remove("user_1", cards[0] as string));
  const ends = await world.run(Promise.all(removals));
  assert.deepEqual(
    ends.map(({ outcome }) => outcome),
    ["done", "done"],
  );
  await world.advance(minuteMs);
  const listed = await Promise.all(both.map(({ methods }) => world.run(methods.list("user_1"))));
  const seen = listed.map((methods) => methods.map(({ id, isDefault }) => [id, isDefault]));
  assert.deepEqual(seen[0], seen[1], "both see the same");
  assert.equal(seen[0]?.[0]?.[0], cards[1]);
  const removed = world.facts.filter(({ type }) => type === "method.removed");
  assert.equal(removed.length, 1);
  await world.close();
});

/** In `npm test` every so many of them. */
const step = stride(11);

on(
  "killed at any await of a collection or a removal, another process leaves one setup, and one card less",
  async ({ url }) => {
    const world = await startWorld({ url });
    const dieAt = async (id: string, point?: (before: number) => number) => {
      const { stripeCustomerId } = await world.run(world.billing.customers.ensure({ id }));
      const customer = stripeCustomerId as string;
      const card = await world.run(world.stripe.paymentMethods.attach("pm_card_visa", { customer }).then((one) => one));
      const { life, billing } = await world.mortalTwin(point?.(booted));
      const before = life.points.length;
      const wish = async ({ methods }: typeof billing) => {
        await methods.remove(id, card.id);
        return methods.collect(id, { id: "card_1", setAsDefault: true });
      };
      await world.run(Promise.race([wish(billing), life.death]));
      const points = { before, after: life.points.length };
      life.kill();
      const { setupIntentId } = await world.run(wish(world.billing));
      const { data: setups } = await world.run(world.stripe.setupIntents.list({ customer }));
      assert.deepEqual(
        setups.map((setup) => setup.id),
        [setupIntentId],
        id,
      );
      await confirm(world, setupIntentId, "pm_card_mastercard");
      await world.advance(2 * minuteMs);
      const left = await world.run(world.billing.methods.list(id));
      assert.deepEqual(
        left.map(({ last4, isDefault }) => [last4, isDefault]),
        [["4444", true]],
        id,
      );
      const facts = world.facts.filter(({ data }) => "customerId" in data && data.customerId === id);
      assert.deepEqual(
        facts.map(({ type }) => type).sort(),
        ["method.added", "method.added", "method.default_changed", "method.removed"],
        id,
      );
      return points;
    };
    let booted = 0;
    const alive = await dieAt("user_0");
    booted = alive.before;
    const count = alive.after - alive.before;
    assert.ok(count > 10, `only ${count} awaits`);
    for (let nth = 1; nth <= count; nth += step) await dieAt(`user_${nth}`, (before) => before + nth);
    const { data: flags } = await world.run(world.billing.flags.list({ state: "open" }));
    assert.deepEqual(flags, []);
    await world.close();
  },
);
