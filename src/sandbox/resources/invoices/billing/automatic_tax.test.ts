import assert from "node:assert/strict";
import { suite, test } from "node:test";
import type Stripe from "stripe";
import { dayMs } from "#kit/clock.ts";
import { seededRandom } from "#kit/random.ts";
import { startWorld } from "../../../testing.ts";
import { billedCustomer } from "../testing.ts";

type Behavior = "exclusive" | "inclusive" | "unspecified";

async function ready(address: Partial<Stripe.AddressParam> | null = { country: "DE" }) {
  const world = startWorld();
  const { stripe } = world;
  const { customer } = await billedCustomer(world);
  if (address) await stripe.customers.update(customer, { address });
  const priced = async (unit_amount: number, tax_behavior: Behavior = "exclusive") => {
    const { id } = await stripe.prices.create({
      currency: "eur",
      unit_amount,
      tax_behavior,
      recurring: { interval: "month" },
      product_data: { name: `Plan of ${unit_amount}` },
    });
    return id;
  };
  const subscribe = async (price: string, more: Partial<Stripe.SubscriptionCreateParams> = {}) =>
    stripe.subscriptions.create({ customer, items: [{ price }], automatic_tax: { enabled: true }, ...more });
  const billOf = async ({ latest_invoice: id }: Stripe.Subscription) => stripe.invoices.retrieve(String(id));
  return { ...world, customer, priced, subscribe, billOf };
}

const invalid = { code: "customer_tax_location_invalid" };

suite("automatic tax", () => {
  test("is on top of a price, or in it, as the price says", async () => {
    const { stripe, priced, subscribe, billOf } = await ready();
    const onTop = await billOf(await subscribe(await priced(1000)));
    assert.deepEqual([onTop.subtotal, onTop.total, onTop.amount_paid], [1000, 1190, 1190]);
    assert.deepEqual(onTop.automatic_tax, {
      disabled_reason: null,
      enabled: true,
      liability: { type: "self" },
      provider: "stripe",
      status: "complete",
    });
    const [tax] = onTop.total_taxes ?? [];
    assert.deepEqual(
      [tax?.amount, tax?.tax_behavior, tax?.taxability_reason, tax?.taxable_amount],
      [190, "exclusive", "standard_rated", 1000],
    );
    const rate = await stripe.taxRates.retrieve(String(tax?.tax_rate_details?.tax_rate));
    assert.deepEqual([rate.country, rate.percentage, rate.tax_type, rate.active], ["DE", 19, "vat", false]);
    const within = await billOf(await subscribe(await priced(1190, "inclusive")));
    assert.deepEqual([within.total, within.total_excluding_tax, within.total_taxes?.[0]?.amount], [1190, 1000, 190]);
  });

  test("is that of where things are sent, of a state, or none", async () => {
    const { customer, stripe, priced, subscribe, billOf } = await ready({ country: "US", state: "CA" });
    const price = await priced(1000);
    const total = async () => (await billOf(await subscribe(price))).total;
    assert.equal(await total(), 1073); // 7.25 %, a half up.
    await stripe.customers.update(customer, { shipping: { name: "Ada", address: { country: "FR" } } });
    assert.equal(await total(), 1200);
    await stripe.customers.update(customer, { shipping: "", address: { country: "SG" } });
    assert.equal(await total(), 1000);
  });

  test("takes nothing of who is exempt", async () => {
    const { customer, stripe, priced, subscribe, billOf } = await ready();
    await stripe.customers.update(customer, { tax_exempt: "reverse" });
    const { total, total_taxes: taxes } = await billOf(await subscribe(await priced(1000)));
    assert.deepEqual([total, taxes?.[0]?.amount, taxes?.[0]?.taxability_reason], [1000, 0, "reverse_charge"]);
  });

  test("needs to know where a customer is, prices that say what they contain, and no other rates", async () => {
    const { call, customer, stripe, priced, subscribe } = await ready(null);
    const price = await priced(1000);
    await assert.rejects(subscribe(price), invalid);
    const plain = await subscribe(price, { automatic_tax: { enabled: false } });
    await assert.rejects(stripe.subscriptions.update(plain.id, { automatic_tax: { enabled: true } }), invalid);
    assert.deepEqual((await stripe.subscriptions.retrieve(plain.id)).automatic_tax.enabled, false);
    await stripe.customers.update(customer, { address: { country: "DE" } });
    await assert.rejects(subscribe(await priced(1000, "unspecified")), /tax_behavior/);
    const rate = (await stripe.taxRates.create({ display_name: "VAT", inclusive: false, percentage: 19 })).id;
    await assert.rejects(subscribe(price, { default_tax_rates: [rate] }), /tax rates/);
    const form = `customer=${customer}&items[0][price]=${price}&automatic_tax[enabled]=true`;
    const other = "&automatic_tax[liability][type]=account&automatic_tax[liability][account]=acct_1";
    assert.equal((await call("POST", "/v1/subscriptions", form + other)).status, 501);
  });

  test("begins with a change, is in previews and prorations, and ends", async () => {
    const { clock, stripe, priced, subscribe, billOf } = await ready();
    const { id, items } = await subscribe(await priced(3000), { automatic_tax: { enabled: false } });
    await clock.advance(10 * dayMs);
    const proration_behavior = "always_invoice" as const;
    const changed = { items: [{ id: items.data[0]!.id, quantity: 2 }], proration_behavior }; // It has one.
    const preview = await stripe.invoices.createPreview({
      subscription: id,
      automatic_tax: { enabled: true },
      subscription_details: changed,
    });
    const billed = await billOf(
      await stripe.subscriptions.update(id, { ...changed, automatic_tax: { enabled: true } }),
    );
    const taxesOf = ({ total_taxes: taxes }: Stripe.Invoice) =>
      taxes?.map(({ amount, taxable_amount }) => [amount, taxable_amount]);
    assert.deepEqual([billed.total, taxesOf(billed)], [preview.total, taxesOf(preview)]);
    assert.equal(billed.total, billed.subtotal + Math.round(billed.subtotal * 0.19));
    await clock.advance(31 * dayMs);
    assert.equal((await billOf(await stripe.subscriptions.retrieve(id))).total, 7140);
    await stripe.subscriptions.update(id, { automatic_tax: { enabled: false } });
    await clock.advance(31 * dayMs);
    assert.equal((await billOf(await stripe.subscriptions.retrieve(id))).total, 6000);
  });

  test("of a draft waits for a location, without which it is not finalized", async () => {
    const { clock, customer, stripe } = await ready(null);
    const { id } = await stripe.invoices.create({ customer, currency: "eur", automatic_tax: { enabled: true } });
    await stripe.invoiceItems.create({
      customer,
      invoice: id,
      amount: 1000,
      currency: "eur",
      tax_behavior: "exclusive",
    });
    const waiting = await stripe.invoices.retrieve(id);
    assert.deepEqual([waiting.automatic_tax.status, waiting.total], ["requires_location_inputs", 1000]);
    await assert.rejects(stripe.invoices.finalizeInvoice(id), invalid);
    await stripe.invoices.update(id, { auto_advance: true });
    await clock.advance(dayMs);
    const failed = await stripe.invoices.retrieve(id);
    assert.deepEqual([failed.status, failed.last_finalization_error?.code], ["draft", invalid.code]);
    await stripe.customers.update(customer, { address: { country: "AT" } });
    const final = await stripe.invoices.finalizeInvoice(id);
    assert.deepEqual([final.automatic_tax.status, final.total], ["complete", 1200]);
  });

  test("refuses an item of an invoice that does not say whether it contains its tax", async () => {
    const { customer, stripe } = await ready();
    const { id } = await stripe.invoices.create({ customer, currency: "eur", automatic_tax: { enabled: true } });
    await assert.rejects(
      stripe.invoiceItems.create({ customer, invoice: id, amount: 1000, currency: "eur" }),
      /tax_behavior/,
    );
    assert.equal((await stripe.invoices.retrieve(id)).total, 0);
  });
});

