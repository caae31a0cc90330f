// How a subscription begins: what a start answers by what its method, its payer and Stripe do, and what it leaves.
import assert from "node:assert/strict";
import { test } from "node:test";
import { dayMs, hourMs, minuteMs, secondMs } from "#kit/clock.ts";
import { onEachDatabase } from "#kit/sql/testing.ts";
import type { Billing } from "../../../index.ts";
import type { BillingTables } from "../../../kernel/store/tables.ts";
import { saveCard, startWorld } from "../../../testing/index.ts";
import {
  atStripe,
  monthInEach,
  openFlags,
  payWaiting,
  type plans,
  sell,
  starting,
} from "../../../testing/subscribers.ts";

const on = onEachDatabase<BillingTables>;

test("whoever names their catalog has its names checked by the compiler", () => {
  const typed = ({ subscriptions }: Billing) => {
    const wish = { id: "start_1", customerId: "user_1" } as const;
    void subscriptions.start<typeof plans>({ ...wish, plan: "pro", every: "year", addOns: [{ name: "setup" }] });
    // @ts-expect-error -- there is no such plan
    void subscriptions.start<typeof plans>({ ...wish, plan: "por", every: "month" });
    // @ts-expect-error -- basic is not sold by the year
    void subscriptions.start<typeof plans>({ ...wish, plan: "basic", every: "year" });
    // @ts-expect-error -- there is no such add-on
    void subscriptions.start<typeof plans>({ ...wish, plan: "pro", every: "month", addOns: [{ name: "pro" }] });
  };
  assert.equal(typeof typed, "function"); // Its calls are the compiler's to judge.
});

on("a card that pays starts a plan at once, and the same start again is the same", async ({ url }) => {
  const world = await startWorld({ url });
  const customer = await sell(world);
  const metadata = { campaign: "autumn" };
  const wish = { id: "signup_77", quantity: 3, addOns: [{ name: "seats", quantity: 2 }, { name: "setup" }], metadata };
  const { outcome, value } = await world.run(starting(world, wish));
  assert.equal(outcome, "done");
  const made = value.subscription;
  assert.deepEqual([made?.status, made?.startId, made?.customerId], ["active", "signup_77", "user_1"]);
  assert.deepEqual(
    made?.items.map(({ sold, quantity }) => [sold?.name, quantity]),
    [
      ["pro", 3],
      ["seats", 2],
    ],
  );
  const [subscription, ...others] = await atStripe(world, customer);
  assert.deepEqual([subscription?.id, others.length], [made?.id, 0]);
  assert.equal(subscription?.metadata.campaign, "autumn");
  const invoice = await world.run(world.stripe.invoices.retrieve(String(subscription?.latest_invoice)));
  assert.deepEqual([invoice.status, invoice.total], ["paid", 3 * 1900 + 2 * 500 + 4900]);
  const again = await world.run(starting(world, wish));
  assert.deepEqual([again.outcome, again.value.subscription?.id], ["done", made?.id]);
  await assert.rejects(world.run(starting(world, { ...wish, quantity: 4 })), { code: "conflict" });
  await assert.rejects(world.run(starting(world, { ...wish, attempt: 2 })), { code: "wrong_state" });
  const { data: found } = await world.run(world.billing.subscriptions.list({ startId: "signup_77" }));
  assert.deepEqual(
    found.map(({ id }) => id),
    [made?.id],
  );
  await world.advance(10 * secondMs);
  const told = world.facts.map(({ type }) => type).filter((type) => type.startsWith("subscription."));
  assert.deepEqual(told.sort(), ["subscription.activated", "subscription.started"]);
  await world.close();
});

