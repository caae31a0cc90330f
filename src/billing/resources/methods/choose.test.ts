// Which method is the default, and which are there: chosen and removed by the host, or by others at Stripe; and what is
// told of it.
import assert from "node:assert/strict";
import { minuteMs, secondMs } from "#kit/clock.ts";
import { onEachDatabase } from "#kit/sql/testing.ts";
import type { BillingTables } from "../../kernel/store/tables.ts";
import { startWorld, type World } from "../../testing/index.ts";

const on = onEachDatabase<BillingTables>;

async function attach(world: World, method: string, customer: string): Promise<string> {
  return (await world.run(world.stripe.paymentMethods.attach(method, { customer }).then((made) => made))).id;
}

/** A customer with two cards, which nobody has told billing of. */
async function withTwoCards(world: World, id: string) {
  const { stripeCustomerId } = await world.run(world.billing.customers.ensure({ id }));
  const customer = stripeCustomerId as string;
  const visa = await attach(world, "pm_card_visa", customer);
  return { customer, visa, mastercard: await attach(world, "pm_card_mastercard", customer) };
}

const told = (world: World, since = 0) => world.facts.slice(since).map(({ type, data }) => [type, data] as const);

/** What is told at one moment has no order. */
function assertToldTogether(world: World, since: number, expected: readonly (readonly [string, object])[]): void {
  const sorted = (facts: readonly (readonly [string, object])[]) => facts.map((one) => JSON.stringify(one)).sort();
  assert.deepEqual(sorted(told(world, since)), sorted(expected));
}

async function defaultOf(world: World, id: string): Promise<string | undefined> {
  return (await world.run(world.billing.methods.list(id))).find(({ isDefault }) => isDefault)?.id;
}

on("a default is chosen, and chosen again: each time is a wish of its own, told once", async ({ url }) => {
  const world = await startWorld({ url });
  const { visa, mastercard } = await withTwoCards(world, "user_1");
  await world.advance(10 * secondMs);
  const since = world.facts.length;
  const choose = (methodId: string, id: string) =>
    world.run(world.billing.methods.setDefault("user_1", methodId, { id }));
  const sent = () => world.requests.filter((request) => request.startsWith("POST /v1/customers/")).length;
  const before = sent();
  for (const [wish, methodId] of [visa, mastercard, visa].entries()) {
    const { outcome, value } = await choose(methodId, `choice_${wish}`);
    assert.deepEqual([outcome, value.id, value.isDefault], ["done", methodId, true]);
    assert.equal(await defaultOf(world, "user_1"), methodId);
  }
  assert.equal((await choose(visa, "choice_0")).outcome, "done");
  assert.equal(sent() - before, 3, "given again it is not sent again");
  await assert.rejects(choose(mastercard, "choice_0"), { code: "conflict" });
  await world.advance(minuteMs);
  assert.deepEqual(
    told(world, since),
    [visa, mastercard, visa].map((methodId) => ["method.default_changed", { customerId: "user_1", methodId }]),
  );
  await world.close();
});

on("a removed default leaves none, though no webhook comes: no other takes its place", async ({ url }) => {
  const world = await startWorld({ url });
  const { customer, visa, mastercard } = await withTwoCards(world, "user_1");
  await world.run(world.billing.methods.setDefault("user_1", visa, { id: "choice_1" }));
  await world.advance(10 * secondMs);
  const since = world.facts.length;
  world.setWebhooks(false);
  const { outcome, value } = await world.run(world.billing.methods.remove("user_1", visa));
  assert.deepEqual([outcome, value.id, value.last4, value.isDefault], ["done", visa, "4242", false]);
  await world.advance(10 * secondMs);
  const left = await world.run(world.billing.methods.list("user_1"));
  assert.deepEqual(
    left.map(({ id, isDefault }) => [id, isDefault]),
    [[mastercard, false]],
  );
  assertToldTogether(world, since, [
    ["method.removed", { customerId: "user_1", methodId: visa }],
    ["method.default_changed", { customerId: "user_1", methodId: null }],
  ]);
  // When Stripe names none either, at last, that is not a second loss.
  await world.run(world.stripe.customers.update(customer, { invoice_settings: { default_payment_method: "" } }));
  world.setWebhooks(true);
  await world.advance(5 * minuteMs);
  assert.equal(world.facts.length - since, 2);
  const wish = { id: "choice_2" };
  await assert.rejects(world.run(world.billing.methods.setDefault("user_1", visa, wish)), {
    code: "wrong_state",
    message: `Method ${visa} was taken off customer user_1, and pays nothing any more`,
  });
  const before = world.requests.length;
  assert.equal((await world.run(world.billing.methods.remove("user_1", visa))).outcome, "done");
  assert.equal(world.requests.length, before, "what is gone is gone");
  assert.equal((await world.run(world.billing.methods.setDefault("user_1", mastercard, wish))).outcome, "done");
  await world.close();
});

