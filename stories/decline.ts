// A story: a card is declined, and another one pays.
import { coffee, type Story } from "./stage/stage.ts";

export const decline: Story = {
  name: "decline",
  title: "A decline, then another card",
  proves: "A declined card is an answer, not an accident: the same order is paid by the next card.",
  seed: 3,
  async play({ billing, pay, advance, say }) {
    await billing.orders.create(coffee("order_9003"));
    const { clientSecret } = await billing.orders.checkout("order_9003");

    say("The first card has no money on it.");
    say(`The browser hears: ${await pay(clientSecret, "pm_card_visa_chargeDeclinedInsufficientFunds")}.`);
    await advance("10 seconds");
    const declined = await billing.orders.get("order_9003");
    say(`The order is ${declined.status}: ${declined.lastFailure?.declineCode}.`);

    say("The second card pays, on the same PaymentIntent.");
    say(`The browser hears: ${await pay(clientSecret, "pm_card_mastercard")}.`);
    await advance("10 seconds");
    const order = await billing.orders.get("order_9003");
    say(`The order is ${order.status}: ${order.amountPaid} ${order.total.currency}.`);
  },
};
