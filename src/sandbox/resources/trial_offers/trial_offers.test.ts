import assert from "node:assert/strict";
import { suite, test } from "node:test";
import type Stripe from "stripe";
import { startWorld } from "../../testing.ts";

async function startShop() {
  const world = startWorld();
  const { stripe } = world;
  const priced = async (unit_amount: number, more: Partial<Stripe.PriceCreateParams> = {}) => {
    const recurring = { interval: "month" } as const;
    const terms = { currency: "usd", unit_amount, recurring, product_data: { name: "Gold" }, ...more };
    return (await stripe.prices.create(terms)).id;
  };
  return { ...world, priced, offers: stripe.productCatalog.trialOffers };
}

const twice = { type: "relative", relative: { iterations: 2 } } as const;

suite("trial offers", () => {
  test("are shown whole, with their prices where somebody asks, and are archived and taken up again", async () => {
    const { offers, priced } = await startShop();
    const [price, then] = [await priced(100), await priced(2000)];
    const end_behavior = { transition: { price: then } };
    const { id, ...shown } = await offers.create({ price, end_behavior, duration: twice, nickname: "First" });
    assert.match(id, /^to_1\w{23}$/);
    assert.deepEqual(shown, {
      object: "product_catalog.trial_offer",
      active: true,
      duration: twice,
      end_behavior: { transition: { price: then }, type: "transition" },
      livemode: false,
      nickname: "First",
      price,
    });
    const whole = await offers.retrieve(id, { expand: ["price", "end_behavior.transition.price"] });
    const amountOf = (one: unknown) => (one as Stripe.Price).unit_amount;
    assert.deepEqual([amountOf(whole.price), amountOf(whole.end_behavior.transition?.price)], [100, 2000]);
    for (const active of [false, true]) assert.equal((await offers.update(id, { active })).active, active);
  });

  test("are listed by what they are, by their price and by when they were made", async () => {
    const { clock, offers, priced } = await startShop();
    const [cheap, cheaper, then] = [await priced(200), await priced(100), await priced(2000)];
    const make = async (price: string, active: boolean) =>
      (await offers.create({ price, active, end_behavior: { transition: { price: then } }, duration: twice })).id;
    const first = await make(cheap, true);
    await clock.advance(60_000);
    const second = await make(cheaper, false);
    const ids = async (params: Stripe.ProductCatalog.TrialOfferListParams) =>
      (await offers.list(params)).data.map(({ id }) => id);
    assert.deepEqual(await ids({}), [second, first]);
    assert.deepEqual(await ids({ active: true }), [first]);
    assert.deepEqual(await ids({ prices: [cheaper] }), [second]);
    assert.deepEqual(await ids({ created: { gte: Math.floor(clock.now() / 1000) } }), [second]);
    assert.deepEqual(await ids({ limit: 1, starting_after: second }), [first]);
  });

  test("are of two prices that recur, in one currency, for at least one interval", async () => {
    const { call, priced } = await startShop();
    const price = await priced(100);
    const once = await priced(100, { recurring: undefined });
    const [yen, old] = [await priced(100, { currency: "jpy" }), await priced(100, { active: false })];
    const form = (one: string, other: string, count = "2") =>
      `price=${one}&end_behavior[transition][price]=${other}&duration[relative][iterations]=${count}`;
    assert.equal((await call("POST", "/v1/product_catalog/trial_offers", form(price, price))).status, 200);
    for (const [sent, param] of [
      [form(once, price), "price"],
      [form(price, once), "end_behavior[transition][price]"],
      [form(old, price), "price"],
      [form("price_nope", price), "price"],
      [form(price, yen), undefined],
      [form(price, price, "0"), "duration[relative][iterations]"],
      [
        `price=${price}&end_behavior[transition][price]=${price}&duration[type]=relative`,
        "duration[relative][iterations]",
      ],
      [`${form(price, price)}&nickname=${"n".repeat(256)}`, "nickname"],
    ] as const) {
      const { error, status } = await call("POST", "/v1/product_catalog/trial_offers", sent);
      assert.deepEqual([sent, status, error.param], [sent, 400, param]);
    }
  });
});
