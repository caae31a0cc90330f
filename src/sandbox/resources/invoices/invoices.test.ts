import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { startWorld } from "../../testing.ts";
import { billedCustomer, draftOf, openInvoice } from "./testing.ts";

suite("a one-off invoice", () => {
  test("what waits for a customer is billed, newest first, numbered, sent and paid", async () => {
    const world = startWorld();
    const { stripe, eventTypes } = world;
    const { customer } = await billedCustomer(world);
    const first = await stripe.invoiceItems.create({
      customer,
      amount: 15_000,
      currency: "eur",
      description: "Consulting",
    });
    await stripe.invoiceItems.create({ customer, amount: -500, currency: "eur", description: "An apology" });
    const draft = await stripe.invoices.create({
      customer,
      currency: "eur",
      collection_method: "send_invoice",
      days_until_due: 30,
      pending_invoice_items_behavior: "include",
    });
    assert.deepEqual(
      draft.lines.data.map(({ description, amount, discountable }) => [description, amount, discountable]),
      [
        ["An apology", -500, false],
        ["Consulting", 15_000, true],
      ],
    );
    assert.deepEqual([draft.status, draft.number, draft.total, draft.amount_due], ["draft", null, 14_500, 14_500]);
    assert.equal(draft.due_date, draft.created + 30 * 86_400);
    assert.equal((await stripe.invoiceItems.retrieve(first.id)).invoice, draft.id);
    const sent = await stripe.invoices.sendInvoice(draft.id);
    const { invoice_prefix } = (await stripe.customers.retrieve(customer)) as { invoice_prefix: string };
    assert.deepEqual([sent.status, sent.number, sent.effective_at], ["open", `${invoice_prefix}-0001`, sent.created]);
    assert.match(String(sent.hosted_invoice_url), /^https:\/\/invoice\.stripe\.com\/i\/acct_\w+\/test_\w+\?s=ap$/);
    const paid = await stripe.invoices.pay(draft.id);
    assert.deepEqual(
      [paid.status, paid.amount_paid, paid.amount_remaining, paid.attempt_count, paid.auto_advance],
      ["paid", 14_500, 0, 1, false],
    );
    assert.deepEqual((await eventTypes()).slice(3), [
      "customer.updated",
      "invoiceitem.created",
      "invoiceitem.created",
      "invoice.created",
      "payment_intent.created",
      "invoice.updated",
      "invoice.finalized",
      "invoice.sent",
      "charge.succeeded",
      "payment_intent.succeeded",
      "invoice.updated",
      "invoice.paid",
      "invoice.payment_succeeded",
      "invoice_payment.paid",
    ]);
  });

  test("what waits stays behind unless it is asked for", async () => {
    const world = startWorld();
    const { customer } = await billedCustomer(world);
    await world.stripe.invoiceItems.create({ customer, amount: 900, currency: "usd" });
    const draft = await world.stripe.invoices.create({ customer });
    assert.deepEqual([draft.total, draft.lines.data, draft.auto_advance], [0, [], false]);
    const { data } = await world.stripe.invoiceItems.list({ customer, pending: true });
    assert.equal(data.length, 1);
  });

  test("before August 2022 it went along by itself, and nothing made no invoice", async () => {
    const world = startWorld();
    const { customer } = await billedCustomer(world);
    const headers = { "stripe-version": "2020-08-27" };
    const none = await world.call("POST", "/v1/invoices", { form: `customer=${customer}`, headers });
    assert.deepEqual([none.status, none.error.code], [400, "invoice_no_customer_line_items"]);
    await world.stripe.invoiceItems.create({ customer, amount: 900, currency: "usd" });
    const made = await world.call("POST", "/v1/invoices", { form: `customer=${customer}`, headers });
    assert.deepEqual([made.status, made.json.total], [200, 900]);
  });

  test("numbers follow each other, whatever way an invoice is finalized; one of one's own leaves no gap", async () => {
    const world = startWorld();
    const { stripe } = world;
    const { customer } = await billedCustomer(world);
    await stripe.customers.update(customer, { invoice_prefix: "SHOP2026", next_invoice_sequence: 7 });
    const numbers = [
      (await openInvoice(world, customer, 1000)).number,
      (await stripe.invoices.pay((await draftOf(world, customer, 1000)).id)).number,
      (await openInvoice(world, customer, 1000, { number: "A-1" })).number,
      (await stripe.invoices.finalizeInvoice((await stripe.invoices.create({ customer })).id)).number,
    ];
    assert.deepEqual(numbers, ["SHOP2026-0007", "SHOP2026-0008", "A-1", "SHOP2026-0009"]);
    const taken = await world.call("POST", "/v1/invoices", `customer=${customer}&number=A-1`);
    assert.deepEqual([taken.status, taken.error.param], [400, "number"]);
  });

  test("a draft that is thrown away takes what it would have billed along", async () => {
    const world = startWorld();
    const { customer } = await billedCustomer(world);
    const draft = await draftOf(world, customer, 1000);
    assert.deepEqual(await world.stripe.invoices.del(draft.id), { id: draft.id, object: "invoice", deleted: true });
    assert.equal((await world.call("GET", `/v1/invoices/${draft.id}`)).status, 404);
    assert.deepEqual((await world.stripe.invoiceItems.list({ customer })).data, []);
    assert.deepEqual((await world.eventTypes()).slice(-2), ["invoice.deleted", "invoiceitem.deleted"]);
  });

  test("where nothing is due it is paid as soon as it is finalized, without an attempt", async () => {
    const world = startWorld();
    const { customer } = await billedCustomer(world);
    const { id } = await world.stripe.invoices.create({ customer });
    const paid = await world.stripe.invoices.finalizeInvoice(id, { expand: ["payments"] });
    assert.deepEqual([paid.status, paid.attempted, paid.attempt_count, paid.ending_balance], ["paid", true, 0, 0]);
    assert.deepEqual(paid.payments?.data, []);
    assert.deepEqual((await world.eventTypes()).slice(-4), [
      "invoice.updated",
      "invoice.finalized",
      "invoice.paid",
      "invoice.payment_succeeded",
    ]);
  });

  test("void, nobody can pay it; written off, somebody may", async () => {
    const world = startWorld();
    const { stripe } = world;
    const { customer } = await billedCustomer(world);
    const one = await openInvoice(world, customer, 3000);
    const voided = await stripe.invoices.voidInvoice(one.id, { expand: ["payments.data.payment.payment_intent"] });
    assert.deepEqual([voided.status, voided.amount_due, voided.amount_remaining], ["void", 3000, 3000]);
    assert.equal(voided.status_transitions.voided_at, voided.created);
    const [payment] = voided.payments?.data ?? [];
    assert.equal(payment?.status, "canceled");
    const intent = payment?.payment.payment_intent;
    assert.ok(typeof intent === "object");
    assert.deepEqual([intent.status, intent.cancellation_reason], ["canceled", "void_invoice"]);
    const other = await openInvoice(world, customer, 3000);
    const written = await stripe.invoices.markUncollectible(other.id);
    assert.deepEqual([written.status, written.amount_remaining], ["uncollectible", 3000]);
    assert.equal((await stripe.invoices.pay(other.id)).status, "paid");
  });

  test("metadata may change for ever, what it asks for only as long as it is a draft", async () => {
    const world = startWorld();
    const { customer } = await billedCustomer(world);
    const { id } = await openInvoice(world, customer, 3000);
    const changed = await world.stripe.invoices.update(id, { metadata: { order: "7" } });
    assert.deepEqual(changed.metadata, { order: "7" });
    const refused = await world.call("POST", `/v1/invoices/${id}`, "description=late");
    assert.deepEqual([refused.status, refused.error.code], [400, "invoice_not_editable"]);
  });

  test("it shows its customer as they were when it was finalized", async () => {
    const world = startWorld();
    const { customer } = await billedCustomer(world);
    const { id } = await draftOf(world, customer, 3000);
    await world.stripe.customers.update(customer, { name: "Ada Lovelace" });
    assert.equal((await world.stripe.invoices.retrieve(id)).customer_name, "Ada");
    assert.equal((await world.stripe.invoices.finalizeInvoice(id)).customer_name, "Ada Lovelace");
    await world.stripe.customers.update(customer, { name: "Countess" });
    assert.equal((await world.stripe.invoices.retrieve(id)).customer_name, "Ada Lovelace");
  });

  test("lists are by customer, status, way of collection and due date", async () => {
    const world = startWorld();
    const { stripe } = world;
    const { customer } = await billedCustomer(world);
    const open = await openInvoice(world, customer, 3000);
    const sent = await draftOf(world, customer, 3000, { collection_method: "send_invoice", days_until_due: 5 });
    const ids = async (params: Parameters<typeof stripe.invoices.list>[0]) =>
      (await stripe.invoices.list(params)).data.map(({ id }) => id);
    assert.deepEqual(await ids({ customer }), [sent.id, open.id]);
    assert.deepEqual(await ids({ status: "open" }), [open.id]);
    assert.deepEqual(await ids({ collection_method: "send_invoice" }), [sent.id]);
    assert.deepEqual(await ids({ due_date: { gte: sent.created } }), [sent.id]);
    assert.equal((await stripe.invoices.search({ query: `number:"${open.number}"` })).data[0]?.id, open.id);
  });
});

