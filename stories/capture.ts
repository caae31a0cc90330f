// A story: money that is held first and taken later.
import { coffee, type Story } from "./stage/stage.ts";

export const capture: Story = {
  name: "capture",
  title: "Manual capture, and of a part only",
  proves: "Money is reserved first and taken when the goods leave; what is not taken is given back.",
  seed: 4,
  async play({ billing, pay, advance, say }) {
    await billing.orders.create(coffee("order_9004", { capture: "manual" }));
    const { clientSecret } = await billing.orders.checkout("order_9004");

    say("The customer's card is authorized, nothing is taken.");
    say(`The browser hears: ${await pay(clientSecret, "pm_card_visa")}.`);
    await advance("10 seconds");
    const authorized = await billing.orders.get("order_9004");
    say(`The order is ${authorized.status}: ${authorized.amountPaid} of ${authorized.total.amount}.`);

    say("An hour later one of the two bags is sent, and paid for.");
    await advance("1 hour");
    const captured = await billing.orders.capture("order_9004", { amount: 1250 });
    say(`The capture is ${captured.outcome}.`);
    await advance("10 seconds");
    const order = await billing.orders.get("order_9004");
    say(`The order is ${order.status}: ${order.amountPaid} of ${order.total.amount}.`);
  },
};
