import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { dayMs } from "#kit/clock.ts";
import { type SandboxWorld, startWorld } from "../../../testing.ts";
import { billedCustomer, draftOf, openInvoice } from "../testing.ts";

const intentOf = async ({ stripe }: SandboxWorld, id: string) => {
  const { payments } = await stripe.invoices.retrieve(id, { expand: ["payments.data.payment.payment_intent"] });
  const intent = payments?.data[0]?.payment.payment_intent;
  assert.ok(typeof intent === "object");
  return intent;
};

suite("paying an invoice", () => {
  test("a draft is finalized and paid in one moment", async () => {
    const world = startWorld();
    const { customer } = await billedCustomer(world);
    const { id } = await draftOf(world, customer, 3500);
    const paid = await world.stripe.invoices.pay(id);
    const { finalized_at, paid_at } = paid.status_transitions;
    assert.deepEqual([paid.status, finalized_at, paid_at, paid.effective_at], ["paid", paid_at, finalized_at, paid_at]);
  });

  test("a decline leaves it open, with its charge, and says so; a better card pays it", async () => {
    const world = startWorld();
    const { stripe, call } = world;
    const { customer } = await billedCustomer(world, "pm_card_chargeCustomerFail");
    const { id } = await draftOf(world, customer, 3500);
    const declined = await call("POST", `/v1/invoices/${id}/pay`);
    assert.deepEqual([declined.status, declined.error.type, declined.error.code], [402, "card_error", "card_declined"]);
    const open = await stripe.invoices.retrieve(id);
    assert.deepEqual([open.status, open.attempted, open.attempt_count, open.amount_paid], ["open", true, 1, 0]);
    assert.deepEqual((await world.eventTypes()).slice(-6), [
      "invoice.updated",
      "invoice.finalized",
      "charge.failed",
      "payment_intent.payment_failed",
      "invoice.payment_failed",
      "invoice.updated",
    ]);
    const { id: visa } = await stripe.paymentMethods.attach("pm_card_visa", { customer });
    const paid = await stripe.invoices.pay(id, { payment_method: visa });
    assert.deepEqual([paid.status, paid.attempt_count], ["paid", 1]);
  });

  test("a card that asks is answered by the payer, with the secret that the invoice shows", async () => {
    const world = startWorld();
    const { stripe, call } = world;
    const { customer } = await billedCustomer(world, "pm_card_threeDSecure2Required");
    const { id } = await draftOf(world, customer, 3500);
    const asked = await call("POST", `/v1/invoices/${id}/pay`);
    const { code, type } = asked.error;
    assert.deepEqual([asked.status, type, code], [402, "card_error", "invoice_payment_intent_requires_action"]);
    const open = await stripe.invoices.retrieve(id);
    assert.deepEqual([open.attempted, open.attempt_count, open.next_payment_attempt], [true, 0, null]);
    const types = await world.eventTypes();
    assert.ok(types.indexOf("invoice.payment_action_required") < types.indexOf("invoice.payment_failed"));
    const { confirmation_secret } = await stripe.invoices.retrieve(id, { expand: ["confirmation_secret"] });
    const intent = await intentOf(world, id);
    assert.deepEqual(confirmation_secret, { client_secret: intent.client_secret, type: "payment_intent" });
    assert.equal(intent.status, "requires_action");
    const form = `source=${intent.id}&client_secret=${intent.client_secret}&outcome=succeeded`;
    await call("POST", "/v1/3ds2/authenticate", form);
    assert.equal((await stripe.invoices.retrieve(id)).status, "paid");
  });

  test("whoever confirms its intent pays it", async () => {
    const world = startWorld();
    const { stripe } = world;
    const { id: customer } = await stripe.customers.create({ email: "ada@shop.test" });
    const { id } = await openInvoice(world, customer, 3500);
    const intent = await intentOf(world, id);
    assert.deepEqual([intent.amount, intent.customer, intent.status], [3500, customer, "requires_payment_method"]);
    await stripe.paymentIntents.confirm(intent.id, { payment_method: "pm_card_visa" });
    const paid = await stripe.invoices.retrieve(id, { expand: ["payments"] });
    const [payment] = paid.payments?.data ?? [];
    assert.deepEqual([paid.status, payment?.status, payment?.amount_paid], ["paid", "paid", 3500]);
    const found = await stripe.invoicePayments.list({ payment: { type: "payment_intent", payment_intent: intent.id } });
    assert.deepEqual(
      found.data.map((one) => [one.id, one.invoice]),
      [[payment?.id, id]],
    );
  });

  test("out of band nobody attempts anything, and nobody can pay it twice", async () => {
    const world = startWorld();
    const { customer } = await billedCustomer(world);
    const { id } = await openInvoice(world, customer, 3500);
    const paid = await world.stripe.invoices.pay(id, { paid_out_of_band: true });
    assert.deepEqual([paid.status, paid.amount_paid, paid.attempted, paid.attempt_count], ["paid", 3500, false, 0]);
    const { cancellation_reason, status } = await intentOf(world, id);
    assert.deepEqual([status, cancellation_reason], ["canceled", "requested_by_customer"]);
  });

  test("a debit is on its way for days, and may come back", async () => {
    for (const [iban, end] of [
      ["pm_sepaDebit_success_de", "paid"],
      ["pm_sepaDebit_failed_de", "open"],
    ] as const) {
      const world = startWorld();
      const { stripe } = world;
      const { id: customer } = await stripe.customers.create({ email: "ada@shop.test" });
      const { id } = await openInvoice(world, customer, 3500, { currency: "eur" });
      const { id: intent } = await intentOf(world, id);
      await stripe.paymentIntents.confirm(intent, {
        payment_method: iban,
        mandate_data: { customer_acceptance: { type: "offline" } },
      });
      const waiting = await stripe.invoices.retrieve(id);
      assert.deepEqual([waiting.status, waiting.attempted, waiting.attempt_count], ["open", true, 1]);
      await world.clock.advance(20 * dayMs);
      const settled = await stripe.invoices.retrieve(id);
      assert.deepEqual([settled.status, settled.attempt_count], [end, 1]);
      const isFailed = (await world.eventTypes()).includes("invoice.payment_failed");
      assert.equal(isFailed, end === "open");
    }
  });
});