on("a declined card makes nothing, gives the slot back, and the next attempt may name another one", async ({ url }) => {
  const world = await startWorld({ url });
  const customer = await sell(world, "user_1", "pm_card_chargeCustomerFail");
  const first = await world.run(starting(world, { trial: false }));
  assert.deepEqual([first.outcome, first.value.subscription], ["declined", null]);
  assert.equal((await world.run(starting(world))).outcome, "declined", "the answer of an attempt is kept");
  assert.deepEqual(await atStripe(world, customer), []);
  const method = await saveCard(world, "user_1", { isDefault: false });
  const second = await world.run(starting(world, { attempt: 2, method }));
  assert.deepEqual([second.outcome, second.value.subscription?.defaultMethodId], ["done", method]);
  const third = await world.run(starting(world, { id: "start_2", plan: "care" }));
  assert.equal(third.outcome, "declined", "of another group, by the default that declines");
  assert.equal((await atStripe(world, customer)).length, 1);
  await world.close();
});

for (const offSession of [false, true]) {
  on(`a bank that wants to hear the payer is heard in a page (off session: ${offSession})`, async ({ url }) => {
    const world = await startWorld({ url });
    const customer = await sell(world, "user_1", "pm_card_authenticationRequired");
    const answer = await world.run(starting(world, { offSession }));
    assert.equal(answer.outcome, "action_required");
    const { url: page, clientSecret, value } = answer;
    assert.match(`${page} ${clientSecret}`, /\/pay\/open\/\w+ pi_\w+_secret_\w+$/);
    assert.equal(value.subscription?.status, "incomplete");
    const again = await world.run(starting(world, { offSession, returnUrl: "https://shop.test/pro" }));
    assert.ok(again.outcome === "action_required");
    assert.equal(again.clientSecret, clientSecret, "where the payer goes on is not the start's");
    assert.notEqual(again.url, page);
    await payWaiting(world, clientSecret);
    const paid = await world.run(starting(world, { offSession }));
    assert.deepEqual([paid.outcome, paid.value.subscription?.status], ["done", "active"]);
    assert.equal((await atStripe(world, customer)).length, 1);
    await world.advance(minuteMs);
    const told = world.facts.map(({ type }) => type).filter((type) => type.startsWith("subscription."));
    assert.deepEqual(
      told.sort(),
      ["subscription.action_required", "subscription.activated", "subscription.started"],
      "and no start has failed",
    );
    await world.close();
  });
}

on("whoever has no card is asked for one, and what nobody pays is over and told", async ({ url }) => {
  const world = await startWorld({ url });
  const customer = await sell(world, "user_1", null);
  const answer = await world.run(starting(world));
  assert.equal(answer.outcome, "action_required");
  await assert.rejects(world.run(starting(world, { attempt: 2 })), { code: "wrong_state" });
  await world.advance(23 * hourMs + minuteMs);
  const over = await world.run(starting(world));
  assert.deepEqual([over.outcome, over.outcome === "declined" && over.reason], ["declined", "incomplete_expired"]);
  const failed = world.facts.filter(({ type }) => type === "subscription.start_failed");
  assert.deepEqual(
    failed.map(({ data }) => "startId" in data && "reason" in data && [data.startId, data.reason]),
    [["start_1", "not_paid"]],
  );
  await saveCard(world, "user_1");
  assert.equal((await world.run(starting(world, { id: "start_2" }))).outcome, "done", "the slot is free again");
  assert.equal((await atStripe(world, customer)).length, 2);
  await world.close();
});

on("another start takes the place of one that waits for its payer, and of none that was paid", async ({ url }) => {
  const world = await startWorld({ url });
  const customer = await sell(world, "user_1", null);
  const first = await world.run(starting(world));
  const second = await world.run(starting(world, { id: "start_2", plan: "basic" }));
  assert.equal(second.outcome, "action_required");
  const states = async () => (await atStripe(world, customer)).map(({ status }) => status);
  assert.deepEqual(await states(), ["incomplete", "incomplete_expired"]);
  assert.ok(first.outcome === "action_required" && second.outcome === "action_required");
  await assert.rejects(payWaiting(world, first.clientSecret), "it takes no money any more");
  world.setWebhooks(false);
  await payWaiting(world, second.clientSecret);
  await assert.rejects(world.run(starting(world, { id: "start_3" })), {
    code: "wrong_state",
    message: new RegExp(`has subscription ${second.value.subscription?.id}`),
  });
  assert.deepEqual(await states(), ["active", "incomplete_expired"]);
  world.setWebhooks(true);
  await world.advance(minuteMs);
  const failed = world.facts.filter(({ type }) => type === "subscription.start_failed");
  assert.deepEqual(
    failed.map(({ data }) => "startId" in data && "reason" in data && [data.startId, data.reason]),
    [["start_1", "replaced"]],
  );
  assert.deepEqual(await openFlags(world), []);
  await world.close();
});

