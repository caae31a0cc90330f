// A draft: how it begins, changes and is thrown away.
import { begin } from "../../../kernel/state/machine.ts";
import { signal } from "../../../kernel/state/reactions.ts";
import type { Params } from "../../../kernel/state/resource.ts";
import type { Unit } from "../../../kernel/state/unit.ts";
import { all, change, erase, mustRead, mustReadParam } from "../../../kernel/state/writes.ts";
import { planNoMore } from "../../../kernel/time/later.ts";
import { checkedCurrency } from "../../../kernel/words/amounts.ts";
import { missingParameter, refusal } from "../../../kernel/words/errors.ts";
import { refuseFractions } from "../../../kernel/words/fractions.ts";
import { given, text } from "../../../kernel/words/params.ts";
import { bindCurrency, type Customer, customers } from "../../customers/index.ts";
import { pendingItems, removeItem, sweep } from "../../invoiceitems/index.ts";
import { addLine, linesOf, removeLine } from "../../line_items/index.ts";
import { discountsOf, reckon } from "../amounts.ts";
import { refuseUntaxableLines } from "../billing/automatic_tax.ts";
import { advanceBy, fileCollection, fileFinalization } from "../collection/auto.ts";
import { metadataOf, refuseOnFinal, refuseUnplayedTerms, termsOf, writtenFields } from "../fields.ts";
import { type Invoice, invoiceMachine, invoices, subscriptionOf } from "../invoice.ts";
import { itemsOf } from "../lines.ts";
import { rows } from "../refusals.table.ts";
import { emptyRendering, newDraft, usualRendering } from "../shape.ts";
import { billedOf, billing, isOf, refuseOfOther, termsParams } from "./billed.ts";
import { copiedFields, copyLines, revisedOf } from "./revision.ts";

export function createInvoice(unit: Unit, params: Params): Invoice {
  const billed = billedOf(unit, params);
  const revised = revisedOf(unit, params);
  const named = text(params, "customer") ?? billed?.customer ?? revised?.customer;
  if (named === undefined) throw missingParameter("customer");
  const customer = mustReadParam(unit, customers, named, "customer");
  refuseOfOther(billed, customer);
  const usual = billed?.currency ?? revised?.currency ?? customer.currency ?? unit.world.home.currency;
  const currency = params.currency === undefined ? usual : checkedCurrency(params);
  refuseFractions(params, currency);
  refuseUnplayedTerms(params);
  const terms = billed ? { ...termsParams(billed, params), ...params } : params;
  const draft = draftOf(unit, terms, { customer, currency, revised });
  const pending = billed || includesPending(params) ? pendingItems(unit, customer.id, currency) : [];
  const swept = billed ? pending.filter((item) => isOf(billed, item)) : pending;
  if (revised) copyLines(unit, revised, draft.id);
  refuseEmpty(unit, params, swept.length);
  bindCurrency(unit, customer.id, currency);
  for (const item of sweep(unit, swept, draft.id)) addLine(unit, draft.id, item, "behind");
  const inherited = customer.discount === null ? [] : [customer.discount];
  const known = revised?.discounts ?? (billed && billed.discounts.length > 0 ? billed.discounts : inherited);
  const discounted = {
    ...draft,
    ...(billed && { ...billing(billed), rendering: usualRendering(customer) }),
    discounts: discountsOf(unit, params, { invoice: draft, known }) ?? known,
  };
  refuseUntaxableLines(unit, discounted);
  const amounts = reckon(unit, discounted, customer);
  const invoice = begin(unit, invoiceMachine, "create", "draft", (status) => ({ ...discounted, ...amounts, status }));
  if (invoice.auto_advance) fileFinalization(unit, invoice);
  if (billed) signal(unit, invoices, "bill", invoice, invoice);
  return invoice;
}

function includesPending(params: Params): boolean {
  return text(params, "pending_invoice_items_behavior") === "include";
}

/** Until then what waited was billed with every invoice, and none was made of nothing. */
const oldRule = "2022-08-01";

function refuseEmpty(unit: Unit, params: Params, count: number): void {
  if (text(params, "subscription") !== undefined && count === 0) throw refusal(rows.nothingToInvoiceSubscription);
  if (unit.version < oldRule && includesPending(params) && count === 0) throw refusal(rows.nothingToInvoice);
}

interface Drawing {
  readonly customer: Customer;
  readonly currency: string;
  readonly revised: Invoice | undefined;
}

function draftOf(unit: Unit, params: Params, { customer, currency, revised }: Drawing): Invoice {
  const drawn = newDraft(unit, customer, currency);
  const copied = { ...drawn, ...(revised && copiedFields(revised, drawn.created)) };
  const blank: Invoice = {
    ...copied,
    metadata: metadataOf(params, copied.metadata),
    rendering: copied.rendering ?? emptyRendering,
  };
  const written = { ...blank, ...writtenFields(unit, params, blank), ...termsOf(unit, params, blank, customer) };
  refuseTaken(unit, written);
  return { ...written, ...advanceBy(unit, params, written) };
}

function refuseTaken(unit: Unit, { id, number }: Invoice): void {
  if (number === null) return;
  const isTaken = all(unit, invoices).some((other) => other.id !== id && other.number === number);
  if (isTaken) throw refusal(rows.numberTaken, { number });
}

export function updateInvoice(unit: Unit, params: Params, id: string): Invoice {
  const before = mustRead(unit, invoices, id);
  refuseFractions(params, before.currency);
  refuseUnplayedTerms(params);
  refuseOnFinal(before, params);
  const customer = mustRead(unit, customers, before.customer);
  const known = [...before.discounts, ...(customer.discount === null ? [] : [customer.discount])];
  const isAboutTerms = ["collection_method", "days_until_due", "due_date"].some((name) => params[name] !== undefined);
  const changed = {
    ...before,
    ...writtenFields(unit, params, before),
    ...(isAboutTerms && termsOf(unit, params, before, customer)),
    ...given({ discounts: discountsOf(unit, params, { invoice: before, known }) }),
    metadata: metadataOf(params, before.metadata),
  };
  refuseTaken(unit, changed);
  if (before.status === "draft") refuseUntaxableLines(unit, changed);
  const amounts = before.status === "draft" ? reckon(unit, changed, customer) : {};
  const written = { ...changed, ...amounts, ...advanceBy(unit, params, changed) };
  const { id: _id, object: _object, status: _status, ...changes } = written;
  const after = change(unit, invoices, before, changes, "invoice.updated");
  if (after.auto_advance && after.status === "draft") fileFinalization(unit, after);
  if (after.auto_advance && !before.auto_advance && after.status === "open") fileCollection(unit, after);
  return after;
}

/** What it would have billed dies with it (recorded). */
export function deleteInvoice(unit: Unit, _params: Params, id: string): object {
  const invoice = mustRead(unit, invoices, id, "invoice");
  if (invoice.status !== "draft") throw refusal(rows.invoiceNotDeletable);
  if (subscriptionOf(invoice) !== null) throw refusal(rows.invoiceOfSubscription);
  planNoMore(unit, invoices, invoice.id);
  erase(unit, invoices, invoice, "invoice.deleted");
  for (const item of itemsOf(unit, id)) removeItem(unit, item);
  for (const line of linesOf(unit, id)) removeLine(unit, line);
  return { id, object: "invoice", deleted: true };
}
