// Addresses that Stripe serves still although no SDK asks them any more: what is built answers, the rest says that it
// is not there yet.
import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { startWorld } from "./testing.ts";

/** A call in a world with a customer, its card and a charge; what it answers: a status, an `object`. */
const calls: readonly (readonly [call: string, form: string, status: number, object?: string])[] = [
  ["POST /v1/charges/{charge}/refunds", "amount=100", 200, "refund"],
  ["GET /v1/charges/{charge}/refunds", "", 200, "list"],
  ["GET /v1/charges/{charge}/refunds/{refund}", "expand[]=charge", 200, "refund"],
  ["GET /v1/charges/{other}/refunds/{refund}", "", 404],
  ["POST /v1/charges/{charge}/refunds", "amount=100&charge={other}&foo=1", 400],
  ["POST /v1/charges/{charge}/refund", "amount=100", 200, "charge"],
  ["POST /v1/charges/ch_nope/refund", "", 404],
  ["GET /v1/customers/{customer}/cards", "", 200, "list"],
  ["POST /v1/customers/{customer}/cards", "source=tok_visa", 200, "card"],
  ["POST /v1/customers/{customer}/cards", "card=tok_visa", 200, "card"],
  ["POST /v1/customers/{customer}/cards", "", 400],
  ["GET /v1/customers/{customer}/cards/{card}", "", 200, "card"],
  ["POST /v1/customers/{customer}/cards/{card}", "name=Ada", 200, "card"],
  ["DELETE /v1/customers/{customer}/cards/{card}", "", 200, "card"],
  ["GET /v1/customers/{customer}/bank_accounts", "", 200, "list"],
  ["POST /v1/customers/{customer}/bank_accounts", "source=btok_us_verified", 200, "bank_account"],
  ["POST /v1/customers/{customer}/subscriptions", "plan={price}", 200, "subscription"],
  ["GET /v1/customers/{customer}/subscriptions", "", 200, "list"],
  ["GET /v1/customers/cus_nope/subscriptions", "", 404],
  ["GET /v1/customers/{customer}/subscriptions/{subscription}", "", 200, "subscription"],
  ["GET /v1/customers/{stranger}/subscriptions/{subscription}", "", 404],
  ["POST /v1/customers/{customer}/subscriptions/{subscription}", "quantity=2", 200, "subscription"],
  ["DELETE /v1/customers/{customer}/subscriptions/{subscription}", "", 200, "subscription"],
  ["GET /v1/customers/{customer}/discount", "", 200, "discount"],
  ["GET /v1/customers/{stranger}/discount", "", 404],
  ["DELETE /v1/customers/{customer}/discount", "", 200, "discount"],
  ["GET /v1/customers/{customer}/subscriptions/{subscription}/discount", "", 200, "discount"],
  ["GET /v1/customers/{stranger}/subscriptions/{subscription}/discount", "", 404],
  ["DELETE /v1/customers/{customer}/subscriptions/{subscription}/discount", "", 200, "discount"],
  ["POST /v1/subscription_items/si_1/usage_records", "quantity=1", 501],
  ["GET /v1/customers/{customer}/nonsense", "", 404],
];

const versions = ["2020-08-27", "2026-10-28.endive"];

async function answerOf(call: string, form: string, version: string) {
  const world = startWorld();
  const { stripe } = world;
  const customer = await stripe.customers.create({ source: "tok_visa" });
  const { id: price } = await stripe.prices.create({
    currency: "usd",
    unit_amount: 500,
    recurring: { interval: "month" },
    product_data: { name: "Gold" },
  });
  const pay = () => stripe.charges.create({ amount: 1000, currency: "usd", source: "tok_visa" });
  const charge = await pay();
  const { id: coupon } = await stripe.coupons.create({ percent_off: 5, duration: "forever" });
  const ofOld = { form: `coupon=${coupon}`, headers: { "stripe-version": "2024-06-20" } };
  await world.call("POST", `/v1/customers/${customer.id}`, ofOld);
  const discounts = [{ coupon }];
  const names: Readonly<Record<string, string>> = {
    customer: customer.id,
    card: String(customer.default_source),
    charge: charge.id,
    other: (await pay()).id,
    price,
    stranger: (await stripe.customers.create()).id,
    subscription: (await stripe.subscriptions.create({ customer: customer.id, items: [{ price }], discounts })).id,
    refund: (await stripe.refunds.create({ charge: charge.id, amount: 100 })).id,
  };
  const filled = (text: string) => text.replace(/\{(\w+)\}/g, (_, name: string) => names[name] ?? "");
  const [method = "", path = ""] = call.split(" ");
  return world.call(method, filled(path), { form: filled(form), headers: { "stripe-version": version } });
}

