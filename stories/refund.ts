// A story: money goes back, once.
import { coffee, type Story } from "./stage/stage.ts";

export const refund: Story = {
  name: "refund",
  title: "A partial refund, then the rest",
  proves: "Refunds add up to what was paid and never to more; the same refund asked for twice is one refund.",
  seed: 5,
  async play({ billing, pay, advance, say }) {
    await billing.orders.create(coffee("order_9005"));
    const { clientSecret } = await billing.orders.checkout("order_9005");
    await pay(clientSecret, "pm_card_visa");
    await advance("10 seconds");

    say("One bag comes back. Support presses the button twice.");
    const bag = { id: "refund_1", orderId: "order_9005", amount: 1250 };
    say(`The refund is ${(await billing.refunds.create(bag)).outcome}.`);
    say(`And again: ${(await billing.refunds.create(bag)).outcome}, without another request.`);

    say("An hour later the rest is given back.");
    await advance("1 hour");
    say(`The refund is ${(await billing.refunds.create({ id: "refund_2", orderId: "order_9005" })).outcome}.`);
    await advance("10 seconds");
    const order = await billing.orders.get("order_9005");
    say(`Of ${order.amountPaid} paid, ${order.amountRefunded} went back.`);
  },
};
