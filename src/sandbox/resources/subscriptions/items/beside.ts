// What is billed once beside the items of a subscription: it waits for the next invoice of that subscription, which of
// a new one is its first. https://docs.stripe.com/billing/invoices/subscription#adding-upcoming-invoice-items
import type { Params } from "../../../kernel/state/resource.ts";
import { secondOf, type Unit } from "../../../kernel/state/unit.ts";
import { missingParameter, refusal } from "../../../kernel/words/errors.ts";
import { hash, integer, text } from "../../../kernel/words/params.ts";
import type { Period } from "../../../reckoning/periods.ts";
import { inPricing, makeItem, termsOf } from "../../invoiceitems/index.ts";
import { subscriptionDefaults } from "../defaults.table.ts";
import { rows } from "../refusals.table.ts";
import type { Subscription } from "../subscription.ts";

export function hasBeside(params: Params): boolean {
  return besideOf(params).length > 0;
}

function besideOf({ add_invoice_items: sent }: Params): readonly Params[] {
  return Array.isArray(sent) ? (sent as Params[]) : []; // Its schema says so.
}

export function addBeside(unit: Unit, params: Params, subscription: Subscription): void {
  const sent = besideOf(params);
  const limit = subscriptionDefaults.besideMax.value;
  if (sent.length > limit) throw refusal(rows.besideTooMany, { limit });
  for (const [nth, one] of sent.entries()) addOne(unit, subscription, { sent: one, at: `add_invoice_items[${nth}]` });
}

interface Sent {
  readonly sent: Params;
  readonly at: string;
}

function addOne(unit: Unit, subscription: Subscription, { sent, at }: Sent): void {
  const { id, currency, customer } = subscription;
  const priced = inPricing(sent);
  const isPriced = priced.pricing !== undefined || sent.price_data !== undefined;
  const terms = isPriced ? termsOf(unit, priced, { currency, at }) : undefined;
  if (!terms) throw missingParameter(`${at}[price]`);
  const { start, end } = periodOf(unit, hash(sent, "period") ?? {}, subscription);
  const made = { ...priced, period: { start, end } };
  makeItem(unit, made, { currency, customer: String(customer), invoice: null, subscription: id, terms, at });
}

/** That of the items, unless another one is chosen (recorded). */
function periodOf(unit: Unit, sent: Params, { items }: Subscription): Period {
  const from = hash(sent, "start") ?? {};
  const to = hash(sent, "end") ?? {};
  const usual = {
    start: Math.max(...items.map((item) => item.current_period_start)),
    end: Math.min(...items.map((item) => item.current_period_end)),
  };
  const start = text(from, "type") === "now" ? secondOf(unit) : (integer(from, "timestamp") ?? usual.start);
  return { start, end: integer(to, "timestamp") ?? usual.end };
}
