import assert from "node:assert/strict";
import { suite, test } from "node:test";
import type Stripe from "stripe";
import { dayMs } from "#kit/clock.ts";
import { type SandboxWorld, startWorld } from "../../testing.ts";
import { billedCustomer, draftOf, openInvoice } from "../invoices/testing.ts";

async function owed(world: SandboxWorld, amount = 10_000): Promise<Stripe.Invoice> {
  const { customer } = await billedCustomer(world);
  return openInvoice(world, customer, amount);
}

async function paid(world: SandboxWorld, amount = 10_000): Promise<Stripe.Invoice> {
  const { id } = await owed(world, amount);
  return world.stripe.invoices.pay(id, { expand: ["payments"] });
}

const custom = (unit_amount: number, quantity = 1): Stripe.CreditNoteCreateParams.Line => ({
  type: "custom_line_item",
  description: "Too much",
  quantity,
  unit_amount,
});

/** What was told since then. */
async function since(world: SandboxWorld, before: readonly string[]): Promise<string[]> {
  return (await world.eventTypes()).slice(before.length);
}

suite("a credit note on an open invoice", () => {
  test("takes off what is asked for, and the payment follows", async () => {
    const world = startWorld();
    const { stripe } = world;
    const { id } = await owed(world);
    const before = await world.eventTypes();
    const note = await stripe.creditNotes.create({ invoice: id, lines: [custom(2000)], reason: "order_change" });
    assert.deepEqual(
      [note.type, note.status, note.total, note.pre_payment_amount, note.post_payment_amount, note.refunds],
      ["pre_payment", "issued", 2000, 2000, 0, []],
    );
    assert.match(note.number, /-0001-CN-01$/);
    const invoice = await stripe.invoices.retrieve(id, { expand: ["payments.data.payment.payment_intent"] });
    assert.deepEqual(
      [invoice.amount_due, invoice.amount_remaining, invoice.pre_payment_credit_notes_amount, invoice.total],
      [8000, 8000, 2000, 10_000],
    );
    const payment = invoice.payments?.data[0];
    assert.equal(payment?.amount_requested, 8000);
    assert.equal((payment.payment.payment_intent as Stripe.PaymentIntent).amount, 8000);
    assert.deepEqual(await since(world, before), ["credit_note.created", "invoice.updated"]);
    const settled = await stripe.invoices.pay(id);
    assert.deepEqual([settled.status, settled.amount_paid, settled.amount_remaining], ["paid", 8000, 0]);
  });

  test("of all that is asked for pays it, and nobody is charged", async () => {
    const world = startWorld();
    const { id } = await owed(world);
    const before = await world.eventTypes();
    await world.stripe.creditNotes.create({ invoice: id, amount: 10_000 });
    const invoice = await world.stripe.invoices.retrieve(id, { expand: ["payments"] });
    assert.deepEqual(
      [invoice.status, invoice.amount_due, invoice.amount_paid, invoice.amount_remaining, invoice.attempt_count],
      ["paid", 0, 0, 0, 0],
    );
    assert.equal(invoice.payments?.data[0]?.status, "canceled");
    assert.deepEqual(await since(world, before), [
      ...["credit_note.created", "invoice.updated", "invoice.paid", "invoice.payment_succeeded"],
      "payment_intent.canceled",
    ]);
    await assert.rejects(world.stripe.invoices.pay(id), /already paid/);
  });

  test("leaves less than what can be charged, which is still asked for and paid", async () => {
    const world = startWorld();
    const { id } = await owed(world, 1000);
    await world.stripe.creditNotes.create({ invoice: id, amount: 970 });
    const invoice = await world.stripe.invoices.pay(id);
    assert.deepEqual([invoice.status, invoice.amount_paid], ["paid", 30]);
  });

  test("that is void asks for it again, and its lines can be credited again", async () => {
    const world = startWorld();
    const { stripe } = world;
    const { id, lines } = await owed(world);
    const line = { type: "invoice_line_item", invoice_line_item: String(lines.data[0]?.id), quantity: 1 } as const;
    await stripe.creditNotes.create({ invoice: id, amount: 500 });
    const before = await world.eventTypes();
    await assert.rejects(stripe.creditNotes.create({ invoice: id, lines: [line] }), /only \$95.00/);
    const part = { ...line, quantity: undefined, amount: 3000 };
    const note = await stripe.creditNotes.create({ invoice: id, lines: [part] });
    const voided = await stripe.creditNotes.voidCreditNote(note.id);
    assert.deepEqual([voided.status, voided.total], ["void", 3000]);
    assert.equal(typeof voided.voided_at, "number");
    const invoice = await stripe.invoices.retrieve(id);
    assert.deepEqual([invoice.amount_due, invoice.pre_payment_credit_notes_amount], [9500, 500]);
    assert.deepEqual(await since(world, before), [
      ...["credit_note.created", "invoice.updated", "credit_note.voided", "invoice.updated"],
    ]);
    const again = await stripe.creditNotes.create({ invoice: id, lines: [{ ...part, amount: 9500 }] });
    assert.match(again.number, /-CN-03$/);
    await assert.rejects(stripe.creditNotes.voidCreditNote(note.id), /void already/);
    await assert.rejects(stripe.creditNotes.voidCreditNote(again.id), /if the associated invoice is open\.$/);
  });

  // Nobody was seen to try it; that a payment in the air comes as it was asked for, and that what is paid over goes to
  // the balance, is documented.
  test("while a debit is on its way takes off what is asked for, never all; what comes over is kept", async () => {
    const world = startWorld();
    const { clock, stripe } = world;
    const { id: customer } = await stripe.customers.create({ email: "ada@shop.test" });
    const { id } = await openInvoice(world, customer, 1000, { currency: "eur" });
    const { payments } = await stripe.invoices.retrieve(id, { expand: ["payments"] });
    await stripe.paymentIntents.confirm(String(payments?.data[0]?.payment.payment_intent), {
      payment_method: "pm_sepaDebit_success_de",
      mandate_data: { customer_acceptance: { type: "offline" } },
    });
    await assert.rejects(stripe.creditNotes.create({ invoice: id, amount: 1000 }), /with the bank already/);
    assert.equal((await stripe.creditNotes.list({ invoice: id })).data.length, 0);
    const note = await stripe.creditNotes.create({ invoice: id, amount: 300 });
    const credited = await stripe.invoices.retrieve(id);
    assert.deepEqual([note.type, credited.status, credited.amount_remaining], ["pre_payment", "open", 700]);
    await clock.advance(20 * dayMs);
    const { amount_overpaid: over, amount_paid: whole, status } = await stripe.invoices.retrieve(id);
    assert.deepEqual([status, whole, over], ["paid", 700, 300]);
    const { balance } = (await stripe.customers.retrieve(customer)) as Stripe.Customer;
    assert.equal(balance, -300);
  });

  test("gives back to the customer what the invoice took of their balance", async () => {
    const world = startWorld();
    const { stripe } = world;
    const { customer } = await billedCustomer(world);
    await stripe.customers.createBalanceTransaction(customer, { amount: -300, currency: "usd" });
    const { id, amount_due } = await openInvoice(world, customer, 1000);
    assert.equal(amount_due, 700);
    await assert.rejects(
      stripe.creditNotes.create({ invoice: id, amount: 1000 }),
      /\(\$0\.00\) must equal the credit note post_payment_amount \(\$3\.00\)/,
    );
    const note = await stripe.creditNotes.create({ invoice: id, amount: 1000, credit_amount: 300 });
    assert.deepEqual([note.type, note.pre_payment_amount, note.post_payment_amount], ["mixed", 700, 300]);
    const invoice = await stripe.invoices.retrieve(id);
    assert.deepEqual(
      [invoice.status, invoice.pre_payment_credit_notes_amount, invoice.post_payment_credit_notes_amount],
      ["paid", 700, 300],
    );
    const after = await stripe.customers.retrieve(customer);
    assert.equal(after.deleted ? null : after.balance, -300);
  });
});

