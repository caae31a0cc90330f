// Every noun that a call makes can be seeded under an id of one's own, and is then as whole as what a call has made.
import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { dayMs, hourMs } from "#kit/clock.ts";
import { resources } from "./resources/index.ts";
import { secretKey, startWorld } from "./testing.ts";

type Params = Readonly<Record<string, unknown>>;
type Row = readonly [path: string, id: string, params: Params];

const soon = Date.UTC(2027, 0, 1) / 1000;
const ada = { email: "ada@shop.test", payment_method: "pm_card_visa" };
const card = { number: "4242424242424242", exp_month: 12, exp_year: 2034, cvc: "123" };
const money = { amount: 2_000, currency: "usd" };

/** By `object`, in an order in which each finds what it names. */
const rows: Readonly<Record<string, Row>> = {
  "test_helpers.test_clock": ["/v1/test_helpers/test_clocks", "clock_spring", { frozen_time: soon }],
  webhook_endpoint: ["/v1/webhook_endpoints", "we_shop", { url: "http://localhost:1/", enabled_events: ["*"] }],
  payment_method_configuration: ["/v1/payment_method_configurations", "pmc_mine", { name: "Mine" }],
  payment_method: ["/v1/payment_methods", "pm_mine", { type: "card", card }],
  token: ["/v1/tokens", "tok_mine", { card }],
  source: ["/v1/sources", "src_mine", { type: "card", token: "tok_visa" }],
  "entitlements.feature": ["/v1/entitlements/features", "feat_mine", { lookup_key: "mine", name: "Mine" }],
  product: ["/v1/products", "gold", { name: "Gold" }],
  product_feature: ["/v1/products/gold/features", "prodft_mine", { entitlement_feature: "feat_mine" }],
  price: [
    "/v1/prices",
    "price_gold",
    { product: "gold", currency: "usd", unit_amount: 2_000, recurring: { interval: "month" } },
  ],
  plan: ["/v1/plans", "gold-yearly", { product: "gold", currency: "usd", interval: "year", amount: 20_000 }],
  "product_catalog.trial_offer": [
    "/v1/product_catalog/trial_offers",
    "to_first",
    {
      price: "price_gold",
      duration: { type: "relative", relative: { iterations: 1 } },
      end_behavior: { transition: { price: "price_gold" } },
    },
  ],
  coupon: ["/v1/coupons", "TENTH", { percent_off: 10, duration: "forever", redeem_by: soon }],
  tax_rate: ["/v1/tax_rates", "txr_vat", { display_name: "VAT", percentage: 19, inclusive: false }],
  shipping_rate: ["/v1/shipping_rates", "shr_ground", { display_name: "Ground", fixed_amount: money }],
  promotion_code: ["/v1/promotion_codes", "promo_letter", { promotion: { type: "coupon", coupon: "TENTH" } }],
  invoice_rendering_template: ["/v1/invoice_rendering_templates", "inrtem_mine", { nickname: "Mine" }],
  customer: ["/v1/customers", "cus_ada", { ...ada, invoice_settings: { default_payment_method: "pm_card_visa" } }],
  tax_id: ["/v1/customers/cus_ada/tax_ids", "txi_mine", { type: "eu_vat", value: "DE222222222" }],
  card: ["/v1/customers/cus_ada/sources", "card_old", { source: "tok_visa" }],
  bank_account: ["/v1/customers/cus_ada/sources", "ba_old", { source: "btok_us_verified" }],
  customer_balance_transaction: [
    "/v1/customers/cus_ada/balance_transactions",
    "cbtxn_gift",
    { ...money, amount: -500 },
  ],
  confirmation_token: ["/v1/test_helpers/confirmation_tokens", "ctoken_mine", { payment_method: "pm_card_visa" }],
  charge: ["/v1/charges", "ch_mine", { ...money, source: "tok_bypassPending" }],
  refund: ["/v1/refunds", "re_mine", { charge: "ch_mine", amount: 500 }],
  payment_intent: ["/v1/payment_intents", "pi_mine", { ...money, customer: "cus_ada" }],
  setup_intent: ["/v1/setup_intents", "seti_mine", { customer: "cus_ada" }],
  payout: ["/v1/payouts", "po_mine", { ...money, amount: 100 }],
  invoiceitem: ["/v1/invoiceitems", "ii_mine", { customer: "cus_ada", ...money }],
  invoice: [
    "/v1/invoices",
    "in_mine",
    { customer: "cus_ada", auto_advance: true, pending_invoice_items_behavior: "include" },
  ],
  credit_note: ["/v1/credit_notes", "cn_mine", { invoice: "in_mine", amount: 500 }],
  subscription: ["/v1/subscriptions", "sub_gold", { customer: "cus_ada", items: [{ price: "price_gold" }] }],
  subscription_schedule: [
    "/v1/subscription_schedules",
    "sub_sched_gold",
    { customer: "cus_ada", start_date: 1_900_000_000, phases: [{ items: [{ price: "price_gold", quantity: 1 }] }] },
  ],
  subscription_item: ["/v1/subscription_items", "si_more", { subscription: "sub_gold", price: "price_silver" }],
};

