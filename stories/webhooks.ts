// A story: webhooks come twice and late, or do not come.
import { coffee, type Story } from "./stage/stage.ts";

export const webhooks: Story = {
  name: "webhooks",
  title: "Webhooks twice and late",
  proves: "An event that comes twice acts once, and one that does not come is fetched.",
  seed: 6,
  async play({ billing, pay, advance, say, setWebhooks, deliverAgain, fulfilled }) {
    await billing.orders.create(coffee("order_9006"));
    const first = await billing.orders.checkout("order_9006");
    await pay(first.clientSecret, "pm_card_visa");
    await advance("10 seconds");

    say("The network delivers the same webhook a second time.");
    say(`It is answered ${await deliverAgain("payment_intent.succeeded")}, and the shop hears nothing new.`);
    await advance("10 seconds");

    say("Now no webhook gets through, and a customer pays.");
    setWebhooks(false);
    await billing.orders.create(coffee("order_9007"));
    const second = await billing.orders.checkout("order_9007");
    await pay(second.clientSecret, "pm_card_visa");

    say("Within two minutes billing reads what it missed from Stripe's list of events.");
    await advance("2 minutes");
    say(`The order is ${(await billing.orders.get("order_9007")).status}.`);

    say("The way is free again; Stripe's own retry arrives minutes late and changes nothing.");
    setWebhooks(true);
    await advance("1 hour");
    say(`The shop was told: ${fulfilled.map(({ what }) => what).join(", ")}.`);
  },
};
