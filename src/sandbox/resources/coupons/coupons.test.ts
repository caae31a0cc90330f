import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { secretKey, startWorld } from "../../testing.ts";

const dayMs = 86_400_000;

async function startShop() {
  const world = startWorld();
  const refused = async (form: string, path = "/v1/coupons") => {
    const { status, error } = await world.call("POST", path, form);
    assert.equal(status, 400, form);
    return [error.param ?? null, error.message];
  };
  return { ...world, refused };
}

suite("coupons", () => {
  test("a coupon is shown whole, with the defaults that Stripe was seen to answer", async () => {
    const { stripe } = await startShop();
    const { created, id, ...shown } = await stripe.coupons.create({ percent_off: 22.5 });
    assert.match(id, /^\w{8}$/);
    assert.ok(created > 0);
    assert.deepEqual(shown, {
      object: "coupon",
      amount_off: null,
      currency: null,
      duration: "once",
      duration_in_months: null,
      livemode: false,
      max_redemptions: null,
      metadata: {},
      name: null,
      percent_off: 22.5,
      redeem_by: null,
      times_redeemed: 0,
      valid: true,
    });
    const { id: product } = await stripe.products.create({ name: "Gold" });
    const amount = await stripe.coupons.create({
      amount_off: 500,
      currency: "usd",
      duration: "repeating",
      duration_in_months: 3,
      name: "five off",
      max_redemptions: 10,
      applies_to: { products: [product] },
      currency_options: { eur: { amount_off: 400 } },
      expand: ["applies_to", "currency_options"],
    });
    assert.deepEqual([amount.amount_off, amount.currency, amount.duration_in_months], [500, "usd", 3]);
    assert.deepEqual(amount.applies_to, { products: [product] });
    assert.deepEqual(amount.currency_options, { eur: { amount_off: 400 }, usd: { amount_off: 500 } });
    const plain = await stripe.coupons.retrieve(amount.id);
    assert.deepEqual(["applies_to" in plain, "currency_options" in plain], [false, false]);
  });

  test("its name and currencies may change, and nothing else", async () => {
    const { stripe, refused } = await startShop();
    const { id } = await stripe.coupons.create({ amount_off: 5, currency: "usd" });
    const currencies = { currency_options: { eur: { amount_off: 4 } }, expand: ["currency_options"] };
    const changed = await stripe.coupons.update(id, { name: "renamed", metadata: { k: "v" }, ...currencies });
    assert.deepEqual(Object.keys(changed.currency_options ?? {}), ["eur", "usd"]);
    const [event] = (await stripe.events.list({ type: "coupon.updated" })).data;
    assert.deepEqual(event?.data.previous_attributes, { metadata: { k: null }, name: null });
    for (const fixed of ["percent_off=5", "duration=forever", "max_redemptions=5", "redeem_by=5"]) {
      assert.equal((await refused(fixed, `/v1/coupons/${id}`))[0], fixed.split("=")[0], fixed);
    }
  });

  test("a deleted coupon is gone, shown invalid once more, and its id is free again", async () => {
    const { stripe, sandbox } = await startShop();
    const { id } = await stripe.coupons.create({ id: "SUMMER", percent_off: 10 });
    await assert.rejects(stripe.coupons.create({ id, percent_off: 20 }), { code: "resource_already_exists" });
    assert.deepEqual(await stripe.coupons.del(id), { id, object: "coupon", deleted: true });
    await assert.rejects(stripe.coupons.retrieve(id), { message: "No such coupon: 'SUMMER'", param: "coupon" });
    const [event] = (await stripe.events.list({ type: "coupon.deleted" })).data;
    assert.equal((event?.data.object as { valid?: boolean } | undefined)?.valid, false);
    assert.equal((await stripe.coupons.create({ id, percent_off: 20 })).percent_off, 20);
    sandbox.restore(sandbox.snapshot());
    assert.equal((await stripe.coupons.retrieve(id)).percent_off, 20);
    sandbox.seed({ key: secretKey, path: "/v1/coupons", id: "10 OFF", params: { percent_off: "10" } });
    assert.equal((await stripe.coupons.retrieve("10 OFF")).percent_off, 10);
  });

  test("it is valid up to its day, at whichever moment one looks", async () => {
    const { stripe, clock, refused } = await startShop();
    const now = Math.floor(clock.now() / 1000);
    const { id } = await stripe.coupons.create({ percent_off: 10, redeem_by: now + 86_400 });
    await clock.advance(dayMs);
    assert.equal((await stripe.coupons.retrieve(id)).valid, true);
    await clock.advance(2_000);
    assert.equal((await stripe.coupons.retrieve(id)).valid, false);
    assert.equal((await refused(`percent_off=5&redeem_by=${now}`))[0], "redeem_by");
    assert.equal((await refused(`percent_off=5&redeem_by=${now + 6 * 366 * 86_400}`))[0], "redeem_by");
  });

  test("what takes nothing off, or not clearly, is refused", async () => {
    const { refused } = await startShop();
    const both = "Received both percent_off and amount_off parameters. Please pass in only one.";
    assert.deepEqual(await refused("percent_off=5&amount_off=5&currency=usd"), [null, both]);
    assert.deepEqual(await refused("percent_off=0"), [
      "percent_off",
      "This value must be greater than or equal to 0.01 (it currently is '0.0').",
    ]);
    assert.equal((await refused("percent_off=100.5"))[0], "percent_off");
    assert.match(String((await refused("percent_off=33.333"))[1]), /2 decimal places/);
    assert.equal((await refused("name=a"))[0], null);
    assert.equal((await refused("amount_off=5"))[0], "currency");
    assert.equal((await refused("amount_off=0&currency=usd"))[0], "amount_off");
    assert.equal((await refused("percent_off=5&duration=repeating"))[0], "duration_in_months");
    assert.equal((await refused("percent_off=5&duration_in_months=5"))[0], "duration_in_months");
    assert.equal((await refused("percent_off=5&max_redemptions=0"))[0], "max_redemptions");
    assert.equal((await refused(`percent_off=5&name=${"x".repeat(41)}`))[0], "name");
    assert.equal((await refused("percent_off=5&currency_options[eur][amount_off]=5"))[0], "currency_options");
    assert.equal((await refused("percent_off=5&applies_to[products][0]=prod_nope"))[0], "applies_to[products][0]");
    assert.deepEqual(await refused("amount_off=5&currency=usd&currency_options[EUR][amount_off]=5"), [
      "currency_options",
      "Currencies must be lowercase when used as keys in a map. Use `eur` instead of `EUR`.",
    ]);
  });
});