/** What comes about by itself, or with something else. */
const unseeded: Readonly<Record<string, string>> = {
  account: "its id follows from its key",
  balance_transaction: "money moves when something is paid",
  credit_note_line_item: "it belongs to its note",
  discount: "it stands on whatever a coupon is redeemed for",
  dispute: "a bank opens it",
  "entitlements.active_entitlement": "a subscription grants it",
  ephemeral_key: "its secret is answered once, and it is only taken back after that",
  event: "it tells of what has happened",
  invoice_payment: "an invoice is paid by it",
  line_item: "it belongs to its invoice, which answers the call that makes it",
  mandate: "it comes with a debit's setup",
  "radar.early_fraud_warning": "a bank sends it",
  review: "a rule opens it",
  setup_attempt: "a setup is tried",
  tax_code: "Stripe has them, and nobody makes one",
};

/** As a form has them. */
function written(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(written);
  if (typeof value !== "object" || value === null) return String(value);
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, written(part)]));
}

function startSeeded() {
  const world = startWorld();
  const plant = ([path, id, params]: Row) =>
    world.sandbox.seed({ key: secretKey, path, id, params: written(params) as Params });
  const read = async ([path]: Row, id: string) => {
    const { status, json } = await world.call("GET", `${path.replace("test_helpers/confirm", "confirm")}/${id}`);
    assert.equal(status, 200, id);
    return json;
  };
  /** The same by a call, which is then taken back. */
  const made = async (row: Row) => {
    const before = world.sandbox.snapshot();
    const { id } = (await world.stripe.rawRequest("POST", row[0], row[2])) as unknown as { readonly id: string };
    const shown = await read(row, id);
    world.sandbox.restore(before);
    return shown;
  };
  return { ...world, plant, read, made };
}

/** Names and types, all the way down. */
function shapeOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(shapeOf);
  if (typeof value !== "object" || value === null) return value === null ? "null" : typeof value;
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, shapeOf(part)]));
}

suite("seeds", () => {
  test("every noun can be seeded, or comes about by itself", () => {
    const nouns = resources.map(({ noun }) => noun.object).toSorted();
    assert.deepEqual([...Object.keys(rows), ...Object.keys(unseeded)].toSorted(), nouns);
  });

  test("what is seeded is as whole as what a call makes", async () => {
    const { plant, read, made, stripe } = startSeeded();
    plant(["/v1/products", "silver", { name: "Silver" }]);
    plant(["/v1/prices", "price_silver", { ...rows.price?.[2], product: "silver" }]);
    for (const [object, row] of Object.entries(rows)) {
      // An invoice that is seeded is a draft, which nobody can credit.
      if (object === "credit_note") await stripe.invoices.finalizeInvoice("in_mine");
      const shape = shapeOf(await made(row));
      plant(row);
      const shown = await read(row, row[1]);
      assert.deepEqual([shown.object, shown.id], [object, row[1]]);
      assert.deepEqual(shapeOf(shown), shape, object);
    }
  });

  test("what is due of it later happens: it is finalized, renewed, expires, on its own clock", async () => {
    const { stripe, clock, plant } = startSeeded();
    const names = [
      "test_helpers.test_clock",
      "product",
      "price",
      "coupon",
      "promotion_code",
      "customer",
      "invoiceitem",
    ];
    for (const object of [...names, "invoice", "subscription"]) plant(rows[object] ?? assert.fail());
    await clock.advance(2 * hourMs);
    assert.equal((await stripe.invoices.retrieve("in_mine")).status, "paid");
    await clock.advance(31 * dayMs);
    const { data } = await stripe.invoices.list({ subscription: "sub_gold" });
    assert.deepEqual(
      data.map(({ billing_reason, status }) => [billing_reason, status]),
      [
        ["subscription_cycle", "paid"],
        ["subscription_create", "paid"],
      ],
    );
    const { period } = data[0]?.lines.data[0] ?? {};
    assert.equal((await stripe.subscriptions.retrieve("sub_gold")).items.data[0]?.current_period_end, period?.end);
    await clock.advance(31 * dayMs);
    assert.equal((await stripe.coupons.retrieve("TENTH")).valid, false);
    assert.equal((await stripe.promotionCodes.retrieve("promo_letter")).active, false);
  });

  test("a seeded test clock is one: what is seeded on it lives in its time, and it advances", async () => {
    const { stripe, clock, plant } = startSeeded();
    for (const object of ["test_helpers.test_clock", "product", "price"]) plant(rows[object] ?? assert.fail());
    const on = { ...rows.customer?.[2], test_clock: "clock_spring" };
    plant(["/v1/customers", "cus_ada", on]);
    plant(rows.subscription ?? assert.fail());
    const seeded = await stripe.subscriptions.retrieve("sub_gold");
    assert.deepEqual([seeded.created, seeded.test_clock], [soon, "clock_spring"]);
    const before = clock.now();
    await stripe.testHelpers.testClocks.advance("clock_spring", { frozen_time: soon + (40 * dayMs) / 1000 });
    for (let turn = 0; turn < 20; turn++) await clock.advance(0);
    assert.equal((await stripe.testHelpers.testClocks.retrieve("clock_spring")).status, "ready");
    assert.equal((await stripe.invoices.list({ subscription: "sub_gold" })).data.length, 2);
    assert.equal(clock.now(), before);
  });
});
