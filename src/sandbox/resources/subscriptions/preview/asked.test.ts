import assert from "node:assert/strict";
import { suite, test } from "node:test";
import type Stripe from "stripe";
import { startWorld } from "../../../testing.ts";
import { billedCustomer } from "../../invoices/testing.ts";
import { monthly } from "../testing.ts";

async function startShop() {
  const world = startWorld();
  const { stripe, clock } = world;
  const { customer } = await billedCustomer(world);
  const silver = await monthly(world, 1000);
  const coupon = async (percent_off: number, duration: "forever" | "once" = "forever") =>
    (await stripe.coupons.create({ percent_off, duration })).id;
  const subscribed = async (more: Partial<Stripe.SubscriptionCreateParams> = {}) => {
    const subscription = await stripe.subscriptions.create({ customer, items: [{ price: silver }], ...more });
    return { id: subscription.id, item: subscription.items.data[0]!.id }; // It has one.
  };
  const latest = async (id: string) => {
    const { latest_invoice } = await stripe.subscriptions.retrieve(id);
    return stripe.invoices.retrieve(String(latest_invoice));
  };
  const days = (count: number) => clock.advance(count * 86_400_000);
  return { ...world, customer, silver, coupon, subscribed, latest, days };
}

const linesOf = ({ lines }: Stripe.Invoice) =>
  lines.data.map(({ amount, description, period, quantity, taxes, discount_amounts, discountable, metadata }) => ({
    ...{ amount, description, period, quantity, discountable, metadata },
    taxes: taxes?.map((tax) => tax.amount),
    taken: discount_amounts?.map((taken) => taken.amount),
  }));

const shown = (invoice: Stripe.Invoice) => ({
  ...{ total: invoice.total, subtotal: invoice.subtotal, due: invoice.amount_due },
  lines: linesOf(invoice),
});

suite("the invoice items of a preview", () => {
  test("are previewed for who is not a customer yet, with a code for the whole of it", async () => {
    const { stripe, coupon } = await startShop();
    const promotion = { type: "coupon", coupon: await coupon(15) } as const;
    const { id: promotion_code } = await stripe.promotionCodes.create({ code: "WINTERSALE", promotion });
    const product = (await stripe.products.create({ name: "Repair" })).id;
    const price = (await stripe.prices.create({ product, currency: "usd", unit_amount: 29_900 })).id;
    const preview = await stripe.invoices.createPreview({
      invoice_items: [{ price }, { price_data: { currency: "usd", product, unit_amount: 9900 }, quantity: 2 }],
      discounts: [{ promotion_code }],
      customer_details: { address: { country: "US" }, tax_ids: [{ type: "eu_vat", value: "DE123456789" }] },
    });
    const { customer, customer_address, customer_tax_ids, billing_reason, parent } = preview;
    assert.deepEqual([customer, customer_address?.country, billing_reason, parent], [null, "US", "upcoming", null]);
    assert.deepEqual(customer_tax_ids, [{ type: "eu_vat", value: "DE123456789" }]);
    assert.deepEqual([preview.subtotal, preview.total], [49_700, 42_245]);
    assert.deepEqual((await stripe.promotionCodes.retrieve(promotion_code)).times_redeemed, 0);
  });

  test("are billed as if they had been made: each way to price one, with its rates and discounts", async () => {
    const { stripe, customer, silver, subscribed, latest, coupon, days } = await startShop();
    const { id } = await subscribed();
    const [off, rate] = [
      await coupon(10),
      (await stripe.taxRates.create({ display_name: "VAT", inclusive: false, percentage: 5 })).id,
    ];
    const product = (await stripe.prices.retrieve(silver)).product as string;
    const price_data = { currency: "usd", product, unit_amount: 333 };
    const period = { start: 1_900_000_000, end: 1_900_086_400 };
    const items = [
      { amount: 500, currency: "usd", description: "Setup", tax_rates: [rate], metadata: { of: "setup" } },
      { amount: -200, currency: "usd", description: "Thanks", discountable: true },
      { price_data, quantity: 3, discounts: [{ coupon: off }], period },
    ];
    const preview = await stripe.invoices.createPreview({ subscription: id, invoice_items: items });
    for (const item of items) await stripe.invoiceItems.create({ customer, ...item });
    assert.deepEqual(shown(await stripe.invoices.createPreview({ subscription: id })), shown(preview));
    await days(31);
    assert.deepEqual(shown(await latest(id)), shown(preview));
    assert.equal(preview.lines.data.length, 4);
    assert.deepEqual(
      linesOf(preview).map(({ amount }) => amount),
      [999, -200, 500, 1000],
    );
  });

  test("may be ones that wait already, changed; one that would not be on the invoice is refused", async () => {
    const { stripe, customer, subscribed, silver } = await startShop();
    const { id } = await subscribed();
    const { id: other } = await stripe.customers.create();
    const own = await stripe.invoiceItems.create({ customer, amount: 100, currency: "usd", description: "Parts" });
    const foreign = await stripe.invoiceItems.create({ customer: other, amount: 100, currency: "usd" });
    const ask = (invoice_items: Stripe.InvoiceCreatePreviewParams.InvoiceItem[]) =>
      stripe.invoices.createPreview({ subscription: id, invoice_items });
    const preview = await ask([{ invoiceitem: own.id, amount: 700, description: "More parts" }]);
    assert.deepEqual(linesOf(preview)[0]?.amount, 700);
    assert.equal((await stripe.invoiceItems.retrieve(own.id)).amount, 100);
    const elsewhere = { statusCode: 400, message: /for another customer, currency or subscription/ };
    await assert.rejects(ask([{ invoiceitem: foreign.id, amount: 700 }]), { ...elsewhere, param: "invoice_items[0]" });
    await assert.rejects(
      ask([
        { amount: 1, currency: "usd" },
        { amount: 1, currency: "eur" },
      ]),
      elsewhere,
    );
    await assert.rejects(ask([{ price: silver }]), { param: "invoice_items[0][price]" });
    await assert.rejects(ask([{ currency: "usd" }]), { param: "invoice_items[0][amount]" });
    const many = Array.from({ length: 251 }, () => ({ amount: 1, currency: "usd" }));
    await assert.rejects(ask(many), { param: "invoice_items" });
  });
});

