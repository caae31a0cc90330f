// Invoices: what customers are asked for. The folder's only door.
import { list, rangeOf } from "../../kernel/answer/lists.ts";
import { searchRoute } from "../../kernel/answer/search.ts";
import { included, listed, named, referred, until } from "../../kernel/state/embeds.ts";
import { on, onSignal } from "../../kernel/state/reactions.ts";
import { defineResource, type Params } from "../../kernel/state/resource.ts";
import type { Unit } from "../../kernel/state/unit.ts";
import { mustRead, read } from "../../kernel/state/writes.ts";
import { isWithin } from "../../kernel/store/store.ts";
import { charges } from "../charges/index.ts";
import { joinsClock } from "../customers/index.ts";
import { discounts } from "../discounts/index.ts";
import { events } from "../events/index.ts";
import { paymentsOf, paymentWith } from "../invoice_payments/index.ts";
import { invoiceItems } from "../invoiceitems/index.ts";
import { linesOf } from "../line_items/index.ts";
import { paymentIntentMachine, paymentIntents } from "../payment_intents/index.ts";
import { taxRates } from "../tax_rates/index.ts";
import { attachPayment, followCanceled } from "./collection/attached.ts";
import { collectByItself, fileRetry, finalizeByItself, retryByItself, startHour } from "./collection/auto.ts";
import { fileDueDate, owe, oweNoMore, passDueDate, remind } from "./collection/overdue.ts";
import { followAttempt, followEnd, payInvoice } from "./collection/pay.ts";
import { invoiceDefaults } from "./defaults.table.ts";
import { createInvoice, deleteInvoice, updateInvoice } from "./drafting/create.ts";
import { finalizeInvoice, sendInvoice, voidByCall, writeOffByCall } from "./end.ts";
import { type Invoice, invoiceMachine, invoices, memoryOf } from "./invoice.ts";
import {
  addLines,
  lineAdded,
  lineChanged,
  lineRemoved,
  listLines,
  removeLines,
  updateLine,
  updateLines,
} from "./lines.ts";
import { rows } from "./refusals.table.ts";
import { shippingTaxesOn } from "./shipping.ts";
import { invoiceVersions } from "./versions.ts";

export { automaticTax, invoicedTax, refuseUnplaced, refuseUntaxable } from "./billing/automatic_tax.ts";
export {
  type Bill,
  closeBill,
  describeBills,
  draftBill,
  finalBill,
  payBill,
  payingMethod,
  stopBills,
  waitingFor,
  writeOffBill,
} from "./billing/bill.ts";
export { giveUpBill, heldBill, holdNoMore, holdsUpdate } from "./billing/held.ts";
export { creditInvoice, uncreditInvoice } from "./collection/credited.ts";
export { firstMethod } from "./collection/pay.ts";
export { plannedTries } from "./collection/retries.ts";
export { createInvoice } from "./drafting/create.ts";
export { defaultMethod, defaultSource, printedFields } from "./fields.ts";
export { type Invoice, invoiceMachine, invoices, isAskedAtOnce, subscriptionOf } from "./invoice.ts";
export { methodOptions } from "./method_options.ts";
export { rateOf, type ShownTax, shownTax } from "./rates.ts";
export { shippingTaxesOf, shippingTaxesOn } from "./shipping.ts";

const path = "/v1/invoices";