/** Each on an open invoice of a customer without e-mail; `{paid}`, `{void}` and `{draft}` are others of theirs. */
const refusals: readonly (readonly [call: string, form: string, status: number, param: string | null, says: RegExp])[] =
  [
    ["DELETE /v1/invoices/{open}", "", 400, null, /^You can only delete draft invoices\.$/],
    ["POST /v1/invoices/{open}/finalize", "", 400, null, /already finalized/],
    ["POST /v1/invoices/{paid}/pay", "", 400, null, /^Invoice is already paid$/],
    [
      "POST /v1/invoices/{paid}/void",
      "",
      400,
      null,
      /^You can only pass in open invoices\. This invoice isn't open\.$/,
    ],
    ["POST /v1/invoices/{draft}/void", "", 400, null, /isn't open/],
    ["POST /v1/invoices/{void}/void", "", 400, null, /isn't open/],
    ["POST /v1/invoices/{void}/pay", "", 400, null, /isn't open/],
    ["POST /v1/invoices/{draft}/mark_uncollectible", "", 400, null, /isn't open/],
    ["POST /v1/invoices/{paid}/mark_uncollectible", "", 400, null, /isn't open/],
    ["POST /v1/invoices/{paid}/send", "", 400, null, /^This invoice cannot be sent right now/],
    ["POST /v1/invoices/{draft}/send", "", 400, null, /^Missing email/],
    ["POST /v1/invoices/{draft}/pay", "", 400, null, /^This customer has no attached payment source/],
    ["POST /v1/invoices/{open}/add_lines", "lines[0][amount]=5", 400, null, /no longer editable/],
    ["GET /v1/invoices/in_nope", "", 404, "invoice", /^No such invoice: 'in_nope'$/],
    ["DELETE /v1/invoices/in_nope", "", 404, "invoice", /^No such invoice/],
    ["POST /v1/invoices/in_nope/send", "", 404, "invoice", /^No such invoice/],
    ["POST /v1/invoices/in_nope/add_lines", "lines[0][amount]=5", 404, "invoice", /^No such invoice/],
    ["POST /v1/invoices/in_nope", "", 404, "id", /^No such invoice/],
    ["POST /v1/invoices/in_nope/pay", "", 404, "id", /^No such invoice/],
    ["POST /v1/invoices/in_nope/finalize", "", 404, "id", /^No such invoice/],
    ["POST /v1/invoices/in_nope/void", "", 404, "id", /^No such invoice/],
    ["POST /v1/invoices/in_nope/mark_uncollectible", "", 404, "id", /^No such invoice/],
    ["POST /v1/invoices", "customer=cus_nope", 400, "customer", /^No such customer: 'cus_nope'$/],
    ["POST /v1/invoices", "nope=1", 400, "nope", /^Received unknown parameter: nope$/],
    ["POST /v1/invoices", "", 400, "customer", /^Missing required param: customer\.$/],
    [
      "POST /v1/invoices",
      "customer={customer}&collection_method=send_invoice&days_until_due=3",
      400,
      null,
      /^Missing email/,
    ],
    [
      "POST /v1/invoices",
      "customer={customer}&days_until_due=3",
      400,
      null,
      /^You can only specify 'days_until_due' if/,
    ],
    ["GET /v1/invoices", "customer=cus_nope", 400, "customer", /^No such customer/],
    ["GET /v1/invoices", "status=bogus", 400, "status", /^Invalid status: must be one of draft, open, paid/],
    [
      "POST /v1/invoices",
      "customer={customer}&automatic_tax[enabled]=true&automatic_tax[liability][type]=account",
      501,
      "automatic_tax[liability]",
      /Connect/,
    ],
  ];

test("what cannot be is refused in Stripe's words, and leaves everything as it was", async () => {
  const world = startWorld();
  const { stripe, call } = world;
  const { id: customer } = await stripe.customers.create();
  const voided = await stripe.invoices.voidInvoice((await openInvoice(world, customer, 900)).id);
  const paid = await stripe.invoices.finalizeInvoice((await stripe.invoices.create({ customer })).id);
  const open = await openInvoice(world, customer, 900);
  const draft = await draftOf(world, customer, 900);
  const ids: Readonly<Record<string, string>> = {
    customer,
    draft: draft.id,
    open: open.id,
    paid: paid.id,
    void: voided.id,
  };
  const filled = (text: string) => text.replace(/\{(\w+)\}/g, (_, name: string) => ids[name] ?? "");
  const before = await stripe.invoices.list({ limit: 100 });
  for (const [address, form, status, param, says] of refusals) {
    const [method = "", path = ""] = filled(address).split(" ");
    const answer = await call(method, path, filled(form));
    const said = [answer.status, answer.error.param ?? null];
    assert.deepEqual(said, [status, param], `${address} ${form}: ${JSON.stringify(answer.json)}`);
    assert.match(String(answer.error.message), says, `${address} ${form}`);
  }
  const after = await stripe.invoices.list({ limit: 100 });
  assert.deepEqual(after.data, before.data);
});
