// Invoices, as the kernel follows them.
import { mirrorKind } from "../../../kernel/contract/manifest.ts";
import { hangsOnClock } from "../../remote_fields.ts";
import { belongsTo, type InvoiceMirror, invoiceNews, invoiceRow } from "./invoices.ts";
import { keepInvoices } from "./keep.ts";

const intents = "data.payment.payment_intent";

export const invoiceKind = mirrorKind<InvoiceMirror>({
  kind: "invoice",
  path: (id) => `/v1/invoices/${id}?expand[]=payments.${intents}`,
  list: { path: "/v1/invoices", byCustomer: true },
  lists: [
    { field: "lines", path: (id) => `/v1/invoices/${id}/lines?limit=100` },
    { field: "payments", path: (id) => `/v1/invoice_payments?limit=100&invoice=${id}&expand[]=${intents}` },
  ],
  isForgotten: true,
  belongsTo,
  isOnClock: hangsOnClock,
  row: invoiceRow,
  facts: invoiceNews,
  keep: keepInvoices,
});
