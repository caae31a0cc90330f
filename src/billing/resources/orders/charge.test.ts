// Orders that are paid with a method which their customer has saved.
import assert from "node:assert/strict";
import { dayMs, minuteMs, secondMs } from "#kit/clock.ts";
import { onEachDatabase } from "#kit/sql/testing.ts";
import type { BillingTables } from "../../kernel/store/tables.ts";
import { createOrder, saveCard, startWorld, type World } from "../../testing/index.ts";

const on = onEachDatabase<BillingTables>;

const saved = (world: World, card = "pm_card_visa", { id = "user_1", isDefault = true } = {}) =>
  saveCard(world, id, { card, isDefault });

const ofUser = { customerId: "user_1" };
const confirms = (world: World) => world.requests.filter((request) => request.endsWith("/confirm")).length;
const told = (world: World) => world.facts.map(({ type }) => type).filter((type) => type.startsWith("order."));

async function payments(world: World) {
  return (await world.run(world.stripe.paymentIntents.list())).data.map(({ status }) => status);
}

on("a charge pays an order with the default of its customer, once, however often it is given", async ({ url }) => {
  const world = await startWorld({ url });
  const { orders } = world.billing;
  const method = await saved(world);
  await createOrder(world, "order_1", ofUser);
  const first = await world.run(orders.charge("order_1"));
  assert.deepEqual([first.outcome, first.value.status, first.value.amountPaid], ["done", "paid", 2500]);
  const other = await saved(world, "pm_card_mastercard"); // The default is another one by now.
  assert.deepEqual((await world.run(orders.charge("order_1"))).outcome, "done");
  assert.deepEqual((await world.run(orders.charge("order_1", { method, attempt: 1 }))).outcome, "done");
  await assert.rejects(world.run(orders.charge("order_1", { method: other })), { code: "conflict" });
  await assert.rejects(world.run(orders.charge("order_1", { offSession: false })), { code: "conflict" });
  await assert.rejects(world.run(orders.charge("order_1", { attempt: 2 })), { code: "wrong_state" });
  const [payment] = (await world.run(world.stripe.paymentIntents.list())).data;
  assert.deepEqual([payment?.payment_method, payment?.status, confirms(world)], [method, "succeeded", 1]);
  await world.advance(minuteMs);
  assert.deepEqual(told(world), ["order.paid"]);
  await world.close();
});

on(
  "a charge uses the payment that a checkout has made, and a page that is opened later shows it paid",
  async ({ url }) => {
    const world = await startWorld({ url });
    const { orders } = world.billing;
    const method = await saved(world, "pm_card_visa", { isDefault: false });
    await createOrder(world, "order_1", ofUser);
    await world.run(orders.checkout("order_1"));
    assert.equal((await world.run(orders.charge("order_1", { method, offSession: false }))).outcome, "done");
    assert.deepEqual(await payments(world), ["succeeded"]);
    await world.close();
  },
);

on("a decline says why, and the next attempt may name another card", async ({ url }) => {
  const world = await startWorld({ url });
  const { orders } = world.billing;
  const good = await saved(world, "pm_card_visa", { isDefault: false });
  await saved(world, "pm_card_chargeCustomerFail");
  await createOrder(world, "order_1", ofUser);
  const declined = await world.run(orders.charge("order_1"));
  assert.ok(declined.outcome === "declined");
  const { reason, code, declineCode, message, value } = declined;
  assert.deepEqual([reason, code, declineCode], ["generic_decline", "card_declined", "generic_decline"]);
  assert.match(message, /card was declined/);
  assert.deepEqual([value.status, value.lastFailure?.code], ["failed", "card_declined"]);
  assert.equal((await world.run(orders.charge("order_1"))).outcome, "declined", "the same wish, the same answer");
  await assert.rejects(world.run(orders.charge("order_1", { method: good })), { code: "conflict" });
  assert.equal(confirms(world), 1);
  assert.equal((await world.run(orders.charge("order_1", { method: good, attempt: 2 }))).outcome, "done");
  await world.advance(minuteMs);
  assert.deepEqual(told(world), ["order.failed", "order.paid"], "whoever waits is told by the answer alone");
  assert.deepEqual(await payments(world), ["succeeded"]);
  await world.close();
});

