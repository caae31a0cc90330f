import assert from "node:assert/strict";
import { suite, test } from "node:test";
import type Stripe from "stripe";
import { testPorts } from "#kit/create_ports.ts";
import { createParts } from "../../assemble.ts";
import { accountOfKey } from "../../kernel/state/accounts.ts";
import { tickUnit } from "../../kernel/state/unit.ts";
import { startWorld } from "../../testing.ts";
import { createCoupon } from "../coupons/actions.ts";
import { createCustomer } from "../customers/actions.ts";
import { createPromotionCode } from "../promotion_codes/actions.ts";
import { redeem } from "./index.ts";

const dayMs = 86_400_000;
/** A discount is put on a customer under versions before basil. */
const headers = { "stripe-version": "2024-06-20" };

async function startShop() {
  const world = startWorld();
  await world.stripe.coupons.create({ id: "TEN", percent_off: 10, duration: "forever" });
  const ask = async (path: string, form: string) => {
    const { status, json, error } = await world.call("POST", path, { form, headers });
    return { status, discount: json.discount as Record<string, unknown> | null, id: String(json.id), error };
  };
  const shown = async (id: string) =>
    ((await world.stripe.customers.retrieve(id)) as Stripe.Customer).discount as Stripe.Discount | null;
  return { ...world, ask, shown };
}

