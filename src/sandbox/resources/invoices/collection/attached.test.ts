// An invoice that is paid in parts. https://docs.stripe.com/invoicing/partial-payments
import assert from "node:assert/strict";
import { suite, test } from "node:test";
import type Stripe from "stripe";
import { dayMs } from "#kit/clock.ts";
import { type SandboxWorld, startWorld } from "../../../testing.ts";
import { billedCustomer, draftOf, openInvoice } from "../testing.ts";

type More = Partial<Stripe.PaymentIntentCreateParams>;

/** An intent beside the invoice's own. */
function intentOf({ stripe }: SandboxWorld, customer: string, amount: number, more: More = {}) {
  return stripe.paymentIntents.create({ amount, currency: "usd", customer, automatic_payment_methods: never, ...more });
}

const never = { enabled: true, allow_redirects: "never" } as const;
const paying: More = { payment_method: "pm_card_visa", confirm: true };

/** What is asked for, has come and remains; and each payment. */
async function standing({ stripe }: SandboxWorld, id: string) {
  const invoice = await stripe.invoices.retrieve(id, { expand: ["payments"] });
  const { status, amount_due, amount_paid, amount_remaining, amount_overpaid } = invoice;
  const payments = invoice.payments?.data.map((one) => [
    ...[one.is_default ? "default" : "attached", one.status],
    ...[one.amount_requested, one.amount_paid],
  ]);
  return { status, sums: [amount_due, amount_paid, amount_remaining, amount_overpaid], payments };
}

async function startBilled(amount = 3500, more: Partial<Stripe.InvoiceCreateParams> = {}) {
  const world = startWorld();
  const { customer } = await billedCustomer(world);
  const { id } = await openInvoice(world, customer, amount, more);
  return { world, stripe: world.stripe, customer, id };
}

