// When a payment that has failed is tried again by itself, and when no more: a schedule counts from the failure before.
// https://docs.stripe.com/billing/revenue-recovery/smart-retries
import { dayMs, secondMs } from "#kit/clock.ts";
import type { BillingSettings, Unit } from "../../../kernel/state/unit.ts";
import { read } from "../../../kernel/state/writes.ts";
import type { PaymentIntent } from "../../payment_intents/index.ts";
import { isDebit, paymentMethods } from "../../payment_methods/index.ts";
import { invoiceDefaults } from "../defaults.table.ts";
import { type Failure, type Invoice, isAskedAtOnce, memoryOf } from "../invoice.ts";

const { bankRetries, bankRetryDays, hardDeclines, smartRetries, smartRetryDays } = invoiceDefaults;

export const nothingToPayWith: Failure = { method: null, type: "card", isHard: true };

export function failureOf(unit: Unit, { last_payment_error, payment_method, status }: PaymentIntent): Failure {
  const error = last_payment_error as { code?: string; decline_code?: string; payment_method?: string } | null;
  const method = status === "requires_action" ? payment_method : (error?.payment_method ?? payment_method);
  const type = read(unit, paymentMethods, method ?? "")?.type ?? nothingToPayWith.type;
  const isHard = status === "requires_action" || hardDeclines.value.includes(error?.decline_code ?? error?.code ?? "");
  return { method, type, isHard };
}

/** The second of the next try, after so many; null when there is none. */
export function nextTry(unit: Unit, invoice: Invoice, { type }: Failure): number | null {
  const pause = isCollected(invoice) ? pausesMs(unit.world.billing, type)[invoice.attempt_count - 1] : undefined;
  return pause === undefined ? null : Math.floor((unit.now + pause) / 1000);
}

/** The seconds of all tries that are still to come, should each of them fail. */
export function plannedTries(unit: Unit, invoice: Invoice): number[] {
  const { attempt_count: count, next_payment_attempt: next, status } = invoice;
  if (status !== "open" || !isCollected(invoice) || next === null) return [];
  const { type } = memoryOf(invoice).failure ?? nothingToPayWith;
  const tries = [next];
  for (const pause of pausesMs(unit.world.billing, type).slice(count)) {
    tries.push(Math.floor((tries.at(-1)! * secondMs + pause) / secondMs));
  }
  return tries;
}

/** All that were planned have failed. Where none was planned, or nothing was tried yet, nothing has ended. */
export function isExhausted(unit: Unit, invoice: Invoice, { type }: Failure): boolean {
  const planned = isCollected(invoice) ? pausesMs(unit.world.billing, type).length : 0;
  return planned > 0 && invoice.next_payment_attempt === null && invoice.attempt_count > planned;
}

/**
 * The first invoice of a subscription is its payer's to pay within 23 hours: nothing tries it again, although recorded
 * ones have `auto_advance`. https://docs.stripe.com/billing/subscriptions/overview#subscription-statuses
 */
function isCollected(invoice: Invoice): boolean {
  const { auto_advance, collection_method } = invoice;
  return auto_advance === true && !isAskedAtOnce(invoice) && collection_method === "charge_automatically";
}

/** Stripe chooses the moments of its own schedule and tells nobody how; here they are spread evenly (inferred). */
function pausesMs({ retries }: BillingSettings, type: string): readonly number[] {
  if (type === "us_bank_account") return spread(bankRetries.value, bankRetryDays.value);
  if (isDebit({ type })) return [];
  return retries === "smart" ? spread(smartRetries.value, smartRetryDays.value) : retries.map((days) => days * dayMs);
}

function spread(count: number, days: number): readonly number[] {
  return Array.from({ length: count }, () => (days * dayMs) / count);
}
