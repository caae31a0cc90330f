// A story: a subscription that is changed in the middle of its month.
import type { Stage, Story } from "./stage/stage.ts";

export const upgrade: Story = {
  name: "upgrade",
  title: "An upgrade in the middle of a month",
  proves:
    "What a change will cost is what it costs: the preview, the invoice and the card agree to the cent, and what is " +
    "left of the old plan is given back.",
  seed: 11,
  async play(stage) {
    const { advance, say, stripe } = stage;
    say("Ada subscribes to the small plan: 10.00 EUR a month.");
    const { customer, small, large } = await catalog(stage);
    const { id, items: held } = await stripe.subscriptions.create({ customer, items: [{ price: small }] });
    const item = String(held.data[0]?.id);
    say("Half of the month is over when she wants the large one, and asks what that will cost now.");
    await advance("15 days");
    const now = Math.floor(stage.testbed.clock.now() / 1000);
    const items = [{ id: item, price: large }];
    const change = { items, proration_behavior: "always_invoice", proration_date: now } as const;
    const preview = await stripe.invoices.createPreview({ subscription: id, subscription_details: change });
    bill(stage, preview.lines.data, preview.total);
    say("She agrees, and it is that.");
    const { latest_invoice } = await stripe.subscriptions.update(id, change);
    const invoice = await stripe.invoices.retrieve(String(latest_invoice));
    bill(stage, invoice.lines.data, invoice.total);
    say(`The invoice is ${invoice.status}.`);
    say("Back to the small one, before the month is over: this time the difference waits for the next invoice.");
    await advance("5 days");
    await stripe.subscriptions.update(id, { items: [{ id: item, price: small }] });
    await advance("10 days");
    await advance("2 hours");
    const { latest_invoice: next } = await stripe.subscriptions.retrieve(id);
    const renewal = await stripe.invoices.retrieve(String(next));
    bill(stage, renewal.lines.data, renewal.total);
    say(`The invoice is ${renewal.status}.`);
  },
};

async function catalog({ advance, stripe }: Stage) {
  const { id: customer } = await stripe.customers.create({ email: "ada@example.com", name: "Ada" });
  const { id } = await stripe.paymentMethods.attach("pm_card_visa", { customer });
  await stripe.customers.update(customer, { invoice_settings: { default_payment_method: id } });
  const { id: product } = await stripe.products.create({ name: "Plan" });
  const monthly = { product, currency: "eur", recurring: { interval: "month" } } as const;
  const { id: small } = await stripe.prices.create({ ...monthly, unit_amount: 1000, nickname: "Small" });
  const { id: large } = await stripe.prices.create({ ...monthly, unit_amount: 3000, nickname: "Large" });
  await advance("1 minute");
  return { customer, small, large };
}

interface Line {
  readonly amount: number;
  readonly description: string | null;
}

function bill({ say }: Stage, lines: readonly Line[], total: number): void {
  for (const { amount, description } of lines) say(`${String(amount).padStart(6)}  ${description}`);
  say(`${String(total).padStart(6)}  in all`);
}