suite("the discounts of a preview", () => {
  test("are those that its subscription would have; none are inherited where an empty text is sent", async () => {
    const { stripe, call, customer, subscribed, latest, coupon, days, silver } = await startShop();
    const own = await coupon(50);
    const { id } = await subscribed({ discounts: [{ coupon: await coupon(10) }] });
    const previewed = async (more: Stripe.InvoiceCreatePreviewParams) =>
      (await stripe.invoices.createPreview({ subscription: id, ...more })).total;
    assert.equal(await previewed({}), 900);
    assert.equal(await previewed({ discounts: [{ coupon: own }] }), 500);
    assert.equal(await previewed({ discounts: "" }), 1000);
    const [known] = (await stripe.subscriptions.retrieve(id)).discounts as string[];
    const discounts = [{ discount: known! }, { coupon: own }]; // It has one.
    assert.equal(await previewed({ discounts }), 450);
    await stripe.subscriptions.update(id, { discounts });
    await days(31);
    assert.equal((await latest(id)).total, 450);
    const form = `coupon=${own}`;
    await call("POST", `/v1/customers/${customer}`, { form, headers: { "stripe-version": "2024-11-20.acacia" } });
    const ofNew = (sent: Partial<Stripe.InvoiceCreatePreviewParams>) =>
      stripe.invoices.createPreview({ customer, subscription_details: { items: [{ price: silver }] }, ...sent });
    assert.deepEqual([(await ofNew({})).total, (await ofNew({ discounts: "" })).total], [500, 1000]);
  });

  test("are in the prorations too, as when discounts and items change in one call", async () => {
    const { stripe, subscribed, latest, coupon, days } = await startShop();
    const { id, item } = await subscribed();
    await days(10);
    const discounts = [{ coupon: await coupon(30) }];
    const change = { items: [{ id: item, quantity: 3 }], proration_behavior: "always_invoice" as const };
    const preview = await stripe.invoices.createPreview({ subscription: id, discounts, subscription_details: change });
    await stripe.subscriptions.update(id, { ...change, discounts });
    assert.deepEqual(shown(await latest(id)), shown(preview));
    assert.match(String(preview.lines.data[1]?.description), /with 30\.0% off/);
  });
});