on("a trial is given once in a group, wherever it was begun, and its end is as it was wished", async ({ url }) => {
  const world = await startWorld({ url });
  const customer = await sell(world, "user_1", null);
  const first = await world.run(starting(world, { trial: { withoutMethod: "cancel" } }));
  assert.deepEqual([first.outcome, first.value.subscription?.status], ["done", "trialing"]);
  const { createdAt, trialEnd } = first.value.subscription ?? {};
  assert.equal(Number(trialEnd) - Number(createdAt), 14 * dayMs);
  await world.advance(15 * dayMs);
  const [ended] = await atStripe(world, customer);
  assert.equal(ended?.status, "canceled");
  const second = world.run(starting(world, { id: "start_2", plan: "basic", trial: { days: 7 } }));
  await assert.rejects(second, { code: "wrong_state", message: /has had their trial in bursar/ });
  const none = world.run(starting(world, { id: "start_3", plan: "basic", trial: true }));
  await assert.rejects(none, { code: "invalid_params", message: /has no `trialDays`/ });
  assert.equal((await atStripe(world, customer)).length, 1, "nothing was charged instead");
  const other = await world.run(starting(world, { id: "start_4", plan: "care", trial: { days: 7 } }));
  assert.equal(other.value.subscription?.status, "trialing", "of another group");
  await world.close();
});

on("a trial that Stripe refuses is given back", async ({ url }) => {
  const world = await startWorld({ url });
  await sell(world);
  world.fail("POST /v1/subscriptions", 400);
  await assert.rejects(world.run(starting(world, { trial: true })), { code: "stripe_refused" });
  const { value } = await world.run(starting(world, { trial: true, attempt: 2 }));
  assert.equal(value.subscription?.status, "trialing");
  await world.close();
});

on("who is sent invoices has the plan at once, and pays when they are due", async ({ url }) => {
  const world = await startWorld({ url });
  await sell(world, "user_1", null);
  const wish = { collection: "send_invoice", daysUntilDue: 14 } as const;
  const { outcome, value } = await world.run(starting(world, wish));
  const { status, collectionMethod, daysUntilDue } = value.subscription ?? {};
  assert.deepEqual([outcome, status, collectionMethod, daysUntilDue], ["done", "active", "send_invoice", 14]);
  await world.close();
});

