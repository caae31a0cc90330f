// A catalog, and customers who subscribe to its plans, for tests.
import type Stripe from "stripe";
import { defineCatalog } from "../resources/catalog/index.ts";
import { billingUrl, saveCard, type World } from "./index.ts";

export const plans = defineCatalog({
  taxBehavior: "exclusive",
  plans: {
    basic: { name: "Basic", prices: { month: { eur: 900 } } },
    pro: {
      name: "Pro",
      prices: { month: { eur: 1900, usd: 2100 }, year: { eur: 19000 } },
      trialDays: 14,
    },
    care: { name: "Care", prices: { month: { eur: 400 } }, group: "support" },
  },
  addOns: {
    seats: { name: "Seats", prices: { month: { eur: 500 } } },
    setup: { name: "Setup", prices: { once: { eur: 4900 } } },
  },
  coupons: { launch: { name: "Launch", percentOff: 20 } },
});
/** With cents, without, with thousandths, and in whole units of what has hundredths. */
export const monthInEach = { eur: 1900, jpy: 2400, kwd: 6000, huf: 790000, isk: 290000 };

type Start = Parameters<World["billing"]["subscriptions"]["start"]>[0];

export async function sell(world: World, customerId = "user_1", card: string | null = "pm_card_visa"): Promise<string> {
  const isApplied = world.billing.catalog.get().then(
    () => true,
    () => false,
  );
  if (!(await world.run(isApplied))) await world.run(world.billing.catalog.apply(plans));
  const { stripeCustomerId } = await world.run(world.billing.customers.ensure({ id: customerId }));
  if (card !== null) await saveCard(world, customerId, { card });
  return stripeCustomerId ?? "";
}

/** Pro, by the month in euros, unless it is said otherwise. */
export function starting(world: World, more: Partial<Start> = {}) {
  const wish = { id: "start_1", customerId: "user_1", plan: "pro", every: "month", currency: "eur" } as const;
  return world.billing.subscriptions.start({ ...wish, ...more } as Start);
}

export async function atStripe({ stripe, run }: World, customer: string): Promise<readonly Stripe.Subscription[]> {
  return (await run(stripe.subscriptions.list({ customer, status: "all" }))).data;
}

/** The payer does in a page what Stripe.js does there. */
export async function payWaiting({ stripe, run }: World, clientSecret: string, card = "pm_card_visa"): Promise<void> {
  const intent = clientSecret.slice(0, clientSecret.indexOf("_secret"));
  const paying = stripe.paymentIntents.confirm(intent, {
    payment_method: card,
    return_url: `${billingUrl}/pay/returned`,
  });
  await run(paying.then((paid) => paid));
}

export async function openFlags(world: World): Promise<string[]> {
  const { data } = await world.run(world.billing.flags.list({ state: "open" }));
  return data.map(({ kind }) => kind);
}
