// A Customer that was at Stripe before: linked once, to one user, by its id; what it knows is taken over.
import assert from "node:assert/strict";
import { minuteMs, secondMs } from "#kit/clock.ts";
import { isProblem } from "#kit/problems.ts";
import { onEachDatabase } from "#kit/sql/testing.ts";
import type { BillingTables } from "../../../kernel/store/tables.ts";
import { startWorld, type World } from "../../../testing/index.ts";

const on = onEachDatabase<BillingTables>;

const known = {
  email: "ada@example.test",
  name: "Ada",
  address: { line1: "Torstrasse 1", city: "Berlin", postal_code: "10119", country: "DE" },
  preferred_locales: ["de", "en"],
  tax_exempt: "exempt",
  metadata: { crm: "7" },
};

async function atStripe(world: World, fields: object = known): Promise<string> {
  return (await world.run(world.stripe.customers.create(fields).then((made) => made))).id;
}

async function customersAtStripe(world: World) {
  return (await world.run(world.stripe.customers.list({ limit: 100 }))).data;
}

on("what Stripe knows of it is taken over, and nothing of it is changed there but our marks", async ({ url }) => {
  const world = await startWorld({ url });
  const stripeCustomerId = await atStripe(world);
  const { createdAt, ...linked } = await world.run(world.billing.customers.link({ id: "user_1", stripeCustomerId }));
  assert.deepEqual(linked, {
    id: "user_1",
    email: "ada@example.test",
    name: "Ada",
    phone: null,
    address: { line1: "Torstrasse 1", city: "Berlin", postalCode: "10119", country: "DE" },
    locale: "de",
    taxExempt: "exempt",
    currency: null,
    metadata: { crm: "7" },
    taxIds: [],
    stripeCustomerId,
  });
  const [customer, ...others] = await customersAtStripe(world);
  assert.deepEqual(others, []);
  assert.deepEqual(customer?.preferred_locales, ["de", "en"]);
  assert.equal(customer?.metadata.bursar_customer, "user_1");
  assert.equal(world.requests.filter((request) => request.startsWith("POST /v1/customers")).length, 1);
  const found = await world.run(world.billing.customers.list({ metadata: { crm: "7" } }));
  assert.deepEqual(
    found.data.map(({ id }) => id),
    ["user_1"],
  );
  await world.advance(minuteMs);
  assert.deepEqual((await world.run(world.billing.flags.list({ state: "open" }))).data, []);
  await world.close();
});

on("what the host had said stays, and is told to Stripe", async ({ url }) => {
  const world = await startWorld({ url });
  const stripeCustomerId = await atStripe(world);
  world.fail("POST /v1/customers", 400);
  const said = { id: "user_1", name: "Ada L.", phone: "+49", metadata: { tier: "gold" } };
  await assert.rejects(world.run(world.billing.customers.ensure(said)), { code: "stripe_refused" });
  const linked = await world.run(world.billing.customers.link({ id: "user_1", stripeCustomerId }));
  assert.deepEqual([linked.name, linked.email, linked.phone], ["Ada L.", "ada@example.test", "+49"]);
  const [customer] = await customersAtStripe(world);
  assert.deepEqual([customer?.name, customer?.email, customer?.phone], ["Ada L.", "ada@example.test", "+49"]);
  assert.deepEqual([customer?.metadata.crm, customer?.metadata.tier], ["7", "gold"]);
  await world.close();
});

on("given again it is the same, and ensure makes no other one", async ({ url }) => {
  const world = await startWorld({ url });
  const { customers } = world.billing;
  const stripeCustomerId = await atStripe(world);
  world.fail("POST /v1/customers/", "unheard");
  await world.run(customers.link({ id: "user_1", stripeCustomerId }));
  await world.run(customers.link({ id: "user_1", stripeCustomerId }));
  await world.advance(10 * secondMs);
  assert.equal((await world.run(customers.ensure({ id: "user_1" }))).stripeCustomerId, stripeCustomerId);
  assert.equal((await customersAtStripe(world)).length, 1);
  const made = await world.run(customers.ensure({ id: "user_2" }));
  const again = await world.run(customers.link({ id: "user_2", stripeCustomerId: made.stripeCustomerId as string }));
  assert.equal(again.stripeCustomerId, made.stripeCustomerId, "it has that one already");
  await world.close();
});

