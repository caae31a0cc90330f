// A Customer that is gone at Stripe locks its user out of nothing, whoever notices first: the event, or a call of ours.
import assert from "node:assert/strict";
import { minuteMs, secondMs } from "#kit/clock.ts";
import { onEachDatabase } from "#kit/sql/testing.ts";
import type { BillingTables } from "../../kernel/store/tables.ts";
import { createOrder, startWorld, type World } from "../../testing/index.ts";

const on = onEachDatabase<BillingTables>;
const user = { id: "user_1", email: "ada@example.test", name: "Ada" };

/** Deleted by a human in the Dashboard; the event comes, or is lost. */
async function deleteAtStripe(world: World, isHeard: boolean): Promise<string> {
  const { stripeCustomerId } = await world.run(world.billing.customers.ensure(user));
  world.setWebhooks(isHeard);
  await world.run(world.stripe.customers.del(stripeCustomerId as string));
  if (isHeard) await world.advance(30 * secondMs);
  return stripeCustomerId as string;
}

const commands: Record<string, (world: World) => Promise<unknown>> = {
  "customers.ensure with another name": (world) => world.billing.customers.ensure({ id: "user_1", name: "Ada L." }),
  "orders.checkout": async (world) => {
    await createOrder(world, "order_1", { customerId: "user_1" });
    return world.run(world.billing.orders.checkout("order_1"));
  },
};

for (const isHeard of [true, false]) {
  for (const [command, give] of Object.entries(commands)) {
    on(
      `${command} makes a new Customer when the old one is gone and that was ${isHeard ? "" : "not "}heard`,
      async ({ url, sql }) => {
        const world = await startWorld({ url });
        const old = await deleteAtStripe(world, isHeard);
        await world.run(give(world));
        const wishes = await sql.read("attempts", (reader) =>
          reader.selectFrom("operations").select("attempt").where("verb", "=", command).orderBy("attempt").execute(),
        );
        const attempts = wishes.map(({ attempt }) => attempt);
        assert.deepEqual(
          attempts,
          attempts.map((_, n) => n + 1),
        );
        const { stripeCustomerId } = await world.run(world.billing.customers.get("user_1"));
        assert.ok(stripeCustomerId !== null && stripeCustomerId !== old);
        for (const stripeId of [old, stripeCustomerId]) {
          const { data: found } = await world.run(world.billing.customers.list({ stripeId }));
          assert.deepEqual(
            found.map(({ id }) => id),
            ["user_1"],
            "by the old id too, which stands on receipts",
          );
        }
        const made = await world.run(world.stripe.customers.retrieve(stripeCustomerId));
        assert.ok(!made.deleted);
        assert.equal(made.email, "ada@example.test");
        assert.equal(made.metadata.bursar_customer, "user_1");
        const { data: flags } = await world.run(world.billing.flags.list({ state: "open" }));
        assert.deepEqual(
          flags.map(({ kind, subject }) => ({ kind, subject })),
          [{ kind: "customer_gone", subject: "user_1" }],
        );
        world.setWebhooks(true);
        await world.advance(2 * minuteMs);
        assert.equal((await world.run(world.billing.customers.get("user_1"))).stripeCustomerId, stripeCustomerId);
        await world.close();
      },
    );
  }
}

on("a Customer may go again and again, and a name changes after each", async ({ url }) => {
  const world = await startWorld({ url });
  const { customers } = world.billing;
  const seen = new Set<string | null>();
  for (const name of ["Ada", "Ada L.", "Ada Lovelace"]) {
    const { stripeCustomerId } = await world.run(customers.ensure({ id: "user_1", name }));
    seen.add(stripeCustomerId);
    const renamed = await world.run(customers.ensure({ id: "user_1", name: `${name}!` }));
    assert.equal(renamed.stripeCustomerId, stripeCustomerId);
    const remote = await world.run(world.stripe.customers.retrieve(stripeCustomerId as string));
    assert.equal(!remote.deleted && remote.name, `${name}!`);
    await world.run(world.stripe.customers.del(stripeCustomerId as string));
    await world.advance(30 * secondMs);
  }
  assert.equal(seen.size, 3);
  await world.close();
});

