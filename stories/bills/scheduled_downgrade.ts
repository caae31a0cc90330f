// A story: a smaller plan from the next period on, by a schedule.
import type { Stage, Story } from "../stage/stage.ts";

export const scheduledDowngrade: Story = {
  name: "scheduled_downgrade",
  room: "bills",
  title: "A downgrade when the period ends",
  proves:
    "What was paid for is had until its last day, and the month after that costs what was chosen: one invoice, " +
    "nothing prorated, and the schedule leaves the subscription alone afterwards.",
  seed: 16,
  async play(stage) {
    const { advance, say, stripe } = stage;
    say("Ada has three seats of the large plan, 30.00 EUR each a month, and wants one of the small one.");
    const { id, large, small } = await subscribed(stage);
    await advance("10 days");
    say("She keeps what she has paid for: a schedule takes the subscription over, with the month that runs first.");
    const { id: schedule, phases } = await stripe.subscriptionSchedules.create({ from_subscription: id });
    await advance("1 minute");
    const { end_date = 0, start_date = 0 } = phases[0] ?? {};
    await stripe.subscriptionSchedules.update(schedule, {
      phases: [
        { items: [{ price: large, quantity: 3 }], start_date, end_date },
        { items: [{ price: small }], duration: { interval: "month", interval_count: 2 } },
      ],
    });
    await advance("1 minute");
    const { total } = await stripe.invoices.createPreview({ schedule });
    say(`What she will be asked for next: ${total}.`);
    await tell(stage, id);
    say("Nobody ends the subscription behind the back of its schedule.");
    const ended = await stripe.subscriptions.update(id, { cancel_at_period_end: true }).catch(({ message }) => message);
    say(String(ended).replace(/`sub_sched_\w+`/, "of hers"));
    await advance("1 minute");
    say("The month is over.");
    await advance("20 days");
    await tell(stage, id);
    say("Two months later the schedule is done, and the small plan goes on.");
    await advance("62 days");
    await tell(stage, id);
    const { status } = await stripe.subscriptionSchedules.retrieve(schedule);
    say(`The schedule: ${status}.`);
  },
};

async function subscribed({ advance, stripe }: Stage) {
  const { id: customer } = await stripe.customers.create({ email: "ada@example.com", name: "Ada" });
  const { id: method } = await stripe.paymentMethods.attach("pm_card_visa", { customer });
  await stripe.customers.update(customer, { invoice_settings: { default_payment_method: method } });
  await advance("1 minute");
  const { id: product } = await stripe.products.create({ name: "Plan" });
  const monthly = { product, currency: "eur", recurring: { interval: "month" } } as const;
  const { id: small } = await stripe.prices.create({ ...monthly, unit_amount: 1000, nickname: "Small" });
  const { id: large } = await stripe.prices.create({ ...monthly, unit_amount: 3000, nickname: "Large" });
  await advance("1 minute");
  const { id } = await stripe.subscriptions.create({ customer, items: [{ price: large, quantity: 3 }] });
  await advance("1 minute");
  return { id, large, small };
}

async function tell({ say, stripe }: Stage, id: string): Promise<void> {
  const { items, latest_invoice, schedule } = await stripe.subscriptions.retrieve(id);
  const { status, total } = await stripe.invoices.retrieve(String(latest_invoice));
  const [item] = items.data;
  const planned = schedule === null ? "nothing planned" : "planned further";
  say(`She has ${item?.quantity} of ${item?.price.nickname}, ${planned}. Her newest invoice of ${total}: ${status}.`);
}
