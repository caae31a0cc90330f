// What tests of changes begin with: a catalog that is sold, and a customer who has a plan of it.
import type Stripe from "stripe";
import { minuteMs } from "#kit/clock.ts";
import type { Catalog } from "../index.ts";
import { startWorld, type World, type WorldOptions } from "./index.ts";
import { payer, subscribe } from "./mirrored.ts";

const amounts = (eur: number) => ({ eur });

export const shop: Catalog = {
  features: { seats: "seats" },
  plans: {
    basic: { name: "Basic", prices: { month: amounts(1000), year: amounts(10_000) }, features: { seats: 1 } },
    pro: { name: "Pro", prices: { month: amounts(3000) }, features: { seats: 1 } },
  },
  addOns: {
    storage: { name: "Storage", prices: { month: amounts(500), year: amounts(5000) } },
    calls: { name: "Calls", prices: { month: amounts(250) } },
  },
  coupons: { launch: { name: "Launch", percentOff: 50, duration: "forever" } },
};

export interface Selling {
  readonly world: World;
  readonly prices: Readonly<Record<string, string>>;
  /** The id of a price: `price("pro")`, `price("basic", "year")`. */
  price(name: string, every?: string, currency?: string): string;
}

export async function startSelling(options: WorldOptions, catalog: Catalog = shop): Promise<Selling> {
  const world = await startWorld(options);
  await world.run(world.billing.catalog.apply(catalog));
  const { prices } = await world.run(world.billing.catalog.get());
  const price = (name: string, every = "month", currency = "eur") =>
    prices[`bursar-${name}-${every}-${currency}`] ?? "";
  return { world, prices, price };
}

export interface Having {
  readonly customer: string;
  readonly id: string;
}

type More = Partial<Stripe.SubscriptionCreateParams> & { readonly card?: string; readonly user?: string };

/** A customer of ours who pays with a card, and has this of it. */
export async function having(
  { world }: Pick<Selling, "world">,
  prices: readonly (string | { readonly price: string; readonly quantity: number })[],
  { card = "pm_card_visa", user = "user_1", ...more }: More = {},
): Promise<Having> {
  const customer = await payer(world, user, card);
  const items = prices.map((one) => (typeof one === "string" ? { price: one } : one));
  const { id } = await subscribe(world, customer, { items, ...more });
  await world.advance(minuteMs);
  return { customer, id };
}

/** As Stripe has them now, by price. */
export async function held({ stripe, run }: World, id: string): Promise<Readonly<Record<string, number>>> {
  const { items } = await run(stripe.subscriptions.retrieve(id).then((one) => one));
  return Object.fromEntries(items.data.map(({ price, quantity }) => [String(price.lookup_key), quantity ?? 0]));
}

/** All that was ever paid for it, in minor units. */
export async function paidBy({ stripe, run }: World, customer: string): Promise<number> {
  const { data } = await run(stripe.charges.list({ customer, limit: 100 }).then((list) => list));
  return data.filter(({ status }) => status === "succeeded").reduce((sum, { amount }) => sum + amount, 0);
}

/** What was told of changes. */
export function told({ facts }: Pick<World, "facts">): string[] {
  return facts.flatMap(({ type }) => /^subscription\.(change\w*)$/.exec(type)?.[1] ?? []);
}
