// What may be expanded follows from the declarations, and not from what one object happens to carry.
import assert from "node:assert/strict";
import { suite, test } from "node:test";
import type Stripe from "stripe";
import { isReference } from "./kernel/schema/expandable.ts";
import { versionFamilies } from "./kernel/schema/schema.ts";
import { resources } from "./resources/index.ts";
import { type SandboxWorld, startWorld } from "./testing.ts";

/** By noun: `x-expandableFields` of Stripe's specification of its API, and fields that hold no object. */
const fields: Readonly<Record<string, { readonly expandable: string; readonly plain: string }>> = {
  customers: {
    expandable:
      "address cash_balance default_source discount invoice_credit_balance invoice_settings shipping sources " +
      "subscriptions tax tax_ids test_clock",
    plain: "balance created currency email id metadata object preferred_locales tax_exempt",
  },
  charges: {
    expandable:
      "application application_fee balance_transaction billing_details customer dispute failure_balance_transaction " +
      "fraud_details level3 on_behalf_of outcome payment_intent payment_method_details presentment_details " +
      "radar_options refunds review shipping source source_transfer transfer transfer_data",
    plain: "amount captured disputed metadata payment_method receipt_url status",
  },
  payment_intents: {
    expandable:
      "amount_details application automatic_payment_methods customer last_payment_error latest_charge next_action " +
      "on_behalf_of payment_method payment_method_configuration_details payment_method_options presentment_details " +
      "processing review shipping transfer_data",
    plain: "amount client_secret currency metadata payment_method_types status",
  },
  refunds: {
    expandable:
      "balance_transaction charge destination_details failure_balance_transaction next_action payment_intent " +
      "presentment_details source_transfer_reversal transfer_reversal",
    plain: "amount metadata reason receipt_number status",
  },
  payment_methods: {
    expandable: "billing_details card customer ideal radar_options sepa_debit us_bank_account",
    plain: "created metadata type",
  },
  balance_transactions: { expandable: "fee_details source", plain: "amount available_on net status" },
  setup_intents: {
    expandable:
      "application automatic_payment_methods customer latest_attempt mandate payment_method single_use_mandate",
    plain: "client_secret metadata payment_method_types status usage",
  },
  products: {
    expandable: "default_price marketing_features package_dimensions tax_code",
    plain: "active images metadata name",
  },
  prices: {
    expandable: "currency_options custom_unit_amount product recurring tiers transform_quantity",
    plain: "active currency lookup_key metadata unit_amount",
  },
  coupons: { expandable: "applies_to currency_options", plain: "duration metadata percent_off valid" },
  promotion_codes: { expandable: "customer promotion restrictions", plain: "active code metadata" },
  tax_rates: { expandable: "flat_amount", plain: "active display_name metadata percentage" },
  shipping_rates: {
    expandable: "delivery_estimate fixed_amount tax_code",
    plain: "active display_name metadata tax_behavior type",
  },
  invoiceitems: {
    expandable: "customer discounts invoice parent period pricing proration_details tax_rates test_clock",
    plain: "amount currency date metadata quantity",
  },
  invoices: {
    expandable:
      "account_tax_ids application automatic_tax confirmation_secret custom_fields customer customer_address " +
      "customer_shipping customer_tax_ids default_payment_method default_source default_tax_rates discounts " +
      "from_invoice issuer last_finalization_error latest_revision lines on_behalf_of parent payment_settings " +
      "payments rendering shipping_cost shipping_details status_transitions test_clock threshold_reason " +
      "total_discount_amounts total_pretax_credit_amounts total_taxes",
    plain: "amount_due currency metadata number status subtotal total",
  },
  credit_notes: {
    expandable:
      "customer customer_balance_transaction discount_amounts invoice lines pretax_credit_amounts refunds " +
      "shipping_cost total_taxes",
    plain: "amount currency metadata number status total",
  },
  subscription_schedules: {
    expandable:
      "application billing_mode current_phase customer default_settings pause_schedules phases subscription test_clock",
    plain: "canceled_at created end_behavior metadata released_subscription status",
  },
  invoice_payments: { expandable: "invoice payment status_transitions", plain: "amount_paid is_default status" },
  disputes: {
    expandable: "balance_transactions charge evidence evidence_details payment_intent payment_method_details",
    plain: "amount metadata reason status",
  },
  payouts: {
    expandable: "balance_transaction destination failure_balance_transaction original_payout reversed_by trace_id",
    plain: "amount automatic metadata status",
  },
};

