// A story: four customers whose renewal is not simply paid.
import type { Stage, Story } from "./stage/stage.ts";

export const renewals: Story = {
  name: "renewals",
  title: "Renewals that are not simply paid",
  proves:
    "A renewal that fails is tried again by itself until another card pays or the subscription is canceled; one that " +
    "needs its payer waits for them; a debit may come back after days.",
  seed: 10,
  settlement: "real",
  async play(stage) {
    await tillCanceled(stage);
    await recovered(stage);
    await asked(stage);
    await debited(stage);
  },
};

interface Subscriber {
  readonly customer: string;
  readonly subscription: string;
}

/** Somebody with a card that pays, and a subscription for 49.00 EUR a month. */
async function subscriber(stage: Stage, name: string): Promise<Subscriber> {
  const { stripe, advance } = stage;
  const { id: customer } = await stripe.customers.create({ email: "client@example.com", name });
  await newDefault(stage, customer, "pm_card_visa");
  const { id: price } = await stripe.prices.create({
    unit_amount: 4900,
    currency: "eur",
    recurring: { interval: "month" },
    product_data: { name: "Professional Plan" },
  });
  const { id: subscription } = await stripe.subscriptions.create({ customer, items: [{ price }] });
  await advance("1 minute");
  return { customer, subscription };
}

async function newDefault({ stripe, advance }: Stage, customer: string, card: string): Promise<void> {
  const { id } = await stripe.paymentMethods.attach(card, { customer });
  await stripe.customers.update(customer, { invoice_settings: { default_payment_method: id } });
  await advance("1 minute");
}

async function stand({ stripe, say }: Stage, { subscription }: Subscriber): Promise<void> {
  const { status, latest_invoice } = await stripe.subscriptions.retrieve(subscription);
  const invoice = await stripe.invoices.retrieve(String(latest_invoice));
  say(`The subscription is ${status}, its invoice ${invoice.status} at attempt ${invoice.attempt_count}.`);
}

async function tillCanceled(stage: Stage): Promise<void> {
  stage.say("Ada's card is declined from now on.");
  const ada = await subscriber(stage, "Ada");
  await newDefault(stage, ada.customer, "pm_card_chargeCustomerFail");
  stage.say("A month and two hours later.");
  await stage.advance("30 days");
  await stage.advance("2 hours");
  await stand(stage, ada);
  stage.say("Nobody does anything for two weeks.");
  await stage.advance("14 days");
  await stand(stage, ada);
}

async function recovered(stage: Stage): Promise<void> {
  stage.say("Bob's card is declined too.");
  const bob = await subscriber(stage, "Bob");
  await newDefault(stage, bob.customer, "pm_card_chargeCustomerFail");
  await stage.advance("31 days");
  await stage.advance("2 hours");
  await stand(stage, bob);
  stage.say("Bob brings another card, which pays at the next try.");
  await newDefault(stage, bob.customer, "pm_card_visa");
  await stage.advance("2 days");
  await stand(stage, bob);
  await stage.stripe.subscriptions.cancel(bob.subscription);
  await stage.advance("1 minute");
}

async function asked(stage: Stage): Promise<void> {
  stage.say("The bank of Cleo's card asks each time.");
  const cleo = await subscriber(stage, "Cleo");
  await newDefault(stage, cleo.customer, "pm_card_threeDSecure2Required");
  await stage.advance("31 days");
  await stage.advance("2 hours");
  await stand(stage, cleo);
  stage.say("Cleo is sent to the invoice, and answers.");
  const { latest_invoice } = await stage.stripe.subscriptions.retrieve(cleo.subscription);
  const expand = ["confirmation_secret"];
  const { confirmation_secret } = await stage.stripe.invoices.retrieve(String(latest_invoice), { expand });
  await stage.authenticate(String(confirmation_secret?.client_secret), "succeeded");
  await stage.advance("1 minute");
  await stand(stage, cleo);
  await stage.stripe.subscriptions.cancel(cleo.subscription);
  await stage.advance("1 minute");
}

async function debited(stage: Stage): Promise<void> {
  const { stripe, say } = stage;
  say("Dora pays by direct debit, from an account that will be empty.");
  const dora = await subscriber(stage, "Dora");
  const setup = await stripe.setupIntents.create({ customer: dora.customer });
  const { payment_method } = await stripe.setupIntents.confirm(setup.id, {
    payment_method: "pm_sepaDebit_failed_de",
    return_url: "https://shop.test/back",
    mandate_data: { customer_acceptance: { type: "offline" } },
  });
  const settings = { invoice_settings: { default_payment_method: String(payment_method) } };
  await stripe.customers.update(dora.customer, settings);
  await stage.advance("1 minute");
  say("The renewal is on its way to the bank, and the subscription active all the while.");
  await stage.advance("31 days");
  await stage.advance("2 hours");
  await stand(stage, dora);
  say("Two weeks later it has come back.");
  await stage.advance("14 days");
  await stand(stage, dora);
}