suite("old addresses", () => {
  for (const [call, form, status, object] of calls) {
    test(`${call} ${form}: ${status} ${object ?? ""}`, async () => {
      for (const version of versions) {
        const answer = await answerOf(call, form, version);
        assert.equal(answer.status, status, `${version} ${answer.error.message}`);
        if (status === 200) assert.equal(answer.json.object, object);
        if (status === 501) assert.equal(answer.error.code, "sandbox_not_covered");
      }
    });
  }

  test("what a version took there under its own names means what it means elsewhere", async () => {
    const { call, clock, stripe } = startWorld();
    const { id: customer } = await stripe.customers.create({ source: "tok_visa" });
    const recurring = { interval: "month" } as const;
    const product_data = { name: "Gold" };
    const { id: plan } = await stripe.prices.create({ currency: "usd", unit_amount: 500, recurring, product_data });
    await stripe.coupons.create({ id: "TEN", percent_off: 10, duration: "forever" });
    const path = `/v1/customers/${customer}/subscriptions`;
    const headers = { "stripe-version": "2024-06-20" };
    const { json } = await call("POST", path, { form: `plan=${plan}&coupon=TEN`, headers });
    assert.equal((json.discount as { coupon: { id: string } }).coupon.id, "TEN");
    await clock.advance(86_400_000);
    const again = await call("POST", `${path}/${json.id}`, { form: "billing_cycle_anchor=now", headers });
    assert.equal(again.json.billing_cycle_anchor, Math.floor(clock.now() / 1000));
    const since = { "stripe-version": "2025-03-31.basil" };
    for (const form of [`plan=${plan}&coupon=TEN`, `plan=${plan}&promotion_code=promo_1`]) {
      assert.equal((await call("POST", path, { form, headers: since })).error.code, "parameter_unknown", form);
    }
  });

  test("what was refunded there counts, and lists are of one kind", async () => {
    const { call, stripe } = startWorld();
    const { id: customer } = await stripe.customers.create({ source: "tok_visa" });
    await call("POST", `/v1/customers/${customer}/bank_accounts`, "source=btok_us_verified");
    for (const [name, object] of [["cards", "card"] as const, ["bank_accounts", "bank_account"] as const]) {
      const { data } = (await call("GET", `/v1/customers/${customer}/${name}`)).json as { data: { object: string }[] };
      assert.deepEqual(
        data.map((one) => one.object),
        [object],
      );
    }
    const { id } = await stripe.charges.create({ amount: 1000, currency: "usd", source: "tok_visa" });
    const sent = { form: "amount=300", headers: { "stripe-version": "2020-08-27" } };
    const { json } = await call("POST", `/v1/charges/${id}/refund`, sent);
    assert.deepEqual([json.id, json.amount_refunded], [id, 300]);
  });
});

test("a bank's no says that asking again is no use, with a key and without", async () => {
  const { call, stripe } = startWorld();
  const { id: customer } = await stripe.customers.create({});
  const keys: readonly Readonly<Record<string, string>>[] = [{}, { "idempotency-key": "once" }];
  for (const headers of keys) {
    const form = `customer=${customer}`;
    const answer = await call("POST", "/v1/payment_methods/pm_card_chargeDeclined/attach", { form, headers });
    assert.deepEqual([answer.status, answer.headers.get("stripe-should-retry")], [402, "false"]);
  }
});
