// The one PaymentIntent of an order: when it may be made, of what, and whose it is from when on.
import assert from "node:assert/strict";
import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { minuteMs, secondMs } from "#kit/clock.ts";
import type { Sql } from "#kit/sql/port.ts";
import { onEachDatabase } from "#kit/sql/testing.ts";
import { type Heard, statementsChannel } from "#kit/sql/units.ts";
import { dumpTables } from "../../../testing/dump.ts";
import { createReacting } from "../../kernel/changes/react.ts";
import type { OperationView } from "../../kernel/contract/verb.ts";
import type { BillingTables } from "../../kernel/store/tables.ts";
import { openBooks } from "../../testing/core.ts";
import { createOrder, startWorld } from "../../testing/index.ts";
import { checkout } from "./checkout.ts";
import type { OrderRow } from "./tables.ts";

const on = onEachDatabase<BillingTables>;

const unpayable: Record<string, Partial<OrderRow>> = {
  "is canceled": { status: "canceled", cancel_requested: 1 },
  "is being canceled": { cancel_requested: 1 },
  "is paid": { status: "paid", amount_paid: 2500 },
};

on("no payment is made of an order that cannot be paid, though it could when its caller looked", async (database) => {
  const { world, core, change } = await openBooks(database, { status: "created" });
  const params = { amount: 2500, currency: "eur", customer: null, capture: "automatic", metadata: {} } as const;
  const give = () => world.run(core.operations.carryOut(checkout, { subject: "order_1", params }));
  for (const [what, row] of Object.entries(unpayable)) {
    await change("order_1", { status: "created", cancel_requested: 0, amount_paid: 0, ...row });
    await assert.rejects(give(), { code: "wrong_state", message: new RegExp(`${what} and cannot be paid`) }, what);
  }
  assert.deepEqual((await world.run(world.stripe.paymentIntents.list())).data, []);
  await change("order_1", { status: "created", amount_paid: 0 });
  assert.equal((await give()).state, "done");
  await world.close();
});

on(
  "a payment that was seen before its answer is the order's one, and only another is one too many",
  async (database) => {
    const { world, sql, core } = await openBooks(database, { payment_intent: "pi_1" });
    const answered = (id: string) =>
      sql.write("answered", (tx) => {
        const wish = { subject: "order_1" } as OperationView<never>;
        return checkout.answered(createReacting(core.kernel, tx, 0), wish, { create: { id } });
      });
    const flags = async () => {
      const { data } = await world.run(world.billing.flags.list());
      return data.map(({ kind, detail }) => `${kind}: ${detail}`);
    };
    await answered("pi_1");
    assert.deepEqual(await flags(), []);
    await answered("pi_2");
    assert.deepEqual(await flags(), ["second_payment_intent: pi_2 bears the marks of pi_1. Cancel it at Stripe."]);
    await world.close();
  },
);

on(
  "a checkout is one request to Stripe, and the client secret that its answer brings is in no row",
  async (database) => {
    const { world, sql } = await openBooks(database, { status: "created" });
    await world.run(world.billing.orders.checkout("order_2")); // Stripe's time and account are known from here on.
    const before = world.requests.length;
    const { clientSecret } = await world.run(world.billing.orders.checkout("order_1"));
    assert.deepEqual(
      world.requests.slice(before).map((request) => request.split("?")[0]),
      ["POST /v1/payment_intents"],
    );
    const [, secret] = clientSecret.split("_secret_");
    assert.ok(secret && secret.length > 8);
    assert.ok(!(await dumpTables(sql as unknown as Sql<unknown>)).includes(secret));
    await world.close();
  },
);

on("a checkout is one transaction before its request and one after it, in a lane that is free", async (database) => {
  const { world } = await openBooks(database, { status: "created" });
  world.setWebhooks(false);
  await world.run(world.billing.orders.checkout("order_2"));
  const units = new Set<Heard["unit"]>();
  const hear = (message: unknown) => void units.add((message as Heard).unit);
  subscribe(statementsChannel, hear);
  await world.run(world.billing.orders.checkout("order_1"));
  unsubscribe(statementsChannel, hear);
  const written = [...units].filter(({ kind, label }) => kind === "write" && label !== "governor.lease");
  assert.deepEqual(
    written.map(({ label }) => label),
    ["operation.begin", "operation.answered", "links.create"],
  );
  await world.close();
});