on(
  "one of somebody else's, of no account of ours or of the past is refused, and nothing is written",
  async ({ url }) => {
    const world = await startWorld({ url });
    const { customers } = world.billing;
    const first = await atStripe(world);
    const second = await atStripe(world);
    await world.run(customers.link({ id: "user_1", stripeCustomerId: first }));
    const deleted = await atStripe(world);
    await world.run(world.stripe.customers.del(deleted));
    const refusals: [string, string, string][] = [
      ["user_1", second, `Customer user_1 has ${first} at Stripe, and cannot have ${second} too`],
      ["user_2", first, `${first} is customer user_1, and cannot be user_2 too`],
      ["user_2", deleted, `${deleted} was deleted at Stripe, and cannot be linked`],
      ["user_2", "cus_none", "cus_none is not among the Customers of this account, and cannot be linked"],
      [
        "user_2",
        "ada@example.test",
        "ada@example.test is not among the Customers of this account, and cannot be linked",
      ],
    ];
    for (const [id, stripeCustomerId, message] of refusals) {
      await assert.rejects(world.run(customers.link({ id, stripeCustomerId })), { code: "wrong_state", message });
    }
    await assert.rejects(world.run(customers.get("user_2")), { code: "not_found" });
    await world.close();
  },
);

on("what Stripe refuses leaves the user without one, and another one can be linked", async ({ url }) => {
  const world = await startWorld({ url });
  const { customers } = world.billing;
  const [first, second] = [await atStripe(world), await atStripe(world)];
  world.fail("POST /v1/customers/", 400);
  await assert.rejects(world.run(customers.link({ id: "user_1", stripeCustomerId: first })), {
    code: "stripe_refused",
  });
  assert.equal((await world.run(customers.get("user_1"))).stripeCustomerId, null);
  await world.run(customers.link({ id: "user_1", stripeCustomerId: second }));
  await world.run(customers.link({ id: "user_2", stripeCustomerId: first }));
  await world.close();
});

on("of link and ensure, of two users, in two processes at the same moment, one wins", async ({ url }) => {
  const world = await startWorld({ url });
  const twin = await world.twin();
  for (let round = 0; round < 4; round++) {
    const stripeCustomerId = await atStripe(world, {});
    const [one, two] = [`user_${round}a`, `user_${round}b`];
    const wishes = [
      () => world.billing.customers.link({ id: one, stripeCustomerId }),
      () => twin.customers.link({ id: two, stripeCustomerId }),
      () => twin.customers.ensure({ id: one }),
      () => world.billing.customers.ensure({ id: two }),
    ];
    const order = [...wishes.slice(round), ...wishes.slice(0, round)];
    const ended = await world.run(Promise.allSettled(order.map((wish) => wish())));
    for (const end of ended) {
      if (end.status === "rejected") assert.ok(isProblem(end.reason, "wrong_state"), String(end.reason));
    }
    await world.advance(minuteMs);
    const all = (await world.run(world.billing.customers.list({ limit: 100 }))).data;
    const [a, b] = [one, two].map((user) => all.find(({ id }) => id === user)?.stripeCustomerId ?? null);
    assert.ok(a && b && a !== b, `round ${round}: ${a} ${b}`);
    const bearers = (await customersAtStripe(world)).filter(({ metadata }) =>
      [one, two].includes(metadata.bursar_customer ?? ""),
    );
    assert.equal(bearers.length, 2, "each has one, and no second one was made");
  }
  assert.deepEqual((await world.run(world.billing.flags.list({ state: "open" }))).data, []);
  await world.close();
});