export const invoiceResource = defineResource<Invoice>({
  noun: invoices,
  defaults: invoiceDefaults,
  machine: invoiceMachine,
  refusals: rows,
  versions: invoiceVersions,
  jobs: {
    collectByItself: { run: collectByItself, says: "is charged" },
    finalizeByItself: { run: finalizeByItself, says: "is finalized, its time as a draft over" },
    passDueDate: { run: passDueDate, says: "is overdue, if not paid" },
    remind: { run: remind, says: "is reminded of, if not paid" },
    retryByItself: { run: retryByItself, says: "is tried again" },
  },
  reactions: [
    on(paymentIntentMachine, "confirm", followAttempt),
    on(paymentIntentMachine, "authenticate", followEnd),
    on(paymentIntentMachine, "settle", followEnd),
    on(paymentIntentMachine, "capture", followEnd),
    on(paymentIntentMachine, "cancel", followCanceled),
    on(paymentIntentMachine, "expire", followCanceled),
    onSignal(invoiceItems, "create", lineAdded),
    onSignal(invoiceItems, "change", lineChanged),
    onSignal(invoiceItems, "remove", lineRemoved),
    onSignal(events, "delivered", startHour),
    onSignal(invoices, "fail", fileRetry),
    onSignal(invoices, "fail", owe),
    on(invoiceMachine, "pay", oweNoMore),
    on(invoiceMachine, "finalize", fileDueDate),
    joinsClock(invoices),
  ],
  embeds: [
    listed(invoices, "lines", { find: linesOf, urlOf: (id) => `${path}/${id || "upcoming"}/lines` }),
    listed(invoices, "payments", {
      isIncludable: true,
      isUncounted: true,
      find: paymentsOf,
      // As recorded, although nothing is found there.
      urlOf: () => `${path}/payments`,
    }),
    included(invoices, "confirmation_secret", secretOf),
    shippingTaxesOn(invoices),
    referred(invoices, "default_tax_rates", taxRates),
    // The one, if there is one; several stand in the list alone.
    until("basil", { on: invoices.object, field: "discount", as: "referred", find: onlyDiscount }),
    // Payments and invoices named each other. https://docs.stripe.com/changelog/basil
    until("basil", { on: invoices.object, field: "payment_intent", as: "name", find: intentOf }),
    until("basil", { on: invoices.object, field: "charge", as: "name", find: chargeOf }),
    named(paymentIntents, "invoice", { before: "basil", find: invoicesOfIntent }),
    named(charges, "invoice", { before: "basil", find: invoicesOfCharge }),
  ],
  routes: [
    searchRoute({
      path: `${path}/search`,
      noun: invoices,
      fields: {
        created: "number",
        currency: "text",
        customer: "text",
        last_finalization_error_code: { kind: "text", at: "last_finalization_error.code" },
        last_finalization_error_type: { kind: "text", at: "last_finalization_error.type" },
        number: "part",
        receipt_number: "part",
        status: "part",
        subscription: { kind: "part", at: "parent.subscription_details.subscription" },
        total: "number",
      },
    }),
    { method: "POST", path, run: createInvoice },
    { method: "GET", path, run: listInvoices },
    { method: "GET", path: `${path}/:id`, run: (unit, _params, id) => mustRead(unit, invoices, id, "invoice") },
    { method: "POST", path: `${path}/:id`, run: updateInvoice },
    { method: "DELETE", path: `${path}/:id`, run: deleteInvoice },
    { method: "POST", path: `${path}/:id/finalize`, run: finalizeInvoice },
    { method: "POST", path: `${path}/:id/pay`, run: payInvoice },
    { method: "POST", path: `${path}/:id/attach_payment`, run: attachPayment },
    { method: "POST", path: `${path}/:id/send`, run: sendInvoice },
    { method: "POST", path: `${path}/:id/void`, run: voidByCall },
    { method: "POST", path: `${path}/:id/mark_uncollectible`, run: writeOffByCall },
    { method: "GET", path: `${path}/:id/lines`, run: listLines },
    { method: "POST", path: `${path}/:id/lines/:id`, run: updateLine },
    { method: "POST", path: `${path}/:id/add_lines`, run: addLines },
    { method: "POST", path: `${path}/:id/update_lines`, run: updateLines },
    { method: "POST", path: `${path}/:id/remove_lines`, run: removeLines },
  ],
});

function listInvoices(unit: Unit, params: Params): object {
  const { collection_method, customer, status, subscription } = params;
  const due = rangeOf(params, "due_date");
  const isDue = ({ due_date }: Invoice) => due === undefined || (due_date !== null && isWithin(due, due_date));
  return list(unit, invoices, params, {
    url: path,
    filters: { "parent.subscription_details.subscription": subscription, customer, collection_method, status },
    where: isDue,
  });
}

function onlyDiscount(unit: Unit, invoice: object) {
  const { discounts: ids } = invoice as Invoice; // An embed is asked for objects of its noun.
  return ids.length === 1 ? ids.flatMap((id) => read(unit, discounts, id) ?? []) : [];
}

/** With it a browser confirms the payment. */
function secretOf(invoice: Invoice): object | null {
  const { clientSecret } = memoryOf(invoice);
  return clientSecret === null ? null : { client_secret: clientSecret, type: "payment_intent" };
}

/** A draft has none, so that an event tells that there was none before. */
function intentOf(unit: Unit, invoice: object) {
  const { id, status } = invoice as Invoice; // As above.
  if (status === "draft") return [];
  const [first] = paymentsOf(unit, id);
  return first ? [mustRead(unit, paymentIntents, first.payment.payment_intent)] : [];
}

/** The newest, once somebody has tried to pay. */
function chargeOf(unit: Unit, invoice: object) {
  if (!(invoice as Invoice).attempted) return []; // As above.
  return intentOf(unit, invoice).flatMap(({ latest_charge }) => read(unit, charges, latest_charge ?? "") ?? []);
}

function invoicesOfIntent(unit: Unit, intent: string) {
  const payment = paymentWith(unit, intent);
  return payment ? [mustRead(unit, invoices, payment.invoice)] : [];
}

function invoicesOfCharge(unit: Unit, id: string) {
  const intent = read(unit, charges, id)?.payment_intent;
  return intent ? invoicesOfIntent(unit, intent) : [];
}
