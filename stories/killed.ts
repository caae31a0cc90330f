// A story: billing is killed between Stripe's answer and its own write.
import { coffee, type Story } from "./stage/stage.ts";

export const killed: Story = {
  name: "killed",
  title: "Killed between Stripe's answer and our own write",
  proves: "The PaymentIntent exists, billing never heard of it, and still no second one is made.",
  seed: 8,
  killAt: "POST /v1/payment_intents",
  async play({ billing, stripe, pay, advance, say, testbed }) {
    await billing.orders.create(coffee("order_9009"));

    say("The checkout asks Stripe for a PaymentIntent; billing is killed before it hears the answer.");
    const { clientSecret } = await billing.orders.checkout("order_9009");
    say(`Life ${testbed.incarnation} of billing hears of it from Stripe, and repeats the open call under its old key.`);

    await pay(clientSecret, "pm_card_visa");
    await advance("2 minutes");
    const { data: intents } = await stripe.paymentIntents.list({});
    const order = await billing.orders.get("order_9009");
    say(`The order is ${order.status}; Stripe has ${intents.length} PaymentIntent.`);
  },
};
