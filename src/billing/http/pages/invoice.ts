// The hosted page on which a customer pays an invoice, also one whose payment has failed before.
import assert from "node:assert/strict";
import type { InvoiceStatus } from "../../api/index.ts";
import type { PageInvoice } from "../core.ts";
import { type Notice, noticePage } from "./layout.ts";
import { formOf, type HostedPage, type Pages, stateUrlOf } from "./page.ts";
import { invoiceFormPage, invoiceReceiptPage, invoiceWaitingPage } from "./views/invoice_view.ts";

export const invoicePage: HostedPage = {
  async show(pages, c, session) {
    const { invoice, clientSecret } = await askInvoice(pages, session.subject);
    const shopUrl = session.returnUrl;
    const end = { ...pages.view, invoice, shopUrl };
    if (invoice.status === "paid") return c.html(invoiceReceiptPage(end));
    const notice = notices[invoice.status];
    if (notice) return c.html(noticePage({ ...pages.view, ...notice, shopUrl }));
    if (clientSecret !== null) return c.html(invoiceFormPage({ ...end, ...formOf(pages, session), clientSecret }));
    return c.html(invoiceWaitingPage({ ...end, stateUrl: stateUrlOf(pages, session) }));
  },
  isDone: async (pages, { subject }) => (await askInvoice(pages, subject)).invoice.status === "paid",
  async status(pages, { subject }) {
    const { invoice, clientSecret } = await askInvoice(pages, subject);
    return clientSecret === null && invoice.status !== "paid" && !notices[invoice.status]
      ? "processing"
      : invoice.status;
  },
};

const notices: Partial<Record<InvoiceStatus, Notice>> = {
  draft: {
    title: "This invoice is not ready yet",
    text: "Nothing is to be paid now. The shop gives you a new link.",
  },
  void: {
    title: "This invoice was taken back",
    text: "It cannot be paid any more, and nothing was charged.",
  },
};

async function askInvoice({ core }: Pages, id: string): Promise<PageInvoice> {
  assert.ok(core.askInvoice, "billing knows its invoices");
  return core.askInvoice(id);
}
