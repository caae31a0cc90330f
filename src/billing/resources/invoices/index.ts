// Invoices: what customers are asked for, as Stripe knows it. The folder's only door.
import type { Billing } from "../../api/index.ts";
import type { Manifest } from "../../kernel/contract/manifest.ts";
import type { BillingCore } from "../../kernel/core.ts";
import { checkKey } from "../input.ts";
import { markReadIn } from "../read_once.ts";
import { invoicesFacts } from "./facts.table.ts";
import { onClockReady, onInvoiceSeen, onPaymentChanged } from "./follow.ts";
import { onInvoiceGone } from "./keep.ts";
import { invoiceKind } from "./kind.ts";
import { dueDate } from "./overdue.ts";
import { invoicePaymentKind } from "./payments.ts";
import { getInvoice, listInvoices } from "./read.ts";
import { invoicesTables } from "./tables.ts";

export { getInvoice } from "./read.ts";

export function createInvoices(core: BillingCore): Billing["invoices"] {
  return {
    get: async (id) => getInvoice(core, checkKey("id", id)),
    list: (options) => core.command(async () => listInvoices(core, options ?? {})),
  };
}

export const invoicesManifest: Manifest = {
  name: "invoices",
  tables: invoicesTables,
  facts: invoicesFacts,
  kinds: [invoiceKind, invoicePaymentKind],
  events: [
    "invoice.created",
    "invoice.updated",
    "invoice.deleted",
    "invoice.finalized",
    "invoice.finalization_failed",
    "invoice.sent",
    "invoice.paid",
    "invoice.payment_succeeded",
    "invoice.payment_failed",
    "invoice.payment_action_required",
    "invoice.payment_attempt_required",
    "invoice.marked_uncollectible",
    "invoice.voided",
    "invoice.overdue",
    "invoice.overpaid",
    "invoice.will_be_due",
    "invoice_payment.paid",
  ],
  verbs: [],
  reactions: [onInvoiceGone, onInvoiceSeen, onPaymentChanged, onClockReady],
  timers: [dueDate],
  allRead: (tx, read) => markReadIn(tx, "invoices_read", read),
};