suite("discounts", () => {
  test("a coupon on a customer is a discount, each version's in its own shape, and counts as redeemed", async () => {
    const { stripe, ask, shown, eventTypes } = await startShop();
    const { id, discount } = await ask("/v1/customers", "coupon=TEN");
    assert.equal((discount?.coupon as Record<string, unknown> | undefined)?.percent_off, 10);
    assert.equal("source" in (discount ?? {}), false);
    const { id: discountId, start, ...newest } = (await shown(id)) as Stripe.Discount;
    assert.match(discountId, /^di_1\w{23}$/);
    assert.ok(start > 0);
    assert.deepEqual(newest, {
      object: "discount",
      checkout_session: null,
      customer: id,
      customer_account: null,
      end: null,
      invoice: null,
      invoice_item: null,
      promotion_code: null,
      source: { coupon: "TEN", type: "coupon" },
      subscription: null,
      subscription_item: null,
    });
    assert.equal((await stripe.coupons.retrieve("TEN")).times_redeemed, 1);
    assert.deepEqual((await eventTypes()).slice(-2), ["customer.created", "customer.discount.created"]);
    const expanded = (await stripe.customers.retrieve(id, { expand: ["discount.source.coupon"] })) as Stripe.Customer;
    assert.equal((expanded.discount?.source.coupon as Stripe.Coupon | undefined)?.percent_off, 10);
  });

  test("another one takes its place, an empty text takes it away, and events say so", async () => {
    const { stripe, ask, shown, eventTypes } = await startShop();
    await stripe.coupons.create({ id: "TWENTY", percent_off: 20 });
    const { id } = await ask("/v1/customers", "coupon=TEN");
    const before = (await eventTypes()).length;
    await ask(`/v1/customers/${id}`, "coupon=TWENTY");
    assert.equal((await shown(id))?.source.coupon, "TWENTY");
    assert.deepEqual((await eventTypes()).slice(before), ["customer.discount.updated", "customer.updated"]);
    const [updated] = (await stripe.events.list({ type: "customer.discount.updated" })).data;
    const previous = updated?.data.previous_attributes as { source: object } | undefined;
    assert.deepEqual(previous?.source, { coupon: "TEN" });
    await ask(`/v1/customers/${id}`, "coupon=");
    assert.equal(await shown(id), null);
    assert.deepEqual((await eventTypes()).slice(before + 2), ["customer.discount.deleted", "customer.updated"]);
  });

  test("it is deleted at an address of its own, and answered as each version knows it", async () => {
    const { stripe, ask, call, shown } = await startShop();
    const { id } = await ask("/v1/customers", "coupon=TEN");
    const deleted = await stripe.customers.deleteDiscount(id);
    assert.deepEqual([deleted.deleted, deleted.source.coupon, "end" in deleted], [true, "TEN", false]);
    assert.equal(await shown(id), null);
    const { status, error } = await call("DELETE", `/v1/customers/${id}/discount`);
    assert.deepEqual([status, error.code], [404, "resource_missing"]);
    await ask(`/v1/customers/${id}`, "coupon=TEN");
    const { json } = await call("DELETE", `/v1/customers/${id}/discount`, { headers });
    assert.equal((json.coupon as Record<string, unknown>).percent_off, 10);
  });

  test("one for some months ends with the last of them, to the second", async () => {
    const { stripe, ask, shown, clock, eventTypes } = await startShop();
    await stripe.coupons.create({ id: "MONTHS", percent_off: 5, duration: "repeating", duration_in_months: 3 });
    const { id } = await ask("/v1/customers", "coupon=MONTHS");
    const { start, end } = (await shown(id)) as Stripe.Discount;
    assert.equal(new Date(start * 1000).toISOString(), "2026-11-02T09:00:00.000Z");
    assert.equal(new Date(Number(end) * 1000).toISOString(), "2027-02-02T09:00:00.000Z");
    await clock.advance(Number(end) * 1000 - clock.now() - 1_000);
    assert.notEqual(await shown(id), null);
    await clock.advance(1_000);
    assert.equal(await shown(id), null);
    assert.equal((await eventTypes()).at(-1), "customer.discount.deleted");
  });

  test("the last day of a shorter month is the day of a longer one's end", async () => {
    const { stripe, ask, shown, clock } = await startShop();
    await clock.advance(Date.parse("2027-01-31T10:00:00Z") - clock.now());
    await stripe.coupons.create({ id: "MONTH", percent_off: 5, duration: "repeating", duration_in_months: 1 });
    const { id } = await ask("/v1/customers", "coupon=MONTH");
    assert.equal(new Date(Number((await shown(id))?.end) * 1000).toISOString(), "2027-02-28T10:00:00.000Z");
  });

  test("one that another has replaced ends without a word", async () => {
    const { stripe, ask, shown, clock, eventTypes } = await startShop();
    await stripe.coupons.create({ id: "MONTH", percent_off: 5, duration: "repeating", duration_in_months: 1 });
    const { id } = await ask("/v1/customers", "coupon=MONTH");
    await ask(`/v1/customers/${id}`, "coupon=TEN");
    await clock.advance(40 * dayMs);
    assert.equal((await shown(id))?.source.coupon, "TEN");
    assert.equal((await eventTypes()).includes("customer.discount.deleted"), false);
  });

  test("a coupon is redeemed as often as it may be; deleted, it goes on for whoever has it", async () => {
    const { stripe, ask, call, sandbox } = await startShop();
    await stripe.coupons.create({ id: "ONCE", percent_off: 50, max_redemptions: 1 });
    const { id } = await ask("/v1/customers", "coupon=ONCE");
    assert.equal((await stripe.coupons.retrieve("ONCE")).valid, false);
    const again = await ask("/v1/customers", "coupon=ONCE");
    assert.deepEqual([again.status, again.error.code], [400, "coupon_expired"]);
    assert.equal((await stripe.customers.list()).data.length, 1, "nobody was made");
    await stripe.coupons.del("ONCE");
    await stripe.coupons.create({ id: "ONCE", percent_off: 1 });
    sandbox.restore(sandbox.snapshot());
    const { json } = await call("GET", `/v1/customers/${id}`, { headers });
    const discount = json.discount as { coupon: { percent_off: number } };
    assert.equal(discount.coupon.percent_off, 50);
  });

  test("a code asks who redeems it, and whether for the first time", async () => {
    const { stripe, ask, shown } = await startShop();
    const promotion = { type: "coupon", coupon: "TEN" } as const;
    const [ada, bob] = [await stripe.customers.create(), await stripe.customers.create()];
    const own = await stripe.promotionCodes.create({ promotion, customer: ada.id, max_redemptions: 1 });
    const other = await ask(`/v1/customers/${bob.id}`, `promotion_code=${own.id}`);
    assert.match(String(other.error.message), /cannot be redeemed by the customer/);
    const { discount } = await ask(`/v1/customers/${ada.id}`, `promotion_code=${own.id}`);
    assert.equal(discount?.promotion_code, own.id);
    const used = await stripe.promotionCodes.retrieve(own.id);
    assert.deepEqual([used.times_redeemed, used.active], [1, false]);
    const twice = await ask(`/v1/customers/${ada.id}`, `promotion_code=${own.id}`);
    assert.deepEqual([twice.status, twice.error.param], [400, "promotion_code"]);
    const first = await stripe.promotionCodes.create({ promotion, restrictions: { first_time_transaction: true } });
    await stripe.paymentIntents.create({ amount: 500, currency: "eur", customer: bob.id });
    const late = await ask(`/v1/customers/${bob.id}`, `promotion_code=${first.id}`);
    assert.match(String(late.error.message), /because the associated customer has prior transactions/);
    const both = await ask(`/v1/customers/${bob.id}`, `promotion_code=${first.id}&coupon=TEN`);
    assert.equal(both.status, 400);
    assert.equal((await ask(`/v1/customers/${bob.id}`, "coupon=NOPE")).error.message, "No such coupon: 'NOPE'");
    const unknown = await ask(`/v1/customers/${bob.id}`, "promotion_code=promo_nope");
    assert.equal(unknown.error.message, "No such promotion code: 'promo_nope'");
    assert.equal(await shown(bob.id), null);
  });

  test("since basil a customer takes neither", async () => {
    const { call } = await startShop();
    for (const param of ["coupon", "promotion_code"]) {
      const { status, error } = await call("POST", "/v1/customers", `${param}=TEN`);
      assert.deepEqual([status, error.code, error.param], [400, "parameter_unknown", param]);
    }
  });

  test("the door says no to what costs too little, as a value, and nothing is counted", () => {
    const { world } = createParts(testPorts({ seed: 7 }), () => "http://sandbox");
    const unit = tickUnit(world, accountOfKey(world.accounts, "sk_test_world"));
    const coupon = createCoupon(unit, { percent_off: 5 }).id;
    const minimums = { minimum_amount: 1_000, minimum_amount_currency: "usd" };
    const options = { currency_options: { eur: { minimum_amount: 900 } } };
    const code = createPromotionCode(unit, { promotion: { coupon }, restrictions: { ...minimums, ...options } });
    const buyer = { customer: createCustomer(unit, {}).id, isNew: true };
    const ask = (amount: number, currency: string) =>
      redeem(unit, { buyer, promotionCode: code.id, paid: { amount, currency } });
    const refused = ask(999, "usd");
    assert.equal(refused.outcome, "refused");
    assert.match(refused.outcome === "refused" ? refused.error.message : "", /less than \$10\.00/);
    assert.equal(ask(899, "eur").outcome, "refused");
    assert.equal(unit.account.collections.get("discount"), undefined);
    assert.equal(ask(1_000, "usd").outcome, "redeemed");
    assert.equal(ask(900, "eur").outcome, "redeemed");
  });
});