suite("whom a preview is for", () => {
  test("a customer with other details pays the taxes of those", async () => {
    const { stripe, customer, subscribed } = await startShop();
    const rate = (await stripe.taxRates.create({ display_name: "VAT", inclusive: false, percentage: 19 })).id;
    const { id } = await subscribed({ default_tax_rates: [rate] });
    const ask = (customer_details: Stripe.InvoiceCreatePreviewParams.CustomerDetails) =>
      stripe.invoices.createPreview({ subscription: id, customer_details });
    assert.equal((await ask({ address: { country: "DE" } })).total, 1190);
    const preview = await ask({ tax_exempt: "reverse", shipping: { name: "Bo", address: { city: "Bonn" } } });
    assert.deepEqual([preview.total, preview.customer, preview.customer_tax_exempt], [1000, customer, "reverse"]);
    assert.equal(preview.customer_shipping?.name, "Bo");
    const kept = (await stripe.customers.retrieve(customer)) as Stripe.Customer;
    assert.deepEqual([kept.tax_exempt, kept.shipping], ["none", null]);
  });
});

suite("the subscription of a preview", () => {
  test("that is new begins now or at a second ahead, in its mode, with its rates, its trial and its end", async () => {
    const { stripe, customer, silver, clock } = await startShop();
    const rate = (await stripe.taxRates.create({ display_name: "VAT", inclusive: true, percentage: 25 })).id;
    const now = Math.floor(clock.now() / 1000);
    const ask = (details: Partial<Stripe.InvoiceCreatePreviewParams.SubscriptionDetails>) =>
      stripe.invoices.createPreview({ customer, subscription_details: { items: [{ price: silver }], ...details } });
    const taxed = await ask({ default_tax_rates: [rate] });
    assert.deepEqual([taxed.total, taxed.total_excluding_tax], [1000, 800]);
    const ahead = await ask({ start_date: now + 86_400 });
    assert.equal(ahead.lines.data[0]?.period.start, now + 86_400);
    const trial = await ask({ trial_end: now + 86_400, billing_mode: { type: "classic" } });
    assert.deepEqual([trial.total, trial.lines.data[0]?.description], [0, "Trial period for Gold"]);
    const cut = await ask({ cancel_at: now + 86_400 });
    assert.equal(cut.lines.data[0]?.period.end, now + 86_400);
  });

  test("that is paused is shown what resuming it asks for", async () => {
    const { stripe, silver, days } = await startShop();
    const { id: customer } = await stripe.customers.create();
    const trial_settings = { end_behavior: { missing_payment_method: "pause" } } as const;
    const items = [{ price: silver }];
    const { id } = await stripe.subscriptions.create({ customer, items, trial_period_days: 3, trial_settings });
    await days(4);
    await assert.rejects(stripe.invoices.createPreview({ subscription: id }), { code: "invoice_upcoming_none" });
    const preview = await stripe.invoices.createPreview({
      subscription: id,
      subscription_details: { resume_at: "now" },
    });
    assert.deepEqual([preview.status, preview.total], ["draft", 1000]);
    const { latest_invoice } = await stripe.subscriptions.resume(id);
    assert.deepEqual(shown(await stripe.invoices.retrieve(String(latest_invoice))), shown(preview));
  });

  test("in what recurs has no prorations, nothing that is billed once, and no discount that ends", async () => {
    const { stripe, customer, coupon, subscribed, silver } = await startShop();
    const discounts = [{ coupon: await coupon(10) }, { coupon: await coupon(50, "once") }];
    const { id, item } = await subscribed({ trial_period_days: 7, discounts });
    await stripe.invoiceItems.create({ customer, amount: 5000, currency: "usd" });
    const preview_mode = "recurring";
    const recurring = await stripe.invoices.createPreview({
      subscription: id,
      subscription_details: { items: [{ id: item, quantity: 2 }] },
      preview_mode,
    });
    assert.deepEqual([recurring.total, recurring.lines.data.length], [1800, 1]);
    const ofNew = await stripe.invoices.createPreview({
      customer,
      subscription_details: { items: [{ price: silver }] },
      invoice_items: [{ amount: 900, currency: "usd" }],
      discounts,
      preview_mode,
    });
    assert.deepEqual([ofNew.total, ofNew.lines.data.length], [900, 1]);
    const once = { customer, invoice_items: [{ amount: 900, currency: "usd" }] };
    await assert.rejects(stripe.invoices.createPreview({ ...once, preview_mode }), { code: "invoice_upcoming_none" });
  });
});
