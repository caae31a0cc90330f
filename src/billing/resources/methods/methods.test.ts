// What a customer pays with: read once, then followed by events.
import assert from "node:assert/strict";
import { minuteMs, secondMs } from "#kit/clock.ts";
import { onEachDatabase } from "#kit/sql/testing.ts";
import type { BillingTables } from "../../kernel/store/tables.ts";
import { startWorld, type World } from "../../testing/index.ts";

const on = onEachDatabase<BillingTables>;

async function attach(world: World, method: string, customer: string): Promise<string> {
  return (await world.run(world.stripe.paymentMethods.attach(method, { customer }).then((made) => made))).id;
}

async function listed(world: World, id = "user_1") {
  return (await world.run(world.billing.methods.list(id))).map(({ id, last4, isDefault }) => ({
    id,
    last4,
    isDefault,
  }));
}

const reads = (world: World) =>
  world.requests.filter((request) => request.startsWith("GET /v1/payment_methods")).length;

on("the methods of a Customer that was linked are there, each with what its payer knows it by", async ({ url }) => {
  const world = await startWorld({ url });
  const { id: stripeCustomerId } = await world.run(world.stripe.customers.create({}).then((made) => made));
  const visa = await attach(world, "pm_card_visa", stripeCustomerId);
  await world.advance(secondMs);
  const debit = await world.run(
    world.stripe.paymentMethods.create({
      type: "sepa_debit",
      sepa_debit: { iban: "DE89370400440532013000" },
      billing_details: { name: "Ada", email: "ada@example.test" },
    }),
  );
  await attach(world, debit.id, stripeCustomerId);
  await world.run(
    world.stripe.customers.update(stripeCustomerId, { invoice_settings: { default_payment_method: visa } }),
  );
  await world.run(world.billing.customers.link({ id: "user_1", stripeCustomerId }));
  const [newest, oldest, ...others] = await world.run(world.billing.methods.list("user_1"));
  assert.deepEqual(others, []);
  assert.deepEqual(
    [newest?.id, newest?.type, newest?.last4, newest?.card, newest?.isDefault],
    [debit.id, "sepa_debit", "3000", null, false],
  );
  const { id, customerId, type, last4, card, isDefault, stripe } = oldest ?? assert.fail();
  assert.deepEqual([id, customerId, type, last4, isDefault], [visa, "user_1", "card", "4242", true]);
  assert.equal(card?.brand, "visa");
  assert.equal(card?.expYear, stripe.paymentMethod.card?.exp_year);
  await world.close();
});

on("events tell of what comes, changes and goes, and Stripe is not asked again", async ({ url }) => {
  const world = await startWorld({ url });
  const { stripeCustomerId } = await world.run(world.billing.customers.ensure({ id: "user_1" }));
  const customer = stripeCustomerId as string;
  assert.deepEqual(await listed(world), []);
  const before = reads(world);
  const first = await attach(world, "pm_card_visa", customer);
  const second = await attach(world, "pm_card_mastercard", customer);
  await world.run(world.stripe.customers.update(customer, { invoice_settings: { default_payment_method: second } }));
  await world.run(world.stripe.paymentMethods.update(first, { card: { exp_year: 2040, exp_month: 3 } }));
  await world.advance(30 * secondMs);
  const both = await world.run(world.billing.methods.list("user_1"));
  assert.deepEqual(
    both.map(({ id, isDefault }) => [id, isDefault]).sort(),
    [
      [first, false],
      [second, true],
    ].sort(),
  );
  const { card } = both.find(({ id }) => id === first) ?? assert.fail();
  assert.deepEqual([card?.expYear, card?.expMonth], [2040, 3]);
  const looks = reads(world);
  await listed(world);
  assert.equal(reads(world), looks, "a list asks nobody");
  assert.ok(before > 0);
  await world.run(world.stripe.paymentMethods.detach(second));
  await world.advance(30 * secondMs);
  assert.deepEqual(
    (await listed(world)).map(({ id }) => id),
    [first],
  );
  await world.close();
});

on("a day without webhooks is made up for", async ({ url }) => {
  const world = await startWorld({ url });
  const { stripeCustomerId } = await world.run(world.billing.customers.ensure({ id: "user_1" }));
  await listed(world);
  world.setWebhooks(false);
  const id = await attach(world, "pm_card_visa", stripeCustomerId as string);
  await world.advance(5 * minuteMs);
  assert.deepEqual(await listed(world), [{ id, last4: "4242", isDefault: false }]);
  await world.close();
});

on("another customer's methods are not shown, and who is nobody has none", async ({ url }) => {
  const world = await startWorld({ url });
  const { customers, methods } = world.billing;
  const { stripeCustomerId } = await world.run(customers.ensure({ id: "user_1" }));
  await attach(world, "pm_card_visa", stripeCustomerId as string);
  await world.run(customers.ensure({ id: "user_2" }));
  assert.deepEqual(await listed(world, "user_2"), []);
  assert.equal((await listed(world)).length, 1);
  world.fail("POST /v1/customers", 400);
  await assert.rejects(world.run(customers.ensure({ id: "user_3" })), { code: "stripe_refused" });
  assert.deepEqual(await listed(world, "user_3"), [], "Stripe has no Customer for it");
  await assert.rejects(world.run(methods.list("user_9")), { code: "not_found" });
  await world.close();
});