on("what somebody else has removed and nobody has told is removed, and cannot be chosen", async ({ url }) => {
  const world = await startWorld({ url });
  const { visa, mastercard } = await withTwoCards(world, "user_1");
  await world.advance(10 * secondMs);
  world.setWebhooks(false);
  for (const id of [visa, mastercard]) await world.run(world.stripe.paymentMethods.detach(id));
  assert.equal((await world.run(world.billing.methods.remove("user_1", visa))).outcome, "done");
  await assert.rejects(world.run(world.billing.methods.setDefault("user_1", mastercard, { id: "choice_1" })), {
    code: "wrong_state",
  });
  assert.deepEqual(await world.run(world.billing.methods.list("user_1")), []);
  await world.advance(minuteMs);
  const { data: flags } = await world.run(world.billing.flags.list());
  assert.deepEqual(flags, []);
  await world.close();
});

on("another customer's method is refused with whose it is, and one that is nobody's is not there", async ({ url }) => {
  const world = await startWorld({ url });
  const { methods } = world.billing;
  const { visa, customer } = await withTwoCards(world, "user_1");
  await world.run(world.billing.customers.ensure({ id: "user_2" }));
  const stranger = await world.run(world.stripe.customers.create({}).then((made) => made));
  const strange = await attach(world, "pm_card_visa", stranger.id);
  const free = await world.run(world.stripe.paymentMethods.create({ type: "card", card: { token: "tok_visa" } }));
  for (const give of [
    (id: string) => methods.setDefault("user_2", id, { id: "choice_1" }),
    (id: string) => methods.remove("user_2", id),
  ]) {
    await assert.rejects(world.run(give(visa)), {
      code: "wrong_state",
      message: `Method ${visa} belongs to customer user_1 (${customer}), and not to customer user_2`,
    });
    await assert.rejects(world.run(give(strange)), {
      code: "wrong_state",
      message: `Method ${strange} belongs to ${stranger.id}, and not to customer user_2`,
    });
    for (const id of [free.id, "pm_none"]) {
      await assert.rejects(world.run(give(id)), { code: "not_found", message: `Customer user_2 has no method ${id}` });
    }
    await assert.rejects(world.run(give("../customers")), { code: "invalid_params" });
  }
  assert.equal((await world.run(methods.list("user_1"))).length, 2, "nothing happened to them");
  await world.close();
});

on("what a linked Customer had is not news, what comes later is, and it is lost with its Customer", async ({ url }) => {
  const world = await startWorld({ url });
  const { id: customer } = await world.run(world.stripe.customers.create({}).then((made) => made));
  const old = await attach(world, "pm_card_visa", customer);
  await world.run(world.stripe.customers.update(customer, { invoice_settings: { default_payment_method: old } }));
  await world.run(world.billing.customers.ensure({ id: "user_2" }));
  await world.advance(120 * minuteMs);
  await world.run(world.billing.customers.link({ id: "user_1", stripeCustomerId: customer }));
  assert.equal(await defaultOf(world, "user_1"), old);
  await world.advance(minuteMs);
  assert.deepEqual(told(world), []);
  const fresh = await attach(world, "pm_card_mastercard", customer);
  await world.advance(minuteMs);
  assert.deepEqual(told(world), [["method.added", { customerId: "user_1", methodId: fresh, type: "card" }]]);
  await world.run(world.stripe.customers.del(customer));
  await world.advance(minuteMs);
  const lost = (methodId: string) => ["method.removed", { customerId: "user_1", methodId }] as const;
  const none = ["method.default_changed", { customerId: "user_1", methodId: null }] as const;
  assertToldTogether(world, 1, [lost(fresh), lost(old), none]);
  await world.close();
});

on("a default that was chosen before anybody saw the Customer is told", async ({ url }) => {
  const world = await startWorld({ url });
  world.fail("POST /v1/customers", "replayed_500", 1);
  const { stripeCustomerId } = await world.run(world.billing.customers.ensure({ id: "user_1" }));
  assert.ok(stripeCustomerId);
  const visa = await attach(world, "pm_card_visa", stripeCustomerId);
  await world.run(world.billing.methods.setDefault("user_1", visa, { id: "choice_1" }));
  await world.advance(minuteMs);
  const changes = world.facts.filter(({ type }) => type === "method.default_changed");
  assert.deepEqual(
    changes.map(({ data }) => data),
    [{ customerId: "user_1", methodId: visa }],
  );
  await world.close();
});
