// Lives of customers that are lived at Stripe, through its SDK, by whoever works there, and what is given by hand.
import type Stripe from "stripe";
import { dayMs, hourMs, minuteMs } from "#kit/clock.ts";
import type { Random } from "#kit/random.ts";
import type { Catalog } from "../../api/index.ts";
import type { World } from "../index.ts";
import { monthly, payWith } from "../mirrored.ts";

type Plans = NonNullable<Catalog["plans"]>;
type Features = NonNullable<Catalog["features"]>;

export interface Served {
  readonly world: World;
  readonly random: Random;
  readonly features: Features;
  /** By customer, Stripe's id. */
  readonly customers: ReadonlyMap<string, string>;
  /** By plan, with one that stands outside of the catalog. */
  readonly prices: Readonly<Record<string, string>>;
  readonly gifts: Map<string, Gift[]>;
}

interface Gift {
  readonly feature: string;
  readonly limit: number | null;
  /** Hours. */
  readonly until: number | null;
  isTaken: boolean;
}

interface Sold {
  readonly features: Features;
  /** By plan, what it gives. */
  readonly plans: Readonly<Record<string, Plans[string]["features"]>>;
}

export async function serve(world: World, random: Random, sold: Sold & { readonly count: number }): Promise<Served> {
  const { run, billing } = world;
  const { features, plans } = sold;
  await run(billing.catalog.apply({ features, plans: plansOf(plans) }));
  const applied = (await run(billing.catalog.get())).prices;
  const priceOf = (plan: string) => [plan, applied[`bursar-${plan}-month-eur`] ?? ""] as const;
  const prices = Object.fromEntries([...Object.keys(plans).map(priceOf), ["strange", await monthly(world, 500)]]);
  const customers = new Map<string, string>();
  for (let nth = 1; nth <= sold.count; nth++) {
    const id = `user_${nth}`;
    const { stripeCustomerId } = await run(billing.customers.ensure({ id, email: `${id}@example.test` }));
    customers.set(id, stripeCustomerId ?? "");
    await payWith(world, stripeCustomerId ?? "", "pm_card_visa");
  }
  return { world, random, features, customers, prices, gifts: new Map() };
}

/** Each in a group of its own, so that nobody is flagged who has two. */
function plansOf(plans: Sold["plans"]): Plans {
  return Object.fromEntries(
    Object.entries(plans).map(([name, given], nth) => {
      return [name, { name, prices: { month: { eur: 900 + 700 * nth } }, features: given, group: name }] as const;
    }),
  );
}

function pick<T>(random: Random, some: readonly T[]): T {
  return some[random.integer(0, some.length - 1)] as T; // There is one.
}

/** Something is done for one of them, and days go by. What Stripe refuses is not done. */
export async function goOn(served: Served): Promise<void> {
  const { world, random, customers } = served;
  const id = pick(random, [...customers.keys()]);
  const customer = customers.get(id) ?? "";
  const { data } = await world.run(world.stripe.subscriptions.list({ customer, limit: 100 }).then((list) => list));
  const held = data.length === 0 ? undefined : pick(random, data);
  const act = held === undefined || random.integer(1, 8) === 1 ? begin : pick(random, acts);
  await act(served, { id, customer, held }).catch((error: unknown) => {
    if ((error as { statusCode?: number }).statusCode === undefined) throw error;
  });
  await world.advance(minuteMs);
}

export async function letDaysPass({ world, random }: Served): Promise<void> {
  await world.advance(random.integer(1, 12) * dayMs + random.integer(0, 23) * hourMs + 7 * minuteMs);
}

interface Whom {
  readonly id: string;
  readonly customer: string;
  readonly held: Stripe.Subscription | undefined;
}
type Act = (served: Served, whom: Whom) => Promise<unknown>;

const begin: Act = async ({ world, random, prices }, { customer }) => {
  const item = { price: prices[pick(random, Object.keys(prices))] ?? "", quantity: random.integer(1, 3) };
  const how: Partial<Stripe.SubscriptionCreateParams>[] = [
    {},
    {},
    { trial_period_days: random.integer(1, 14) },
    { collection_method: "send_invoice", days_until_due: 5 },
  ];
  const making = world.stripe.subscriptions.create({ customer, items: [item], ...pick(random, how) });
  return world.run(making.then((made) => made));
};

const changed =
  (
    params: (random: Random, held: Stripe.Subscription, prices: Served["prices"]) => Stripe.SubscriptionUpdateParams,
  ): Act =>
  async ({ world, random, prices }, { held }) => {
    if (!held) return undefined;
    return world.run(world.stripe.subscriptions.update(held.id, params(random, held, prices)).then((made) => made));
  };

const latest =
  (work: (stripe: Stripe, invoice: string) => Promise<unknown>): Act =>
  async ({ world }, { held }) =>
    held?.latest_invoice ? world.run(work(world.stripe, String(held.latest_invoice)).then((done) => done)) : undefined;

const acts: readonly Act[] = [
  async ({ world, random }, { customer }) =>
    payWith(world, customer, pick(random, ["pm_card_visa", "pm_card_chargeCustomerFail", "pm_card_createDispute"])),
  async ({ world }, { customer }) => payWith(world, customer, "pm_card_chargeCustomerFail"),
  async ({ world }, { customer }) => payWith(world, customer, "pm_card_visa"),
  changed((random, held, prices) => ({
    items: [{ id: held.items.data[0]?.id ?? "", price: prices[pick(random, ["basic", "pro", "extra"])] ?? "" }],
    proration_behavior: pick(random, ["always_invoice", "create_prorations"]),
  })),
  changed((_random, held) => ({ cancel_at_period_end: !held.cancel_at_period_end })),
  changed((random) => ({
    pause_collection: pick(random, [{ behavior: "void" }, { behavior: "keep_as_draft" }, ""] as const),
  })),
  changed(() => ({ pause_collection: "" })),
  async ({ world, random }, { held }) => {
    const isCredited = random.integer(0, 1) === 1;
    const canceling = world.stripe.subscriptions.cancel(held?.id ?? "", {
      prorate: isCredited,
      invoice_now: isCredited,
    });
    return world.run(canceling.then((made) => made));
  },
  latest((stripe, invoice) => stripe.invoices.pay(invoice)),
  latest((stripe, invoice) => stripe.invoices.pay(invoice)),
  latest((stripe, invoice) => stripe.invoices.voidInvoice(invoice)),
  latest((stripe, invoice) => stripe.invoices.markUncollectible(invoice)),
  give,
];

async function give({ world, random, features, gifts }: Served, { id }: Whom): Promise<void> {
  const mine = gifts.get(id) ?? [];
  const feature = pick(random, Object.keys(features));
  const amount = feature === "export" ? null : random.integer(1, 8);
  const untilMs = random.integer(0, 1) === 1 ? null : world.ports.clock.now() + random.integer(1, 20) * dayMs;
  await world.run(
    world.billing.access.grant({
      ...{ id: `${id}_gift_${mine.length}`, customerId: id, feature, reason: "kind", by: "ada" },
      ...(amount !== null && { limit: amount }),
      ...(untilMs !== null && { until: new Date(untilMs) }),
    } as Parameters<World["billing"]["access"]["grant"]>[0]),
  );
  gifts.set(id, [
    ...mine,
    { feature, limit: amount, until: untilMs === null ? null : untilMs / hourMs, isTaken: false },
  ]);
}
