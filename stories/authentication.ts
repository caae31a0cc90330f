// A story: a payment that the bank wants confirmed.
import { coffee, type Story } from "./stage/stage.ts";

export const authentication: Story = {
  name: "authentication",
  title: "3-D Secure, failed and passed",
  proves: "A payment that the bank wants confirmed waits, survives a failed attempt, and is paid once.",
  seed: 2,
  async play({ billing, pay, authenticate, advance, say }) {
    await billing.orders.create(coffee("order_9002"));
    const { clientSecret } = await billing.orders.checkout("order_9002");

    say("The card asks for authentication, and the customer fails it.");
    say(`The browser hears: ${await pay(clientSecret, "pm_card_threeDSecure2Required")}.`);
    await authenticate(clientSecret, "failed");
    await advance("10 seconds");
    const failed = await billing.orders.get("order_9002");
    say(`The order is ${failed.status}: ${failed.lastFailure?.code}.`);

    say("The customer tries again and passes.");
    say(`The browser hears: ${await pay(clientSecret, "pm_card_threeDSecure2Required")}.`);
    await authenticate(clientSecret, "succeeded");
    await advance("10 seconds");
    const order = await billing.orders.get("order_9002");
    say(`The order is ${order.status}: ${order.amountPaid} ${order.total.currency}.`);
  },
};
