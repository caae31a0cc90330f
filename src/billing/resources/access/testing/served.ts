// Lives of customers that are lived at Stripe, through its SDK, by whoever works there; and what the second model needs
// to know of them, as Stripe itself shows it: nothing of billing's is read.
import type Stripe from "stripe";
import { dayMs, hourMs, minuteMs, secondMs } from "#kit/clock.ts";
import type { Random } from "#kit/random.ts";
import type { Catalog } from "../../../api/index.ts";
import type { World } from "../../../testing/index.ts";
import { monthly, payWith } from "../../../testing/mirrored.ts";
import { type Asked, features, type Gift, type Now, plans, type Sub } from "./lives.ts";

export const servedCatalog: Catalog = {
  features,
  plans: Object.fromEntries(
    Object.entries(plans).map(([name, given], nth) => {
      return [name, { name, prices: { month: { eur: 900 + 700 * nth } }, features: given, group: name }];
    }),
  ),
};

export interface Served {
  readonly world: World;
  readonly random: Random;
  /** By customer, Stripe's id. */
  readonly customers: ReadonlyMap<string, string>;
  /** By plan, with one that stands outside of the catalog. */
  readonly prices: Readonly<Record<string, string>>;
  readonly gifts: Map<string, Gift[]>;
  /** By invoice, the hour of its first failure, as Stripe's events say. */
  readonly failedAt: Map<string, number>;
}

export async function serve(world: World, random: Random, count: number): Promise<Served> {
  const { run, billing } = world;
  await run(billing.catalog.apply(servedCatalog));
  const applied = (await run(billing.catalog.get())).prices;
  const priceOf = (plan: string) => [plan, applied[`bursar-${plan}-month-eur`] ?? ""] as const;
  const prices = Object.fromEntries([...Object.keys(plans).map(priceOf), ["strange", await monthly(world, 500)]]);
  const customers = new Map<string, string>();
  for (let nth = 1; nth <= count; nth++) {
    const id = `user_${nth}`;
    const { stripeCustomerId } = await run(billing.customers.ensure({ id, email: `${id}@example.test` }));
    customers.set(id, stripeCustomerId ?? "");
    await payWith(world, stripeCustomerId ?? "", "pm_card_visa");
  }
  return { world, random, customers, prices, gifts: new Map(), failedAt: new Map() };
}

const pick = <T>(random: Random, some: readonly T[]): T => some[random.integer(0, some.length - 1)] as T; // There is one.

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

async function give({ world, random, gifts }: Served, { id }: Whom): Promise<void> {
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

const hours = (seconds: number) => (seconds * secondMs) / hourMs;
const hoursOrNull = (seconds: number | null) => (seconds === null ? null : hours(seconds));
const idOf = (field: string | { id: string } | null | undefined) =>
  typeof field === "string" ? field : (field?.id ?? "");

export interface Known {
  readonly now: Now;
  readonly failedAt: readonly number[];
}

/** By customer, what Stripe shows of them at this instant. */
export async function shown(served: Served): Promise<ReadonlyMap<string, Known>> {
  const { stripe, run } = served.world;
  const all = { limit: 100 };
  const subscriptions = await run(Array.fromAsync(stripe.subscriptions.list({ ...all, status: "all" })));
  const invoices = await run(Array.fromAsync(stripe.invoices.list(all)));
  const payments = await run(Array.fromAsync(stripe.invoicePayments.list(all)));
  const intents = new Map((await run(Array.fromAsync(stripe.paymentIntents.list(all)))).map((one) => [one.id, one]));
  const disputes = await run(Array.fromAsync(stripe.disputes.list(all)));
  const types = ["invoice.payment_failed", "invoice.payment_action_required"];
  for (const event of (await run(Array.fromAsync(stripe.events.list({ ...all, types })))).reverse()) {
    const { id } = event.data.object as { id: string };
    if (!served.failedAt.has(id)) served.failedAt.set(id, hours(event.created));
  }
  const bank = (invoice: Stripe.Invoice): Pick<Asked, "isProcessing" | "dispute"> => {
    const paidBy = payments
      .filter((one) => idOf(one.invoice) === invoice.id)
      .map((one) => idOf(one.payment.payment_intent));
    const standing = disputes.filter((one) => paidBy.includes(idOf(one.payment_intent))).map(({ status }) => status);
    const isOpen = standing.some((status) => status === "needs_response" || status === "under_review");
    const isProcessing = invoice.status === "open" && paidBy.some((id) => intents.get(id)?.status === "processing");
    return { isProcessing, dispute: standing.includes("lost") ? "lost" : isOpen ? "open" : null };
  };
  return new Map(
    [...served.customers].map(([id, customer]) => {
      const subs = subscriptions.filter((one) => one.customer === customer).reverse();
      const lines = invoices
        .filter((one) => one.customer === customer)
        .flatMap((invoice) =>
          invoice.lines.data.map((line) => ({ invoice, asked: askedOf(invoice, line, served, bank(invoice)) })),
        );
      return [
        id,
        {
          now: {
            subs: subs.map((one) => subOf(one, served)),
            asked: lines.map(({ asked }) => asked),
            gifts: served.gifts.get(id) ?? [],
          },
          failedAt: lines.map(({ invoice }) => served.failedAt.get(invoice.id ?? "") as number),
        },
      ];
    }),
  );
}

function planOf(price: string, { prices }: Served): string {
  return Object.entries(prices).find(([, id]) => id === price)?.[0] ?? "unknown";
}

function subOf(now: Stripe.Subscription, served: Served): Sub {
  const [item] = now.items.data;
  const end = now.cancel_at ?? (now.cancel_at_period_end ? (item?.current_period_end ?? null) : null);
  const isOver = now.status === "canceled" || now.status === "incomplete_expired";
  const wasToEnd = now.cancel_at_period_end || (end !== null && now.ended_at !== null && end <= now.ended_at);
  return {
    id: now.id,
    isSent: now.collection_method === "send_invoice",
    quantity: item?.quantity ?? 1,
    plan: planOf(item?.price.id ?? "", served),
    from: hours(item?.current_period_start ?? 0),
    to: hours(item?.current_period_end ?? 0),
    trialEnd: hoursOrNull(now.trial_end),
    status: now.status as Sub["status"],
    isPaused: now.pause_collection !== null,
    endsAt: isOver || now.status === "incomplete" ? null : hoursOrNull(end),
    isEndedForGood: wasToEnd || now.cancellation_details?.reason === "payment_disputed",
  };
}

function askedOf(
  invoice: Stripe.Invoice,
  line: Stripe.InvoiceLineItem,
  served: Served,
  bank: Pick<Asked, "isProcessing" | "dispute">,
): Asked {
  return {
    sub: idOf(invoice.parent?.subscription_details?.subscription),
    plan: planOf(idOf(line.pricing?.price_details?.price), served),
    from: hours(line.period.start),
    to: hours(line.period.end),
    amount: line.amount,
    dueAt: invoice.collection_method === "send_invoice" ? hoursOrNull(invoice.due_date) : null,
    status: (invoice.status ?? "draft") as Asked["status"],
    isAttempted: invoice.attempted,
    failedAt: null,
    ...bank,
  };
}
