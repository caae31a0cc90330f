import assert from "node:assert/strict";
import { suite, test } from "node:test";
import type Stripe from "stripe";
import { dayMs } from "#kit/clock.ts";
import { startWorld } from "../../testing.ts";
import { billedCustomer } from "../invoices/testing.ts";
import { monthly } from "./testing.ts";

/** A subscription had one discount. */
const old = { "stripe-version": "2024-06-20" };

async function startShop() {
  const world = startWorld();
  const { stripe } = world;
  const { customer } = await billedCustomer(world);
  await stripe.coupons.create({ id: "TEN", percent_off: 10, duration: "forever" });
  await stripe.coupons.create({ id: "ONCE", amount_off: 500, currency: "usd", duration: "once" });
  await stripe.coupons.create({ id: "THREE", percent_off: 50, duration: "repeating", duration_in_months: 3 });
  const price = await monthly(world, 2500);
  const subscribe = (discounts: Stripe.SubscriptionCreateParams.Discount[]) =>
    stripe.subscriptions.create({ customer, items: [{ price }], discounts });
  const totals = async (subscription: string) => {
    const { data } = await stripe.invoices.list({ subscription, limit: 100 });
    return data.map(({ total }) => total).reverse();
  };
  const months = async (count: number) => {
    for (let month = 0; month < count; month++) await world.clock.advance(31 * dayMs);
  };
  return { ...world, customer, price, subscribe, totals, months };
}

suite("the discounts of a subscription", () => {
  test("one for ever is taken off every invoice, after the subtotal", async () => {
    const { stripe, subscribe, totals, months } = await startShop();
    const { id, latest_invoice, discounts } = await subscribe([{ coupon: "TEN" }]);
    const invoice = await stripe.invoices.retrieve(String(latest_invoice), {
      expand: ["total_discount_amounts.discount"],
    });
    const [taken] = invoice.total_discount_amounts ?? [];
    const discount = taken?.discount as Stripe.Discount;
    assert.deepEqual([invoice.subtotal, invoice.total, taken?.amount], [2500, 2250, 250]);
    assert.deepEqual([discounts, discount.subscription, discount.invoice], [[discount.id], id, null]);
    await months(2);
    assert.deepEqual(await totals(id), [2250, 2250, 2250]);
    assert.equal((await stripe.coupons.retrieve("TEN")).times_redeemed, 1);
  });

  test("one for once is gone with the first invoice, one for months with their last", async () => {
    const { subscribe, totals, months } = await startShop();
    const once = await subscribe([{ coupon: "ONCE" }]);
    assert.deepEqual(once.discounts, []);
    const three = await subscribe([{ coupon: "THREE" }]);
    assert.equal(three.discounts.length, 1);
    await months(4);
    assert.deepEqual((await totals(once.id)).slice(0, 3), [2000, 2500, 2500]);
    assert.deepEqual((await totals(three.id)).slice(0, 5), [1250, 1250, 1250, 2500, 2500]);
  });

  test("put on one that runs it is taken off the next invoice; an empty text takes all away", async () => {
    const { stripe, subscribe, totals, months, eventTypes } = await startShop();
    const { id } = await subscribe([]);
    const { discounts } = await stripe.subscriptions.update(id, { discounts: [{ coupon: "ONCE" }] });
    assert.equal(discounts.length, 1);
    assert.ok((await eventTypes()).includes("customer.discount.created"));
    await months(1);
    await stripe.subscriptions.update(id, { discounts: [{ coupon: "TEN" }] });
    await months(1);
    assert.deepEqual((await stripe.subscriptions.update(id, { discounts: "" })).discounts, []);
    await months(1);
    assert.deepEqual(await totals(id), [2500, 2000, 2250, 2500]);
  });

  test("a code asks for a minimum when it begins, and is refused with one where it runs", async () => {
    const { stripe, call, customer, price, subscribe } = await startShop();
    const promotion = { type: "coupon", coupon: "TEN" } as const;
    const code = async (minimum_amount: number) =>
      (
        await stripe.promotionCodes.create({
          promotion,
          restrictions: { minimum_amount, minimum_amount_currency: "usd" },
        })
      ).id;
    const dear = await code(2501);
    const form = `customer=${customer}&items[0][price]=${price}&discounts[0][promotion_code]=${dear}`;
    assert.equal((await call("POST", "/v1/subscriptions", form)).status, 400);
    const { id } = await subscribe([{ promotion_code: await code(2500) }]);
    const asked = await call("POST", `/v1/subscriptions/${id}`, `discounts[0][promotion_code]=${await code(1)}`);
    assert.deepEqual([asked.status, asked.error.param], [400, "discounts[0][promotion_code]"]);
  });

  test("before basil it had one, named by a coupon or a code, and shown whole", async () => {
    const { call, customer, price } = await startShop();
    const form = `customer=${customer}&items[0][price]=${price}&coupon=TEN`;
    const { json } = await call("POST", "/v1/subscriptions", { form, headers: old });
    const { coupon } = json.discount as { readonly coupon: { readonly id: string } };
    assert.equal(coupon.id, "TEN");
    const gone = await call("DELETE", `/v1/subscriptions/${json.id}/discount`, { headers: old });
    assert.deepEqual([gone.json.deleted, "end" in gone.json, "coupon" in gone.json], [true, false, true]);
    const none = await call("GET", `/v1/subscriptions/${json.id}`, { headers: old });
    assert.deepEqual([none.json.discount, none.json.discounts], [null, []]);
    assert.equal((await call("DELETE", `/v1/subscriptions/${json.id}/discount`)).status, 404);
  });

  test("before basil a coupon counts at both addresses, and an empty text takes it away", async () => {
    const { call, customer, price } = await startShop();
    for (const name of ["coupon", "promotion_code"]) {
      for (const path of ["/v1/subscriptions", `/v1/customers/${customer}/subscriptions`]) {
        const whose = path === "/v1/subscriptions" ? `customer=${customer}&` : "";
        const form = `${whose}items[0][price]=${price}&coupon=TEN`;
        const { json } = await call("POST", path, { form, headers: old });
        assert.notEqual(json.discount, null, path);
        const changed = await call("POST", `${path}/${json.id}`, { form: `${name}=`, headers: old });
        assert.deepEqual([changed.status, changed.json.discount], [200, null]);
      }
    }
  });

  test("since basil one by that name is refused, not passed over", async () => {
    const { call, customer, price, subscribe } = await startShop();
    const { id } = await subscribe([]);
    const items = `customer=${customer}&items[0][price]=${price}`;
    for (const [path, form] of [
      ["/v1/subscriptions", `${items}&coupon=TEN`],
      ["/v1/subscriptions", `${items}&promotion_code=promo_1`],
      [`/v1/subscriptions/${id}`, "coupon=TEN"],
      ["/v1/invoices/create_preview", `subscription=${id}&coupon=TEN`],
    ] as const) {
      const { status, error } = await call("POST", path, form);
      assert.deepEqual([path, status, error.code], [path, 400, "parameter_unknown"]);
    }
  });
});
