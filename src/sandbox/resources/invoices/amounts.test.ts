import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { type SandboxWorld, startWorld } from "../../testing.ts";
import { billedCustomer, draftOf } from "./testing.ts";

const rate = async ({ stripe }: SandboxWorld, percentage: number, inclusive = false) =>
  (await stripe.taxRates.create({ display_name: `${percentage} %`, percentage, inclusive })).id;

suite("the taxes of an invoice", () => {
  test("its rates are for the lines that have none of their own", async () => {
    const world = startWorld();
    const { stripe } = world;
    const { customer } = await billedCustomer(world);
    const [five, ten] = [await rate(world, 5), await rate(world, 10)];
    const { id } = await draftOf(world, customer, 500, { default_tax_rates: [five] });
    await stripe.invoiceItems.create({ customer, invoice: id, amount: 1000, tax_rates: [ten] });
    const invoice = await stripe.invoices.retrieve(id);
    assert.deepEqual(
      invoice.lines.data.map(({ taxes }) => taxes?.map((tax) => [tax.tax_rate_details?.tax_rate, tax.amount])),
      [[[five, 25]], [[ten, 100]]],
    );
    assert.deepEqual([invoice.subtotal, invoice.total, invoice.amount_due], [1500, 1625, 1625]);
    assert.deepEqual(
      [invoice.total_excluding_tax, invoice.total_taxes?.map(({ amount }) => amount)],
      [1500, [25, 100]],
    );
    assert.deepEqual(
      invoice.default_tax_rates.map(({ id: shown, percentage }) => [shown, percentage]),
      [[five, 5]],
    );
    const none = await stripe.invoices.update(id, { default_tax_rates: "" });
    assert.deepEqual([none.total, none.lines.data[0]?.taxes], [1600, []]);
  });

  test("what a price contains is told apart from what comes on top, and who is exempt pays neither", async () => {
    const world = startWorld();
    const { stripe } = world;
    const { customer } = await billedCustomer(world);
    const rates = [await rate(world, 10, true), await rate(world, 5)];
    const { id } = await draftOf(world, customer, 10_000, { default_tax_rates: rates });
    const invoice = await stripe.invoices.retrieve(id);
    assert.deepEqual(
      invoice.total_taxes?.map(({ amount, tax_behavior, taxable_amount }) => [amount, tax_behavior, taxable_amount]),
      [
        [909, "inclusive", 9091],
        [455, "exclusive", 9091],
      ],
    );
    assert.deepEqual(
      [invoice.total, invoice.total_excluding_tax, invoice.subtotal_excluding_tax],
      [10_455, 9091, 9091],
    );
    await stripe.customers.update(customer, { tax_exempt: "exempt" });
    const open = await stripe.invoices.finalizeInvoice(id);
    assert.deepEqual([open.total, open.amount_due], [9091, 9091]);
    assert.deepEqual(
      open.total_taxes?.map(({ amount, taxability_reason }) => [amount, taxability_reason]),
      [
        [0, "customer_exempt"],
        [0, "customer_exempt"],
      ],
    );
  });

  test("before basil they had other names, and a line showed its rates", async () => {
    const world = startWorld();
    const { customer } = await billedCustomer(world);
    const vat = await rate(world, 19);
    const { id } = await draftOf(world, customer, 1000, { default_tax_rates: [vat] });
    const { json } = await world.call("GET", `/v1/invoices/${id}`, { headers: { "stripe-version": "2024-06-20" } });
    const amounts = [{ amount: 190, inclusive: false, tax_rate: vat, taxability_reason: null, taxable_amount: 1000 }];
    assert.deepEqual([json.tax, json.total_tax_amounts], [190, amounts]);
    const [line] = (json.lines as { data: { tax_amounts: object; tax_rates: { id: string }[] }[] }).data;
    assert.deepEqual([line?.tax_amounts, line?.tax_rates.map((one) => one.id)], [amounts, [vat]]);
  });

  test("of a line may be reckoned by its caller, and then they stand as they are", async () => {
    const world = startWorld();
    const { stripe, call } = world;
    const { customer } = await billedCustomer(world);
    const { id, lines } = await draftOf(world, customer, 1000);
    const line = lines.data[0]?.id ?? "";
    const city = { display_name: "City", percentage: 8.875, inclusive: false };
    const state = { display_name: "State", percentage: 2, inclusive: true };
    const tax_amounts = [
      { amount: 89, taxable_amount: 1000, tax_rate_data: city, taxability_reason: "standard_rated" as const },
      { amount: 20, taxable_amount: 980, tax_rate_data: state },
    ];
    const { taxes } = await stripe.invoices.updateLineItem(id, line, { tax_amounts });
    const shown = (all: typeof taxes) => all?.map((tax) => [tax.amount, tax.tax_behavior, tax.taxability_reason]);
    const expected = [
      [89, "exclusive", "standard_rated"],
      [20, "inclusive", "not_available"],
    ];
    assert.deepEqual(shown(taxes), expected);
    const draft = await stripe.invoices.retrieve(id);
    assert.deepEqual([draft.total, draft.total_excluding_tax, draft.subtotal_excluding_tax], [1089, 980, 980]);
    const [more] = (
      await stripe.invoices.addLines(id, { lines: [{ amount: 500, tax_amounts: tax_amounts.slice(0, 1) }] })
    ).lines.data;
    const rates = [more?.taxes, taxes].map((all) => all?.[0]?.tax_rate_details?.tax_rate);
    assert.equal(rates[0], rates[1], "the rate of the same data is used again");
    const rate = await stripe.taxRates.retrieve(String(rates[0]));
    assert.deepEqual([rate.active, rate.percentage, rate.display_name], [false, 8.875, "City"]);
    const { json } = await call("GET", `/v1/invoices/${id}/lines`, { headers: { "stripe-version": "2024-06-20" } });
    assert.deepEqual((json.data as { tax_rates: object }[])[0]?.tax_rates, []);
    const open = await stripe.invoices.finalizeInvoice(id);
    assert.deepEqual([open.total, shown(open.lines.data[1]?.taxes ?? null)], [1000 + 500 + 2 * 89, expected]);
  });

  test("are not reckoned beside rates, nor too many of them, and go with an empty text", async () => {
    const world = startWorld();
    const { stripe, call } = world;
    const { customer } = await billedCustomer(world);
    const { id, lines } = await draftOf(world, customer, 1000);
    const path = `/v1/invoices/${id}/lines/${lines.data[0]?.id}`;
    const rated = (nth: number) => `tax_amounts[${nth}][tax_rate_data]`;
    const tax = (nth: number) =>
      `tax_amounts[${nth}][amount]=10&tax_amounts[${nth}][taxable_amount]=100&${rated(nth)}[display_name]=City` +
      `&${rated(nth)}[percentage]=10&${rated(nth)}[inclusive]=false`;
    const many = Array.from({ length: 21 }, (_, nth) => tax(nth)).join("&");
    assert.deepEqual((await call("POST", path, many)).error.param, "tax_amounts");
    assert.equal((await call("POST", path, tax(0))).status, 200);
    assert.equal((await stripe.invoices.retrieve(id)).total, 1010);
    await call("POST", path, "tax_amounts=");
    assert.equal((await stripe.invoices.retrieve(id)).total, 1000);
    await stripe.invoices.update(id, { default_tax_rates: [await rate(world, 5)] });
    const { status, error } = await call("POST", path, tax(0));
    assert.deepEqual([status, error.param], [400, "tax_amounts"]);
  });

  test("five at most, and only those that are there", async () => {
    const world = startWorld();
    const { customer } = await billedCustomer(world);
    const one = await rate(world, 1);
    const many = Array.from({ length: 6 }, (_, at) => `tax_rates[${at}]=${one}`).join("&");
    const form = `customer=${customer}&currency=usd&amount=5`;
    const crowd = await world.call("POST", "/v1/invoiceitems", `${form}&${many}`);
    assert.deepEqual([crowd.status, crowd.error.param], [400, "tax_rates"]);
    const gone = await world.call("POST", "/v1/invoiceitems", `${form}&tax_rates[0]=txr_nope`);
    assert.deepEqual([gone.status, gone.error.param], [400, "tax_rates[0]"]);
  });
});
