// A story: an integration that was written from a guide, call by call, with the SDK of its time.
import { sandboxUrl, type Testbed } from "bursar/testing";
import { type Found, type OldStripe, oldStripe } from "./stage/old_stripe.ts";
import type { Stage, Story } from "./stage/stage.ts";

export const guide: Story = {
  name: "guide",
  title: "An integration from a guide, as it was written",
  proves:
    "Programs of stripe 17 and stripe 8 work against the sandbox unchanged, and where they never could work, they " +
    "fail as they do against Stripe.",
  seed: 9,
  async play(stage) {
    const stripe = oldSdk(stage.testbed, "stripe-acacia", "2025-02-24.acacia");
    await verify(stage, stripe);
    await payOnce(stage, stripe);
    await subscribe(stage, stripe);
    await billOnce(stage, stripe);
    await lookBack(stage, stripe);
  },
};

async function verify({ say }: Stage, stripe: OldStripe): Promise<void> {
  say("The connection is verified, an old charge made, and an endpoint registered.");
  const balance = await stripe.balance.retrieve();
  say(`What is available: ${JSON.stringify(balance.available)}.`);
  const order = { amount: 2000, currency: "eur", description: "Order payment #1234", source: "tok_visa" };
  say(`The charge is ${(await stripe.charges.create(order)).status}.`);
  const webhook = await stripe.webhookEndpoints.create({
    url: "https://your-domain.com/api/stripe/webhook",
    enabled_events: [
      "payment_intent.succeeded",
      "payment_intent.payment_failed",
      "invoice.paid",
      "invoice.payment_failed",
      "customer.subscription.created",
      "customer.subscription.deleted",
    ],
  });
  say("A webhook is believed when its signature is right, and not when its body was changed.");
  const body = JSON.stringify({ id: "evt_1", object: "event", type: "invoice.paid" });
  const secret = String(webhook.secret);
  const signature = stripe.webhooks.generateTestHeaderString({ payload: body, secret });
  say(`Believed: ${stripe.webhooks.constructEvent(body, signature, secret).type}.`);
  const forged = await answerOf(async () => stripe.webhooks.constructEvent(`${body} `, signature, secret));
  say(`Not believed: ${forged.slice(0, 79)}.`);
}

async function payOnce({ say, pay, testbed, advance }: Stage, stripe: OldStripe): Promise<void> {
  say("A PaymentIntent is made on the server, confirmed in the browser, and looked at on the server.");
  const orderId = "CMD-2026-0042";
  const params = { amount: 5000, currency: "eur", metadata: { order_id: orderId, customer_reference: "REF-ABC" } };
  const intent = await stripe.paymentIntents.create(params);
  await pay(String(intent.client_secret), "pm_card_visa");
  say(`It is ${(await stripe.paymentIntents.retrieve(intent.id)).status}.`);
  say("An idempotency key with the time in it is another key each time: the order is asked for twice.");
  const asked = async () => {
    const idempotencyKey = `order-${orderId}-${testbed.clock.now()}`;
    const { id } = await stripe.paymentIntents.create({ amount: 5000, currency: "eur" }, { idempotencyKey });
    await advance("1 second");
    return id;
  };
  const intents = new Set([await asked(), await asked()]);
  say(`Intents: ${intents.size}.`);
  const refund = await stripe.refunds.create({ payment_intent: intent.id, amount: 2500 });
  say(`Half of it goes back: ${refund.status}.`);
}

