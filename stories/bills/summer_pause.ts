// A story: a subscription that rests for a summer, and what its customer pays before and after.
import type { Stage, Story } from "../stage/stage.ts";

export const summerPause: Story = {
  name: "summer_pause",
  room: "bills",
  title: "A pause for a summer",
  proves:
    "Nobody pays for time in which they are not served: what was unused is given back, nothing is billed while the " +
    "subscription rests, and it goes on when it is paid again.",
  seed: 17,
  async play(stage) {
    const { advance, say, stripe } = stage;
    say("Ada has a season ticket for the climbing hall, 30.00 EUR a month.");
    const { customer, id } = await subscribed(stage);
    say("On the tenth day she leaves for the summer, and the hall pauses her ticket.");
    await advance("10 days");
    await stripe.subscriptions.pause(id);
    await tell(stage, customer, id);
    say("Two months go by. Nobody is billed.");
    await advance("60 days");
    await tell(stage, customer, id);
    say("She is back. A new month is billed at once, less what she was owed.");
    await stripe.subscriptions.resume(id, { payment_behavior: "resume_on_payment_success" });
    await tell(stage, customer, id);
  },
};

async function subscribed({ advance, stripe }: Stage) {
  const { id: customer } = await stripe.customers.create({ email: "ada@example.com", name: "Ada" });
  const { id: method } = await stripe.paymentMethods.attach("pm_card_visa", { customer });
  await stripe.customers.update(customer, { invoice_settings: { default_payment_method: method } });
  await advance("1 minute");
  const { id: price } = await stripe.prices.create({
    currency: "eur",
    unit_amount: 3000,
    recurring: { interval: "month" },
    product_data: { name: "Season ticket" },
  });
  const { id } = await stripe.subscriptions.create({
    customer,
    items: [{ price }],
    billing_mode: { type: "flexible" },
  });
  await advance("1 minute");
  return { customer, id };
}

async function tell({ advance, say, stripe }: Stage, customer: string, id: string): Promise<void> {
  await advance("1 minute");
  const { status } = await stripe.subscriptions.retrieve(id);
  const waiting = (await stripe.invoiceItems.list({ customer, pending: true })).data;
  const owed = waiting.reduce((sum, { amount }) => sum + amount, 0);
  const bills = (await stripe.invoices.list({ subscription: id })).data.map(({ total }) => total).reverse();
  await advance("1 minute");
  say(`The ticket is ${status}. Billed so far: ${bills.join(", ")}. Waiting for the next invoice: ${owed}.`);
}