/** A second model: all that is taxed is summed, and of the sum a whole number of cents is taken, a half up. */
function sumOf(amounts: readonly number[], hundredths: bigint, isWithin: boolean): bigint {
  const sum = BigInt(amounts.reduce((one, other) => one + other, 0));
  const of = isWithin ? 10_000n + hundredths : 10_000n;
  return (2n * sum * hundredths + of) / (2n * of);
}

test("automatic taxes are those of a second model, summed before they are rounded", async () => {
  const random = seededRandom(5, "taxes");
  for (const [address, hundredths] of [
    [{ country: "CH" }, 810n],
    [{ country: "US", state: "CA" }, 725n],
  ] as const) {
    const { customer, stripe } = await ready(address);
    const { id } = await stripe.invoices.create({ customer, currency: "eur", automatic_tax: { enabled: true } });
    const amounts = { exclusive: [] as number[], inclusive: [] as number[] };
    for (const tax_behavior of ["exclusive", "inclusive", "exclusive", "inclusive", "exclusive"] as const) {
      const amount = random.integer(1, 9999);
      amounts[tax_behavior].push(amount);
      await stripe.invoiceItems.create({ customer, invoice: id, amount, currency: "eur", tax_behavior });
    }
    const { subtotal, total, total_taxes: taxes } = await stripe.invoices.retrieve(id);
    const onTop = Number(sumOf(amounts.exclusive, hundredths, false));
    const within = Number(sumOf(amounts.inclusive, hundredths, true));
    assert.deepEqual([...(taxes ?? [])].map(({ amount }) => amount).sort(), [onTop, within].sort());
    assert.equal(total, subtotal + onTop);
  }
});
