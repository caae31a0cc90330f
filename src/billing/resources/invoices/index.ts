// Invoices: what customers are asked for, as Stripe knows it, and what can be wished of them. The folder's only door.
import type { Billing } from "../../api/index.ts";
import type { Manifest } from "../../kernel/contract/manifest.ts";
import type { BillingCore } from "../../kernel/core.ts";
import { checkKey } from "../input.ts";
import { markReadIn } from "../read_once.ts";
import { creditInvoice, listCredits } from "./credits/credit.ts";
import { onCreditNote } from "./credits/follow.ts";
import { creditNoteKind } from "./credits/notes.ts";
import { credit } from "./credits/verb.ts";
import { invoicesFacts } from "./facts.table.ts";
import { onClockReady, onInvoiceSeen, onPaymentChanged } from "./follow.ts";
import { discardInvoice, finalizeInvoice, sendInvoice, voidInvoice, writeOffInvoice } from "./moves/commands.ts";
import { send } from "./moves/send_verb.ts";
import { discard, finalize, voidVerb, writeOff } from "./moves/verbs.ts";
import { createInvoice } from "./one_off/create.ts";
import { onMadeSeen } from "./one_off/made.ts";
import { create, draft } from "./one_off/verbs.ts";
import { linkInvoice, type OpenInvoiceLink } from "./pay/link.ts";
import { payInvoice } from "./pay/pay.ts";
import { pay } from "./pay/verb.ts";
import { getInvoice, listInvoices } from "./read.ts";
import { onInvoiceGone } from "./seen/keep.ts";
import { invoiceKind } from "./seen/kind.ts";
import { dueDate } from "./seen/overdue.ts";
import { invoicePaymentKind } from "./seen/payments.ts";
import { invoicesTables } from "./tables.ts";

export { voidBy } from "./moves/verbs.ts";
export { askInvoice, askPayer, type OpenInvoiceLink } from "./pay/link.ts";
export { type PaidBy, readPaid } from "./pay/paid.ts";
export { getInvoice } from "./read.ts";
export type { InvoiceMirror } from "./seen/invoices.ts";
export { checkInvoiceId } from "./standing.ts";

export function createInvoices(core: BillingCore, openLink: OpenInvoiceLink): Billing["invoices"] {
  return {
    get: async (id) => getInvoice(core, checkKey("id", id)),
    list: (options) => core.command(async () => listInvoices(core, options ?? {})),
    create: (input) => core.command(async () => createInvoice(core, openLink, input)),
    finalize: (id, options = {}) => core.command(async () => finalizeInvoice(core, id, options)),
    send: (id, options) => core.command(async () => sendInvoice(core, id, options)),
    discard: (id, options = {}) => core.command(async () => discardInvoice(core, id, options)),
    void: (id, options = {}) => core.command(async () => voidInvoice(core, id, options)),
    writeOff: (id, options = {}) => core.command(async () => writeOffInvoice(core, id, options)),
    pay: (invoiceId, options) => core.command(async () => payInvoice(core, openLink, { invoiceId, options })),
    credit: (invoiceId, options) => core.command(async () => creditInvoice(core, { invoiceId, options })),
    credits: (id) => core.command(async () => listCredits(core, id)),
    link: (invoiceId, options = {}) => core.command(async () => linkInvoice(core, openLink, { invoiceId, options })),
  };
}

export const invoicesManifest: Manifest = {
  name: "invoices",
  tables: invoicesTables,
  facts: invoicesFacts,
  kinds: [invoiceKind, invoicePaymentKind, creditNoteKind],
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
    "credit_note.created",
    "credit_note.updated",
    "credit_note.voided",
  ],
  verbs: [create, draft, finalize, send, discard, voidVerb, writeOff, pay, credit],
  reactions: [onInvoiceGone, onMadeSeen, onInvoiceSeen, onCreditNote, onPaymentChanged, onClockReady],
  timers: [dueDate],
  allRead: (tx, read) => markReadIn(tx, "invoices_read", read),
};
