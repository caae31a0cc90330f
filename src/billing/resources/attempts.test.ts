// Attempts: what Stripe refused is answered unchanged until the caller names the next attempt;
// what is done or under way admits none.
import assert from "node:assert/strict";
import { secondMs } from "#kit/clock.ts";
import { onEachDatabase } from "#kit/sql/testing.ts";
import type { BillingTables } from "../kernel/store/tables.ts";
import { createOrder, saveCard, startWorld, type World } from "../testing/index.ts";
import { openInvoice } from "../testing/invoice_verbs.table.ts";

const on = onEachDatabase<BillingTables>;

interface Row {
  prepare(world: World): Promise<unknown>;
  command(world: World, attempt?: number): Promise<unknown>;
  readonly request: string;
}

const payOrder = async (world: World, capture: "automatic" | "manual") => {
  await createOrder(world, "order_1", { capture });
  await world.pay("order_1", "pm_card_visa");
  await world.advance(secondMs);
};

const table: Record<string, Row> = {
  "customers.ensure": {
    prepare: async () => undefined,
    command: (world, attempt) => world.billing.customers.ensure({ id: "user_1", name: "Ada", ...named(attempt) }),
    request: "POST /v1/customers",
  },
  "customers.update": {
    prepare: (world) => world.run(world.billing.customers.ensure({ id: "user_1" })),
    command: (world, attempt) => world.billing.customers.ensure({ id: "user_1", name: "Ada", ...named(attempt) }),
    request: "POST /v1/customers/",
  },
  "methods.setDefault": {
    prepare: (world) => saveCard(world, "user_1", { isDefault: false }),
    command: async (world, attempt) => {
      const [method] = await world.billing.methods.list("user_1");
      return world.billing.methods.setDefault("user_1", method?.id ?? "", { id: "choice_1", ...named(attempt) });
    },
    request: "POST /v1/customers/",
  },
  "invoices.pay": {
    prepare: (world) => openInvoice(world, "user_1"),
    command: async (world, attempt) => {
      const [invoice] = (await world.billing.invoices.list()).data;
      return world.billing.invoices.pay(invoice?.id ?? "", { id: "try_1", ...named(attempt) });
    },
    request: "POST /v1/invoices/",
  },
  "orders.charge": {
    async prepare(world) {
      await saveCard(world, "user_1");
      await createOrder(world, "order_1", { customerId: "user_1" });
    },
    command: (world, attempt) => world.billing.orders.charge("order_1", named(attempt)),
    request: "POST /v1/payment_intents/",
  },
  "orders.capture": {
    prepare: (world) => payOrder(world, "manual"),
    command: (world, attempt) => world.billing.orders.capture("order_1", named(attempt)),
    request: "POST /v1/payment_intents/",
  },
  "refunds.create": {
    prepare: (world) => payOrder(world, "automatic"),
    command: (world, attempt) =>
      world.billing.refunds.create({ id: "r_1", orderId: "order_1", amount: 500, ...named(attempt) }),
    request: "POST /v1/refunds",
  },
};

function named(attempt: number | undefined): { attempt?: number } {
  return attempt === undefined ? {} : { attempt };
}

for (const [verb, row] of Object.entries(table)) {
  on(`${verb}, refused, waits for the next attempt, and done admits no other`, async ({ url }) => {
    const world = await startWorld({ url });
    const give = (attempt?: number) => world.run(row.command(world, attempt));
    const sent = () => world.requests.filter((request) => request.startsWith(row.request)).length;
    await row.prepare(world);
    for (const wrong of [0, -1, 1.5, Number.NaN]) await assert.rejects(give(wrong), { code: "invalid_params" });
    world.fail(row.request, 400, 2);
    const before = sent();
    await assert.rejects(give(), { code: "stripe_refused" });
    await assert.rejects(give(), { code: "stripe_refused" });
    await assert.rejects(give(1), { code: "stripe_refused" });
    assert.equal(sent() - before, 1, "the answer of an attempt is kept");
    await assert.rejects(give(3), { code: "wrong_state" });
    await assert.rejects(give(2), { code: "stripe_refused" });
    await give(3);
    await give(3);
    assert.equal(sent() - before, 3, "each attempt was sent once");
    if (verb !== "customers.ensure") await assert.rejects(give(4), { code: "wrong_state" }, "done admits no other");
    await world.close();
  });
}

on("a refund under way admits no further attempt", async ({ url }) => {
  const world = await startWorld({ url });
  await payOrder(world, "automatic");
  world.fail("POST /v1/refunds", "lost", 1_000);
  const wish = { id: "r_1", orderId: "order_1", amount: 500 };
  assert.equal((await world.run(world.billing.refunds.create(wish))).outcome, "processing");
  await assert.rejects(world.run(world.billing.refunds.create({ ...wish, attempt: 2 })), { code: "wrong_state" });
  await world.close();
});

on("a name that Stripe refuses stops no payment, and a corrected one is a new wish", async ({ url }) => {
  const world = await startWorld({ url });
  const { customers, orders } = world.billing;
  await world.run(customers.ensure({ id: "user_1" }));
  world.fail("POST /v1/customers/", 400);
  await assert.rejects(world.run(customers.ensure({ id: "user_1", name: "Ada" })), { code: "stripe_refused" });
  await createOrder(world, "order_1", { customerId: "user_1" });
  assert.match((await world.run(orders.checkout("order_1"))).clientSecret, /^pi_/);
  const corrected = await world.run(customers.ensure({ id: "user_1", name: "Ada L.", attempt: 2 }));
  const { stripeCustomerId } = corrected;
  const atStripe = await world.run(world.stripe.customers.retrieve(stripeCustomerId as string).then((one) => one));
  assert.equal("name" in atStripe && atStripe.name, "Ada L.");
  await world.close();
});
