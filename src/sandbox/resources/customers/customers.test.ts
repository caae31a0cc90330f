import assert from "node:assert/strict";
import { suite, test } from "node:test";
import type Stripe from "stripe";
import { startWorld } from "../../testing.ts";

suite("customers", () => {
  test("fields are set, kept and unset as at Stripe, and the event says what changed", async () => {
    const world = startWorld();
    const created = await world.stripe.customers.create({
      name: "A & B",
      email: "a@shop.test",
      metadata: { a: "1", b: "2" },
      address: { line1: "Road 1", city: "Bonn" },
    });
    const updated = await world.stripe.customers.update(created.id, {
      address: "",
      name: "B",
      metadata: { a: "", c: "3" },
    });
    assert.equal(updated.address, null);
    assert.equal(updated.email, "a@shop.test");
    assert.deepEqual(updated.metadata, { b: "2", c: "3" });
    const [event] = (await world.stripe.events.list({ type: "customer.updated" })).data;
    assert.deepEqual(event?.data.previous_attributes, {
      address: created.address,
      metadata: { a: "1", c: null },
      name: "A & B",
    });
    await world.stripe.customers.update(created.id, { email: "a@shop.test" });
    assert.equal((await world.stripe.events.list({ type: "customer.updated" })).data.length, 1, "no change, no event");
  });

  test("an empty text empties a field, null from the SDK is one, and the event tells what was there", async () => {
    const { stripe, call } = startWorld();
    const shipping = { name: "A", phone: "2", address: { line1: "b", line2: "c" } };
    const texts = { name: "A", email: "a@shop.test", phone: "1", description: "d", preferred_locales: ["de"] };
    const settings = { footer: "f", custom_fields: [{ name: "VAT", value: "1" }] };
    const { id } = await stripe.customers.create({ ...texts, shipping, invoice_settings: settings });
    const method = await stripe.paymentMethods.attach("pm_card_visa", { customer: id });
    await stripe.customers.update(id, { invoice_settings: { default_payment_method: method.id } });
    const emptied = await stripe.customers.update(id, {
      preferred_locales: null as never, // The SDK sends null as an empty text.
      name: "",
      email: "",
      phone: "",
      description: "",
      shipping: { ...shipping, phone: "", address: { line1: "b", line2: "" } },
      invoice_settings: { default_payment_method: "", footer: "", custom_fields: "" },
    });
    assert.deepEqual([emptied.name, emptied.email, emptied.phone, emptied.description], [null, null, null, null]);
    assert.deepEqual(emptied.preferred_locales, []);
    assert.deepEqual([emptied.shipping?.phone, emptied.shipping?.address?.line2], [null, null]);
    const none = { custom_fields: null, default_payment_method: null, footer: null, rendering_options: null };
    assert.deepEqual(emptied.invoice_settings, none);
    const [event] = (await stripe.events.list({ type: "customer.updated" })).data;
    assert.deepEqual(event?.data.previous_attributes, {
      ...texts,
      shipping: { phone: "2", address: { line2: "c" } },
      invoice_settings: { ...settings, default_payment_method: method.id },
    });
    const { error } = await call("POST", `/v1/customers/${id}`, "default_source=");
    assert.deepEqual([error.code, error.param], ["parameter_invalid_empty", "default_source"]);
  });

  test("a default method that is named as a ready-made one is the method which was made of it", async () => {
    const { stripe } = startWorld();
    const named = { payment_method: "pm_card_visa", invoice_settings: { default_payment_method: "pm_card_visa" } };
    const { id, invoice_settings } = await stripe.customers.create(named);
    const { data } = await stripe.paymentMethods.list({ customer: id });
    assert.deepEqual([data.length, invoice_settings.default_payment_method], [1, data[0]?.id]);
    const told = (await stripe.events.list({ type: "customer.created" })).data[0]!.data.object as Stripe.Customer;
    assert.deepEqual(told.invoice_settings, invoice_settings);
  });

  test("invoice settings carry up to four fields", async () => {
    const { stripe } = startWorld();
    const field = { name: "Order", value: "1" };
    const { invoice_settings } = await stripe.customers.create({
      invoice_settings: { custom_fields: [field], rendering_options: { amount_tax_display: "include_inclusive_tax" } },
    });
    assert.deepEqual(invoice_settings.custom_fields, [field]);
    assert.deepEqual(invoice_settings.rendering_options, {
      amount_tax_display: "include_inclusive_tax",
      template: null,
    });
    const five = [field, field, field, field, field];
    await assert.rejects(stripe.customers.create({ invoice_settings: { custom_fields: five } }), {
      param: "invoice_settings[custom_fields]",
    });
  });

  test("the methods of a deleted customer pay no more", async () => {
    const { stripe, call } = startWorld();
    const { id } = await stripe.customers.create({ source: "tok_visa" });
    const method = await stripe.paymentMethods.attach("pm_card_visa", { customer: id });
    const [card] = (await stripe.customers.listSources(id)).data;
    await stripe.customers.del(id);
    assert.equal((await stripe.paymentMethods.retrieve(method.id)).customer, null);
    for (const gone of [method.id, card?.id ?? ""]) {
      const form = `amount=500&currency=eur&confirm=true&payment_method=${gone}&return_url=https://shop.test`;
      const { status, error } = await call("POST", "/v1/payment_intents", form);
      assert.deepEqual([status, error.type], [400, "invalid_request_error"], gone);
      assert.match(String(error.message), /It may not be used again/);
    }
    assert.equal((await call("GET", `/v1/customers/${id}/payment_methods`)).error.code, "resource_missing");
  });

  test("a card that is detached as a payment method is not a source any more, and the default goes on", async () => {
    const { stripe, eventTypes } = startWorld();
    const { id } = await stripe.customers.create({ source: "tok_visa" });
    const [card] = (await stripe.customers.listSources(id)).data;
    const second = await stripe.customers.createSource(id, { source: "tok_amex" });
    await stripe.paymentMethods.detach(card?.id ?? "");
    const left = await stripe.customers.listSources(id);
    assert.deepEqual([left.data.length, left.data[0]?.id], [1, second.id]);
    assert.equal(((await stripe.customers.retrieve(id)) as Stripe.Customer).default_source, second.id);
    const deleted = (await eventTypes()).filter((type) => /deleted|detached/.test(type));
    assert.deepEqual(deleted.sort(), ["customer.source.deleted", "payment_method.detached"]);
  });

  test("lists page both ways, skip nothing, and filter by e-mail and time", async () => {
    const { stripe, clock } = startWorld();
    const made: string[] = [];
    for (let n = 0; n < 7; n++) {
      made.unshift((await stripe.customers.create({ email: n % 2 === 0 ? "even@shop.test" : "odd@shop.test" })).id);
      await clock.advance(1000);
    }
    const [newest, , third, fourth, , , oldest] = made;
    const idsOf = async (params: Parameters<typeof stripe.customers.list>[0]) => {
      const ids: string[] = [];
      for await (const { id } of stripe.customers.list(params)) ids.push(id);
      return ids;
    };
    assert.deepEqual(await idsOf({ limit: 2 }), made);
    assert.deepEqual(await idsOf({ limit: 2, ending_before: oldest ?? "" }), made.slice(0, -1).reverse());
    const page = await stripe.customers.list({ limit: 3, ending_before: fourth ?? "" });
    assert.deepEqual([page.data.map(({ id }) => id), page.has_more], [made.slice(0, 3), false]);
    await stripe.customers.del(third ?? "");
    assert.equal((await idsOf({ limit: 2, starting_after: third ?? "" })).length, 4, "a deleted one is still a cursor");
    assert.equal((await idsOf({ email: "odd@shop.test" })).length, 3);
    assert.deepEqual(await idsOf({ email: "ODD@shop.test" }), [], "case counts");
    const created = (await stripe.customers.retrieve(newest ?? "")) as Stripe.Customer;
    assert.deepEqual(await idsOf({ created: created.created }), [newest]);
    assert.equal((await idsOf({ created: { lt: created.created - 2 } })).length, 4);
  });

  test("what a deleted customer has paid is listed under their id, under one that never was nothing", async () => {
    const { stripe } = startWorld();
    const { id } = await stripe.customers.create({});
    const paid = { amount: 500, currency: "eur", confirm: true, payment_method: "pm_card_visa" } as const;
    const methods = { automatic_payment_methods: { enabled: true, allow_redirects: "never" } } as const;
    await stripe.paymentIntents.create({ customer: id, ...paid, ...methods });
    await stripe.customers.del(id);
    assert.equal((await stripe.charges.list({ customer: id })).data.length, 1);
    await assert.rejects(stripe.charges.list({ customer: "cus_nope" }), { code: "resource_missing" });
  });

  test("a deleted customer answers in the short form and is in no list", async () => {
    const world = startWorld();
    const { id } = await world.stripe.customers.create({});
    await world.stripe.customers.del(id);
    assert.deepEqual(
      { ...(await world.call("GET", `/v1/customers/${id}`)).json },
      { id, object: "customer", deleted: true },
    );
    assert.deepEqual((await world.stripe.customers.list()).data, []);
    assert.equal((await world.call("POST", `/v1/customers/${id}`, "name=x")).status, 404);
    assert.deepEqual(await world.eventTypes(), ["customer.created", "customer.deleted"]);
  });

  test("metadata keeps Stripe's limits", async () => {
    const world = startWorld();
    const refused = [
      `metadata[${"k".repeat(41)}]=1`,
      `metadata[k]=${"v".repeat(501)}`,
      Array.from({ length: 51 }, (_, n) => `metadata[k${n}]=1`).join("&"),
    ];
    for (const form of refused)
      assert.equal((await world.call("POST", "/v1/customers", form)).status, 400, form.slice(0, 30));
    const { json } = await world.call("POST", "/v1/customers", "metadata[a]=1");
    assert.deepEqual((await world.call("POST", `/v1/customers/${json.id}`, "metadata=")).json.metadata, {});
  });

  test("what its invoices begin with is its own, well formed, and free again with it", async () => {
    const { call, stripe } = startWorld();
    const { id } = await stripe.customers.create({ invoice_prefix: "GOLD7" });
    const { id: other } = await stripe.customers.create({});
    for (const prefix of ["gold7", "G7", "GOLDGOLDGOLD7"]) {
      const { status, error } = await call("POST", "/v1/customers", `invoice_prefix=${prefix}`);
      assert.deepEqual([status, error.param], [400, "invoice_prefix"], prefix);
    }
    const taken = await call("POST", "/v1/customers", "invoice_prefix=GOLD7");
    assert.match(String(taken.error.message), new RegExp(`is taken by customer: ${id}\\.`));
    assert.equal((await stripe.customers.update(id, { invoice_prefix: "GOLD7" })).invoice_prefix, "GOLD7");
    await stripe.customers.del(id);
    assert.equal((await stripe.customers.update(other, { invoice_prefix: "GOLD7" })).invoice_prefix, "GOLD7");
  });

  test("one account does not see another's customers", async () => {
    const world = startWorld();
    const { json } = await world.call("POST", "/v1/customers");
    const other = await world.call("GET", `/v1/customers/${json.id}`, {
      headers: { authorization: "Bearer sk_test_other" },
    });
    assert.deepEqual([other.status, other.error.message], [404, `No such customer: '${json.id}'`]);
  });
});