on("discounts and taxes stand on the first invoice", async ({ url }) => {
  const world = await startWorld({ url });
  const { stripe, run } = world;
  const totalOf = async (id: string, more: Parameters<typeof starting>[1]) => {
    await sell(world, id);
    const { value } = await run(starting(world, { id: `start_${id}`, customerId: id, ...more }));
    return (await run(stripe.invoices.retrieve(value.subscription?.latestInvoiceId ?? ""))).total;
  };
  assert.equal(await totalOf("user_coupon", { coupon: "launch" }), 1520);
  const { coupons } = await run(world.billing.catalog.get());
  const promotion = { type: "coupon", coupon: coupons.launch ?? "" } as const;
  await run(stripe.promotionCodes.create({ promotion, code: "SUMMER20" }).then((made) => made));
  assert.equal(await totalOf("user_code", { promotionCode: "summer20" }), 1520);
  const other = (await run(world.billing.customers.get("user_coupon"))).stripeCustomerId ?? "";
  await run(stripe.promotionCodes.create({ promotion, code: "HERS", customer: other }).then((made) => made));
  const hers = run(starting(world, { customerId: "user_code", id: "hers", plan: "care", promotionCode: "HERS" }));
  await assert.rejects(hers, { code: "invalid_params", message: /"HERS" that this customer can use/ });
  const wrong = run(starting(world, { customerId: "user_code", id: "other", plan: "care", promotionCode: "SUMER" }));
  await assert.rejects(wrong, { code: "invalid_params", message: /no promotion code "SUMER"/ });
  const rate = { display_name: "VAT", percentage: 20, inclusive: false };
  const { id } = await run(stripe.taxRates.create(rate).then((made) => made));
  assert.equal(await totalOf("user_rates", { taxes: { rates: [id] } }), 2280);
  const location = { country: "DE", postalCode: "10115" };
  await run(world.billing.customers.ensure({ id: "user_stripe", address: location }));
  assert.ok((await totalOf("user_stripe", { taxes: "stripe" })) >= 1900);
  await world.close();
});

on("a plan costs exactly what the catalog says, in any currency", async ({ url }) => {
  const world = await startWorld({ url });
  await world.run(world.billing.catalog.apply({ plans: { pro: { name: "Pro", prices: { month: monthInEach } } } }));
  for (const [currency, amount] of Object.entries(monthInEach)) {
    const customerId = `user_${currency}`;
    await sell(world, customerId);
    const { outcome, value } = await world.run(starting(world, { id: `start_${currency}`, customerId, currency }));
    assert.equal(outcome, "done", currency);
    const { total, amount_paid, ...invoice } = await world.run(
      world.stripe.invoices.retrieve(value.subscription?.latestInvoiceId ?? ""),
    );
    assert.deepEqual([invoice.currency, total, amount_paid], [currency, amount, amount]);
  }
  await world.close();
});

on("what the catalog does not offer is refused, and nobody is billed in two currencies", async ({ url }) => {
  const world = await startWorld({ url });
  await sell(world);
  const refused = (more: Parameters<typeof starting>[1], code: string, message: RegExp) =>
    assert.rejects(world.run(starting(world, more)), { code, message });
  await refused({ plan: "por" }, "invalid_params", /no plan "por"/);
  await refused({ every: "week" }, "invalid_params", /no interval of pro "week"/);
  await refused({ addOns: [{ name: "seat" }] }, "invalid_params", /no add-on "seat"/);
  await refused({ addOns: [{ name: "seats", every: "year" }] }, "invalid_params", /no interval of seats "year"/);
  await refused({ coupon: "lunch" }, "invalid_params", /no coupon "lunch"/);
  await refused({ currency: "gbp" }, "invalid_params", /no price in gbp/);
  await refused({ currency: undefined }, "invalid_params", /Which currency/);
  await refused({ namespace: "other" }, "not_found", /No catalog other/);
  await refused({ customerId: "user_2" }, "not_found", /No customer user_2/);
  await refused({ method: "pm_of_somebody" }, "not_found", /pm_of_somebody/);
  await refused({ daysUntilDue: 14 }, "invalid_params", /of invoices that are sent/);
  await refused({ coupon: "launch", promotionCode: "X" }, "invalid_params", /coupon or a promotion code/);
  assert.equal((await world.run(starting(world))).outcome, "done");
  await refused({ id: "start_2", plan: "basic" }, "wrong_state", /one plan of bursar at a time/);
  await world.run(world.billing.subscriptions.list({ customerId: "user_1" }));
  await refused({ id: "start_3", currency: "usd" }, "wrong_state", /is billed in eur/);
  const { prices } = await world.run(world.billing.catalog.get());
  await world.run(world.stripe.prices.update(prices["bursar-care-month-eur"] ?? "", { active: false }));
  await world.advance(minuteMs);
  await refused({ id: "start_4", plan: "care" }, "wrong_state", /bursar-care-month-eur is archived/);
  await world.close();
});