async function made(world: SandboxWorld): Promise<Readonly<Record<string, string>>> {
  return {
    ...(await madeOfPayments(world)),
    ...(await madeOfCatalog(world)),
    ...(await madeOfInvoices(world)),
    ...(await madeOfSchedules(world)),
  };
}

async function madeOfPayments({ clock, stripe }: SandboxWorld) {
  const { id: customers } = await stripe.customers.create({});
  const { id: charges, balance_transaction } = await stripe.charges.create({
    amount: 900,
    currency: "usd",
    source: "tok_visa",
  });
  await stripe.charges.create({ amount: 900, currency: "usd", source: "tok_createDispute" });
  await stripe.charges.create({ amount: 9000, currency: "usd", source: "tok_bypassPending" });
  await clock.advance(20_000);
  return {
    disputes: (await stripe.disputes.list()).data[0]!.id,
    payouts: (await stripe.payouts.create({ amount: 100, currency: "usd" })).id,
    customers,
    charges,
    balance_transactions: String(balance_transaction),
    payment_intents: (await stripe.paymentIntents.create({ amount: 900, currency: "usd" })).id,
    payment_methods: (await stripe.paymentMethods.attach("pm_card_visa", { customer: customers })).id,
    refunds: (await stripe.refunds.create({ charge: charges, amount: 100 })).id,
    setup_intents: (await stripe.setupIntents.create({})).id,
  };
}

async function madeOfCatalog({ stripe }: SandboxWorld) {
  const { id: products } = await stripe.products.create({ name: "Gold" });
  const { id: coupons } = await stripe.coupons.create({ percent_off: 5 });
  const rate = { display_name: "VAT", percentage: 19, inclusive: false };
  const ground = { display_name: "Ground", fixed_amount: { amount: 500, currency: "usd" } };
  return {
    products,
    prices: (await stripe.prices.create({ product: products, currency: "usd", unit_amount: 900 })).id,
    coupons,
    promotion_codes: (await stripe.promotionCodes.create({ promotion: { type: "coupon", coupon: coupons } })).id,
    tax_rates: (await stripe.taxRates.create(rate)).id,
    shipping_rates: (await stripe.shippingRates.create(ground)).id,
  };
}

async function madeOfInvoices({ stripe }: SandboxWorld) {
  const { id: customer } = await stripe.customers.create({ email: "ada@shop.test" });
  const item = await stripe.invoiceItems.create({ customer, amount: 900, currency: "usd" });
  const { id: invoices } = await stripe.invoices.create({ customer, pending_invoice_items_behavior: "include" });
  await stripe.invoices.finalizeInvoice(invoices);
  const { data } = await stripe.invoicePayments.list({ invoice: invoices });
  const { id: credit_notes } = await stripe.creditNotes.create({ invoice: invoices, amount: 100 });
  return { credit_notes, invoiceitems: item.id, invoices, invoice_payments: data[0]!.id };
}

async function madeOfSchedules({ stripe }: SandboxWorld) {
  const { id: customer } = await stripe.customers.create({ email: "ada@shop.test" });
  const priced = { currency: "usd", unit_amount: 900, recurring: { interval: "month" } } as const;
  const { id: price } = await stripe.prices.create({ ...priced, product_data: { name: "Gold" } });
  const { id } = await stripe.subscriptionSchedules.create({
    customer,
    start_date: "now",
    phases: [{ items: [{ price }] }],
  });
  return { subscription_schedules: id };
}