suite("the balance of a customer and an invoice", () => {
  test("a credit is taken off, and the rest of it stays", async () => {
    const world = startWorld();
    const { stripe } = world;
    const { customer } = await billedCustomer(world);
    await stripe.customers.createBalanceTransaction(customer, { amount: -2500, currency: "usd" });
    const { id } = await draftOf(world, customer, 1000);
    const { amount_due, starting_balance, ending_balance } = await stripe.invoices.retrieve(id);
    assert.deepEqual([amount_due, starting_balance, ending_balance], [0, -2500, null]);
    const paid = await stripe.invoices.finalizeInvoice(id);
    assert.deepEqual(
      [paid.status, paid.attempt_count, paid.starting_balance, paid.ending_balance],
      ["paid", 0, -2500, -1500],
    );
    const { data } = await stripe.customers.listBalanceTransactions(customer, { invoice: id });
    assert.deepEqual(
      data.map((one) => [one.type, one.amount, one.ending_balance]),
      [["applied_to_invoice", 1000, -1500]],
    );
  });

  test("an invoice of less than nothing is credited", async () => {
    const world = startWorld();
    const { customer } = await billedCustomer(world);
    const paid = await openInvoice(world, customer, -334);
    assert.deepEqual([paid.status, paid.total, paid.amount_due, paid.ending_balance], ["paid", -334, 0, -334]);
    const next = await openInvoice(world, customer, 1000);
    assert.deepEqual([next.starting_balance, next.amount_due, next.ending_balance], [-334, 666, 0]);
  });

  test("what is too little to be charged waits for the next invoice", async () => {
    const world = startWorld();
    const { stripe } = world;
    const { customer } = await billedCustomer(world);
    const small = await openInvoice(world, customer, 4);
    assert.deepEqual([small.status, small.amount_due, small.ending_balance, small.attempt_count], ["paid", 0, 4, 0]);
    const next = await openInvoice(world, customer, 1000);
    assert.deepEqual([next.starting_balance, next.amount_due, next.ending_balance], [4, 1004, 0]);
    const { data } = await stripe.customers.listBalanceTransactions(customer);
    assert.deepEqual(data.map((one) => [one.type, one.amount, one.ending_balance]).reverse(), [
      ["invoice_too_small", 4, 4],
      ["applied_to_invoice", -4, 0],
    ]);
  });

  test("void, it gives back what it took", async () => {
    const world = startWorld();
    const { stripe } = world;
    const { customer } = await billedCustomer(world);
    await stripe.customers.createBalanceTransaction(customer, { amount: -300, currency: "usd" });
    const { id } = await openInvoice(world, customer, 1000);
    await stripe.invoices.voidInvoice(id);
    const [back] = (await stripe.customers.listBalanceTransactions(customer)).data;
    assert.deepEqual([back?.type, back?.amount, back?.ending_balance], ["unapplied_from_invoice", -300, -300]);
  });
});
