import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { startWorld } from "../../testing.ts";
import { billedCustomer, draftOf } from "../invoices/testing.ts";

suite("an invoice item", () => {
  test("waits for its customer's next invoice, and is for the second in which it was made", async () => {
    const world = startWorld();
    const { customer } = await billedCustomer(world);
    const { json: item } = await world.call(
      "POST",
      "/v1/invoiceitems",
      `customer=${customer}&amount=2000&currency=usd`,
    );
    const { date, discountable, frozen_fields, invoice, invoicing_rules, parent, period, pricing, quantity } = item;
    assert.deepEqual(
      [discountable, frozen_fields, invoice, invoicing_rules, parent, quantity],
      [true, [], null, [], null, 1],
    );
    assert.deepEqual(period, { start: date, end: date });
    assert.equal((pricing as { unit_amount_decimal: string }).unit_amount_decimal, "2000");
    assert.equal((await world.eventTypes()).at(-1), "invoiceitem.created");
  });

  test("costs its units, rounded once, with as many decimals as are sent", async () => {
    const world = startWorld();
    const { customer } = await billedCustomer(world);
    const amountOf = async (form: string) =>
      (await world.call("POST", "/v1/invoiceitems", `customer=${customer}&currency=usd&${form}`)).json.amount;
    assert.equal(await amountOf("unit_amount_decimal=3.6&quantity=31"), 112);
    assert.equal(await amountOf("unit_amount_decimal=0.5&quantity=1"), 1);
    assert.equal(await amountOf("unit_amount_decimal=1000&quantity_decimal=1.2345"), 1235);
    assert.equal(await amountOf("unit_amount_decimal=250"), 250);
    assert.equal(await amountOf("amount=-250"), -250);
  });

  test("counts itself, whatever is sent of it, until its invoice is finalized", async () => {
    const world = startWorld();
    const { stripe, call } = world;
    const { customer } = await billedCustomer(world);
    const draft = await draftOf(world, customer, 1000);
    const [item] = (await stripe.invoiceItems.list({ invoice: draft.id })).data;
    assert.ok(item);
    await stripe.invoiceItems.update(item.id, { description: "Advice", metadata: { hours: "3" } });
    assert.equal((await stripe.invoices.retrieve(draft.id)).lines.data[0]?.description, "Advice");
    await stripe.invoices.finalizeInvoice(draft.id);
    for (const method of ["POST", "DELETE"]) {
      const refused = await call(method, `/v1/invoiceitems/${item.id}`, method === "POST" ? "amount=5" : "");
      assert.deepEqual([refused.status, refused.error.code], [400, "invoice_not_editable"]);
    }
    const late = await call("POST", "/v1/invoiceitems", `customer=${customer}&invoice=${draft.id}&amount=5`);
    assert.deepEqual([late.status, late.error.code], [400, "invoice_not_editable"]);
    assert.equal((await stripe.invoiceItems.retrieve(item.id)).amount, 1000);
  });

  test("taken away it is gone, and its draft asks for less", async () => {
    const world = startWorld();
    const { stripe } = world;
    const { customer } = await billedCustomer(world);
    const draft = await draftOf(world, customer, 1000);
    const { id } = await stripe.invoiceItems.create({ customer, invoice: draft.id, amount: 500 });
    assert.equal((await stripe.invoices.retrieve(draft.id)).total, 1500);
    assert.deepEqual(await stripe.invoiceItems.del(id), { id, object: "invoiceitem", deleted: true });
    assert.equal((await stripe.invoices.retrieve(draft.id)).total, 1000);
    assert.equal((await world.call("GET", `/v1/invoiceitems/${id}`)).status, 404);
  });

  const refused: readonly (readonly [form: string, param: string | null, says: RegExp])[] = [
    ["amount=5&currency=usd", "customer", /Missing required param: customer/],
    ["customer=cus_nope&amount=5&currency=usd", "customer", /No such customer/],
    ["customer={customer}&currency=usd", "amount", /Missing required param: amount/],
    ["customer={customer}&amount=5", "currency", /Missing required param: currency/],
    ["customer={customer}&amount=5&currency=xxx", "currency", /Invalid currency/],
    ["customer={customer}&amount=5&unit_amount_decimal=5&currency=usd", null, /only specify one of these parameters/],
    ["customer={customer}&amount=5&quantity=2&currency=usd", null, /only specify one of these parameters/],
    ["customer={customer}&unit_amount_decimal=5x&currency=usd", "unit_amount_decimal", /Invalid decimal: 5x/],
    ["customer={customer}&unit_amount_decimal=5&quantity=-1&currency=usd", "quantity", /greater than or equal to 0/],
    ["customer={customer}&amount=100000000&currency=usd", "amount", /no more than/],
    ["customer={customer}&amount=5&currency=usd&period[start]=2&period[end]=1", "period", /before its start/],
    ["customer={customer}&amount=5&currency=usd&invoice=in_nope", "invoice", /No such invoice: 'in_nope'/],
    [
      "customer={customer}&price=price_1&currency=usd",
      "price",
      /^Received unknown parameter: price\. Did you mean pricing\?$/,
    ],
  ];
  test("what cannot be billed is refused by name, and nothing waits", async () => {
    const world = startWorld();
    const { customer } = await billedCustomer(world);
    for (const [form, param, says] of refused) {
      const answer = await world.call("POST", "/v1/invoiceitems", form.replace("{customer}", customer));
      assert.deepEqual([answer.status, answer.error.param ?? null], [400, param], form);
      assert.match(String(answer.error.message), says, form);
    }
    assert.deepEqual((await world.stripe.invoiceItems.list({ customer })).data, []);
  });
});

