// Subscriptions and invoices as Stripe's own SDK shows them, held against what billing knows of them. Written by the
// SDK's types and not by the mirror's code: a field that is misspelt there is missed here.
import assert from "node:assert/strict";
import type Stripe from "stripe";
import { secondMs } from "#kit/clock.ts";
import type { BillingSql } from "../kernel/store/tables.ts";
import type { World } from "./index.ts";

/** A Customer at Stripe that is ours, and pays with a card. */
export async function payer(world: World, id: string, card = "pm_card_visa"): Promise<string> {
  const { stripeCustomerId } = await world.run(world.billing.customers.ensure({ id }));
  assert.ok(stripeCustomerId);
  await payWith(world, stripeCustomerId, card);
  return stripeCustomerId;
}

export async function payWith({ stripe, run }: World, customer: string, card: string): Promise<void> {
  const method = await run(stripe.paymentMethods.attach(card, { customer }).then((made) => made));
  const settings = { default_payment_method: method.id };
  await run(stripe.customers.update(customer, { invoice_settings: settings }).then((made) => made));
}

export async function monthly({ stripe, run }: World, amount: number, lookupKey?: string): Promise<string> {
  const made = stripe.prices.create({
    currency: "eur",
    unit_amount: amount,
    recurring: { interval: "month" },
    product_data: { name: "Gold" },
    ...(lookupKey !== undefined && { lookup_key: lookupKey }),
  });
  return (await run(made.then((price) => price))).id;
}

export async function subscribe(
  { stripe, run }: World,
  customer: string,
  more: Partial<Stripe.SubscriptionCreateParams> & Pick<Stripe.SubscriptionCreateParams, "items">,
): Promise<Stripe.Subscription> {
  return run(stripe.subscriptions.create({ customer, ...more }).then((made) => made));
}

/** Every subscription, invoice and payment of an invoice that the Customer has stands in the mirror as it is now. */
export async function assertMirrored(world: World, sql: BillingSql, customer: string): Promise<void> {
  const { stripe, run } = world;
  const subscriptions = await run(stripe.subscriptions.list({ customer, status: "all" }).then((list) => list.data));
  const invoices = await run(stripe.invoices.list({ customer, limit: 100 }).then((list) => list.data));
  for (const { id } of subscriptions) {
    const now = await run(stripe.subscriptions.retrieve(id).then((one) => one));
    assert.deepEqual(await mirrored(sql, id), subscriptionNow(now));
  }
  for (const { id } of invoices) {
    const expand = ["payments.data.payment.payment_intent"];
    const now = await run(stripe.invoices.retrieve(id, { expand }).then((one) => one));
    const lines = await run(Array.fromAsync(stripe.invoices.listLineItems(id, { limit: 100 })));
    const { lines: kept, ...row } = (await mirrored(sql, id)) as { lines: { count: number } };
    assert.deepEqual(row, invoiceNow(now));
    assert.equal(kept.count, lines.length);
    assert.deepEqual(await keptLines(sql, id), lines.map(lineNow));
    for (const payment of now.payments?.data ?? []) {
      if (payment.status === "paid") assert.deepEqual(await tieOf(sql, payment.id), [id, payment.status]);
    }
  }
  const known = await sql.read("known", (reader) =>
    reader
      .selectFrom("mirror")
      .select("id")
      .where("customer", "=", customer)
      .where("tombstone", "=", 0)
      .where("kind", "in", ["subscription", "invoice"])
      .execute(),
  );
  assert.deepEqual(known.map(({ id }) => id).sort(), [...subscriptions, ...invoices].map(({ id }) => id).sort());
}

async function tieOf(sql: BillingSql, payment: string): Promise<unknown> {
  const row = await sql.read("tie", (reader) =>
    reader.selectFrom("invoice_payments").select(["invoice", "status"]).where("id", "=", payment).executeTakeFirst(),
  );
  return row && [row.invoice, row.status];
}

export async function mirrored(sql: BillingSql, id: string): Promise<Record<string, unknown>> {
  const found = await sql.read("mirrored", (reader) =>
    reader.selectFrom("mirror").select("row").where("id", "=", id).executeTakeFirst(),
  );
  assert.ok(found, `${id} is in the mirror`);
  return JSON.parse(found.row) as Record<string, unknown>;
}

const idOf = (field: string | { id: string } | null | undefined) =>
  typeof field === "string" ? field : (field?.id ?? null);

const marksOf = ({ metadata }: { metadata: Stripe.Metadata | null }) => ({
  instance: metadata?.bursar_instance ?? null,
  operation: metadata?.bursar_op ?? null,
});

