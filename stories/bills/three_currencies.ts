// A story: one price, and buyers in three currencies.
import type Stripe from "stripe";
import type { Story } from "../stage/stage.ts";

export const threeCurrencies: Story = {
  name: "three_currencies",
  room: "bills",
  title: "A price in three currencies",
  proves:
    "Each buyer pays what the price is in their currency, as the shop has set it and never converted, also when it " +
    "renews; a currency that the price does not have is refused.",
  seed: 19,
  async play({ advance, say, stripe }) {
    say("A seat costs 12 dollars a month, 11 euros, or 1,800 yen, which have no cents.");
    const { id: product } = await stripe.products.create({ name: "Seat" });
    const { id: price } = await stripe.prices.create({
      ...{ product, currency: "usd", unit_amount: 1200, recurring: { interval: "month" } },
      currency_options: { eur: { unit_amount: 1100 }, jpy: { unit_amount: 1800 } },
    });
    await advance("1 minute");
    const buyer = async (name: string) => {
      const { id: customer } = await stripe.customers.create({ email: `${name.toLowerCase()}@example.com`, name });
      const { id: method } = await stripe.paymentMethods.attach("pm_card_visa", { customer });
      await stripe.customers.update(customer, { invoice_settings: { default_payment_method: method } });
      await advance("1 minute");
      return customer;
    };
    const tell = (name: string, { currency, lines, total }: Stripe.Invoice) =>
      say(`${name}: ${total} ${currency}, ${lines.data.map(({ description }) => description).join(", ")}.`);
    const running: [name: string, id: string][] = [];
    for (const [name, currency] of [
      ["Ada", "usd"],
      ["Bea", "eur"],
      ["Ken", "jpy"],
    ] as const) {
      const customer = await buyer(name);
      const expand = ["latest_invoice"];
      const made = await stripe.subscriptions.create({ customer, currency, items: [{ price, quantity: 2 }], expand });
      await advance("1 minute");
      tell(name, made.latest_invoice as Stripe.Invoice);
      running.push([name, made.id]);
    }
    say("Somebody asks for pounds, which the price does not have.");
    const customer = await buyer("Flo");
    const pounds = stripe.subscriptions.create({ customer, currency: "gbp", items: [{ price }] });
    say(await pounds.then(({ status }) => status).catch((error: Error) => error.message));
    say("A month later each pays in the currency in which they began.");
    await advance("31 days");
    await advance("2 hours");
    for (const [name, id] of running) {
      const { latest_invoice } = await stripe.subscriptions.retrieve(id, { expand: ["latest_invoice"] });
      tell(name, latest_invoice as Stripe.Invoice);
    }
  },
};
