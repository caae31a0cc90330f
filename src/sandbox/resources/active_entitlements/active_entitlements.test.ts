import assert from "node:assert/strict";
import { suite, test } from "node:test";
import type Stripe from "stripe";
import { dayMs } from "#kit/clock.ts";
import { type SandboxWorld, startWorld } from "../../testing.ts";

type Told = Stripe.EntitlementsActiveEntitlementSummaryUpdatedEvent;

/** A customer who pays, and two plans: the second has one feature more. */
async function startShop(world: SandboxWorld = startWorld()) {
  const { stripe } = world;
  const { id: customer } = await stripe.customers.create({ email: "ada@shop.test", source: "tok_visa" });
  const feature = async (key: string) =>
    (await stripe.entitlements.features.create({ lookup_key: key, name: `The ${key}` })).id;
  const attach = async (product: string, feature: string) =>
    (await stripe.products.createFeature(product, { entitlement_feature: feature })).id;
  const plan = async (name: string, ...features: readonly string[]) => {
    const { id: product } = await stripe.products.create({ name });
    for (const one of features) await attach(product, one);
    const terms = { currency: "usd", unit_amount: 900, recurring: { interval: "month" } } as const;
    return { product, price: (await stripe.prices.create({ product, ...terms })).id };
  };
  const subscribe = (price: string, more: Partial<Stripe.SubscriptionCreateParams> = {}) =>
    stripe.subscriptions.create({ customer, items: [{ price }], ...more });
  const held = async () => {
    const { data } = await stripe.entitlements.activeEntitlements.list({ customer });
    return data.map(({ lookup_key }) => lookup_key);
  };
  /** Newest first: from what to what. */
  const told = async () => {
    const { data } = await stripe.events.list({ type: "entitlements.active_entitlement_summary.updated" });
    const keys = (list: readonly { lookup_key: string }[] = []) => list.map(({ lookup_key }) => lookup_key);
    return (data as Told[]).map(({ data: { object, previous_attributes: previous } }) => [
      keys(previous?.entitlements?.data),
      keys(object.entitlements.data),
    ]);
  };
  const [reports, exports] = [await feature("reports"), await feature("exports")];
  const small = await plan("Small", reports);
  const large = await plan("Large", reports, exports);
  return { ...world, customer, feature, attach, plan, subscribe, held, told, reports, exports, small, large };
}

