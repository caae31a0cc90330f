// What an invoice asks for is settled: it gets its number, takes the customer's balance along, and a payment to be paid
// with. https://docs.stripe.com/invoicing/integration/workflow-transitions
import { assertMay, move } from "../../kernel/state/machine.ts";
import { hidden } from "../../kernel/state/noun.ts";
import { secondOf, type Unit } from "../../kernel/state/unit.ts";
import { mustRead, readById } from "../../kernel/state/writes.ts";
import { type Params, texts } from "../../kernel/words/params.ts";
import { moveBalance } from "../customer_balance_transactions/index.ts";
import { customers } from "../customers/index.ts";
import { openPayment } from "../invoice_payments/index.ts";
import { createIntentOfInvoice, methodTypesOf, type PaymentIntent } from "../payment_intents/index.ts";
import { reckon, settled } from "./amounts.ts";
import { refuseUnplaced } from "./billing/automatic_tax.ts";
import { spendDiscounts } from "./billing/drafts.ts";
import { markSettled } from "./collection/settled.ts";
import { sayUpdated } from "./collection/updated.ts";
import { takePlace } from "./drafting/revision.ts";
import { type Invoice, invoiceMachine, memoryOf, remembering, subscriptionOf } from "./invoice.ts";
import { nextNumber } from "./number.ts";
import { fieldsOf } from "./shape.ts";

/** Answers an open invoice, or a paid one when nothing is due. */
export function finalize(unit: Unit, before: Invoice, advance: Partial<Pick<Invoice, "auto_advance">> = {}): Invoice {
  assertMay(invoiceMachine, before, "finalize");
  takePlace(unit, before);
  const customer = mustRead(unit, customers, before.customer);
  if (before.automatic_tax.enabled) refuseUnplaced(customer);
  const amounts = reckon(unit, before, customer);
  // What holds an update back uses nothing until it is paid.
  const { id, customer: payer } = before;
  const taken = { id, customer: payer, total_discount_amounts: amounts.total_discount_amounts };
  if (memoryOf(before).waited === null) spendDiscounts(unit, taken);
  const { amountDue, endingBalance } = takeBalance(unit, before, amounts.total);
  const second = secondOf(unit);
  const parent = finalParent(unit, before);
  const intent = amountDue > 0 ? openIntent(unit, before, amountDue) : undefined;
  const said = unit.events.length;
  const pages = addresses(unit);
  const memory = amounts[hidden] ? amounts : before;
  const open = move(unit, invoiceMachine, before, "finalize", "open", {
    automatically_finalizes_at: null,
    effective_at: before.effective_at ?? second,
    ending_balance: endingBalance,
    next_payment_attempt: null,
    number: before.number ?? nextNumber(unit, before),
    parent,
    rendering: printed(before.rendering),
    status_transitions: { ...before.status_transitions, finalized_at: second },
    ...amounts,
    ...advance,
    ...fieldsOf(unit, customer),
    ...pages,
    ...(intent && remembering(memory, { clientSecret: intent.client_secret })),
  });
  sayUpdated(unit, open, before, said);
  return intent ? open : markSettled(unit, open);
}

/** What the balance gives or takes is written down as movements of it. */
function takeBalance(unit: Unit, { id, currency, customer }: Invoice, total: number) {
  const done = settled(currency, total, mustRead(unit, customers, customer));
  for (const { type, amount } of done.movements) {
    moveBalance(unit, mustRead(unit, customers, customer), { amount, currency, invoice: id, type });
  }
  return done;
}

/** Where the payer finds it. The sandbox's own pages come with Checkout; until then these lead nowhere. */
function addresses(unit: Unit): Pick<Invoice, "hosted_invoice_url" | "invoice_pdf"> {
  const token = `${unit.account.id}/test_${unit.world.ids.text(64)}`;
  return {
    hosted_invoice_url: `https://invoice.stripe.com/i/${token}?s=ap`,
    invoice_pdf: `https://pay.stripe.com/invoice/${token}/pdf?s=ap`,
  };
}

/** The paper is chosen with the customer's country; without one it is a letter (recorded). */
function printed(rendering: Invoice["rendering"]): Invoice["rendering"] {
  return rendering?.pdf?.page_size === "auto" ? { ...rendering, pdf: { page_size: "letter" } } : rendering;
}

/**
 * The metadata of what is billed become a snapshot (declared). A subscription stands above invoices, so it is found by
 * its id; the one that begins with this invoice is not there yet.
 */
function finalParent(unit: Unit, invoice: Invoice): Invoice["parent"] {
  const { parent } = invoice;
  const details = parent?.subscription_details;
  const billed = readById(unit, subscriptionOf(invoice) ?? "") as
    | { readonly metadata: Invoice["metadata"] }
    | undefined;
  if (!parent || !details || !billed) return parent;
  return { ...parent, subscription_details: { ...details, metadata: billed.metadata } };
}

/** Comes before `invoice.finalized`, and is booked when it is paid (both recorded). */
function openIntent(unit: Unit, invoice: Invoice, amount: number): PaymentIntent {
  const { id, currency, customer } = invoice;
  const chosen = texts(invoice.payment_settings as unknown as Params, "payment_method_types");
  const rules = { isAutomatic: true, mayRedirect: false, payment: { amount, currency, isManualCapture: false } };
  const intent = createIntentOfInvoice(unit, {
    amount,
    capture_method: "automatic",
    currency,
    customer,
    payment_details: { order_reference: id },
    statement_descriptor: invoice.statement_descriptor,
    payment_method_types: chosen ?? methodTypesOf(unit, {}, rules),
    ...purposeOf(invoice),
  });
  openPayment(unit, { amount, currency, intent: intent.id, invoice: id, isDefault: true });
  return intent;
}

/**
 * What the payer reads, and whether the method is kept for renewals: it is by whoever begins or changes a subscription,
 * not by a renewal itself. Recorded in pay-rails/pay (test/vcr_cassettes, 2026-08-26.dahlia) and zulip/zulip.
 */
function purposeOf({ billing_reason: reason, collection_method: method }: Invoice): Params {
  if (!reason?.startsWith("subscription")) return { description: "Payment for Invoice" };
  const description = reason === "subscription_create" ? "Subscription creation" : "Subscription update";
  const isRenewal = reason === "subscription_cycle";
  const isKept = !isRenewal && method === "charge_automatically";
  return { description, ...(isKept && { setup_future_usage: "off_session" }) };
}