async function subscribe({ say, pay }: Stage, stripe: OldStripe): Promise<void> {
  say("A product, a monthly price, a customer, and a subscription whose first invoice waits for its payer.");
  const product = await stripe.products.create({ name: "Professional Plan", description: "Full platform access" });
  const price = await stripe.prices.create({
    product: product.id,
    unit_amount: 4900,
    currency: "eur",
    recurring: { interval: "month" },
  });
  const customer = await stripe.customers.create({
    email: "client@example.com",
    name: "Company ABC",
    metadata: { internal_id: "CLI-0042" },
  });
  const subscription = await stripe.subscriptions.create({
    customer: customer.id,
    items: [{ price: price.id }],
    payment_behavior: "default_incomplete",
    expand: ["latest_invoice.payment_intent"],
  });
  const invoice = subscription.latest_invoice as { readonly id: string; readonly payment_intent: Found };
  say(`It is ${subscription.status}, and the browser confirms the intent of its invoice.`);
  await pay(String(invoice.payment_intent.client_secret), "pm_card_visa");
  say(`It is ${(await stripe.subscriptions.retrieve(subscription.id)).status}.`);
  const { data } = (await stripe.invoices.list({
    customer: customer.id,
    limit: 12,
    status: "paid",
  })) as unknown as List;
  say(`Paid invoices: ${data.length}.`);

  say("retrievePDF is in no SDK. The invoice itself says where its PDF is.");
  say(await answerOf(() => stripe.invoices.retrievePDF(invoice.id)));
  say(`invoice_pdf: ${typeof (await stripe.invoices.retrieve(invoice.id)).invoice_pdf}.`);

  say("From now on it is billed by mail, with two weeks to pay.");
  const changed = await stripe.subscriptions.update(subscription.id, {
    days_until_due: 14,
    collection_method: "send_invoice",
    payment_settings: { payment_method_types: ["card", "sepa_debit"] },
  });
  say(`${changed.collection_method}, ${changed.days_until_due} days.`);
}

interface List {
  readonly data: readonly Found[];
}

async function billOnce({ say, pay, advance, testbed }: Stage, stripe: OldStripe): Promise<void> {
  say("A one-off invoice: what waits for the customer was on it until August 2022. Stripe 8 bills it.");
  const old = oldSdk(testbed, "stripe-2020-08-27", "2020-08-27");
  const billed = await oneOff(old, {});
  await old.invoices.finalizeInvoice(billed.id);
  const sent = await old.invoices.sendInvoice(billed.id);
  say(`Stripe 8: ${sent.amount_due} ${sent.currency}, ${sent.status}.`);

  say("Stripe 17 makes an invoice of nothing by the same lines: it is paid at once, and there is nothing to send.");
  const empty = await oneOff(stripe, {});
  const paid = await stripe.invoices.finalizeInvoice(empty.id);
  say(`Stripe 17: ${paid.amount_due}, ${paid.status}.`);
  say(await answerOf(() => stripe.invoices.sendInvoice(empty.id)));

  say("It bills what waits when it says so, and the payer's bank pays.");
  const whole = await oneOff(stripe, { pending_invoice_items_behavior: "include" });
  await stripe.invoices.finalizeInvoice(whole.id);
  const asked = await stripe.invoices.sendInvoice(whole.id);
  say(`${asked.amount_due} ${asked.currency}, ${asked.status}.`);
  const intent = await stripe.paymentIntents.retrieve(String(asked.payment_intent));
  await pay(String(intent.client_secret), "pm_sepaDebit_success_de");
  await advance("10 seconds");
  say(`It is ${(await stripe.invoices.retrieve(whole.id)).status}.`);
}

async function oneOff(stripe: OldStripe, more: object): Promise<Found> {
  const { id: customer } = await stripe.customers.create({ email: "client@example.com", name: "Company ABC" });
  await stripe.invoiceItems.create({
    customer,
    amount: 15000,
    currency: "eur",
    description: "Consulting services - March 2026",
  });
  return stripe.invoices.create({ customer, auto_advance: true, ...more });
}

async function lookBack({ say, testbed }: Stage, stripe: OldStripe): Promise<void> {
  say("Whatever webhook was missed is found in the list of events.");
  const since = Math.floor(testbed.clock.now() / 1000) - 86400;
  const sent = { type: "payment_intent.succeeded", created: { gte: since } };
  const { data } = (await stripe.events.list(sent)) as unknown as List;
  say(`payment_intent.succeeded: ${data.length}.`);
}

/** What somebody is told whose call fails. */
async function answerOf(call: () => Promise<unknown>): Promise<string> {
  try {
    await call();
    return "answered";
  } catch (error) {
    const { name, message } = error as Error;
    return `${name}: ${message.split("\n")[0]}`;
  }
}

/** The SDK of its time, as the shop has it. */
function oldSdk(testbed: Testbed, name: string, apiVersion: string): OldStripe {
  const fetchAsShop = testbed.fetchAs("shop");
  return oldStripe(name, apiVersion, (url, init) => {
    const { pathname, search } = new URL(url);
    return testbed.settle(fetchAsShop(`${sandboxUrl}${pathname}${search}`, init));
  });
}