on(
  "a bank that wants to hear the payer gets them a page for the same payment, with a fresh link each time",
  async ({ url }) => {
    const world = await startWorld({ url });
    const { orders } = world.billing;
    await saved(world, "pm_card_authenticationRequired");
    await createOrder(world, "order_1", ofUser);
    const asked = await world.run(orders.charge("order_1"));
    assert.ok(asked.outcome === "action_required");
    assert.match(asked.url, /\/pay\/open\//);
    assert.equal(asked.clientSecret.split("_secret_")[0], asked.value.stripe.paymentIntentId);
    const again = await world.run(orders.charge("order_1"));
    assert.ok(again.outcome === "action_required");
    assert.notEqual(again.url, asked.url);
    assert.equal(again.clientSecret, asked.clientSecret);
    await world.pay("order_1", "pm_card_visa");
    await world.advance(minuteMs);
    assert.equal((await world.run(orders.charge("order_1"))).outcome, "done", "they have paid meanwhile");
    assert.deepEqual(await payments(world), ["succeeded"]);
    // While the payer is there, Stripe asks for the confirmation itself.
    await createOrder(world, "order_2", ofUser);
    const there = await world.run(orders.charge("order_2", { offSession: false }));
    assert.deepEqual([there.outcome, there.value.status], ["action_required", "action_required"]);
    await world.close();
  },
);

on("a debit is processing until its bank has paid; what is captured by hand is held", async ({ url }) => {
  const world = await startWorld({ url });
  const { orders } = world.billing;
  const card = await saved(world);
  const { stripeCustomerId } = await world.run(world.billing.customers.get("user_1"));
  const debit = await world.run(
    world.stripe.setupIntents.create({
      customer: stripeCustomerId as string,
      automatic_payment_methods: { enabled: true, allow_redirects: "never" },
      confirm: true,
      payment_method_data: {
        type: "sepa_debit",
        sepa_debit: { iban: "AT611904300234573201" },
        billing_details: { name: "Ada", email: "ada@shop.test" },
      },
      mandate_data: { customer_acceptance: { type: "offline" } },
    }),
  );
  await createOrder(world, "order_1", ofUser);
  const method = debit.payment_method as string;
  const underway = await world.run(orders.charge("order_1", { method }));
  assert.deepEqual([underway.outcome, underway.value.status], ["processing", "processing"]);
  await assert.rejects(world.run(orders.charge("order_1", { method, attempt: 2 })), { code: "wrong_state" });
  await world.advance(minuteMs);
  assert.equal((await world.run(orders.charge("order_1", { method }))).outcome, "done");
  await createOrder(world, "order_2", { ...ofUser, capture: "manual" });
  const held = await world.run(orders.charge("order_2", { method: card }));
  assert.deepEqual([held.outcome, held.value.status], ["done", "authorized"]);
  await world.advance(minuteMs);
  assert.deepEqual(told(world).sort(), ["order.authorized", "order.paid", "order.processing"]);
  await world.close();
});

on("what cannot be charged is refused by name, and Stripe hears nothing", async ({ url }) => {
  const world = await startWorld({ url });
  const { orders, customers } = world.billing;
  const method = await saved(world, "pm_card_visa", { isDefault: false });
  const others = await saved(world, "pm_card_mastercard", { id: "user_2" });
  const removed = await saved(world, "pm_card_amex");
  await world.run(world.stripe.paymentMethods.detach(removed));
  await world.advance(minuteMs);
  await world.run(customers.ensure({ id: "user_3" }));
  await createOrder(world, "order_1", ofUser);
  await createOrder(world, "order_3", { customerId: "user_3" });
  await createOrder(world, "guest");
  const refusals: [() => Promise<unknown>, string, RegExp][] = [
    [() => orders.charge("order_9"), "not_found", /No order order_9/],
    [() => orders.charge("guest", { method }), "wrong_state", /Order guest is of no customer/],
    [() => orders.charge("order_1"), "wrong_state", /Customer user_1 has no default among their methods/],
    [() => orders.charge("order_3"), "wrong_state", /Customer user_3 has no saved method/],
    [
      () => orders.charge("order_1", { method: others }),
      "wrong_state",
      new RegExp(`Method ${others} belongs to customer user_2`),
    ],
    [
      () => orders.charge("order_1", { method: removed }),
      "wrong_state",
      new RegExp(`Method ${removed} was taken off customer user_1`),
    ],
    [() => orders.charge("order_1", { method: "pm_nobodys" }), "not_found", /user_1 has no method pm_nobodys/],
    [() => orders.charge("order_1", { method: "pm/1" }), "invalid_params", /method is Stripe's id/],
    [() => orders.charge("order_1", { validForMs: 999 }), "invalid_params", /validForMs is an integer/],
    [() => orders.charge("order_1", { offSession: "no" as never }), "invalid_params", /offSession is true or false/],
  ];
  for (const [given, code, message] of refusals) await assert.rejects(world.run(given()), { code, message });
  assert.deepEqual(await payments(world), []);
  await world.run(orders.charge("order_1", { method }));
  await createOrder(world, "canceled", ofUser);
  await world.run(orders.cancel("canceled"));
  await createOrder(world, "held", { ...ofUser, capture: "manual" });
  await world.run(orders.checkout("held"));
  await world.pay("held", "pm_card_visa");
  await createOrder(world, "paid", ofUser);
  await world.pay("paid", "pm_card_visa");
  await world.advance(minuteMs);
  for (const [id, message] of [
    ["canceled", /Order canceled was canceled and cannot be charged/],
    ["held", /Order held is authorized and cannot be charged/],
    ["paid", /Order paid was paid and cannot be charged/],
  ] as const) {
    await assert.rejects(world.run(orders.charge(id, { method })), { code: "wrong_state", message });
  }
  assert.equal(confirms(world), 1);
  await world.close();
});

on(
  "while Stripe does not answer, a charge is `processing` and follows by itself, the payment's making too",
  async ({ url }) => {
    const world = await startWorld({ url });
    const { orders } = world.billing;
    await saved(world);
    for (const request of ["POST /v1/payment_intents", "POST /v1/payment_intents/"]) {
      const id = `order_${request.length}`;
      await createOrder(world, id, ofUser);
      world.fail(request, "slow"); // 25 s; a caller waits for ten.
      world.fail(request, "lost", 1_000);
      assert.equal((await world.run(orders.charge(id))).outcome, "processing", request);
      world.mend();
      await world.advance(10 * minuteMs);
      assert.equal((await world.run(orders.get(id))).status, "paid", request);
      assert.equal((await world.run(orders.charge(id))).outcome, "done", request);
    }
    assert.deepEqual(await payments(world), ["succeeded", "succeeded"]);
    await world.close();
  },
);

on("a charge that was promised and comes to nothing is told, whichever call it was", async ({ url }) => {
  const world = await startWorld({ url });
  const { orders } = world.billing;
  await saved(world, "pm_card_chargeCustomerFail");
  for (const request of ["POST /v1/payment_intents", "POST /v1/payment_intents/"]) {
    const id = `order_${request.length}`;
    await createOrder(world, id, ofUser);
    world.fail(request, "lost", 1_000);
    assert.equal((await world.run(orders.charge(id))).outcome, "processing", request);
    world.mend();
    await world.advance(10 * minuteMs);
  }
  const failed = world.facts.filter(({ type }) => type === "order.charge_failed").map(({ data }) => data);
  const why = { attempt: 1, reason: "declined", code: "card_declined", declineCode: "generic_decline" };
  assert.deepEqual(failed, [
    { orderId: "order_24", ...why },
    { orderId: "order_25", ...why },
  ]);
  await world.close();
});

on("a charge that could not be made in its time is not made later, and a fact says so", async ({ url }) => {
  const world = await startWorld({ url });
  const { orders } = world.billing;
  await saved(world);
  for (const [id, request, validForMs] of [
    ["order_1", "POST /v1/payment_intents/", undefined],
    ["order_2", "POST /v1/payment_intents", 5 * minuteMs],
    ["order_3", "POST /v1/payment_intents/", 5 * minuteMs],
  ] as const) {
    await createOrder(world, id, ofUser);
    world.fail(request, "lost", 10_000);
    assert.equal((await world.run(orders.charge(id, { validForMs }))).outcome, "processing");
    await world.advance((validForMs ?? dayMs) + minuteMs);
    world.mend();
    await world.advance(10 * minuteMs);
    const { status } = await world.run(orders.get(id));
    const failed = world.facts.filter(
      ({ type, data }) => type === "order.charge_failed" && "orderId" in data && data.orderId === id,
    );
    assert.deepEqual([status, failed.map(({ data }) => "reason" in data && data.reason)], ["created", ["expired"]], id);
    await assert.rejects(world.run(orders.charge(id, { validForMs })), { code: "wrong_state" });
  }
  assert.equal((await payments(world)).includes("succeeded"), false);
  assert.equal((await world.run(orders.charge("order_1", { attempt: 2 }))).outcome, "done");
  await world.close();
});

on("a charge whose answer was lost is found before it is called too old", async ({ url }) => {
  const world = await startWorld({ url });
  const { orders } = world.billing;
  await saved(world);
  await createOrder(world, "order_1", ofUser);
  world.setWebhooks(false);
  world.fail("POST /v1/payment_intents/", "unheard");
  world.fail("POST /v1/payment_intents/", "lost", 10_000);
  const validForMs = 5 * minuteMs;
  assert.equal((await world.run(orders.charge("order_1", { validForMs }))).outcome, "processing");
  await world.advance(2 * validForMs);
  world.mend();
  await world.advance(10 * minuteMs);
  assert.equal((await world.run(orders.charge("order_1", { validForMs }))).outcome, "done");
  assert.deepEqual([told(world), await payments(world)], [["order.paid"], ["succeeded"]]);
  await world.close();
});

on("a charge while the payer pays in the page takes once, whoever is first", async ({ url }) => {
  const world = await startWorld({ url });
  const { orders } = world.billing;
  const method = await saved(world);
  for (const aheadMs of [-200, -1, 0, 1, 200]) {
    const id = `order_${aheadMs}`;
    await createOrder(world, id, ofUser);
    await world.run(orders.checkout(id));
    const payer = () =>
      world.pay(id, "pm_card_mastercard").then(
        () => "paid",
        ({ code }) => String(code),
      );
    const shop = () =>
      orders.charge(id, { method }).then(
        ({ outcome }) => outcome,
        ({ code }) => String(code),
      );
    const both = aheadMs < 0 ? [shop()] : [payer()];
    await world.advance(Math.abs(aheadMs));
    both.push(aheadMs < 0 ? payer() : shop());
    const answers = await world.run(Promise.all(both));
    assert.ok(
      answers.some((answer) => answer === "done" || answer === "paid"),
      String(answers),
    );
    await world.advance(minuteMs);
    const { status, amountPaid } = await world.run(orders.get(id));
    assert.deepEqual([status, amountPaid], ["paid", 2500]);
  }
  assert.deepEqual(await payments(world), Array(5).fill("succeeded"));
  const charges = (await world.run(world.stripe.charges.list())).data;
  assert.equal(charges.filter(({ status }) => status === "succeeded").length, 5);
  assert.deepEqual((await world.run(world.billing.flags.list({ state: "open" }))).data, []);
  await world.close();
});

on("a cancel takes back a charge that has not left, and what it took when it had", async ({ url }) => {
  const world = await startWorld({ url });
  const { orders } = world.billing;
  await saved(world);
  await createOrder(world, "order_1", ofUser);
  await world.run(orders.checkout("order_1"));
  world.fail("POST /v1/payment_intents/", "lost", 1_000);
  const charged = orders.charge("order_1");
  await world.advance(secondMs);
  const canceled = orders.cancel("order_1");
  assert.deepEqual(
    [(await world.run(charged)).outcome, (await world.run(canceled)).outcome],
    ["processing", "processing"],
  );
  world.mend();
  await world.advance(10 * minuteMs);
  const order = await world.run(orders.get("order_1"));
  assert.equal(order.status, "canceled");
  assert.equal(order.amountPaid - order.amountRefunded, 0);
  // While the payment is still being made, nothing is left to take back.
  await createOrder(world, "order_2", ofUser);
  world.fail("POST /v1/payment_intents", "lost", 1_000);
  assert.equal((await world.run(orders.charge("order_2"))).outcome, "processing");
  assert.equal((await world.run(orders.cancel("order_2"))).outcome, "processing");
  world.mend();
  await world.advance(10 * minuteMs);
  const second = await world.run(orders.get("order_2"));
  assert.deepEqual([second.status, second.amountPaid], ["canceled", 0]);
  await world.close();
});

on(
  "a charge whose payment could not be made is wished again under the next attempt, and goes on with that",
  async ({ url }) => {
    const world = await startWorld({ url });
    const { orders } = world.billing;
    await saved(world);
    await createOrder(world, "order_1", ofUser);
    world.fail("POST /v1/payment_intents", 400);
    for (const attempt of [undefined, 1, undefined]) {
      await assert.rejects(world.run(orders.charge("order_1", { attempt })), { code: "stripe_refused" });
    }
    await assert.rejects(world.run(orders.charge("order_1", { attempt: 3 })), { code: "wrong_state" });
    for (const attempt of [2, undefined, 2]) {
      assert.equal((await world.run(orders.charge("order_1", { attempt }))).outcome, "done");
    }
    await assert.rejects(world.run(orders.charge("order_1", { attempt: 1 })), { code: "wrong_state" });
    assert.deepEqual([confirms(world), await payments(world)], [1, ["succeeded"]]);
    await world.close();
  },
);

on("a day without webhooks, and a host with fetch and tick alone, charge all the same", async ({ url }) => {
  const world = await startWorld({ url, isStarted: false });
  const { billing } = world;
  world.setWebhooks(false);
  await saved(world);
  await world.run(billing.tick({ maxMs: minuteMs }));
  await createOrder(world, "order_1", ofUser);
  world.fail("POST /v1/payment_intents", "lost", 1_000);
  assert.equal((await world.run(billing.orders.charge("order_1"))).outcome, "processing");
  world.mend();
  await world.advance(minuteMs);
  await world.run(billing.tick({ maxMs: minuteMs }));
  assert.equal((await world.run(billing.orders.charge("order_1"))).outcome, "done");
  await world.advance(dayMs);
  await world.run(billing.tick({ maxMs: minuteMs }));
  assert.deepEqual(told(world), ["order.paid"]);
  await world.close();
});
