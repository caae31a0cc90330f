// The door of whoever bills again and again: a draft for a subscription, made of lines that it has reckoned, with what
// has waited for the customer's next invoice before them. https://docs.stripe.com/billing/invoices/subscription
import { begin } from "../../../kernel/state/machine.ts";
import type { Refused } from "../../../kernel/state/tried.ts";
import type { Unit } from "../../../kernel/state/unit.ts";
import { among, change, mustRead, read } from "../../../kernel/state/writes.ts";
import { type Customer, customers } from "../../customers/index.ts";
import { paymentsOf } from "../../invoice_payments/index.ts";
import { type InvoiceItem, pendingItems, sweep } from "../../invoiceitems/index.ts";
import { addBilling, addLine, type Billing, followMetadata, linesOf } from "../../line_items/index.ts";
import { type Payment, paymentIntents } from "../../payment_intents/index.ts";
import { reckon } from "../amounts.ts";
import { advanceBy, fileFinalization } from "../collection/auto.ts";
import { payWith } from "../collection/pay.ts";
import { voidInvoice } from "../collection/voided.ts";
import { markUncollectible } from "../end.ts";
import { finalize } from "../finalize.ts";
import { type Invoice, invoiceMachine, invoices, remembering } from "../invoice.ts";
import { newDraft } from "../shape.ts";

type Fields = Pick<Invoice, "collection_method" | "custom_fields" | "default_tax_rates" | "description" | "discounts"> &
  Pick<
    Invoice,
    "account_tax_ids" | "automatic_tax" | "due_date" | "footer" | "payment_settings" | "period_end" | "period_start"
  >;

export interface Bill extends Fields {
  readonly customer: string;
  readonly currency: string;
  readonly billing_reason: NonNullable<Invoice["billing_reason"]>;
  readonly subscription: { readonly id: string; readonly metadata: Readonly<Record<string, string>> };
  /** In the order in which they stand on the invoice. */
  readonly lines: readonly Billing[];
  /** Whether it goes on by itself after its hour. */
  readonly auto_advance: boolean;
  /** It holds back an update of the subscription, before which these items had waited. */
  readonly waited?: readonly string[];
}

/** What would stand on it before the lines: what waits for the customer, but for another subscription. */
export function waitingFor(unit: Unit, { customer, currency, subscription }: Waiting): InvoiceItem[] {
  const isOurs = ({ parent }: InvoiceItem) => {
    const owner = parent?.subscription_details?.subscription;
    return owner === undefined || owner === subscription.id;
  };
  return pendingItems(unit, customer, currency).filter(isOurs);
}

type Waiting = Pick<Bill, "customer" | "currency" | "subscription">;

/** A draft that waits its hour, if it goes on by itself. */
export function draftBill(unit: Unit, bill: Bill): Invoice {
  const invoice = makeBill(unit, bill);
  if (invoice.auto_advance) fileFinalization(unit, invoice);
  return invoice;
}

/** Finalized in the moment in which it is made, as the first invoice of a subscription is. */
export function finalBill(unit: Unit, bill: Bill): Invoice {
  return finalize(unit, makeBill(unit, bill));
}

/**
 * Tries to be paid at once with that method, which a subscription may have that is not stored yet, and says what it
 * came to; `undefined` where nothing is asked for any more.
 */
export function payBill(unit: Unit, id: string, payment_method: string): Payment | Refused | undefined {
  const invoice = read(unit, invoices, id);
  return invoice?.status === "open" ? payWith(unit, invoice, { payment_method }) : undefined;
}

function makeBill(unit: Unit, bill: Bill): Invoice {
  const { currency, lines, subscription, waited } = bill;
  const customer: Customer = mustRead(unit, customers, bill.customer);
  const parent: Invoice["parent"] = {
    quote_details: null,
    subscription_details: { metadata: subscription.metadata, subscription: subscription.id },
    type: "subscription_details",
  };
  const drawn = newDraft(unit, customer, currency);
  const blank: Invoice = {
    ...drawn,
    account_tax_ids: bill.account_tax_ids,
    automatic_tax: bill.automatic_tax,
    billing_reason: bill.billing_reason,
    collection_method: bill.collection_method,
    // What the subscription says stands above what the customer does (documented).
    custom_fields: bill.custom_fields ?? drawn.custom_fields,
    default_tax_rates: bill.default_tax_rates,
    description: bill.description,
    // Without discounts of its own it has the customer's (documented).
    discounts: bill.discounts.length > 0 ? bill.discounts : [customer.discount ?? []].flat(),
    due_date: bill.due_date,
    footer: bill.footer ?? drawn.footer,
    parent,
    payment_settings: bill.payment_settings,
    period_end: bill.period_end,
    period_start: bill.period_start,
  };
  const draft = waited ? { ...blank, ...remembering(blank, { waited }) } : blank;
  for (const item of sweep(unit, waitingFor(unit, bill), draft.id)) addLine(unit, draft.id, item, "behind");
  for (const line of lines) addBilling(unit, draft.id, line);
  const amounts = reckon(unit, draft, customer);
  const advance = advanceBy(unit, { auto_advance: bill.auto_advance }, draft);
  return begin(unit, invoiceMachine, "create", "draft", (status) => ({ ...draft, status, ...amounts, ...advance }));
}

/** What is open asks nobody any more. */
export function closeBill(unit: Unit, id: string): Invoice {
  const invoice = mustRead(unit, invoices, id);
  return invoice.status === "open" ? voidInvoice(unit, id) : invoice;
}

export function writeOffBill(unit: Unit, id: string): Invoice {
  return markUncollectible(unit, id);
}

/** Nothing that the subscription has billed is collected by itself any more. */
export function stopBills(unit: Unit, subscription: string): void {
  for (const invoice of among(unit, invoices, "parent.subscription_details.subscription", subscription)) {
    const isWaiting = invoice.status === "draft" || invoice.status === "open";
    if (!isWaiting || !invoice.auto_advance) continue;
    change(unit, invoices, invoice, advanceBy(unit, { auto_advance: false }, invoice), "invoice.updated");
  }
}

/** Its lines have its metadata as they are now; what they were stands on what is final (declared). */
export function describeBills(unit: Unit, subscription: string, metadata: Bill["subscription"]["metadata"]): void {
  for (const { id } of among(unit, invoices, "parent.subscription_details.subscription", subscription)) {
    for (const line of linesOf(unit, id)) followMetadata(unit, line, metadata);
  }
}

/** What its own payment was made with; null where nothing had to be paid. */
export function payingMethod(unit: Unit, invoice: string): string | null {
  const payment = paymentsOf(unit, invoice).find(({ is_default }) => is_default);
  return payment ? mustRead(unit, paymentIntents, payment.payment.payment_intent).payment_method : null;
}
