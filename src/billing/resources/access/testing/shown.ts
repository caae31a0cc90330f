// What the second model needs to know of customers, as Stripe's SDK shows it: nothing of billing's is read.
import type Stripe from "stripe";
import { hourMs, secondMs } from "#kit/clock.ts";
import type { Asked, Gift, Now, Sub } from "./lives.ts";

interface Shown {
  readonly stripe: Stripe;
  run<T>(work: Promise<T>): Promise<T>;
  /** By customer, Stripe's id. */
  readonly customers: ReadonlyMap<string, string>;
  /** By plan. */
  readonly prices: Readonly<Record<string, string>>;
  readonly gifts: ReadonlyMap<string, Gift[]>;
  /** By invoice, the hour of its first failure, as Stripe's events say: they are forgotten after a month. */
  readonly failedAt: Map<string, number>;
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
export async function shown(served: Shown): Promise<ReadonlyMap<string, Known>> {
  const { stripe, run } = served;
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
          invoice.lines.data.map((line) => ({
            invoice,
            asked: askedOf(invoice, line, { served, bank: bank(invoice) }),
          })),
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

function planOf(price: string, { prices }: Shown): string {
  return Object.entries(prices).find(([, id]) => id === price)?.[0] ?? "unknown";
}

function subOf(now: Stripe.Subscription, served: Shown): Sub {
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
  { served, bank }: { readonly served: Shown; readonly bank: Pick<Asked, "isProcessing" | "dispute"> },
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