suite("a credit note on a paid invoice", () => {
  test("makes a refund, credits the customer, and says what was given outside", async () => {
    const world = startWorld();
    const { stripe } = world;
    const invoice = await paid(world);
    const before = await world.eventTypes();
    const note = await stripe.creditNotes.create({
      invoice: invoice.id,
      lines: [custom(250, 2)],
      refund_amount: 100,
      credit_amount: 200,
      out_of_band_amount: 200,
      memo: "Sorry",
      expand: ["refunds.refund", "customer_balance_transaction"],
    });
    assert.deepEqual(
      [note.type, note.total, note.post_payment_amount, note.out_of_band_amount],
      ["post_payment", 500, 500, 200],
    );
    const [made] = note.refunds;
    const refund = made?.refund;
    assert.equal(typeof refund === "object" && refund.amount, 100);
    const movement = note.customer_balance_transaction as Stripe.CustomerBalanceTransaction;
    assert.deepEqual(
      [movement.type, movement.amount, movement.credit_note, movement.invoice],
      ["credit_note", -200, note.id, invoice.id],
    );
    const after = await stripe.invoices.retrieve(invoice.id);
    assert.deepEqual(
      [after.status, after.amount_due, after.amount_paid, after.post_payment_credit_notes_amount],
      ["paid", 10_000, 10_000, 500],
    );
    assert.deepEqual(await since(world, before), [
      ...["refund.created", "charge.refunded", "refund.updated", "charge.refund.updated"],
      ...["customer.updated", "credit_note.created", "invoice.updated"],
    ]);
    await assert.rejects(stripe.creditNotes.voidCreditNote(note.id), /if the associated invoice is open/);
  });

  test("links refunds that were made before, each up to what it refunded", async () => {
    const world = startWorld();
    const { stripe } = world;
    const invoice = await paid(world);
    const intent = String(invoice.payments?.data[0]?.payment.payment_intent);
    const { id: refund } = await stripe.refunds.create({ payment_intent: intent, amount: 700 });
    const link = (amount: number, refunded?: number) =>
      stripe.creditNotes.create({
        invoice: invoice.id,
        amount,
        refunds: [{ refund, ...(refunded !== undefined && { amount_refunded: refunded }) }],
      });
    const note = await link(300, 300);
    assert.deepEqual(note.refunds, [{ amount_refunded: 300, payment_record_refund: null, refund, type: "refund" }]);
    await assert.rejects(link(500, 500), /Only 400 of the refund/);
    assert.equal((await link(400)).refunds[0]?.amount_refunded, 400);
    const rest = { invoice: invoice.id, amount: 9300, out_of_band_amount: 9300 };
    await assert.rejects(stripe.creditNotes.create({ ...rest, amount: 9301, out_of_band_amount: 9301 }), /\$93.00/);
    await stripe.creditNotes.create(rest);
  });

  test("shares its ceiling with refunds that no note names", async () => {
    const world = startWorld();
    const invoice = await paid(world);
    const intent = String(invoice.payments?.data[0]?.payment.payment_intent);
    await world.stripe.refunds.create({ payment_intent: intent, amount: 9000 });
    const ask = (amount: number) =>
      world.stripe.creditNotes.create({ invoice: invoice.id, amount, credit_amount: amount });
    await assert.rejects(ask(1001), /only \$10.00 of the invoice/);
    assert.equal((await ask(1000)).total, 1000);
  });

  test("cannot refund what came outside of Stripe, and leaves nothing when it is refused", async () => {
    const world = startWorld();
    const { id } = await owed(world);
    await world.stripe.invoices.pay(id, { paid_out_of_band: true });
    const before = await world.eventTypes();
    const ask = { invoice: id, amount: 400, credit_amount: 100, refund_amount: 300 };
    await assert.rejects(world.stripe.creditNotes.create(ask), /not paid by a charge/);
    assert.deepEqual(await since(world, before), []);
    assert.equal((await world.stripe.creditNotes.list()).data.length, 0);
  });
});

