import assert from "node:assert/strict";
import { suite, test } from "node:test";
import type Stripe from "stripe";
import { startWorld } from "../../testing.ts";

const ground = { display_name: "Ground", fixed_amount: { amount: 500, currency: "usd" } };

suite("shipping rates", () => {
  test("a rate is shown whole, with the defaults that Stripe's reference shows, and no event tells of it", async () => {
    const { stripe, eventTypes } = startWorld();
    const { id, created, ...shown } = await stripe.shippingRates.create(ground);
    assert.match(id, /^shr_1\w{23}$/);
    assert.ok(created > 0);
    assert.deepEqual(shown, {
      object: "shipping_rate",
      active: true,
      delivery_estimate: null,
      ...ground,
      livemode: false,
      metadata: {},
      tax_behavior: "unspecified",
      tax_code: null,
      type: "fixed_amount",
    });
    assert.deepEqual(await eventTypes(), []);
    await assert.rejects(stripe.shippingRates.retrieve("shr_nope"), { message: "No such shipping rate: 'shr_nope'" });
  });

  test("it says how long it takes, which code its tax has, and what it costs elsewhere", async () => {
    const { stripe } = startWorld();
    const delivery_estimate = { maximum: { unit: "day", value: 5 }, minimum: { unit: "business_day", value: 2 } };
    const rate = await stripe.shippingRates.create({
      ...ground,
      fixed_amount: { ...ground.fixed_amount, currency_options: { eur: { amount: 400, tax_behavior: "inclusive" } } },
      delivery_estimate,
      tax_behavior: "exclusive",
      tax_code: "txcd_92010001",
      metadata: { from: "Berlin" },
      expand: ["tax_code"],
    });
    assert.deepEqual(rate.delivery_estimate, delivery_estimate);
    assert.equal((rate.tax_code as Stripe.TaxCode).name, "Shipping");
    assert.deepEqual([rate.tax_behavior, rate.metadata], ["exclusive", { from: "Berlin" }]);
    assert.deepEqual(rate.fixed_amount, ground.fixed_amount);
    const whole = await stripe.shippingRates.retrieve(rate.id, { expand: ["fixed_amount.currency_options"] });
    assert.deepEqual(whole.fixed_amount?.currency_options, {
      eur: { amount: 400, tax_behavior: "inclusive" },
      usd: { amount: 500, tax_behavior: "exclusive" },
    });
    const open = await stripe.shippingRates.create({
      ...ground,
      delivery_estimate: { maximum: { unit: "day", value: 5 } },
    });
    assert.deepEqual(open.delivery_estimate, { maximum: { unit: "day", value: 5 }, minimum: null });
  });

  test("it is taken out of use, and costs something else elsewhere, but its own amount stays", async () => {
    const { stripe, call } = startWorld();
    const currency_options = { eur: { amount: 400, tax_behavior: "inclusive" } } as const;
    const { id } = await stripe.shippingRates.create({
      ...ground,
      fixed_amount: { ...ground.fixed_amount, currency_options },
    });
    const path = `/v1/shipping_rates/${id}`;
    const changed = await stripe.shippingRates.update(id, {
      active: false,
      fixed_amount: { currency_options: { eur: { amount: 450 }, gbp: { amount: 300 } } },
      metadata: { a: "1" },
      tax_behavior: "exclusive",
      expand: ["fixed_amount.currency_options"],
    });
    assert.deepEqual([changed.active, changed.tax_behavior, changed.metadata], [false, "exclusive", { a: "1" }]);
    assert.deepEqual(changed.fixed_amount?.currency_options, {
      eur: { amount: 450, tax_behavior: "inclusive" },
      gbp: { amount: 300, tax_behavior: "unspecified" },
      usd: { amount: 500, tax_behavior: "exclusive" },
    });
    const own = await call("POST", path, "fixed_amount[currency_options][usd][amount]=1");
    assert.deepEqual([own.status, own.error.param], [400, "fixed_amount[currency_options][usd]"]);
    assert.match(String(own.error.message), /matches the top-level currency/);
    const amount = await call("POST", path, "fixed_amount[amount]=1");
    assert.equal(amount.error.code, "parameter_unknown");
    const none = await call("POST", path, "fixed_amount[currency_options][chf][tax_behavior]=inclusive");
    assert.equal(none.error.param, "fixed_amount[currency_options][chf][amount]");
  });

  test("lists find rates by whether they are in use, and by their own currency", async () => {
    const { stripe } = startWorld();
    const usd = (await stripe.shippingRates.create(ground)).id;
    const eur = (await stripe.shippingRates.create({ ...ground, fixed_amount: { amount: 0, currency: "eur" } })).id;
    await stripe.shippingRates.update(usd, { active: false });
    const ids = async (params: object) => (await stripe.shippingRates.list(params)).data.map(({ id }) => id);
    assert.deepEqual(await ids({}), [eur, usd]);
    assert.deepEqual(await ids({ active: true }), [eur]);
    assert.deepEqual(await ids({ currency: "usd" }), [usd]);
  });

  test("what costs less than nothing, or what nobody has said, is refused", async () => {
    const { call } = startWorld();
    const usd = "fixed_amount[currency]=usd";
    const refused: readonly (readonly [form: string, param: string])[] = [
      ["fixed_amount[amount]=5&fixed_amount[currency]=usd", "display_name"],
      ["display_name=a", "fixed_amount"],
      [`display_name=a&${usd}`, "fixed_amount[amount]"],
      ["display_name=a&fixed_amount[amount]=5", "fixed_amount[currency]"],
      [`display_name=a&${usd}&fixed_amount[amount]=-1`, "fixed_amount[amount]"],
      ["display_name=a&fixed_amount[amount]=5&fixed_amount[currency]=nope", "fixed_amount[currency]"],
      [`display_name=a&${usd}&fixed_amount[amount]=5&tax_code=nope`, "tax_code"],
      [
        `display_name=a&${usd}&fixed_amount[amount]=5&delivery_estimate[maximum][unit]=day&` +
          "delivery_estimate[maximum][value]=0",
        "delivery_estimate[maximum][value]",
      ],
      [
        `display_name=a&${usd}&fixed_amount[amount]=5&fixed_amount[currency_options][USD][amount]=5`,
        "fixed_amount[currency_options]",
      ],
    ];
    for (const [form, param] of refused) {
      const { status, error } = await call("POST", "/v1/shipping_rates", form);
      assert.deepEqual([status, error.param], [400, param], form);
    }
  });
});
