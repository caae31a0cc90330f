import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { startWorld } from "../../testing.ts";

const dayMs = 86_400_000;

async function startShop() {
  const world = startWorld();
  await world.stripe.coupons.create({ id: "FIVE", amount_off: 500, currency: "usd", max_redemptions: 10 });
  const promotion = { type: "coupon", coupon: "FIVE" } as const;
  const create = (more: object = {}) => world.stripe.promotionCodes.create({ promotion, ...more });
  const refused = async (form: string, path = "/v1/promotion_codes") => {
    const { status, error } = await world.call("POST", path, form);
    assert.equal(status, 400, form);
    return [error.param ?? null, error.message];
  };
  return { ...world, create, refused };
}

const asked = "promotion[type]=coupon&promotion[coupon]=FIVE";

suite("promotion codes", () => {
  test("a code is shown whole, with one of eight capitals and digits if none is sent", async () => {
    const { create } = await startShop();
    const { id, created, code, ...shown } = await create();
    assert.match(id, /^promo_1\w{23}$/);
    assert.match(code, /^[A-Z0-9]{8}$/);
    assert.ok(created > 0);
    assert.deepEqual(shown, {
      object: "promotion_code",
      active: true,
      customer: null,
      customer_account: null,
      expires_at: null,
      livemode: false,
      max_redemptions: null,
      metadata: {},
      promotion: { coupon: "FIVE", type: "coupon" },
      restrictions: { first_time_transaction: false, minimum_amount: null, minimum_amount_currency: null },
      times_redeemed: 0,
    });
  });

  test("older versions name the coupon and see it whole, also one that is deleted", async () => {
    const { stripe, call, create } = await startShop();
    const { id } = await create({ code: "gold" });
    await stripe.coupons.del("FIVE");
    await stripe.coupons.create({ id: "FIVE", percent_off: 5 });
    for (const version of ["2020-08-27", "2024-06-20", "2025-08-27.basil"]) {
      const headers = { "stripe-version": version };
      const { json } = await call("GET", `/v1/promotion_codes/${id}`, { headers });
      assert.equal("promotion" in json, false, version);
      assert.equal((json.coupon as Record<string, unknown>).amount_off, 500, version);
      const made = await call("POST", "/v1/promotion_codes", {
        form: `coupon=FIVE&code=${version.slice(0, 4)}`,
        headers,
      });
      assert.equal((made.json.coupon as Record<string, unknown>).percent_off, 5, version);
    }
    const { json } = await call("POST", "/v1/promotion_codes", { form: "coupon=FIVE&code=cli" });
    assert.deepEqual(json.promotion, { coupon: "FIVE", type: "coupon" }, "as the CLI asks under any version");
    const expanded = await stripe.promotionCodes.retrieve(String(json.id), { expand: ["promotion.coupon"] });
    assert.equal((expanded.promotion.coupon as { percent_off?: number } | null)?.percent_off, 5);
  });

  test("a code is taken among all that one customer can use, in letters of any case, while it is active", async () => {
    const { stripe, create, refused } = await startShop();
    const ada = (await stripe.customers.create()).id;
    const bob = (await stripe.customers.create()).id;
    const first = await create({ code: "Gold" });
    const taken = [null, "An active promotion code with `code: gold` already exists."];
    assert.deepEqual(await refused(`${asked}&code=gold`), taken);
    assert.deepEqual(await refused(`${asked}&code=gold&customer=${ada}`), taken);
    await stripe.promotionCodes.update(first.id, { active: false });
    const [event] = (await stripe.events.list({ type: "promotion_code.updated" })).data;
    assert.deepEqual(event?.data.previous_attributes, { active: true });
    await create({ code: "gold", customer: ada });
    await create({ code: "gold", customer: bob });
    assert.deepEqual(await refused(`${asked}&code=gold`), taken);
    assert.equal((await refused("active=true", `/v1/promotion_codes/${first.id}`))[0], null);
    assert.equal((await stripe.promotionCodes.list({ code: "GOLD" })).data.length, 3);
    assert.equal((await stripe.promotionCodes.list({ code: "GOLD", customer: ada })).data.length, 1);
    assert.equal((await stripe.promotionCodes.list({ coupon: "FIVE", active: false })).data[0]?.id, first.id);
    await assert.rejects(stripe.promotionCodes.list({ coupon: "NOPE" }), { code: "resource_missing", param: "coupon" });
  });

  test("it ends with its day and with its coupon, for good", async () => {
    const { stripe, clock, create, refused } = await startShop();
    const now = Math.floor(clock.now() / 1000);
    const short = await create({ expires_at: now + 86_400 });
    const long = await create();
    await clock.advance(dayMs + 2_000);
    const active = async (id: string) => (await stripe.promotionCodes.retrieve(id)).active;
    assert.deepEqual([await active(short.id), await active(long.id)], [false, true]);
    assert.equal((await refused("active=true", `/v1/promotion_codes/${short.id}`))[0], "active");
    await stripe.coupons.del("FIVE");
    await stripe.coupons.create({ id: "FIVE", percent_off: 5 });
    assert.equal(await active(long.id), false);
    assert.equal((await refused("active=true", `/v1/promotion_codes/${long.id}`))[0], "active");
  });

  test("its restrictions are shown, in other currencies when asked for; a minimum needs its currency", async () => {
    const { create, stripe, refused } = await startShop();
    const restrictions = { first_time_transaction: true, minimum_amount: 1_000, minimum_amount_currency: "usd" };
    const options = { currency_options: { eur: { minimum_amount: 900 } } };
    const made = await create({ restrictions: { ...restrictions, ...options } });
    assert.deepEqual(made.restrictions, restrictions);
    const expand = ["restrictions.currency_options"];
    const shown = await stripe.promotionCodes.retrieve(made.id, { expand });
    const both = { eur: { minimum_amount: 900 }, usd: { minimum_amount: 1_000 } };
    assert.deepEqual(shown.restrictions.currency_options, both);
    const gbp = { currency_options: { gbp: { minimum_amount: 800 } } };
    const changed = await stripe.promotionCodes.update(made.id, { restrictions: gbp, expand });
    assert.deepEqual(Object.keys(changed.restrictions.currency_options ?? {}).sort(), ["eur", "gbp", "usd"]);
    const param = "restrictions[minimum_amount_currency]";
    assert.equal((await refused(`${asked}&restrictions[minimum_amount]=5`))[0], param);
    assert.equal((await refused(`${asked}&${param}=usd`))[0], param);
    assert.equal((await refused(`${asked}&restrictions[minimum_amount]=5&${param}=xxx`))[0], param);
  });

  test("it does not reach farther than its coupon, and names one that is valid", async () => {
    const { stripe, clock, refused } = await startShop();
    const now = Math.floor(clock.now() / 1000);
    await stripe.coupons.create({ id: "SOON", percent_off: 5, redeem_by: now + 60 });
    const soon = "promotion[type]=coupon&promotion[coupon]=SOON";
    assert.equal((await refused(`${soon}&expires_at=${now + 61}`))[0], "expires_at");
    assert.equal((await refused(`${asked}&expires_at=${now}`))[0], "expires_at");
    assert.equal((await refused(`${asked}&max_redemptions=11`))[0], "max_redemptions");
    assert.equal((await refused(`${asked}&code=a b`))[0], "code");
    assert.deepEqual(await refused("promotion[type]=coupon"), [
      "promotion.coupon",
      "You must pass promotion.coupon when passing promotion",
    ]);
    assert.equal((await refused("code=a"))[0], "promotion");
    assert.equal((await refused("promotion[type]=coupon&promotion[coupon]=NOPE"))[0], "promotion[coupon]");
    assert.equal((await refused(`${asked}&customer=cus_nope`))[0], "customer");
    await clock.advance(62_000);
    assert.match(String((await refused(soon))[1]), /Coupon expired: SOON/);
  });
});