suite("active entitlements", () => {
  test("a subscription grants what its products have, and one event tells of all of it", async () => {
    const { stripe, subscribe, held, told, large, customer, reports } = await startShop();
    const { id } = await subscribe(large.price);
    assert.deepEqual(await held(), ["exports", "reports"]);
    assert.deepEqual(await told(), [[[], ["exports", "reports"]]]);
    const [event] = (await stripe.events.list({ type: "entitlements.active_entitlement_summary.updated" })).data;
    assert.deepEqual(event?.request, { id: null, idempotency_key: null });
    const [, entitlement] = (await stripe.entitlements.activeEntitlements.list({ customer })).data;
    assert.deepEqual(await stripe.entitlements.activeEntitlements.retrieve(entitlement?.id ?? ""), entitlement);
    const { id: own, ...shown } = entitlement ?? assert.fail();
    assert.match(own, /^ent_test_61\w{30}$/);
    const object = "entitlements.active_entitlement";
    assert.deepEqual(shown, { object, feature: reports, livemode: false, lookup_key: "reports" });
    const whole = await stripe.entitlements.activeEntitlements.retrieve(own, { expand: ["feature"] });
    assert.equal((whole.feature as Stripe.Entitlements.Feature).name, "The reports");
    await stripe.subscriptions.cancel(id);
    assert.deepEqual(await held(), []);
    assert.deepEqual((await told())[0], [["exports", "reports"], []]);
    await assert.rejects(stripe.entitlements.activeEntitlements.retrieve(own), { code: "resource_missing" });
  });

  test("it is held as long as one subscription grants it, under one id", async () => {
    const { stripe, subscribe, held, told, small, large, customer } = await startShop();
    const first = await subscribe(small.price);
    const [before] = (await stripe.entitlements.activeEntitlements.list({ customer })).data;
    const second = await subscribe(large.price);
    await stripe.subscriptions.cancel(first.id);
    assert.deepEqual((await stripe.entitlements.activeEntitlements.list({ customer })).data.at(-1), before);
    assert.equal((await told()).length, 2, "of what was granted already, or still is, nobody is told");
    await stripe.subscriptions.cancel(second.id);
    assert.deepEqual(await held(), []);
  });

  test("another plan takes away and gives at once", async () => {
    const { stripe, subscribe, told, small, large } = await startShop();
    const { id, items } = await subscribe(large.price);
    const item = items.data[0]?.id;
    await stripe.subscriptions.update(id, { items: [{ id: item, price: small.price }] });
    await stripe.subscriptions.update(id, { items: [{ id: item, price: large.price }] });
    const [up, down] = await told();
    assert.deepEqual(down, [["exports", "reports"], ["reports"]]);
    assert.deepEqual(up, [["reports"], ["exports", "reports"]]);
  });

  test("a feature that is attached or detached later waits for the next period", async () => {
    const { stripe, clock, subscribe, attach, held, small, exports } = await startShop();
    const { id } = await subscribe(small.price);
    const [attached] = (await stripe.products.listFeatures(small.product)).data;
    await attach(small.product, exports);
    await stripe.products.deleteFeature(small.product, attached?.id ?? "");
    await stripe.subscriptions.update(id, { metadata: { a: "b" } });
    assert.deepEqual(await held(), ["reports"]);
    await clock.advance(32 * dayMs);
    assert.deepEqual(await held(), ["exports"]);
  });

  test("an archived feature is still granted by the products that have it", async () => {
    const { stripe, subscribe, held, small, reports } = await startShop();
    await stripe.entitlements.features.update(reports, { active: false });
    await subscribe(small.price);
    assert.deepEqual(await held(), ["reports"]);
  });

  test("who has not paid yet has nothing, who falls behind keeps it until retries are given up", async () => {
    const { stripe, clock, subscribe, held, small, customer } = await startShop(
      startWorld({ billing: { afterRetries: "unpaid" } }),
    );
    const { id, latest_invoice } = await subscribe(small.price, { payment_behavior: "default_incomplete" });
    assert.deepEqual(await held(), []);
    await stripe.invoices.pay(String(latest_invoice));
    assert.deepEqual(await held(), ["reports"]);
    await stripe.customers.update(customer, { source: "tok_chargeCustomerFail" });
    await clock.advance(33 * dayMs);
    assert.equal((await stripe.subscriptions.retrieve(id)).status, "past_due");
    assert.deepEqual(await held(), ["reports"]);
    await clock.advance(16 * dayMs);
    assert.equal((await stripe.subscriptions.retrieve(id)).status, "unpaid");
    assert.deepEqual(await held(), []);
  });

  test("a trial that ends without a method pauses what it grants", async () => {
    const { stripe, clock, held, told, small } = await startShop();
    const { id: customer } = await stripe.customers.create({});
    const trial = {
      trial_period_days: 3,
      trial_settings: { end_behavior: { missing_payment_method: "pause" } },
    } as const;
    await stripe.subscriptions.create({ customer, items: [{ price: small.price }], ...trial });
    assert.deepEqual((await told())[0], [[], ["reports"]]);
    await clock.advance(4 * dayMs);
    assert.deepEqual((await told())[0], [["reports"], []]);
    assert.deepEqual(await held(), []);
  });

  test("a pause takes away what a subscription grants, and its resumption gives it back", async () => {
    const { stripe, subscribe, told, small } = await startShop();
    const { id } = await subscribe(small.price, { billing_mode: { type: "flexible" } });
    await stripe.subscriptions.pause(id, { type: "subscription" });
    assert.deepEqual((await told())[0], [["reports"], []]);
    await stripe.subscriptions.resume(id);
    assert.deepEqual((await told())[0], [[], ["reports"]]);
  });

  test("beyond ten the event shows the newest and that there are more; the list has pages", async () => {
    const { stripe, subscribe, feature, plan, customer } = await startShop();
    const many: string[] = [];
    for (let at = 1; at <= 12; at++) many.push(await feature(`key-${at}`));
    const { price } = await plan("All", ...many);
    await subscribe(price);
    const [event] = (await stripe.events.list({ type: "entitlements.active_entitlement_summary.updated" }))
      .data as Told[];
    const { entitlements } = event?.data.object ?? assert.fail();
    assert.deepEqual([entitlements.data.length, entitlements.has_more], [10, true]);
    assert.equal(entitlements.url, `/v1/customer/${customer}/entitlements`);
    const listed: string[] = [];
    for await (const one of stripe.entitlements.activeEntitlements.list({ customer, limit: 5 })) listed.push(one.id);
    assert.equal(new Set(listed).size, 12);
    assert.deepEqual(
      listed.slice(0, 10),
      entitlements.data.map(({ id }) => id),
    );
  });

  test("a preview grants nothing, a customer who is deleted may use nothing", async () => {
    const { stripe, subscribe, held, told, small, large, customer, call } = await startShop();
    await stripe.invoices.createPreview({ customer, subscription_details: { items: [{ price: large.price }] } });
    assert.deepEqual([await held(), await told()], [[], []]);
    await subscribe(small.price);
    await stripe.customers.del(customer);
    assert.deepEqual(await held(), []);
    const missing = await call("GET", "/v1/entitlements/active_entitlements", "customer=cus_nope");
    assert.deepEqual([missing.status, missing.error.param], [400, "customer"]);
    assert.equal((await call("GET", "/v1/entitlements/active_entitlements")).error.param, "customer");
  });

  test("nothing is written for whoever sells no features", async () => {
    const { stripe, clock, sandbox } = startWorld();
    const { id: customer } = await stripe.customers.create({ source: "tok_visa" });
    const price = { currency: "usd", unit_amount: 900, recurring: { interval: "month" } } as const;
    const { id: product } = await stripe.products.create({ name: "Plain" });
    await stripe.subscriptions.create({ customer, items: [{ price_data: { ...price, product } }] });
    await clock.advance(32 * dayMs);
    assert.doesNotMatch([...sandbox.snapshot()].join("\n"), /active_entitlement/);
  });

  test("what was told outlives a restart", async () => {
    const { subscribe, held, told, sandbox, small, stripe } = await startShop();
    const { id } = await subscribe(small.price);
    const before = await told();
    sandbox.restore(sandbox.snapshot());
    assert.deepEqual([await held(), await told()], [["reports"], before]);
    await stripe.subscriptions.cancel(id);
    assert.deepEqual(await held(), []);
  });
});
