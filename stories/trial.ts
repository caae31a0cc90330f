// A story: two trials, one that is paid and one whose customer has nothing to pay with.
import type { Stage, Story } from "./stage/stage.ts";

export const trial: Story = {
  name: "trial",
  title: "From a trial to what is paid",
  proves:
    "A trial costs nothing, is announced three days before it ends, and is paid by the card that came meanwhile; " +
    "without one the subscription waits until there is.",
  seed: 12,
  async play(stage) {
    const { advance, say, stripe } = stage;
    say("Ada tries the plan for two weeks, without a card. Where none comes, it is to be paused.");
    const price = await planOf(stage);
    const ada = await tryOut(stage, "Ada", price);
    say("She brings a card in the meantime.");
    await advance("5 days");
    await bringCard(stage, ada.customer);
    say("Three days before the end it is announced, and at the end it is renewed.");
    await advance("9 days");
    await advance("2 hours");
    await stand(stage, ada.subscription);
    say("Bob tries it too, and forgets.");
    const bob = await tryOut(stage, "Bob", price);
    await advance("14 days");
    await advance("2 hours");
    await stand(stage, bob.subscription);
    say("A week later he has a card and goes on: his month begins when he has paid for it.");
    await advance("7 days");
    await bringCard(stage, bob.customer);
    const { latest_invoice } = await stripe.subscriptions.resume(bob.subscription);
    await stand(stage, bob.subscription);
    await stripe.invoices.pay(String(latest_invoice));
    await advance("1 minute");
    await stand(stage, bob.subscription);
  },
};

async function planOf({ stripe }: Stage): Promise<string> {
  const { id } = await stripe.prices.create({
    unit_amount: 4900,
    currency: "eur",
    recurring: { interval: "month" },
    product_data: { name: "Professional Plan" },
  });
  return id;
}

async function tryOut({ advance, stripe }: Stage, name: string, price: string) {
  const { id: customer } = await stripe.customers.create({ email: `${name.toLowerCase()}@example.com`, name });
  const { id: subscription } = await stripe.subscriptions.create({
    customer,
    items: [{ price }],
    trial_period_days: 14,
    trial_settings: { end_behavior: { missing_payment_method: "pause" } },
  });
  await advance("1 minute");
  return { customer, subscription };
}

async function bringCard({ advance, stripe }: Stage, customer: string): Promise<void> {
  const { id } = await stripe.paymentMethods.attach("pm_card_visa", { customer });
  await stripe.customers.update(customer, { invoice_settings: { default_payment_method: id } });
  await advance("1 minute");
}

async function stand({ say, stripe }: Stage, subscription: string): Promise<void> {
  const { status, latest_invoice } = await stripe.subscriptions.retrieve(subscription);
  const { amount_paid, status: paid } = await stripe.invoices.retrieve(String(latest_invoice));
  say(`The subscription is ${status}, its invoice ${paid}: ${amount_paid} cents were paid.`);
}