function subscriptionNow(now: Stripe.Subscription): Record<string, unknown> {
  return {
    ...marksOf(now),
    id: now.id,
    customer: idOf(now.customer),
    parent: null,
    isFinal: now.status === "canceled" || now.status === "incomplete_expired",
    status: now.status,
    currency: now.currency,
    created: now.created,
    startDate: now.start_date,
    items: now.items.data.map((item) => ({
      id: item.id,
      price: item.price.id,
      lookupKey: item.price.lookup_key,
      product: idOf(item.price.product),
      quantity: item.quantity ?? null,
      currentPeriodStart: item.current_period_start,
      currentPeriodEnd: item.current_period_end,
    })),
    billingCycleAnchor: now.billing_cycle_anchor,
    cancelAt: now.cancel_at,
    cancelAtPeriodEnd: now.cancel_at_period_end,
    canceledAt: now.canceled_at,
    endedAt: now.ended_at,
    cancellation: {
      reason: now.cancellation_details?.reason ?? null,
      feedback: now.cancellation_details?.feedback ?? null,
      comment: now.cancellation_details?.comment ?? null,
    },
    pauseCollection: now.pause_collection && {
      behavior: now.pause_collection.behavior,
      resumesAt: now.pause_collection.resumes_at,
    },
    trialStart: now.trial_start,
    trialEnd: now.trial_end,
    defaultMethod: idOf(now.default_payment_method),
    latestInvoice: idOf(now.latest_invoice),
    pendingUpdate: now.pending_update && {
      expiresAt: now.pending_update.expires_at,
      items:
        now.pending_update.subscription_items?.map(({ price, quantity }) => ({
          price: price.id,
          quantity: quantity ?? null,
        })) ?? null,
    },
    collectionMethod: now.collection_method,
    daysUntilDue: now.days_until_due,
    billingMode: now.billing_mode.type,
    schedule: idOf(now.schedule),
    discounts: now.discounts.map((discount) => idOf(discount)),
    testClock: idOf(now.test_clock),
  };
}

function invoiceNow(now: Stripe.Invoice): Record<string, unknown> {
  const subscription = idOf(now.parent?.subscription_details?.subscription);
  const sum = (parts: readonly { amount: number }[] | null) =>
    (parts ?? []).reduce((all, { amount }) => all + amount, 0);
  return {
    ...marksOf(now),
    id: now.id,
    customer: idOf(now.customer),
    parent: subscription,
    isFinal: now.status === "paid" || now.status === "void",
    status: now.status,
    number: now.number,
    subscription,
    billingReason: now.billing_reason,
    currency: now.currency,
    amounts: {
      due: now.amount_due,
      paid: now.amount_paid,
      remaining: now.amount_remaining,
      overpaid: now.amount_overpaid,
      shipping: now.amount_shipping,
      subtotal: now.subtotal,
      subtotalExcludingTax: now.subtotal_excluding_tax,
      total: now.total,
      totalExcludingTax: now.total_excluding_tax,
      tax: sum(now.total_taxes),
      discount: sum(now.total_discount_amounts),
      startingBalance: now.starting_balance,
      endingBalance: now.ending_balance,
      prePaymentCreditNotes: now.pre_payment_credit_notes_amount,
      postPaymentCreditNotes: now.post_payment_credit_notes_amount,
    },
    created: now.created,
    dueDate: now.due_date,
    periodStart: now.period_start,
    periodEnd: now.period_end,
    finalizedAt: now.status_transitions.finalized_at,
    paidAt: now.status_transitions.paid_at,
    voidedAt: now.status_transitions.voided_at,
    markedUncollectibleAt: now.status_transitions.marked_uncollectible_at,
    attempted: now.attempted,
    attemptCount: now.attempt_count,
    nextPaymentAttempt: now.next_payment_attempt,
    autoAdvance: now.auto_advance,
    automaticallyFinalizesAt: now.automatically_finalizes_at,
    collectionMethod: now.collection_method,
    defaultMethod: idOf(now.default_payment_method),
    hostedInvoiceUrl: now.hosted_invoice_url ?? null,
    invoicePdf: now.invoice_pdf ?? null,
    testClock: idOf(now.test_clock),
    payment: now.status === "open" && now.attempted ? attemptNow(now) : null,
  };
}

function attemptNow({ payments }: Stripe.Invoice): unknown {
  const [open] = payments?.data.filter(({ status }) => status === "open") ?? [];
  const intent = open?.payment.payment_intent as Stripe.PaymentIntent | undefined; // It was asked for.
  if (intent === undefined) return null;
  const error = intent.last_payment_error;
  return {
    paymentIntent: intent.id,
    status: intent.status,
    latestCharge: idOf(intent.latest_charge),
    failure: error && { code: error.code, declineCode: error.decline_code ?? null, message: error.message },
  };
}

function lineNow(line: Stripe.InvoiceLineItem): Record<string, unknown> {
  const item = line.parent?.subscription_item_details ?? line.parent?.invoice_item_details;
  const sum = (parts: readonly { amount: number }[] | null) =>
    (parts ?? []).reduce((all, { amount }) => all + amount, 0);
  return {
    id: line.id,
    amount: line.amount,
    currency: line.currency,
    description: line.description,
    quantity: line.quantity,
    price: idOf(line.pricing?.price_details?.price),
    product: line.pricing?.price_details?.product ?? null,
    subscription: item?.subscription ?? null,
    proration: item?.proration ? 1 : 0,
    period_start: line.period.start * secondMs,
    period_end: line.period.end * secondMs,
    subtotal: line.subtotal,
    discount: sum(line.discount_amounts),
    tax: sum(line.taxes),
  };
}

async function keptLines(sql: BillingSql, invoice: string): Promise<Record<string, unknown>[]> {
  const rows = await sql.read("lines", (reader) =>
    reader.selectFrom("invoice_lines").selectAll().where("invoice", "=", invoice).orderBy("position").execute(),
  );
  return rows.map(({ invoice: _of, position, unit_amount_decimal, subscription_item, invoice_item, ...row }) => row);
}
