import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { startWorld } from "../../testing.ts";
import { billedCustomer, draftOf } from "./testing.ts";

suite("the lines of a draft", () => {
  test("what is put on it by its own address stands behind, what is added to it before", async () => {
    const world = startWorld();
    const { stripe } = world;
    const { customer } = await billedCustomer(world);
    await stripe.invoiceItems.create({ customer, amount: 1, currency: "usd", description: "waited first" });
    await stripe.invoiceItems.create({ customer, amount: 2, currency: "usd", description: "waited last" });
    const { id } = await stripe.invoices.create({ customer, pending_invoice_items_behavior: "include" });
    for (const description of ["put first", "put last"]) {
      await stripe.invoiceItems.create({ customer, invoice: id, amount: 3, description });
    }
    const added = await stripe.invoices.addLines(id, { lines: [{ amount: 100, description: "added" }] });
    assert.deepEqual(
      added.lines.data.map(({ description }) => description),
      ["added", "waited last", "waited first", "put first", "put last"],
    );
    assert.deepEqual([added.total, added.amount_due], [109, 109]);
  });

  test("a line and its invoice item change together", async () => {
    const world = startWorld();
    const { stripe } = world;
    const { customer } = await billedCustomer(world);
    const { id, lines } = await draftOf(world, customer, 1000);
    const line = lines.data[0];
    assert.ok(line);
    const changed = await stripe.invoices.updateLineItem(id, line.id, { amount: 777, description: "Less" });
    assert.deepEqual([changed.object, changed.amount, changed.description], ["line_item", 777, "Less"]);
    const item = String(changed.parent?.invoice_item_details?.invoice_item);
    assert.deepEqual((await stripe.invoiceItems.retrieve(item)).amount, 777);
    await stripe.invoiceItems.update(item, { quantity: 3 });
    const invoice = await stripe.invoices.retrieve(id);
    assert.deepEqual([invoice.lines.data[0]?.amount, invoice.lines.data[0]?.id, invoice.total], [2331, line.id, 2331]);
  });

  test("of several changes all are made, or none", async () => {
    const world = startWorld();
    const { customer } = await billedCustomer(world);
    const draft = await draftOf(world, customer, 1000);
    const form = `lines[0][id]=${draft.lines.data[0]?.id}&lines[0][amount]=5&lines[1][id]=il_nope&lines[1][amount]=5`;
    const refused = await world.call("POST", `/v1/invoices/${draft.id}/update_lines`, form);
    assert.deepEqual([refused.status, refused.error.param], [400, "lines[1][id]"]);
    assert.deepEqual(await world.stripe.invoices.retrieve(draft.id), draft);
  });

  test("a removed line is gone for good, or waits for another invoice", async () => {
    const world = startWorld();
    const { stripe } = world;
    const { customer } = await billedCustomer(world);
    const { id } = await draftOf(world, customer, 1000);
    const two = await stripe.invoices.addLines(id, { lines: [{ amount: 20, description: "kept" }] });
    const [kept, gone] = two.lines.data;
    assert.ok(kept && gone);
    const rest = await stripe.invoices.removeLines(id, {
      lines: [
        { id: kept.id, behavior: "unassign" },
        { id: gone.id, behavior: "delete" },
      ],
      invoice_metadata: { emptied: "yes" },
    });
    assert.deepEqual([rest.total, rest.lines.data, rest.metadata], [0, [], { emptied: "yes" }]);
    const waiting = await stripe.invoiceItems.list({ customer });
    assert.deepEqual(
      waiting.data.map(({ description, invoice }) => [description, invoice]),
      [["kept", null]],
    );
    const again = await stripe.invoices.addLines(id, { lines: [{ invoice_item: String(waiting.data[0]?.id) }] });
    assert.deepEqual([again.total, again.lines.data[0]?.description], [20, "kept"]);
  });

  test("an invoice shows ten of them, and the others page by page", async () => {
    const world = startWorld();
    const { stripe } = world;
    const { customer } = await billedCustomer(world);
    const { id } = await stripe.invoices.create({ customer });
    const lines = Array.from({ length: 23 }, (_, nth) => ({ amount: nth + 1, description: `nth ${nth}` }));
    const added = await stripe.invoices.addLines(id, { lines });
    assert.deepEqual([added.lines.data.length, added.lines.has_more, added.total], [10, true, (23 * 24) / 2]);
    const ids = new Set<string>();
    for await (const line of stripe.invoices.listLineItems(id, { limit: 9 })) ids.add(line.id);
    assert.equal(ids.size, 23);
  });

  test("more than 250 are refused, with the last one's event and all", async () => {
    const world = startWorld();
    const { customer } = await billedCustomer(world);
    const { id } = await world.stripe.invoices.create({ customer });
    const many = (count: number) => Array.from({ length: count }, (_, nth) => `lines[${nth}][amount]=1`).join("&");
    assert.equal((await world.call("POST", `/v1/invoices/${id}/add_lines`, many(250))).status, 200);
    const refused = await world.call("POST", `/v1/invoices/${id}/add_lines`, many(1));
    assert.match(String(refused.error.message), /at most 250/);
    assert.equal((await world.stripe.invoices.retrieve(id)).total, 250);
  });

  test("an item of another customer or currency does not come on it", async () => {
    const world = startWorld();
    const { stripe, call } = world;
    const { customer } = await billedCustomer(world);
    const { id } = await draftOf(world, customer, 1000);
    const other = await billedCustomer(world);
    const foreign = await call("POST", "/v1/invoiceitems", `customer=${other.customer}&invoice=${id}&amount=5`);
    assert.deepEqual([foreign.status, foreign.error.param], [400, "invoice"]);
    const mixed = await call("POST", "/v1/invoiceitems", `customer=${customer}&invoice=${id}&amount=5&currency=eur`);
    assert.deepEqual([mixed.status, mixed.error.param], [400, "currency"]);
    assert.equal((await stripe.invoiceItems.list({ invoice: id })).data.length, 1);
  });

  test("takes discounts of its own, named as where they stand, and what a proration came to stands", async () => {
    const world = startWorld();
    const { stripe, call } = world;
    const { customer } = await billedCustomer(world);
    await stripe.coupons.create({ id: "HALF", percent_off: 50, duration: "forever" });
    const { id, lines } = await draftOf(world, customer, 1000);
    const line = lines.data[0]?.id ?? "";
    await stripe.invoices.updateLineItem(id, line, { discounts: [{ coupon: "HALF" }] });
    const discounts = [{ coupon: "HALF" }];
    const { subtotal, total } = await stripe.invoices.addLines(id, { lines: [{ amount: 100, discounts }] });
    assert.deepEqual([subtotal, total], [550, 550]);
    const wrong = `lines[0][id]=${line}&lines[0][discounts][0][coupon]=nope`;
    const refused = await call("POST", `/v1/invoices/${id}/update_lines`, wrong);
    assert.deepEqual([refused.status, refused.error.param], [400, "lines[0][discounts][0][coupon]"]);
    assert.equal((await stripe.invoices.updateLineItem(id, line, { discounts: "" })).subtotal, 1000);

    const recurring = { interval: "month" } as const;
    const price_data = { currency: "usd", unit_amount: 900, recurring };
    const product = (await stripe.products.create({ name: "Gold" })).id;
    const items = [{ price_data: { ...price_data, product } }];
    const subscription = await stripe.subscriptions.create({ customer, items });
    await stripe.subscriptions.update(subscription.id, {
      items: [{ id: subscription.items.data[0]?.id ?? "", quantity: 2 }],
    });
    const [credit] = (await stripe.invoiceItems.list({ pending: true })).data;
    for (const sent of ["amount=1", "quantity=1", "discounts[0][coupon]=HALF"]) {
      const { status, error } = await call("POST", `/v1/invoiceitems/${credit?.id}`, sent);
      assert.deepEqual([sent, status, /frozen/.test(String(error.message))], [sent, 400, true]);
    }
    const described = await stripe.invoiceItems.update(credit?.id ?? "", { description: "Less" });
    assert.equal(described.description, "Less");
  });
});
