import assert from "node:assert/strict";
import { suite, test } from "node:test";
import type Stripe from "stripe";
import { startWorld } from "../../testing.ts";
import { billedCustomer, draftOf } from "./testing.ts";

/** A discount is put on a customer under versions before basil. */
const old = { "stripe-version": "2024-06-20" };

async function startShop() {
  const world = startWorld();
  await world.stripe.coupons.create({ id: "TEN", percent_off: 10, duration: "forever" });
  await world.stripe.coupons.create({ id: "FIVE", amount_off: 500, currency: "usd" });
  const { customer, method } = await billedCustomer(world);
  const amounts = ({ total_discount_amounts: all }: Stripe.Invoice) => all?.map(({ amount }) => amount);
  const refused = async (path: string, form: string) => {
    const { status, error } = await world.call("POST", path, form);
    return [status, error.param, error.code ?? null, error.message];
  };
  return { ...world, world, customer, method, amounts, refused };
}

suite("the discounts of an invoice", () => {
  test("an amount is shared by its lines, and the last takes what is left over", async () => {
    const { world, stripe, customer, amounts } = await startShop();
    const { id } = await draftOf(world, customer, 1000, { discounts: [{ coupon: "FIVE" }] });
    await stripe.invoiceItems.create({ customer, invoice: id, amount: 2000 });
    const invoice = await stripe.invoices.retrieve(id);
    const [discount] = invoice.discounts as string[];
    assert.deepEqual(
      invoice.lines.data.map(({ amount, subtotal, discount_amounts: taken }) => [amount, subtotal, taken]),
      [
        [1000, 1000, [{ amount: 166, discount }]],
        [2000, 2000, [{ amount: 334, discount }]],
      ],
    );
    assert.deepEqual(
      [invoice.subtotal, invoice.total, invoice.amount_due, amounts(invoice)],
      [3000, 2500, 2500, [500]],
    );
    assert.deepEqual(invoice.total_pretax_credit_amounts, [{ amount: 500, discount, type: "discount" }]);
  });

  test("those of items come first and are in the subtotal; the order of the others decides", async () => {
    const { stripe, customer, amounts } = await startShop();
    const { id } = await stripe.invoices.create({ customer, currency: "usd" });
    await stripe.coupons.create({ id: "HALF", percent_off: 50 });
    await stripe.invoiceItems.create({ customer, invoice: id, amount: 1900, discounts: [{ coupon: "HALF" }] });
    const half = await stripe.invoices.retrieve(id);
    assert.deepEqual([half.subtotal, half.total, amounts(half)], [950, 950, [950]]);
    assert.deepEqual(half.discounts, [], "it is the line's");
    const one = await stripe.invoices.update(id, { discounts: [{ coupon: "TEN" }, { coupon: "FIVE" }] });
    assert.deepEqual([one.subtotal, one.total, amounts(one)], [950, 355, [950, 95, 500]]);
    const [ten = "", five = ""] = one.discounts as string[];
    const other = await stripe.invoices.update(id, { discounts: [{ discount: five }, { discount: ten }] });
    assert.deepEqual([other.total, other.discounts], [405, [five, ten]]);
    const none = await stripe.invoices.update(id, { discounts: "" });
    assert.deepEqual([none.total, none.discounts], [950, []]);
  });

  test("a tax is on what the discounts have left", async () => {
    const { world, stripe, customer } = await startShop();
    const { id: rate } = await stripe.taxRates.create({ display_name: "VAT", percentage: 5, inclusive: false });
    const invoice = await draftOf(world, customer, 500, {
      default_tax_rates: [rate],
      discounts: [{ coupon: "TEN" }],
    });
    assert.deepEqual([invoice.total_excluding_tax, invoice.total], [450, 473]);
  });

  test("a coupon for some products takes nothing off others, nor off what is not discountable", async () => {
    const { stripe, customer } = await startShop();
    const product = await stripe.products.create({ name: "Book" });
    const price = await stripe.prices.create({ product: product.id, currency: "usd", unit_amount: 1000 });
    await stripe.coupons.create({ id: "BOOKS", percent_off: 20, applies_to: { products: [product.id] } });
    const discounts = [{ coupon: "BOOKS" }];
    const { id } = await stripe.invoices.create({ customer, currency: "usd", discounts });
    await stripe.invoiceItems.create({ customer, invoice: id, pricing: { price: price.id } });
    await stripe.invoiceItems.create({ customer, invoice: id, amount: 700 });
    const pricing = { price: price.id };
    const kept = await stripe.invoiceItems.create({ customer, invoice: id, pricing, discountable: false });
    assert.equal((await stripe.invoices.retrieve(id)).total, 1000 - 200 + 700 + 1000);
    await stripe.invoiceItems.update(kept.id, { discountable: true });
    assert.equal((await stripe.invoices.retrieve(id)).total, 2700 - 400);
  });

  test("unasked it has that of its customer; one for once goes with the first invoice it is used for", async () => {
    const { world, stripe, customer, call, amounts } = await startShop();
    await call("POST", `/v1/customers/${customer}`, { form: "coupon=FIVE", headers: old });
    const none = await draftOf(world, customer, 900, { discounts: "" });
    assert.equal(none.total, 900);
    const invoice = await draftOf(world, customer, 900);
    const of = async () => ((await stripe.customers.retrieve(customer)) as Stripe.Customer).discount?.id;
    assert.deepEqual(invoice.discounts, [await of()]);
    await stripe.invoices.finalizeInvoice(none.id);
    assert.notEqual(await of(), undefined, "it was not used for that one");
    const open = await stripe.invoices.finalizeInvoice(invoice.id);
    assert.deepEqual([open.total, amounts(open), open.discounts], [400, [500], invoice.discounts]);
    assert.equal(await of(), undefined);
    assert.equal((await draftOf(world, customer, 900)).total, 900);
  });

  test("one for once is taken off one of the drafts that wait beside each other: the one finalized first", async () => {
    const { world, stripe, customer, call, amounts } = await startShop();
    await call("POST", `/v1/customers/${customer}`, { form: "coupon=FIVE", headers: old });
    const [one, other] = [await draftOf(world, customer, 900), await draftOf(world, customer, 700)];
    assert.deepEqual([one.total, other.total], [400, 200]);
    const discounts = [{ discount: String(one.discounts[0]) }];
    const waiting = await stripe.invoiceItems.create({ customer, amount: 100, currency: "usd", discounts });
    await stripe.invoiceItems.create({ customer, amount: 100, currency: "usd", discounts, invoice: one.id });
    await stripe.invoices.finalizeInvoice(other.id);
    const left = await stripe.invoices.retrieve(one.id);
    assert.deepEqual(
      [left.total, left.discounts, left.lines.data.map(({ discounts: ids }) => ids)],
      [1000, [], [[], []]],
    );
    assert.deepEqual((await stripe.invoiceItems.retrieve(waiting.id)).discounts, []);
    const open = await stripe.invoices.finalizeInvoice(one.id);
    assert.deepEqual([open.total, amounts(open)], [1000, []]);
  });

  test("they are redeemed there: counted, said by no event, and kept when the coupon is gone", async () => {
    const { world, stripe, customer, eventTypes } = await startShop();
    const invoice = await draftOf(world, customer, 1000, { discounts: [{ coupon: "TEN" }] });
    const { times_redeemed } = await stripe.coupons.retrieve("TEN");
    assert.equal(times_redeemed, 1);
    const said = (await eventTypes()).filter((type) => type.startsWith("customer.discount"));
    assert.deepEqual(said, []);
    await stripe.coupons.del("TEN");
    await stripe.coupons.create({ id: "TEN", percent_off: 1 });
    const open = await stripe.invoices.finalizeInvoice(invoice.id, {
      expand: ["discounts", "total_discount_amounts.discount"],
    });
    const [discount] = open.discounts as Stripe.Discount[];
    assert.deepEqual([open.total, discount?.invoice, discount?.customer], [900, invoice.id, customer]);
    const [taken] = open.total_discount_amounts ?? [];
    assert.deepEqual([taken?.amount, (taken?.discount as Stripe.Discount | undefined)?.id], [100, discount?.id]);
  });

  test("before basil the only one was shown whole, and several were not", async () => {
    const { world, stripe, customer, call } = await startShop();
    const { id } = await draftOf(world, customer, 1000, { discounts: [{ coupon: "TEN" }] });
    const shown = async () => (await call("GET", `/v1/invoices/${id}`, { headers: old })).json;
    const { discount, discounts } = await shown();
    const whole = discount as { readonly id: string; readonly coupon: { readonly percent_off: number } };
    assert.deepEqual([discounts, whole.coupon.percent_off], [[whole.id], 10]);
    await stripe.invoices.update(id, { discounts: [{ coupon: "TEN" }, { coupon: "FIVE" }] });
    assert.equal((await shown()).discount, null);
    assert.equal("discount" in (await call("GET", `/v1/invoices/${id}`)).json, false);
  });

  test("what codes ask for is asked of the bill; items take none that ask for a minimum", async () => {
    const { world, stripe, customer, refused } = await startShop();
    const promotion = { type: "coupon", coupon: "TEN" } as const;
    const restrictions = { minimum_amount: 1000, minimum_amount_currency: "usd" };
    const code = await stripe.promotionCodes.create({ promotion, restrictions });
    const { id } = await draftOf(world, customer, 999);
    const asked = `discounts[0][promotion_code]=${code.id}`;
    const [status, param, , message] = await refused(`/v1/invoices/${id}`, asked);
    assert.deepEqual([status, param], [400, "discounts[0][promotion_code]"]);
    assert.match(String(message), /less than \$10\.00/);
    const [item] = await refused("/v1/invoiceitems", `customer=${customer}&amount=2000&currency=usd&${asked}`);
    assert.equal(item, 400);
    await stripe.invoiceItems.create({ customer, invoice: id, amount: 1 });
    const invoice = await stripe.invoices.update(id, { discounts: [{ promotion_code: code.id }] });
    assert.equal(invoice.total, 900);
    assert.equal((await stripe.promotionCodes.retrieve(code.id)).times_redeemed, 1);
  });

  test("one coupon once, twenty at most, in the currency of the bill, and only what is there", async () => {
    const { world, stripe, customer, refused } = await startShop();
    const { id } = await draftOf(world, customer, 5000);
    const path = `/v1/invoices/${id}`;
    const code = await stripe.promotionCodes.create({ promotion: { type: "coupon", coupon: "TEN" } });
    const euros = await stripe.invoices.create({ customer, currency: "eur" });
    const many = Array.from({ length: 21 }, (_, at) => `discounts[${at}][coupon]=TEN`).join("&");
    const rows: readonly (readonly [path: string, form: string, param: string])[] = [
      [path, `discounts[0][coupon]=TEN&discounts[1][promotion_code]=${code.id}`, "discounts"],
      [path, many, "discounts"],
      [path, "discounts[0][coupon]=NOPE", "discounts[0][coupon]"],
      [path, "discounts[0][discount]=di_nope", "discounts[0][discount]"],
      [path, "discounts[0][promotion_code]=promo_nope", "discounts[0][promotion_code]"],
      [path, "discounts[0][coupon]=TEN&discounts[0][discount]=di_1", "discounts[0]"],
      [`/v1/invoices/${euros.id}`, "discounts[0][coupon]=FIVE", "discounts[0][coupon]"],
    ];
    for (const [at, form, param] of rows) assert.deepEqual((await refused(at, form)).slice(0, 2), [400, param], form);
    assert.equal((await stripe.coupons.retrieve("TEN")).times_redeemed, 0, "nothing was redeemed");
    await stripe.invoices.finalizeInvoice(id);
    const [status, , final] = await refused(path, "discounts[0][coupon]=TEN");
    assert.deepEqual([status, final], [400, "invoice_not_editable"]);
  });
});
