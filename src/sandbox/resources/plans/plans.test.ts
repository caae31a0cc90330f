import assert from "node:assert/strict";
import { suite, test } from "node:test";
import type Stripe from "stripe";
import { dayMs } from "#kit/clock.ts";
import { secretKey, startWorld } from "../../testing.ts";

const monthly = { currency: "usd", interval: "month", amount: 2_000 } as const;

suite("plans", () => {
  test("a plan is a recurring price under its older name, and the other way round", async () => {
    const { stripe, eventTypes } = startWorld();
    const gold = { name: "Gold" };
    const made = await stripe.plans.create({ ...monthly, id: "gold", product: gold, trial_period_days: 14 });
    const { created, product, ...shown } = made;
    assert.ok(created > 0);
    assert.match(String(product), /^prod_/);
    assert.deepEqual(JSON.parse(JSON.stringify(shown)), {
      id: "gold",
      object: "plan",
      active: true,
      amount: 2_000,
      amount_decimal: "2000",
      billing_scheme: "per_unit",
      currency: "usd",
      interval: "month",
      interval_count: 1,
      livemode: false,
      metadata: {},
      meter: null,
      nickname: null,
      tiers_mode: null,
      transform_usage: null,
      trial_period_days: 14,
      usage_type: "licensed",
    });
    const price = await stripe.prices.retrieve("gold");
    assert.deepEqual([price.unit_amount, price.recurring?.trial_period_days], [2_000, 14]);
    assert.deepEqual(await eventTypes(), ["product.created", "price.created", "plan.created"]);
    const later = await stripe.prices.create({
      product: String(product),
      currency: "usd",
      unit_amount: 5,
      recurring: { interval: "year" },
    });
    const found = await stripe.plans.retrieve(later.id, { expand: ["product"] });
    assert.deepEqual([found.amount, found.interval, (found.product as Stripe.Product).name], [5, "year", "Gold"]);
    const once = await stripe.prices.create({ product: String(product), currency: "usd", unit_amount: 7 });
    await assert.rejects(stripe.plans.retrieve(once.id), { code: "resource_missing", param: "plan" });
    assert.deepEqual(
      (await stripe.plans.list()).data.map(({ id }) => id),
      [later.id, "gold"],
    );
    await assert.rejects(stripe.plans.create({ ...monthly, id: "gold", product: gold }), {
      code: "resource_already_exists",
    });
  });

  test("what changes of a plan changes of its price, and each event tells what it shows", async () => {
    const { stripe, eventTypes } = startWorld();
    const { id } = await stripe.plans.create({ ...monthly, product: { name: "Gold" } });
    assert.match(id, /^plan_\w{14}$/);
    const before = (await eventTypes()).length;
    await stripe.plans.update(id, { metadata: { a: "1" }, trial_period_days: 5 });
    assert.deepEqual((await eventTypes()).slice(before), ["price.updated", "plan.updated"]);
    const previousOf = async (type: "plan.updated" | "price.updated") =>
      (await stripe.events.list({ type })).data[0]?.data.previous_attributes;
    assert.deepEqual(await previousOf("plan.updated"), { metadata: { a: null }, trial_period_days: null });
    assert.deepEqual(await previousOf("price.updated"), {
      metadata: { a: null },
      recurring: { trial_period_days: null },
    });
    await stripe.prices.update(id, { lookup_key: "gold" });
    assert.deepEqual((await eventTypes()).slice(before + 2), ["price.updated"], "a plan has no lookup key");
  });

  test("a deleted plan is found no more under either name; its product may go then", async () => {
    const { stripe, eventTypes } = startWorld();
    const { id, product } = await stripe.plans.create({ ...monthly, product: { name: "Gold" } });
    await assert.rejects(stripe.products.del(String(product)), /user-created prices/);
    assert.deepEqual(await stripe.plans.del(id), { id, object: "plan", deleted: true });
    assert.deepEqual((await eventTypes()).slice(-2), ["price.deleted", "plan.deleted"]);
    await assert.rejects(stripe.plans.retrieve(id), { message: `No such plan: '${id}'` });
    await assert.rejects(stripe.plans.del(id), { statusCode: 404 });
    await assert.rejects(stripe.prices.retrieve(id), { code: "resource_missing" });
    assert.deepEqual([(await stripe.plans.list()).data, (await stripe.prices.list()).data], [[], []]);
    await stripe.products.del(String(product));
  });

  test("tiers, packages and the usage of old days are said in a plan's words", async () => {
    const { stripe, call } = startWorld();
    const { id: product } = await stripe.products.create({ name: "Gold" });
    const form = `product=${product}&currency=usd&interval=month`;
    const tiered = `${form}&billing_scheme=tiered&tiers_mode=volume&tiers[0][up_to]=inf&tiers[0][unit_amount]=5`;
    const { json } = await call("POST", "/v1/plans", `${tiered}&expand[]=tiers`);
    assert.deepEqual((json.tiers as { up_to: unknown }[])[0]?.up_to, null);
    const packages = await call(
      "POST",
      "/v1/plans",
      `${form}&amount_decimal=0.5&transform_usage[divide_by]=60&transform_usage[round]=up`,
    );
    assert.deepEqual(packages.json.transform_usage, { divide_by: 60, round: "up" });
    assert.equal(packages.json.amount_decimal, "0.5");
    const headers = { "stripe-version": "2020-08-27" };
    const metered = { form: `${form}&amount=5&usage_type=metered&aggregate_usage=max`, headers };
    const old = await call("POST", "/v1/plans", metered);
    assert.deepEqual([old.json.usage_type, old.json.aggregate_usage], ["metered", "max"]);
    const today = await call("POST", "/v1/plans", metered.form);
    assert.deepEqual([today.status, today.error.param], [400, "aggregate_usage"]);
    for (const missing of ["currency", "interval", "product"]) {
      const { status, error } = await call("POST", "/v1/plans", form.replace(`${missing}=`, "nickname="));
      assert.deepEqual([status, error.param], [400, missing]);
    }
  });

  test("a plan is seeded under an id of one's own, and outlives a restart", async () => {
    const { sandbox, stripe } = startWorld();
    const params = { currency: "usd", interval: "month", amount: "900", product: { name: "Gold" } };
    sandbox.seed({ key: secretKey, path: "/v1/plans", id: "small-monthly", params });
    sandbox.restore(sandbox.snapshot());
    const { amount, product } = await stripe.plans.retrieve("small-monthly", { expand: ["product"] });
    assert.deepEqual([amount, (product as Stripe.Product).name], [900, "Gold"]);
  });

  test("the id of a deleted plan is free: for another plan, and for a seed", async () => {
    const { sandbox, stripe } = startWorld();
    const params = { currency: "usd", interval: "month", amount: 900, product: { name: "Gold" } } as const;
    const seed = { key: secretKey, path: "/v1/plans", id: "small-monthly", params: { ...params, amount: "700" } };
    await stripe.plans.create({ ...params, id: "small-monthly" });
    assert.throws(() => sandbox.seed(seed), /there already/);
    await stripe.plans.del("small-monthly");
    const gone = await stripe.prices.search({ query: "active:'false'" });
    assert.deepEqual([gone.data, (await stripe.prices.list()).data, (await stripe.plans.list()).data], [[], [], []]);
    const subscribing = { customer: (await stripe.customers.create()).id, items: [{ price: "small-monthly" }] };
    await assert.rejects(stripe.subscriptions.create(subscribing), { code: "resource_missing" });
    sandbox.seed(seed);
    assert.equal((await stripe.plans.retrieve("small-monthly")).amount, 700);
    await stripe.plans.del("small-monthly");
    assert.equal((await stripe.plans.create({ ...params, id: "small-monthly" })).amount, 900);
    assert.equal((await stripe.prices.list()).data.length, 1);
  });

  test("made anew under the id of a deleted one, it is another one: subscribers go on as before", async () => {
    const { clock, stripe, call } = startWorld();
    const params = { currency: "usd", interval: "month", product: { name: "Gold" } } as const;
    const subscribe = async () => {
      const { id: customer } = await stripe.customers.create({ source: "tok_visa" });
      return stripe.subscriptions.create({ customer, items: [{ plan: "gold" }] });
    };
    await stripe.plans.create({ ...params, id: "gold", amount: 900 });
    const old = await subscribe();
    await stripe.plans.del("gold");
    await stripe.plans.create({ ...params, id: "gold", amount: 5000 });
    const young = await subscribe();
    // Every line under the id that the caller gave, and where the price is shown whole, the one that it was billed by.
    const showsItsOwn = async (amount: number, subscription: string) => {
      const { data: bills } = await stripe.invoices.list({ subscription });
      for (const { id } of bills) {
        const { data: lines } = await stripe.invoices.listLineItems(id);
        for (const line of lines) assert.equal(line.pricing?.price_details?.price, "gold");
        const expanded = { form: "expand[]=data.pricing.price_details.price" };
        const older = { headers: { "stripe-version": "2024-06-20" } };
        const [now, then] = [
          await call("GET", `/v1/invoices/${id}/lines`, expanded),
          await call("GET", `/v1/invoices/${id}/lines`, older),
        ];
        const [whole] = now.json.data as { pricing: { price_details: { price: object } } }[];
        const [flat] = then.json.data as { price: object }[];
        for (const price of [whole?.pricing.price_details.price, flat?.price]) {
          const { id: shown, unit_amount } = price as { id: string; unit_amount: number };
          assert.deepEqual([shown, unit_amount], ["gold", amount]);
        }
      }
    };
    await clock.advance(32 * dayMs);
    for (const [subscription, amount] of [
      [old, 900],
      [young, 5000],
    ] as const) {
      const { data } = await stripe.invoices.list({ subscription: subscription.id });
      assert.deepEqual(
        data.map(({ total }) => total),
        [amount, amount],
      );
      const [item] = (await stripe.subscriptions.retrieve(subscription.id)).items.data;
      assert.deepEqual([item?.price.id, item?.plan.id, item?.price.unit_amount], ["gold", "gold", amount]);
    }
    await showsItsOwn(900, old.id);
    await showsItsOwn(5000, young.id);
    const { json } = await call("GET", "/v1/prices", "limit=10");
    assert.equal((json.data as unknown[]).length, 1);
    await stripe.subscriptions.update(old.id, { items: [{ id: old.items.data[0]!.id, price: "gold" }] });
    const waiting = (await stripe.invoiceItems.list({ pending: true })).data;
    assert.deepEqual(new Set(waiting.map(({ pricing }) => pricing?.price_details?.price)), new Set(["gold"]));
    assert.ok(
      waiting.some(({ amount }) => amount < 0 && amount > -900),
      "what it gives back was billed by the old one",
    );
    assert.equal((await stripe.subscriptions.retrieve(old.id)).items.data[0]?.price.unit_amount, 5000);
  });
});