on("a payment of which only the id is known is the order's, though Stripe does not show it yet", async ({ url }) => {
  const world = await startWorld({ url, isStarted: false });
  const { orders } = world.billing;
  await createOrder(world, "order_1");
  world.setWebhooks(false);
  world.fail("POST /v1/payment_intents", "unheard"); // the next answer is a replay
  world.fail("GET /v1/payment_intents", 404, 100);
  await assert.rejects(world.run(orders.checkout("order_1")), { code: "unavailable" });
  world.mend();
  const { clientSecret } = await world.run(orders.checkout("order_1"));
  const { data } = await world.run(world.stripe.paymentIntents.list());
  assert.deepEqual(
    data.map(({ client_secret }) => client_secret),
    [clientSecret],
  );
  await world.close();
});

on("of a promised checkout that comes to nothing a human hears, unless its cancel is told", async (database) => {
  const { world, sql, core, change } = await openBooks(database, { status: "created" });
  const refused = () =>
    sql.write("refused", (tx) => {
      const wish = { id: "op_1", verb: checkout.name, subject: "order_1", isPromised: true };
      const refusal = { http: 400, type: "api_error", code: null, declineCode: null, message: "No" };
      return checkout.refused(createReacting(core.kernel, tx, 0), wish as unknown as OperationView<never>, refusal);
    });
  const flags = async () => (await world.run(world.billing.flags.list())).data.map(({ kind }) => kind);
  await change("order_1", { cancel_requested: 1 });
  await refused();
  assert.deepEqual(await flags(), []);
  await change("order_1", { cancel_requested: 0 });
  await refused();
  assert.deepEqual(await flags(), ["operation_not_done"]);
  await world.close();
});

on("an order that was canceled shows its page to nobody", async ({ url }) => {
  const world = await startWorld({ url });
  await createOrder(world, "order_1");
  await world.run(world.billing.orders.checkout("order_1"));
  await world.run(world.billing.orders.cancel("order_1"));
  await assert.rejects(world.run(world.billing.orders.checkout("order_1")), {
    code: "wrong_state",
    message: /is canceled and cannot be paid/,
  });
  await world.close();
});

on("a payment is of the order's customer, amount, currency and metadata", async ({ url }) => {
  const world = await startWorld({ url });
  const { stripeCustomerId } = await world.run(world.billing.customers.ensure({ id: "user_1" }));
  const lines = [{ description: "Tea", quantity: 3, unitAmount: 700 }];
  await createOrder(world, "order_1", { customerId: "user_1", currency: "gbp", lines, metadata: { cart: "7" } });
  await createOrder(world, "order_2", { capture: "manual" });
  await world.run(world.billing.orders.checkout("order_1"));
  await world.run(world.billing.orders.checkout("order_2"));
  const made = (await world.run(world.stripe.paymentIntents.list())).data.toReversed();
  assert.deepEqual(
    made.map(({ amount, currency, customer, capture_method }) => [amount, currency, customer, capture_method]),
    [
      [2100, "gbp", stripeCustomerId, "automatic_async"],
      [2500, "eur", null, "manual"],
    ],
  );
  assert.equal(made[0]?.metadata.cart, "7");
  assert.ok(
    made.every((payment) => payment.automatic_payment_methods?.enabled),
    "by whatever the account offers",
  );
  await world.close();
});

on(
  "what was begun with a Customer is carried on with that one, though the user has another by now",
  async ({ url, sql }) => {
    const world = await startWorld({ url });
    const { stripeCustomerId } = await world.run(world.billing.customers.ensure({ id: "user_1" }));
    await createOrder(world, "order_1", { customerId: "user_1" });
    world.fail("POST /v1/payment_intents", "unheard", 1_000);
    await assert.rejects(world.run(world.billing.orders.checkout("order_1")), { code: "stripe_unreachable" });
    world.mend();
    await sql.write("replaced", async (tx) => {
      await tx.updateTable("customers").set({ stripe_id: "cus_another", generation: 1 }).execute();
    });
    await world.run(world.billing.orders.checkout("order_1"));
    const { data } = await world.run(world.stripe.paymentIntents.list());
    assert.deepEqual(
      data.map(({ customer }) => customer),
      [stripeCustomerId],
    );
    await world.close();
  },
);

on("a checkout that Stripe refuses is sent once, and again when the next attempt is named", async ({ url }) => {
  const world = await startWorld({ url });
  const { orders } = world.billing;
  await createOrder(world, "order_1");
  world.fail("POST /v1/payment_intents", 400);
  for (let time = 0; time < 2; time++) {
    await assert.rejects(world.run(orders.checkout("order_1")), { code: "stripe_refused" });
  }
  assert.equal(world.requests.filter((line) => line === "POST /v1/payment_intents").length, 1);
  const secretOf = async (attempt: number) => (await world.run(orders.checkout("order_1", { attempt }))).clientSecret;
  const made = await secretOf(2);
  await world.pay("order_1", "pm_card_visa");
  await world.advance(10 * secondMs);
  assert.deepEqual([await secretOf(1), await secretOf(2)], [made, made], "what was made is what is to be paid");
  await world.close();
});

