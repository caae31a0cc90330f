// A story: the plain way, a card pays an order.
import { coffee, type Story } from "./stage/stage.ts";

export const card: Story = {
  name: "card",
  title: "A card payment",
  proves: "One order, one card, one payment, and the shop is told once.",
  seed: 1,
  async play({ billing, pay, advance, say }) {
    say("The shop has an order and asks for a checkout.");
    await billing.orders.create(coffee("order_9001"));
    const { clientSecret } = await billing.orders.checkout("order_9001");

    say("The customer pays with 4242 4242 4242 4242.");
    say(`The browser hears: ${await pay(clientSecret, "pm_card_visa")}.`);

    say("Stripe's webhook arrives, and billing tells the shop.");
    await advance("10 seconds");
    const order = await billing.orders.get("order_9001");
    say(`The order is ${order.status}: ${order.amountPaid} ${order.total.currency}.`);
  },
};