suite("what an invoice item is billed by", () => {
  test("a price names it, in units or packages", async () => {
    const world = startWorld();
    const { stripe } = world;
    const { customer } = await billedCustomer(world);
    const { id: product } = await stripe.products.create({ name: "T-Shirt" });
    const price = await stripe.prices.create({ product, currency: "usd", unit_amount: 1500 });
    const item = await stripe.invoiceItems.create({ customer, pricing: { price: price.id }, quantity: 2 });
    assert.deepEqual([item.amount, item.description, item.currency, item.quantity], [3000, "T-Shirt", "usd", 2]);
    assert.deepEqual(item.pricing?.price_details, { price: price.id, product });
    const packed = await stripe.prices.create({
      product,
      currency: "usd",
      unit_amount: 8,
      transform_quantity: { divide_by: 60, round: "up" },
    });
    const packages = await stripe.invoiceItems.create({ customer, pricing: { price: packed.id }, quantity: 9892 });
    assert.deepEqual([packages.amount, packages.quantity], [1320, 9892]);
    await stripe.invoiceItems.update(item.id, { quantity: 3 });
    assert.equal((await stripe.invoiceItems.retrieve(item.id)).amount, 4500);
    const old = { headers: { "stripe-version": "2024-06-20" }, form: `customer=${customer}&price=${price.id}` };
    const { json } = await world.call("POST", "/v1/invoiceitems", old);
    assert.deepEqual([(json.price as { id: string }).id, json.amount], [price.id, 1500]);
  });

  test("an amount gets a price and a product of its own, the same ones for the same words and amount", async () => {
    const world = startWorld();
    const { stripe } = world;
    const { customer } = await billedCustomer(world);
    const make = (amount: number, description: string) =>
      stripe.invoiceItems.create({ customer, currency: "usd", amount, description });
    const one = (await make(2000, "Setup")).pricing?.price_details;
    const same = await make(2000, "Setup");
    const dearer = (await make(2500, "Setup")).pricing?.price_details;
    assert.ok(one && dearer);
    assert.deepEqual(same.pricing?.price_details, one);
    assert.deepEqual([dearer.product === one.product, dearer.price === one.price], [true, false]);
    const changed = await stripe.invoiceItems.update(same.id, { amount: 2500, description: "Setup, again" });
    assert.deepEqual(changed.pricing?.price_details, dearer);
    const price = await stripe.prices.retrieve(String(one.price), { expand: ["product"] });
    assert.deepEqual(
      [price.active, price.unit_amount, (price.product as { name: string }).name],
      [false, 2000, "Setup"],
    );
    const credit = (await make(-500, "Apology")).pricing?.price_details;
    assert.equal((await stripe.prices.retrieve(String(credit?.price))).unit_amount, -500);
    const types = await world.eventTypes();
    assert.ok(!types.includes("price.created") && !types.includes("product.created"));
  });

  test("a price that cannot be billed once is refused by name", async () => {
    const world = startWorld();
    const { stripe, call } = world;
    const { customer } = await billedCustomer(world);
    const { id: product } = await stripe.products.create({ name: "T-Shirt" });
    const monthly = await stripe.prices.create({
      product,
      currency: "usd",
      unit_amount: 5,
      recurring: { interval: "month" },
    });
    const euros = await stripe.prices.create({ product, currency: "eur", unit_amount: 5 });
    const old = await stripe.prices.create({ product, currency: "usd", unit_amount: 5, active: false });
    const currency_options = { gbp: { unit_amount: 4 } };
    const several = await stripe.prices.create({ product, currency: "eur", unit_amount: 5, currency_options });
    const rows: readonly (readonly [price: string, says: RegExp])[] = [
      [several.id, /supports currencies of `eur`, `gbp` which doesn't include the expected currency of `usd`/],
      [monthly.id, /set to `type=recurring` but this field only accepts prices with `type=one_time`/],
      [euros.id, /only supports `eur`\. This doesn't match the expected currency: `usd`/],
      [old.id, /is inactive/],
      ["price_nope", /^No such price: 'price_nope'$/],
    ];
    for (const [price, says] of rows) {
      const form = `customer=${customer}&currency=usd&pricing[price]=${price}`;
      const { status, error } = await call("POST", "/v1/invoiceitems", form);
      assert.deepEqual([status, error.param], [400, "pricing[price]"]);
      assert.match(String(error.message), says);
    }
  });
});
