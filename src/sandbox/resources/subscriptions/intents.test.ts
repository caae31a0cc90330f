// What the payments of invoices say of themselves, by what is billed. The bodies were recorded in pay-rails/pay
// (test/vcr_cassettes, 2026-08-26.dahlia) and zulip/zulip (corporate/tests/stripe_fixtures).
import assert from "node:assert/strict";
import { suite, test } from "node:test";
import type Stripe from "stripe";
import { dayMs } from "#kit/clock.ts";
import { type SandboxWorld, startWorld } from "../../testing.ts";
import { billedCustomer, openInvoice } from "../invoices/testing.ts";
import { monthly } from "./testing.ts";

async function intentOf({ stripe }: SandboxWorld, invoice: Stripe.Subscription["latest_invoice"] | string) {
  const { payments } = await stripe.invoices.retrieve(String(invoice), { expand: ["payments"] });
  return stripe.paymentIntents.retrieve(String(payments?.data[0]?.payment.payment_intent));
}

const purpose = ({ description, setup_future_usage }: Stripe.PaymentIntent) => [description, setup_future_usage];

suite("the payment of an invoice", () => {
  test("says what is billed, and keeps the method of who begins or changes a subscription", async () => {
    const world = startWorld();
    const { stripe, clock } = world;
    const { customer } = await billedCustomer(world);
    const {
      id,
      items,
      latest_invoice: first,
    } = await stripe.subscriptions.create({
      customer,
      items: [{ price: await monthly(world, 1000) }],
    });
    assert.deepEqual(purpose(await intentOf(world, first)), ["Subscription creation", "off_session"]);
    const dearer = { id: items.data[0]?.id ?? "", price: await monthly(world, 3000) };
    const changed = await stripe.subscriptions.update(id, { items: [dearer], proration_behavior: "always_invoice" });
    assert.deepEqual(purpose(await intentOf(world, changed.latest_invoice)), ["Subscription update", "off_session"]);
    await clock.advance(31.5 * dayMs);
    const { latest_invoice: renewal } = await stripe.subscriptions.retrieve(id);
    assert.deepEqual(purpose(await intentOf(world, renewal)), ["Subscription update", null]);
    const manual = await openInvoice(world, customer, 700);
    assert.deepEqual(purpose(await intentOf(world, manual.id)), ["Payment for Invoice", null]);
  });

  test("names the invoice, and is booked at once; its charge says the same", async () => {
    const world = startWorld();
    const { stripe } = world;
    const { customer } = await billedCustomer(world);
    const { id } = await openInvoice(world, customer, 700);
    await stripe.invoices.pay(id);
    const { capture_method, latest_charge, payment_details } = await intentOf(world, id);
    assert.deepEqual(payment_details, { customer_reference: null, order_reference: id });
    const { balance_transaction, description } = await stripe.charges.retrieve(String(latest_charge));
    assert.deepEqual([capture_method, description], ["automatic", "Payment for Invoice"]);
    const booked = await stripe.balanceTransactions.retrieve(String(balance_transaction));
    assert.equal(booked.description, "Payment for Invoice");
  });

  test("says on the payer's statement what the invoice says, by card too", async () => {
    const world = startWorld();
    const { stripe } = world;
    const { customer } = await billedCustomer(world);
    await stripe.invoiceItems.create({ customer, amount: 900, currency: "eur" });
    const { id } = await stripe.invoices.create({
      customer,
      pending_invoice_items_behavior: "include",
      statement_descriptor: "Fair Cloud",
    });
    await stripe.invoices.pay(id ?? "");
    const { latest_charge, statement_descriptor } = await intentOf(world, id ?? "");
    const charge = await stripe.charges.retrieve(String(latest_charge));
    assert.deepEqual(
      [statement_descriptor, charge.statement_descriptor, charge.calculated_statement_descriptor],
      ["Fair Cloud", "Fair Cloud", "FAIR CLOUD"],
    );
    assert.equal(charge.receipt_url, `https://pay.stripe.com/receipts/invoices/${charge.id}?s=ap`);
  });

  test("keeps the method with which the payer confirms the first of a subscription", async () => {
    const world = startWorld();
    const { stripe } = world;
    const { id: customer } = await stripe.customers.create();
    const { latest_invoice } = await stripe.subscriptions.create({
      customer,
      items: [{ price: await monthly(world, 1000) }],
      payment_behavior: "default_incomplete",
    });
    const { id } = await intentOf(world, latest_invoice);
    const { payment_method } = await stripe.paymentIntents.confirm(id, { payment_method: "pm_card_visa" });
    assert.equal((await stripe.paymentMethods.retrieve(String(payment_method))).customer, customer);
    assert.ok((await world.eventTypes()).includes("payment_method.attached"));
  });
});
