// For tests: who has a schedule, for what, and what came of it.
import type Stripe from "stripe";
import { dayMs } from "#kit/clock.ts";
import type { SandboxWorld } from "../../testing.ts";

/** Somebody who pays with a card; what costs twenty and what costs ten a month. */
export async function planning(world: SandboxWorld) {
  const { clock, eventTypes, stripe } = world;
  const { id: customer } = await stripe.customers.create({ email: "ada@shop.test" });
  const { id: method } = await stripe.paymentMethods.attach("pm_card_visa", { customer });
  await stripe.customers.update(customer, { invoice_settings: { default_payment_method: method } });
  const price = async (unit_amount: number) => {
    const recurring = { interval: "month" } as const;
    const made = { currency: "usd", unit_amount, recurring, product_data: { name: "Gold" } };
    return (await stripe.prices.create(made)).id;
  };
  const [gold, silver] = [await price(2000), await price(1000)];
  const now = () => Math.floor(clock.now() / 1000);
  const plan = (
    phases: Stripe.SubscriptionScheduleCreateParams.Phase[],
    rest: Partial<Stripe.SubscriptionScheduleCreateParams> = {},
  ) => stripe.subscriptionSchedules.create({ customer, start_date: "now", phases, ...rest });
  const schedule = (id: string) => stripe.subscriptionSchedules.retrieve(id);
  const subscription = async (id: string) => stripe.subscriptions.retrieve(String((await schedule(id)).subscription));
  /** Reason and total, oldest first. */
  const bills = async () => {
    const { data } = await stripe.invoices.list({ customer, limit: 100 });
    return data.reverse().map(({ billing_reason: reason, total }) => `${reason} ${total}`);
  };
  const types = async (since = 0) => (await eventTypes()).slice(since);
  const told = async (type: Stripe.EventListParams["type"]) => (await stripe.events.list({ type, limit: 100 })).data;
  const days = (count: number) => clock.advance(count * dayMs);
  return { bills, customer, days, gold, now, plan, schedule, silver, stripe, subscription, told, types };
}

/** One month, or so many. */
export function months(interval_count = 1) {
  return { duration: { interval: "month", interval_count } } as const;
}