suite("an invoice that is paid in parts", () => {
  test("asks for what remains, and the rest pays it", async () => {
    const { world, stripe, customer, id } = await startBilled();
    const { id: part } = await intentOf(world, customer, 1000);
    const attached = await stripe.invoices.attachPayment(id, { payment_intent: part });
    assert.deepEqual([attached.status, attached.amount_paid], ["open", 0]);
    const before = (await world.eventTypes()).length;
    await stripe.paymentIntents.confirm(part, { payment_method: "pm_card_visa" });
    assert.deepEqual((await world.eventTypes()).slice(before), [
      ...["charge.succeeded", "payment_intent.succeeded", "invoice.updated", "invoice_payment.paid"],
    ]);
    assert.deepEqual(await standing(world, id), {
      status: "open",
      sums: [3500, 1000, 2500, 0],
      payments: [
        ["default", "open", 2500, null],
        ["attached", "paid", 1000, 1000],
      ],
    });
    const paid = await stripe.invoices.pay(id);
    assert.deepEqual([paid.status, paid.attempt_count], ["paid", 1]);
    const { sums, payments } = await standing(world, id);
    assert.deepEqual(sums, [3500, 3500, 0, 0]);
    assert.deepEqual(payments?.[0], ["default", "paid", 2500, 2500]);
  });

  test("is paid by parts alone, and its own payment ends", async () => {
    const { world, stripe, customer, id } = await startBilled();
    for (const amount of [1500, 2000]) {
      const { id: payment_intent } = await intentOf(world, customer, amount, paying);
      await stripe.invoices.attachPayment(id, { payment_intent });
    }
    const { status, sums, payments } = await standing(world, id);
    assert.deepEqual([status, sums], ["paid", [3500, 3500, 0, 0]]);
    assert.deepEqual(payments?.[0], ["default", "canceled", 2000, null]);
    const paid = await stripe.invoicePayments.list({ invoice: id, status: "paid" });
    assert.deepEqual(
      paid.data.map((one) => one.amount_paid),
      [2000, 1500],
    );
  });

  test("what is more than what remains is the customer's credit, and is said", async () => {
    const { world, stripe, customer, id } = await startBilled();
    const { id: much } = await intentOf(world, customer, 4200, paying);
    await stripe.invoices.attachPayment(id, { payment_intent: much });
    const { status, sums, payments } = await standing(world, id);
    assert.deepEqual([status, sums], ["paid", [3500, 3500, 0, 700]]);
    assert.deepEqual(payments?.[1], ["attached", "paid", 4200, 4200]);
    const [moved] = (await stripe.customers.listBalanceTransactions(customer)).data;
    assert.deepEqual([moved?.type, moved?.amount, moved?.invoice], ["invoice_overpaid", -700, id]);
    const said = (await world.eventTypes()).filter((type) => type.startsWith("invoice"));
    assert.deepEqual(said.slice(-4), [
      ...["invoice.paid", "invoice.payment_succeeded", "invoice.overpaid", "invoice_payment.paid"],
    ]);
    const next = await openInvoice(world, customer, 1000);
    assert.deepEqual([next.starting_balance, next.amount_due], [-700, 300]);
  });

  test("what comes after it is paid is the customer's credit too", async () => {
    const { world, stripe, customer, id } = await startBilled();
    const { id: late } = await intentOf(world, customer, 900);
    await stripe.invoices.attachPayment(id, { payment_intent: late });
    await stripe.invoices.pay(id);
    await stripe.paymentIntents.confirm(late, { payment_method: "pm_card_visa" });
    assert.deepEqual((await standing(world, id)).sums, [3500, 3500, 0, 900]);
    assert.equal(((await stripe.customers.retrieve(customer)) as Stripe.Customer).balance, -900);
  });

  test("what a bank is at work on comes as it was asked for", async () => {
    const { world, stripe, customer, id } = await startBilled(3500, { currency: "eur" });
    const { data } = await stripe.invoicePayments.list({ invoice: id });
    await stripe.paymentIntents.confirm(String(data[0]?.payment.payment_intent), {
      payment_method: "pm_sepaDebit_success_de",
      mandate_data: { customer_acceptance: { type: "offline" } },
    });
    const { id: part } = await intentOf(world, customer, 1000, { ...paying, currency: "eur" });
    await stripe.invoices.attachPayment(id, { payment_intent: part });
    assert.deepEqual((await standing(world, id)).sums, [3500, 1000, 2500, 0]);
    await world.clock.advance(20 * dayMs);
    const { status, sums } = await standing(world, id);
    assert.deepEqual([status, sums], ["paid", [3500, 3500, 0, 1000]]);
  });

  test("one payment pays several, in the order in which they were named", async () => {
    const { world, stripe, customer, id } = await startBilled(1000);
    const { id: second } = await openInvoice(world, customer, 1500);
    const { id: third } = await openInvoice(world, customer, 500);
    const { id: both } = await intentOf(world, customer, 1800);
    for (const one of [id, second, third]) await stripe.invoices.attachPayment(one, { payment_intent: both });
    await stripe.paymentIntents.confirm(both, { payment_method: "pm_card_visa" });
    const all = await Promise.all([id, second, third].map((one) => standing(world, one)));
    assert.deepEqual(
      all.map(({ status, sums: [, paid] }) => [status, paid]),
      [
        ["paid", 1000],
        ["open", 800],
        ["open", 0],
      ],
    );
    const found = await stripe.invoicePayments.list({ payment: { type: "payment_intent", payment_intent: both } });
    assert.deepEqual(
      found.data.map((one) => [one.invoice, one.status, one.amount_paid]),
      [
        [third, "canceled", null],
        [second, "paid", 800],
        [id, "paid", 1000],
      ],
    );
  });

  test("canceling the payment ends it for the invoice", async () => {
    const { world, stripe, customer, id } = await startBilled();
    const { id: part } = await intentOf(world, customer, 1000);
    await stripe.invoices.attachPayment(id, { payment_intent: part });
    await assert.rejects(stripe.invoices.markUncollectible(id), /payments that are open/);
    await assert.rejects(stripe.invoices.voidInvoice(id), /open or paid/);
    await stripe.paymentIntents.cancel(part);
    assert.deepEqual((await standing(world, id)).payments?.[1], ["attached", "canceled", 1000, null]);
    assert.equal((await stripe.invoices.voidInvoice(id)).status, "void");
  });

  test("is not voided once a part is paid, and may be written off and paid all the same", async () => {
    const { world, stripe, customer, id } = await startBilled();
    const { id: part } = await intentOf(world, customer, 1000, paying);
    await stripe.invoices.attachPayment(id, { payment_intent: part });
    await assert.rejects(stripe.invoices.voidInvoice(id), /open or paid/);
    const { status, amount_remaining } = await stripe.invoices.markUncollectible(id);
    assert.deepEqual([status, amount_remaining], ["uncollectible", 2500]);
    const paid = await stripe.invoices.pay(id, { paid_out_of_band: true });
    assert.deepEqual([paid.status, paid.amount_paid], ["paid", 3500]);
  });

  test("a part that is declined says nothing of the invoice", async () => {
    const { world, stripe, customer, id } = await startBilled();
    const { id: part } = await intentOf(world, customer, 1000);
    await stripe.invoices.attachPayment(id, { payment_intent: part });
    await assert.rejects(stripe.paymentIntents.confirm(part, { payment_method: "pm_card_chargeDeclined" }));
    const { attempted, status } = await stripe.invoices.retrieve(id);
    assert.deepEqual([attempted, status], [false, "open"]);
    assert.ok(!(await world.eventTypes()).includes("invoice.payment_failed"));
  });

  test("its own payment is neither changed nor canceled by a caller", async () => {
    const { stripe, id } = await startBilled();
    const { data } = await stripe.invoicePayments.list({ invoice: id });
    const own = String(data[0]?.payment.payment_intent);
    await assert.rejects(stripe.paymentIntents.cancel(own), /created by an invoice/);
    await assert.rejects(stripe.paymentIntents.update(own, { amount: 100 }), /created by an invoice/);
    await stripe.paymentIntents.update(own, { metadata: { a: "b" } });
  });
});