suite("what may be expanded", () => {
  for (const [noun, { expandable, plain }] of Object.entries(fields)) {
    test(`of ${noun}: whatever holds an object, alone and in a list, one that is empty too`, async () => {
      const world = startWorld();
      const { [noun]: id } = await made(world);
      const empty = { authorization: "Bearer sk_test_empty" };
      const ask = async (path: string, name: string, headers?: Record<string, string>) => {
        const { status, error } = await world.call("GET", path, { form: `expand[]=${name}`, headers });
        return status === 200 ? "200" : `${status} ${error.message}`;
      };
      for (const name of expandable.split(" ")) {
        assert.equal(await ask(`/v1/${noun}/${id}`, name), "200", name);
        assert.equal(await ask(`/v1/${noun}`, `data.${name}`), "200", `data.${name}`);
      }
      for (const name of [...plain.split(" "), "nonsense"]) {
        const words = `400 This property cannot be expanded (${name}).`;
        assert.equal(await ask(`/v1/${noun}/${id}`, name), words);
        assert.equal(await ask(`/v1/${noun}`, `data.${name}`, empty), words);
      }
    });
  }

  test("what is not built shows its empty form to whoever asks, and to nobody else", async () => {
    const { call, stripe } = startWorld();
    const { id } = await stripe.customers.create({});
    const asked = ["tax", "invoice_credit_balance", "subscriptions", "tax_ids", "cash_balance", "sources"];
    const { json } = await call("GET", `/v1/customers/${id}`, asked.map((name) => `expand[]=${name}`).join("&"));
    const list = (name: string) => ({
      object: "list",
      data: [],
      has_more: false,
      total_count: 0,
      url: `/v1/customers/${id}/${name}`,
    });
    assert.deepEqual(Object.fromEntries(asked.map((name) => [name, json[name]])), {
      tax: { automatic_tax: "unrecognized_location", ip_address: null, location: null, provider: "stripe" },
      invoice_credit_balance: {},
      subscriptions: list("subscriptions"),
      tax_ids: list("tax_ids"),
      cash_balance: null,
      sources: list("sources"),
    });
    const unasked = await call("GET", `/v1/customers/${id}`);
    for (const name of asked) assert.ok(!(name in unasked.json), name);
  });

  test("what a noun says of itself is what the declarations say of it, but for what is shown whole", () => {
    const said = resources.flatMap(({ noun }) =>
      Object.keys(noun.expandable).map((path) => [noun.object, path] as const),
    );
    const undeclared = said.filter(([object, path]) => !versionFamilies.some((one) => isReference(object, path, one)));
    const whole = ["subscription_item price", "subscription_item plan", "subscription plan"];
    assert.deepEqual(undeclared.map((one) => one.join(" ")).sort(), whole.sort());
  });

  test("inside a hash an id that is declared as an object too is expanded, one that is a text stays", async () => {
    const { call, stripe } = startWorld();
    const { id: customer } = await stripe.customers.create({ email: "ada@shop.test" });
    const vat = { display_name: "VAT", percentage: 19, inclusive: false };
    const { id: coupon } = await stripe.coupons.create({ percent_off: 5 });
    const { id } = await stripe.invoices.create({
      customer,
      currency: "usd",
      default_tax_rates: [(await stripe.taxRates.create(vat)).id],
      discounts: [{ coupon }],
    });
    await stripe.invoiceItems.create({ customer, invoice: id, amount: 900 });
    const asked = async (path: string, names: string) =>
      (
        await call(
          "GET",
          path,
          names
            .split(" ")
            .map((name) => `expand[]=${name}`)
            .join("&"),
        )
      ).json as unknown;
    const ofInvoice = "total_taxes.tax_rate_details.tax_rate total_discount_amounts.discount";
    const { total_discount_amounts: taken, total_taxes: taxes } = (await asked(
      `/v1/invoices/${id}`,
      ofInvoice,
    )) as Stripe.Invoice;
    const kinds = [taxes?.[0]?.tax_rate_details?.tax_rate, taken?.[0]?.discount].map((one) => typeof one);
    assert.deepEqual(kinds, ["string", "object"]);
    const priced = "data.pricing.price_details";
    const ofLines = `${priced}.price ${priced}.product data.discount_amounts.discount`;
    const { data } = (await asked(`/v1/invoices/${id}/lines`, ofLines)) as Stripe.ApiList<Stripe.InvoiceLineItem>;
    const { price, product } = data[0]?.pricing?.price_details ?? {};
    const inLine = [price, product, data[0]?.discount_amounts?.[0]?.discount].map((one) => typeof one);
    assert.deepEqual(inLine, ["object", "string", "object"]);
  });

  test("what was added later can be expanded under every older version, what was removed says so", async () => {
    const { call, stripe } = startWorld();
    const { id } = await stripe.paymentIntents.create({ amount: 900, currency: "usd" });
    const ask = (name: string, version: string) =>
      call("GET", `/v1/payment_intents/${id}`, { form: `expand[]=${name}`, headers: { "stripe-version": version } });
    assert.equal((await ask("latest_charge", "2020-08-27")).status, 200);
    assert.equal((await ask("presentment_details", "2020-08-27")).status, 200);
    assert.equal((await ask("invoice", "2024-06-20")).status, 200);
    const { error } = await ask("invoice", "2026-10-28.endive");
    assert.equal(error.message, "This property cannot be expanded because it doesn't exist: invoice.");
  });
});