suite("credit notes", () => {
  test("are refused for drafts, for what is void, and for what comes to nothing", async () => {
    const world = startWorld();
    const { stripe } = world;
    const { customer } = await billedCustomer(world);
    const draft = await draftOf(world, customer, 500);
    await assert.rejects(stripe.creditNotes.create({ invoice: draft.id, amount: 1 }), /for a draft invoice\.$/);
    const { id } = await openInvoice(world, customer, 500);
    for (const [form, words] of [
      [`invoice=${id}`, /one of `amount`/],
      [`invoice=${id}&amount=0`, /above zero/],
      [`invoice=${id}&amount=501`, /only \$5.00/],
      [`invoice=${id}&amount=100&refund_amount=100`, /must equal the credit note post_payment_amount \(\$0\.00\)/],
      [`invoice=${id}&amount=5&lines[0][type]=custom_line_item&lines[0][unit_amount]=4`, /come to \$0.04/],
      [`invoice=${id}&lines[0][type]=custom_line_item&lines[0][unit_amount]=-4`, /greater than or equal to 1/],
      [`invoice=${id}&lines[0][type]=custom_line_item&lines[0][amount]=4`, /cannot be used with lines of type/],
      [`invoice=${id}&lines[0][type]=custom_line_item`, /either `unit_amount` or/],
      [
        `invoice=${id}&lines[0][type]=invoice_line_item&lines[0][invoice_line_item]=il_nope&lines[0][quantity]=1`,
        /No such/,
      ],
      [`invoice=in_nope&amount=1`, /No such invoice/],
      [`amount=1`, /Missing required param: invoice/],
    ] as const) {
      const { status, error } = await world.call("POST", "/v1/credit_notes", form);
      assert.equal(status, 400, form);
      assert.match(String(error.message), words);
    }
    await stripe.invoices.voidInvoice(id);
    await assert.rejects(stripe.creditNotes.create({ invoice: id, amount: 1 }), /for a void invoice\.$/);
    assert.equal((await stripe.creditNotes.list()).data.length, 0);
  });

  test("can be previewed, which leaves nothing", async () => {
    const world = startWorld();
    const { stripe } = world;
    const invoice = await paid(world);
    const before = await world.eventTypes();
    const asked = { invoice: invoice.id, lines: [custom(300)], refund_amount: 300 };
    const preview = await stripe.creditNotes.preview(asked);
    assert.deepEqual([preview.total, preview.type, preview.refunds.length], [300, "post_payment", 1]);
    const lines = await stripe.creditNotes.listPreviewLineItems(asked);
    assert.deepEqual(
      lines.data.map(({ amount }) => amount),
      [300],
    );
    assert.deepEqual(await since(world, before), []);
    assert.equal((await stripe.creditNotes.list()).data.length, 0);
    assert.equal((await stripe.refunds.list()).data.length, 0);
    const made = await stripe.creditNotes.create(asked);
    assert.deepEqual([made.total, made.number], [preview.total, preview.number]);
  });

  test("are listed by invoice and by customer, their lines page by page, and described later", async () => {
    const world = startWorld();
    const { stripe } = world;
    const invoice = await owed(world);
    const lines = [1, 2, 3].map((amount) => custom(amount * 100));
    const note = await stripe.creditNotes.create({ invoice: invoice.id, lines });
    await stripe.creditNotes.create({ invoice: (await owed(world)).id, amount: 5 });
    const of = async (filter: Stripe.CreditNoteListParams) =>
      (await stripe.creditNotes.list(filter)).data.map(({ id }) => id);
    assert.deepEqual(await of({ invoice: invoice.id }), [note.id]);
    assert.deepEqual(await of({ customer: String(invoice.customer) }), [note.id]);
    const first = await stripe.creditNotes.listLineItems(note.id, { limit: 2 });
    assert.deepEqual([first.data.map(({ amount }) => amount), first.has_more], [[100, 200], true]);
    const next = await stripe.creditNotes.listLineItems(note.id, { starting_after: String(first.data[1]?.id) });
    assert.deepEqual([next.data.map(({ amount }) => amount), next.has_more], [[300], false]);
    const before = await world.eventTypes();
    const updated = await stripe.creditNotes.update(note.id, { memo: "Sorry", metadata: { a: "b" } });
    assert.deepEqual([updated.memo, updated.metadata], ["Sorry", { a: "b" }]);
    assert.deepEqual(await since(world, before), ["credit_note.updated"]);
    assert.deepEqual(await stripe.creditNotes.retrieve(note.id), updated);
  });
});
