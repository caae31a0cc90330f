import assert from "node:assert/strict";
import { suite, test } from "node:test";
import type Stripe from "stripe";
import { secondMs } from "#kit/clock.ts";
import { startWorld } from "../../testing.ts";

const vat = { type: "eu_vat", value: "DE123456789" } as const;

suite("tax ids", () => {
  test("a customer's is shown whole, verified a second later, and told of at each step", async () => {
    const { stripe, clock, eventTypes } = startWorld();
    const { id: customer } = await stripe.customers.create({ name: "Ada" });
    const made = await stripe.customers.createTaxId(customer, vat);
    const { id, created, ...shown } = made;
    assert.match(id, /^txi_1\w{23}$/);
    assert.ok(created > 0);
    assert.deepEqual(shown, {
      object: "tax_id",
      country: "DE",
      customer,
      customer_account: null,
      livemode: false,
      owner: { customer, customer_account: null, type: "customer" },
      ...vat,
      verification: { status: "pending", verified_address: null, verified_name: null },
    });
    await clock.advance(secondMs);
    assert.equal((await stripe.taxIds.retrieve(id)).verification?.status, "verified");
    const [event] = (await stripe.events.list({ type: "customer.tax_id.updated" })).data;
    assert.deepEqual(event?.data.previous_attributes, { verification: { status: "pending" } });
    assert.deepEqual(await stripe.customers.deleteTaxId(customer, id), { id, object: "tax_id", deleted: true });
    const all = ["customer.created", "customer.tax_id.created", "customer.tax_id.updated", "customer.tax_id.deleted"];
    assert.deepEqual(await eventTypes(), all);
  });

  test("the numbers of tests are known, unknown or never answered about; of other types nobody asks", async () => {
    const { stripe, clock } = startWorld();
    const { id: customer } = await stripe.customers.create({});
    const statusOf = async (type: Stripe.TaxIdCreateParams.Type, value: string) => {
      const { id } = await stripe.customers.createTaxId(customer, { type, value });
      await clock.advance(60 * secondMs);
      return (await stripe.customers.retrieveTaxId(customer, id)).verification?.status;
    };
    assert.equal(await statusOf("eu_vat", "000000000"), "verified");
    assert.equal(await statusOf("au_abn", "111111111"), "unverified");
    assert.equal(await statusOf("eu_vat", "DE111111111"), "unverified");
    assert.equal(await statusOf("eu_vat", "DE222222222"), "pending");
    assert.equal(await statusOf("us_ein", "12-3456789"), "unavailable");
  });

  test("what does not look like its type is refused, and leaves no customer behind", async () => {
    const { stripe, call } = startWorld();
    const { id } = await stripe.customers.create({});
    const refused = async (type: string, value: string) => {
      const { error } = await call("POST", `/v1/customers/${id}/tax_ids`, `type=${type}&value=${value}`);
      return [error.code, error.message, error.param];
    };
    assert.deepEqual(await refused("eu_vat", "DE12"), ["tax_id_invalid", "Invalid value for eu_vat.", "value"]);
    assert.deepEqual(await refused("gb_vat", "FR123456789"), ["tax_id_invalid", "Invalid value for gb_vat.", "value"]);
    assert.equal((await refused("moon_vat", "1"))[2], "type");
    const form = "name=Bob&tax_id_data[0][type]=eu_vat&tax_id_data[0][value]=DE1";
    const { status, error } = await call("POST", "/v1/customers", form);
    assert.deepEqual([status, error.param], [400, "tax_id_data[0][value]"]);
    assert.equal((await stripe.customers.list()).data.length, 1);
    assert.equal((await stripe.customers.createTaxId(id, { type: "no_vat", value: "123 456 789 MVA" })).country, "NO");
    assert.equal((await stripe.customers.createTaxId(id, { type: "eu_vat", value: "EL123456789" })).country, "GR");
  });

  test("a customer comes with tax ids and is shown with them when asked, newest first", async () => {
    const { stripe, call, eventTypes } = startWorld();
    const second = { type: "us_ein", value: "12-3456789" } as const;
    const customer = await stripe.customers.create({ tax_id_data: [vat, second], expand: ["tax_ids"] });
    assert.deepEqual(
      customer.tax_ids?.data.map(({ value }) => value),
      [second.value, vat.value],
    );
    assert.equal(customer.tax_ids?.url, `/v1/customers/${customer.id}/tax_ids`);
    assert.deepEqual((await stripe.customers.listTaxIds(customer.id)).data, customer.tax_ids?.data);
    assert.deepEqual((await eventTypes()).slice(0, 3), [
      "customer.created",
      "customer.tax_id.created",
      "customer.tax_id.created",
    ]);
    const [ein] = customer.tax_ids?.data ?? [];
    const { id: other } = await stripe.customers.create({});
    assert.equal((await call("GET", `/v1/customers/${other}/tax_ids/${ein?.id}`)).status, 404);
    await stripe.customers.del(customer.id);
    assert.equal((await call("GET", `/v1/tax_ids/${ein?.id}`)).status, 404);
  });

  test("those of the account are its own, or a customer's by name; nobody verifies or tells of its own", async () => {
    const { stripe, call, eventTypes } = startWorld();
    const { id: customer } = await stripe.customers.create({});
    const theirs = await stripe.taxIds.create({ ...vat, owner: { type: "customer", customer } });
    const ours = await stripe.taxIds.create(vat);
    const named = await stripe.taxIds.create({
      ...vat,
      owner: { type: "account", account: (await stripe.accounts.retrieveCurrent()).id },
    });
    assert.deepEqual([ours.customer, ours.verification, ours.owner?.type], [null, null, "self"]);
    assert.deepEqual(await eventTypes(), ["customer.created", "customer.tax_id.created"]);
    const ids = async (params: Stripe.TaxIdListParams) => (await stripe.taxIds.list(params)).data.map(({ id }) => id);
    assert.deepEqual(await ids({}), [named.id, ours.id]);
    assert.deepEqual(await ids({ owner: { type: "customer", customer } }), [theirs.id]);
    const foreign = await call(
      "POST",
      "/v1/tax_ids",
      "type=eu_vat&value=DE123456789&owner[type]=account&owner[account]=acct_no",
    );
    assert.equal(foreign.error.param, "owner[account]");
    assert.deepEqual(await stripe.taxIds.del(ours.id), { id: ours.id, object: "tax_id", deleted: true });
  });

  test("an invoice keeps those of its customer when it becomes final, and the account's that were chosen", async () => {
    const { stripe, call } = startWorld();
    const { id: customer } = await stripe.customers.create({ tax_id_data: [vat] });
    const ours = (await stripe.taxIds.create({ type: "eu_vat", value: "FR12345678901" })).id;
    const draft = await stripe.invoices.create({ customer, account_tax_ids: [ours] });
    assert.deepEqual([draft.customer_tax_ids, draft.account_tax_ids], [[vat], [ours]]);
    const second = { type: "us_ein", value: "12-3456789" } as const;
    const { id: theirs } = await stripe.customers.createTaxId(customer, second);
    assert.deepEqual((await stripe.invoices.finalizeInvoice(draft.id)).customer_tax_ids, [vat, second]);
    await stripe.customers.deleteTaxId(customer, theirs);
    const kept = await stripe.invoices.retrieve(draft.id, { expand: ["account_tax_ids"] });
    assert.deepEqual(kept.customer_tax_ids, [vat, second]);
    const [shown] = (kept.account_tax_ids ?? []) as Stripe.TaxId[];
    assert.equal(shown?.value, "FR12345678901");
    const foreign = await call("POST", "/v1/invoices", `customer=${customer}&account_tax_ids[]=${theirs}`);
    assert.deepEqual([foreign.status, foreign.error.param], [400, "account_tax_ids[0]"]);
    const none = await stripe.invoices.create({ customer, account_tax_ids: "" });
    assert.equal(none.account_tax_ids, null);
  });

  test("those of the account that a subscription has chosen stand on its invoices", async () => {
    const { stripe, call } = startWorld();
    const { id: customer } = await stripe.customers.create({ source: "tok_visa", tax_id_data: [vat] });
    const { id: price } = await stripe.prices.create({
      currency: "eur",
      unit_amount: 900,
      recurring: { interval: "month" },
      product_data: { name: "App" },
    });
    const { id: ours } = await stripe.taxIds.create({ type: "eu_vat", value: "FR12345678901" });
    const subscription = await stripe.subscriptions.create({
      customer,
      items: [{ price }],
      invoice_settings: { account_tax_ids: [ours] },
      expand: ["latest_invoice", "invoice_settings.account_tax_ids"],
    });
    const invoice = subscription.latest_invoice as Stripe.Invoice;
    assert.deepEqual([invoice.account_tax_ids, invoice.customer_tax_ids], [[ours], [vat]]);
    const [shown] = (subscription.invoice_settings.account_tax_ids ?? []) as Stripe.TaxId[];
    assert.equal(shown?.value, "FR12345678901");
    const address = `/v1/subscriptions/${subscription.id}`;
    const { error } = await call("POST", address, "invoice_settings[account_tax_ids][0]=txi_nope");
    assert.equal(error.param, "invoice_settings[account_tax_ids][0]");
    const none = await stripe.subscriptions.update(subscription.id, { invoice_settings: { account_tax_ids: "" } });
    assert.equal(none.invoice_settings.account_tax_ids, null);
  });
});
