// READ FIRST. An invoice asks a customer for the sum of its lines. As a draft it may change in every way; finalized,
// what it asks for stands, and it is paid, voided, or written off. This table is its whole life; its refusals, its
// tests and its picture come from here. https://docs.stripe.com/invoicing/overview#invoice-lifecycle
import type Stripe from "stripe";
import { defineMachine } from "../../kernel/state/machine.ts";
import { defineNoun, type Hidden, hidden, type Stored } from "../../kernel/state/noun.ts";
import { refusal, type StripeError } from "../../kernel/words/errors.ts";
import type { Refusal } from "../../kernel/words/refusals.ts";
import type { ShownTax } from "./rates.ts";
import { rows } from "./refusals.table.ts";

export type InvoiceStatus = "draft" | "open" | "paid" | "uncollectible" | "void";

type Unstored =
  | ("confirmation_secret" | "customer" | "default_tax_rates" | "deleted" | "discounts" | "lines" | "payments")
  | "status";

/** Its lines and its payments are objects of their own; what is included is made when it is asked for. */
export type Invoice = Omit<Stored<Stripe.Invoice>, Unstored> & {
  readonly customer: string;
  readonly default_tax_rates: readonly string[];
  readonly discounts: readonly string[];
  readonly status: InvoiceStatus;
};

/**
 * `bill`: a caller has made it for a subscription; `fail`: somebody, or nobody, has tried to pay it in vain; `exhaust`:
 * nobody tries any more; `fall_due`: nobody has paid it until its day.
 */
export const invoices = defineNoun<Invoice, "bill" | "exhaust" | "fail" | "fall_due">({
  object: "invoice",
  prefixes: ["in"],
  indices: ["customer", "parent.subscription_details.subscription"],
  signals: ["bill", "exhaust", "fail", "fall_due"],
  clock: "customer",
  expandable: {
    account_tax_ids: "tax_id",
    application: null,
    charge: "charge",
    customer: "customer",
    default_payment_method: "payment_method",
    default_source: null,
    discounts: "discount",
    "from_invoice.invoice": "invoice",
    latest_revision: "invoice",
    on_behalf_of: "account",
    "parent.subscription_details.subscription": "subscription",
    "shipping_cost.shipping_rate": "shipping_rate",
    payment_intent: "payment_intent",
    subscription: "subscription",
    test_clock: "test_helpers.test_clock",
  } as object,
});

export const invoiceMachine = defineMachine(
  invoices,
  refuse,
)({
  create: { from: ["new"], to: { draft: "invoice.created" } },
  finalize: { from: ["draft"], to: { open: "invoice.finalized" } },
  /** Said by pay.ts: several events follow each other. */
  pay: { from: ["open", "uncollectible"], to: { paid: null } },
  void: { from: ["open", "uncollectible"], to: { void: "invoice.voided" } },
  mark_uncollectible: { from: ["open"], to: { uncollectible: "invoice.marked_uncollectible" } },
});

/** Stripe's words, from the table. None of them names a parameter (recorded). */
function refuse({ id, status }: Invoice, action: string): StripeError {
  const row: Refusal | undefined = status === "paid" && action === "pay" ? rows.invoicePaid : words[action];
  return refusal(row ?? rows.invoiceNotOpen, { id, status });
}

const words: Readonly<Record<string, Refusal>> = { finalize: rows.invoiceFinalized };

/** However it ended, nothing happens by itself any more (recorded). */
export const advancesNoMore = { auto_advance: false, next_payment_attempt: null } as const;

/** Refuses what only a draft may be asked for. */
export function assertDraft(invoice: Invoice): void {
  if (invoice.status !== "draft") throw refusal(rows.invoiceNotEditable);
}

/** The subscription that it bills, or null. */
export function subscriptionOf({ parent }: Invoice): string | null {
  return (parent?.subscription_details?.subscription as string | undefined) ?? null; // Stored as an id.
}

/** What a payment has failed by. */
export interface Failure {
  /** Null: there was nothing to pay with. */
  readonly method: string | null;
  readonly type: string;
  /** Nothing is tried with this method any more. What is planned is counted, and waits for another method. */
  readonly isHard: boolean;
}

/** What the sandbox remembers about an invoice. */
interface Memory {
  /** Of the intent that its payers pay with. */
  readonly clientSecret: string | null;
  readonly isPaidOutOfBand: boolean;
  /** What its last try has failed by. */
  readonly failure: Failure | null;
  /** It holds back an update of its subscription until it is paid: the items that had waited before. Null: none. */
  readonly waited: readonly string[] | null;
  /** Those of what it asks for sending things. */
  readonly shippingTaxes: readonly ShownTax[];
}

const freshMemory: Memory = {
  clientSecret: null,
  failure: null,
  isPaidOutOfBand: false,
  shippingTaxes: [],
  waited: null,
};

export function memoryOf({ [hidden]: memory }: Hidden): Memory {
  return memory ? { ...freshMemory, ...memory } : freshMemory; // Written by this folder only.
}

/** The hidden part of changes. */
export function remembering(invoice: Hidden, changes: Partial<Memory>) {
  return { [hidden]: { ...memoryOf(invoice), ...changes } };
}

/**
 * Whoever subscribes is asked for it in that moment, and no more if that fails. The first one of a schedule is a draft
 * before, and behaves like later ones (documented).
 */
export function isAskedAtOnce(invoice: Pick<Invoice, "billing_reason" | "created" | "status_transitions">): boolean {
  const { finalized_at: finalized } = invoice.status_transitions;
  return invoice.billing_reason === "subscription_create" && (finalized === null || finalized === invoice.created);
}