on("what is to pay an order is handed out under any attempt, and once it is paid under its own", async ({ url }) => {
  const world = await startWorld({ url });
  const { orders } = world.billing;
  const secretOf = async (options: { attempt?: number } = {}) =>
    (await world.run(orders.checkout("order_1", options))).clientSecret;
  await createOrder(world, "order_1");
  const made = await secretOf();
  for (const attempt of [1, 2, 3]) assert.equal(await secretOf({ attempt }), made);
  await world.pay("order_1", "pm_card_visa");
  await world.advance(secondMs);
  assert.deepEqual([await secretOf(), await secretOf({ attempt: 1 })], [made, made]);
  await assert.rejects(secretOf({ attempt: 2 }), { code: "wrong_state", hint: "Attempt 1 is done." });
  await world.close();
});

on("what may have been made is not withdrawn because the key was rejected since", async ({ url }) => {
  const world = await startWorld({ url, isStarted: false });
  const { orders } = world.billing;
  world.setWebhooks(false);
  await createOrder(world, "order_1");
  world.fail("POST /v1/payment_intents", "unheard");
  world.fail("POST /v1/payment_intents", 401, 1_000);
  await assert.rejects(world.run(orders.checkout("order_1")), { code: "stripe_unreachable" });
  assert.equal((await world.run(orders.cancel("order_1"))).outcome, "processing");
  world.mend();
  await world.advance(minuteMs);
  await world.run(world.billing.drain());
  const made = (await world.run(world.stripe.paymentIntents.list())).data;
  assert.deepEqual(
    made.map(({ status }) => status),
    ["canceled"],
  );
  assert.equal((await world.run(orders.get("order_1"))).status, "canceled");
  await world.close();
});

on("a payment that was seen can be paid, though its own operation waits for a human", async ({ url }) => {
  const world = await startWorld({ url });
  await createOrder(world, "order_1");
  world.fail("POST /v1/payment_intents", "unheard");
  world.fail("POST /v1/payment_intents", 299); // What cannot be read is for a human.
  await world.run(world.billing.orders.checkout("order_1").catch(() => undefined));
  await world.advance(minuteMs);
  const [made] = (await world.run(world.stripe.paymentIntents.list())).data;
  assert.equal((await world.run(world.billing.orders.checkout("order_1"))).clientSecret, made?.client_secret);
  const { data: flags } = await world.run(world.billing.flags.list({ state: "open" }));
  assert.deepEqual(
    flags.map(({ kind }) => kind),
    ["operation_parked"],
  );
  await world.close();
});

on("a payment is the order's from Stripe's answer on, so that a cancel reaches it", async ({ url }) => {
  const world = await startWorld({ url });
  await createOrder(world, "order_1");
  world.setWebhooks(false);
  world.fail("POST /v1/payment_intents", "unheard"); // The second answer is a replay, of which only the id is believed.
  world.fail("GET /v1/payment_intents", "lost", 1_000);
  await world.run(world.billing.orders.checkout("order_1").catch(() => undefined));
  world.setWebhooks(true);
  await world.run(world.billing.orders.cancel("order_1"));
  world.mend();
  await world.advance(10 * minuteMs);
  const made = (await world.run(world.stripe.paymentIntents.list())).data;
  assert.deepEqual(
    made.map(({ status }) => status),
    ["canceled"],
  );
  await world.close();
});

on("a payment that Stripe does not show is read lag in its first hour, and then a human's", async ({ url }) => {
  const world = await startWorld({ url });
  await createOrder(world, "order_1");
  await createOrder(world, "order_2");
  await world.run(world.billing.orders.checkout("order_1"));
  const again = async () => {
    world.fail("GET /v1/payment_intents", 404, 1);
    await assert.rejects(world.run(world.billing.orders.checkout("order_1")), { code: "unavailable" });
    const { data } = await world.run(world.billing.flags.list({ state: "open" }));
    return data.map(({ kind, subject }) => `${kind} ${subject}`);
  };
  assert.deepEqual(await again(), []);
  await world.advance(59 * minuteMs);
  assert.deepEqual(await again(), []);
  await world.advance(2 * minuteMs);
  assert.deepEqual(await again(), ["payment_gone order_1"]);
  assert.match((await world.run(world.billing.orders.checkout("order_1"))).clientSecret, /^pi_/);
  await world.advance(10 * secondMs);
  await world.close();
});
