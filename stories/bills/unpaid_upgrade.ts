// A story: an upgrade that is asked for and never paid, and the same one paid.
import type Stripe from "stripe";
import type { Stage, Story } from "../stage/stage.ts";

export const unpaidUpgrade: Story = {
  name: "unpaid_upgrade",
  room: "bills",
  title: "An upgrade that is never paid",
  proves:
    "Nobody has the large plan who has not paid for it: the change waits with its invoice, and what is not paid in " +
    "time leaves the subscription as it was.",
  seed: 14,
  async play(stage) {
    const { advance, say, stripe } = stage;
    say("Ada has the small plan, 10.00 EUR a month, and by now a card that her bank declines.");
    const { customer, id, item, large } = await subscribed(stage);
    say("Half of the month is over when she asks for the large one, which shall be hers once it is paid.");
    await advance("15 days");
    const change: Stripe.SubscriptionUpdateParams = {
      items: [{ id: item, price: large }],
      payment_behavior: "pending_if_incomplete",
      proration_behavior: "always_invoice",
    };
    await stripe.subscriptions.update(id, change);
    await advance("1 minute");
    await tell(stage, id);
    say("A day goes by, and nobody pays.");
    await advance("1 day");
    await tell(stage, id);
    say("She asks again, and this time another card pays the invoice.");
    const { latest_invoice: invoice } = await stripe.subscriptions.update(id, change);
    await advance("1 minute");
    const { id: good } = await stripe.paymentMethods.attach("pm_card_mastercard", { customer });
    await stripe.invoices.pay(String(invoice), { payment_method: good });
    await advance("1 minute");
    await tell(stage, id);
  },
};

async function subscribed({ advance, stripe }: Stage) {
  const { id: customer } = await stripe.customers.create({ email: "ada@example.com", name: "Ada" });
  const use = async (card: string) => {
    const { id } = await stripe.paymentMethods.attach(card, { customer });
    await stripe.customers.update(customer, { invoice_settings: { default_payment_method: id } });
    await advance("1 minute");
  };
  await use("pm_card_visa");
  const { id: product } = await stripe.products.create({ name: "Plan" });
  const monthly = { product, currency: "eur", recurring: { interval: "month" } } as const;
  const { id: small } = await stripe.prices.create({ ...monthly, unit_amount: 1000, nickname: "Small" });
  const { id: large } = await stripe.prices.create({ ...monthly, unit_amount: 3000, nickname: "Large" });
  await advance("1 minute");
  const { id, items } = await stripe.subscriptions.create({ customer, items: [{ price: small }] });
  await advance("1 minute");
  await use("pm_card_chargeCustomerFail");
  return { customer, id, item: String(items.data[0]?.id), large };
}

async function tell({ say, stripe }: Stage, id: string): Promise<void> {
  const { items, latest_invoice, pending_update: update } = await stripe.subscriptions.retrieve(id);
  const { status, total } = await stripe.invoices.retrieve(String(latest_invoice));
  const waiting = update?.subscription_items?.[0]?.price.nickname;
  say(`She has: ${items.data[0]?.price.nickname}. Waiting: ${waiting ?? "nothing"}. Invoice of ${total}: ${status}.`);
}