suite("what is attached to an invoice", () => {
  test("is one payment of the same customer in the same currency, that can still pay", async () => {
    const { world, stripe, customer, id } = await startBilled();
    const attach = (payment_intent: string) => stripe.invoices.attachPayment(id, { payment_intent });
    const other = await stripe.customers.create();
    const canceled = await intentOf(world, customer, 500);
    await stripe.paymentIntents.cancel(canceled.id);
    const part = await intentOf(world, customer, 500);
    await attach(part.id);
    const spent = await intentOf(world, customer, 500, paying);
    const { id: another } = await openInvoice(world, customer, 1000);
    await stripe.invoices.attachPayment(another, { payment_intent: spent.id });
    const own = (await stripe.invoicePayments.list({ invoice: another })).data.find((one) => one.is_default);
    for (const [intent, says] of [
      [(await intentOf(world, other.id, 500)).id, /same customer/],
      [(await intentOf(world, customer, 500, { currency: "eur" })).id, /same currency/],
      [canceled.id, /is canceled/],
      [part.id, /attached to this invoice already/],
      [spent.id, /paid invoices already/],
      [String(own?.payment.payment_intent), /created by an invoice/],
      ["pi_none", /No such payment_intent/],
    ] as const) {
      await assert.rejects(attach(intent), says);
    }
    await assert.rejects(stripe.invoices.attachPayment(id), /payment_intent/);
    await assert.rejects(stripe.invoices.attachPayment(id, { payment_record: "pr_1" }), /payment records/);
  });

  test("pays neither a draft, nor what is paid, nor a subscription that is charged by itself", async () => {
    const { world, stripe, customer, id } = await startBilled();
    const { id: payment_intent } = await intentOf(world, customer, 500);
    const draft = await draftOf(world, customer, 700);
    await assert.rejects(stripe.invoices.attachPayment(draft.id, { payment_intent }), /open invoices/);
    await stripe.invoices.pay(id);
    await assert.rejects(stripe.invoices.attachPayment(id, { payment_intent }), /already paid/);
    const { id: price } = await stripe.prices.create({
      ...{ currency: "usd", unit_amount: 900, recurring: { interval: "month" }, product_data: { name: "Seat" } },
    });
    const subscribe = (more: object) => stripe.subscriptions.create({ customer, items: [{ price }], ...more });
    const charged = await subscribe({ payment_behavior: "default_incomplete" });
    const attach = (invoice: unknown) => stripe.invoices.attachPayment(String(invoice), { payment_intent });
    await assert.rejects(attach(charged.latest_invoice), /cannot be paid in parts/);
    const sent = await subscribe({ collection_method: "send_invoice", days_until_due: 7 });
    await stripe.invoices.finalizeInvoice(String(sent.latest_invoice));
    assert.equal((await attach(sent.latest_invoice)).status, "open");
  });
});

suite("a part that comes back", () => {
  test("leaves the invoice as it is, and is named by what an older version shows", async () => {
    const { world, stripe, customer, id } = await startBilled();
    const { id: part, latest_charge } = await intentOf(world, customer, 1000, paying);
    await stripe.invoices.attachPayment(id, { payment_intent: part });
    await stripe.refunds.create({ payment_intent: part, amount: 400 });
    assert.deepEqual((await standing(world, id)).sums, [3500, 1000, 2500, 0]);
    const headers = { "stripe-version": "2024-06-20" };
    const { json } = await world.call("GET", `/v1/charges/${latest_charge}`, { headers });
    assert.deepEqual([json.invoice, json.amount_refunded], [id, 400]);
  });

  test("a credit note takes off what remains first, then gives back of each part", async () => {
    const { world, stripe, customer, id } = await startBilled();
    for (const amount of [1000, 1200]) {
      const { id: payment_intent } = await intentOf(world, customer, amount, paying);
      await stripe.invoices.attachPayment(id, { payment_intent });
    }
    await assert.rejects(stripe.creditNotes.create({ invoice: id, amount: 3501, refund_amount: 2201 }), /credited/);
    const note = await stripe.creditNotes.create({ invoice: id, amount: 3000, refund_amount: 1700 });
    assert.deepEqual([note.type, note.pre_payment_amount, note.post_payment_amount], ["mixed", 1300, 1700]);
    const given = note.refunds.map((one) => one.amount_refunded).sort();
    assert.equal(
      given.reduce((sum, amount) => sum + amount, 0),
      1700,
    );
    assert.equal(given.length, 2);
    const { status, sums } = await standing(world, id);
    assert.deepEqual([status, sums], ["paid", [2200, 2200, 0, 0]]);
  });
});
