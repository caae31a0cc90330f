// A customer's year as their host sees it: what was told, what is asked for, what may be used. Where the customer lives
// by a test clock of Stripe's, a year is as far as that is moved, before our time or after it.
import assert from "node:assert/strict";
import { type Access, defineCatalog, type Invoice } from "bursar";
import type { Stage } from "../stage/stage.ts";

export const catalog = defineCatalog({
  features: { export: "boolean", projects: "number" },
  plans: {
    basic: { name: "Basic", prices: { month: { eur: 900 } }, features: { projects: 3 } },
    pro: {
      name: "Pro",
      prices: { month: { eur: 1900 }, year: { eur: 19000 } },
      features: { export: true, projects: 10 },
      trialDays: 14,
    },
  },
});

export interface Life {
  readonly stage: Stage;
  /** The host's id, and Stripe's. */
  readonly id: string;
  readonly customer: string;
  /** Lets days of the customer's time pass. */
  pass(days: number): Promise<void>;
  today(): string;
}

const secondMs = 1_000;
const dayMs = 86_400 * secondMs;
const dateOf = (at: Date | number) => new Date(at).toISOString().slice(0, 10);

/** A customer whose time is that of all others. */
export async function live(stage: Stage, id: string): Promise<Life> {
  const { billing, advance } = stage;
  await billing.catalog.apply(catalog);
  const { stripeCustomerId } = await billing.customers.ensure({ id, email: `${id}@example.com` });
  assert.ok(stripeCustomerId);
  const pass = async (days: number) => advance(days * dayMs);
  return { stage, id, customer: stripeCustomerId, pass, today: () => dateOf(stage.testbed.clock.now()) };
}

/** One who lives by a test clock, which stands at that instant. */
export async function liveOnClock(stage: Stage, id: string, begin: string): Promise<Life> {
  const { billing, stripe, advance } = stage;
  await billing.catalog.apply(catalog);
  let now = Date.parse(begin);
  const { id: clock } = await stripe.testHelpers.testClocks.create({ frozen_time: now / secondMs });
  const { id: customer } = await stripe.customers.create({ test_clock: clock, email: `${id}@example.com` });
  await billing.customers.link({ id, stripeCustomerId: customer });
  await advance("1 minute");
  const pass = async (days: number) => {
    now += days * dayMs;
    await stripe.testHelpers.testClocks.advance(clock, { frozen_time: now / secondMs });
    // What the clock has brought about is delivered, and banks answer, in everybody's time.
    await advance("10 minutes");
  };
  return { stage, id, customer, pass, today: () => dateOf(now) };
}

/** The customer's page saves a card, or the account of a bank, which is what they pay with from now on. */
export async function payWith({ stage, customer }: Life, method: string): Promise<string> {
  const { stripe, advance } = stage;
  const { payment_method } = await stripe.setupIntents.create({
    customer,
    confirm: true,
    payment_method: method,
    ...(method.includes("sepa") && { mandate_data: { customer_acceptance: { type: "offline" } } }),
    automatic_payment_methods: { enabled: true, allow_redirects: "never" },
  });
  const id = String(payment_method);
  await stripe.customers.update(customer, { invoice_settings: { default_payment_method: id } });
  await advance("1 minute");
  return id;
}

/** What the host's program is answered when its customer wants to use something. */
export async function tellAccess({ stage, id, today }: Life): Promise<void> {
  const answers = await stage.billing.access.list(id);
  stage.say(`${today()}: ${answers.map(wordsOf).join(", ")}.`);
}

function wordsOf({ feature, allowed, reason, limit, until }: Access): string {
  const what = allowed ? `${feature}${limit === null ? "" : ` ${limit}`}` : `no ${feature}`;
  return `${what} (${reason}${until === null ? "" : ` until ${dateOf(until)}`})`;
}

/** All that was asked for, the oldest first. */
export async function tellInvoices({ stage, id }: Life): Promise<readonly Invoice[]> {
  const { data } = await stage.billing.invoices.list({ customerId: id, limit: 100 });
  const all = data.toReversed();
  for (const { number, amounts, status, createdAt, currency } of all) {
    stage.say(`${dateOf(createdAt)}  ${number}  ${String(amounts.total).padStart(6)} ${currency}  ${status}`);
  }
  return all;
}

/** What the host knows is what Stripe shows, object by object. */
export async function tellEqual({ stage, id, customer }: Life): Promise<void> {
  const { stripe, billing, say } = stage;
  const known = await billing.subscriptions.list({ customerId: id, limit: 100 });
  const subscriptions = (await stripe.subscriptions.list({ customer, status: "all", limit: 100 })).data;
  assert.deepEqual(
    known.data.map((one) => [one.stripe.subscription.id, one.status, one.items.map((item) => item.id)]),
    subscriptions.map((one) => [one.id, one.status, one.items.data.map((item) => item.id)]),
  );
  for (const one of known.data) {
    const { items: _shownBeside, ...now } = await stripe.subscriptions.retrieve(one.id);
    assert.deepEqual(one.stripe.subscription, plain(now));
  }
  const invoices = (await stripe.invoices.list({ customer, limit: 100 })).data;
  const mirrored = (await billing.invoices.list({ customerId: id, limit: 100 })).data;
  assert.deepEqual(mirrored.map(said), invoices.map(saidByStripe));
  for (const { id: invoice, total } of invoices) {
    const { lines } = await billing.invoices.get(invoice);
    const shown = (await stripe.invoices.listLineItems(invoice, { limit: 100 })).data;
    assert.deepEqual(
      lines.map((line) => [line.id, line.amount]),
      shown.map((line) => [line.id, line.amount]),
      `of ${total}`,
    );
  }
  say(`Stripe and the shop's database agree. Subscriptions: ${subscriptions.length}, invoices: ${invoices.length}.`);
}

const plain = (one: unknown) => JSON.parse(JSON.stringify(one)) as unknown;

function said({ id, status, number, amounts, createdAt, paidAt, attemptCount, subscriptionId }: Invoice) {
  const { total, paid, remaining } = amounts;
  return {
    id,
    status,
    number,
    total,
    paid,
    remaining,
    at: [createdAt, paidAt].map(Number),
    attemptCount,
    subscriptionId,
  };
}

type OfStripe = Awaited<ReturnType<Stage["stripe"]["invoices"]["list"]>>["data"][number];

function saidByStripe(one: OfStripe): ReturnType<typeof said> {
  const of = one.parent?.subscription_details?.subscription ?? null;
  return {
    id: one.id,
    status: one.status as Invoice["status"],
    number: one.number,
    total: one.total,
    paid: one.amount_paid,
    remaining: one.amount_remaining,
    at: [one.created, one.status_transitions.paid_at].map((at) => Number(at) * secondMs),
    attemptCount: one.attempt_count,
    subscriptionId: typeof of === "string" ? of : (of?.id ?? null),
  };
}