on(
  "a checkout that Stripe has not answered is carried on, though its Customer is another one by now",
  async ({ url }) => {
    const world = await startWorld({ url, isStarted: false });
    const { billing } = world;
    const old = await deleteAtStripe(world, false);
    await createOrder(world, "order_1", { customerId: "user_1" });
    world.fail("POST /v1/payment_intents", "lost", 100);
    await assert.rejects(world.run(billing.orders.checkout("order_1")), { code: "stripe_unreachable" });
    world.mend();
    const renamed = await world.run(billing.customers.ensure({ ...user, name: "Ada L." }));
    assert.notEqual(renamed.stripeCustomerId, old);
    const { clientSecret } = await world.run(billing.orders.checkout("order_1"));
    const payment = await world.run(world.stripe.paymentIntents.retrieve(clientSecret.split("_secret_")[0] as string));
    assert.equal(payment.customer, renamed.stripeCustomerId);
    await world.close();
  },
);

on("what was paid under a Customer that is gone is still refunded and followed", async ({ url }) => {
  const world = await startWorld({ url });
  await world.run(world.billing.customers.ensure(user));
  await createOrder(world, "order_1", { customerId: "user_1" });
  await world.pay("order_1", "pm_card_visa");
  await world.advance(10 * secondMs);
  await deleteAtStripe(world, true);
  await world.run(world.billing.customers.ensure(user));
  const { stripe } = await world.run(world.billing.orders.get("order_1"));
  await world.run(world.stripe.refunds.create({ payment_intent: stripe.paymentIntentId as string, amount: 500 }));
  await world.advance(30 * secondMs);
  assert.equal((await world.run(world.billing.orders.get("order_1"))).amountRefunded, 500);
  const rest = await world.run(world.billing.refunds.create({ id: "r_1", orderId: "order_1" }));
  assert.deepEqual([rest.outcome, rest.value.amount.amount], ["done", 2000]);
  await world.close();
});

on("whoever changes a user at the same moment gets an answer, and the last revision is Stripe's", async ({ url }) => {
  const world = await startWorld({ url });
  const { customers } = world.billing;
  const addresses = [0, 1, 2, 3].map((tab) => `${tab}@example.test`);
  const answers = await world.run(Promise.all(addresses.map((email) => customers.ensure({ id: "user_1", email }))));
  assert.equal(new Set(answers.map(({ stripeCustomerId }) => stripeCustomerId)).size, 1);
  const { email, stripeCustomerId } = await world.run(customers.get("user_1"));
  const remote = await world.run(world.stripe.customers.retrieve(stripeCustomerId as string));
  assert.equal(!remote.deleted && remote.email, email);
  assert.equal((await world.run(world.stripe.customers.list())).data.length, 1);
  await world.close();
});

on("what Stripe does not know for over an hour is gone, and a human is told of each kind", async ({ url }) => {
  const world = await startWorld({ url });
  await createOrder(world, "order_1");
  await world.pay("order_1", "pm_card_visa");
  await world.run(world.billing.refunds.create({ id: "r_1", orderId: "order_1", amount: 500 }));
  await world.advance(30 * secondMs);
  const { stripe } = await world.run(world.billing.orders.get("order_1"));
  const payment = await world.run(world.stripe.paymentIntents.retrieve(stripe.paymentIntentId as string));
  const charge = await world.run(world.stripe.charges.retrieve(payment.latest_charge as string));
  const [refund] = (await world.run(world.stripe.refunds.list())).data;
  world.fail("GET /v1/payment_intents", 404, 1_000);
  world.fail("GET /v1/charges", 404, 1_000);
  world.fail("GET /v1/refunds", 404, 1_000);
  const created = Math.floor(world.ports.clock.now() / secondMs);
  const events = { "payment_intent.succeeded": payment, "charge.updated": charge, "refund.updated": refund };
  for (const [type, object] of Object.entries(events)) {
    // Of an older version of the API, so that only a look can tell.
    const about = { id: `evt_${type}`, object: "event", livemode: false, api_version: "2020-08-27", created };
    await world.deliver({ ...about, type, data: { object } });
  }
  await world.advance(30 * minuteMs);
  assert.deepEqual((await world.run(world.billing.flags.list({ state: "open" }))).data, [], "read lag, so far");
  await world.advance(4 * 60 * minuteMs);
  const { data: flags } = await world.run(world.billing.flags.list({ state: "open" }));
  const told = flags.map(({ kind, subject }) => `${kind} ${subject}`).sort();
  assert.deepEqual(told, [`charge_gone ${charge.id}`, "payment_gone order_1", "refund_gone r_1"]);
  const order = await world.run(world.billing.orders.get("order_1"));
  assert.deepEqual([order.status, order.amountPaid, order.amountRefunded], ["paid", 2500, 500], "its history stays");
  await world.close();
});
