// A story: the buyer clicks twice.
import { coffee, type Story } from "./stage/stage.ts";

export const doubleClick: Story = {
  name: "double_click",
  title: "A customer clicks twice",
  proves: "Two tabs, two clicks and two checkouts make one PaymentIntent and one charge.",
  seed: 7,
  async play({ billing, stripe, pay, advance, say }) {
    say("Two tabs ask for the same order and its checkout at the same time.");
    await Promise.all([1, 2].map(() => billing.orders.create(coffee("order_9008"))));
    const checkouts = await Promise.all([1, 2].map(() => billing.orders.checkout("order_9008")));
    const secrets = new Set(checkouts.map((checkout) => checkout.clientSecret));
    say(`They were given ${secrets.size} payment.`);

    say("Both press Pay.");
    const heard = await Promise.all(checkouts.map((checkout) => pay(checkout.clientSecret, "pm_card_visa")));
    say(`They hear: ${heard.join(" and ")}.`);
    await advance("10 seconds");

    const { data: charges } = await stripe.charges.list({});
    const order = await billing.orders.get("order_9008");
    say(`The order is ${order.status}; Stripe has ${charges.length} charge.`);
  },
};
