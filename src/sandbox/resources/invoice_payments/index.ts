// Payments of invoices. The folder's only door.
import { list } from "../../kernel/answer/lists.ts";
import { defineResource, type Params } from "../../kernel/state/resource.ts";
import type { Unit } from "../../kernel/state/unit.ts";
import { mustRead } from "../../kernel/state/writes.ts";
import { notPlayed } from "../../kernel/words/errors.ts";
import { hash, text } from "../../kernel/words/params.ts";
import { type InvoicePayment, invoicePaymentMachine, invoicePayments } from "./invoice_payment.ts";

export {
  cancelPayment,
  type InvoicePayment,
  markPaid,
  openPayment,
  paymentsOf,
  paymentsWith,
  paymentWith,
  requestOther,
} from "./invoice_payment.ts";

const path = "/v1/invoice_payments";

export const invoicePaymentResource = defineResource<InvoicePayment>({
  noun: invoicePayments,
  machine: invoicePaymentMachine,
  routes: [
    { method: "GET", path, run: listPayments },
    {
      method: "GET",
      path: `${path}/:id`,
      run: (unit, _params, id) => mustRead(unit, invoicePayments, id, "invoice_payment"),
    },
  ],
});

function listPayments(unit: Unit, params: Params): object {
  const { invoice, status } = params;
  const payment = hash(params, "payment") ?? {};
  if (payment.payment_record !== undefined) throw notPlayed("payment records", "payment[payment_record]");
  const intent = text(payment, "payment_intent");
  const filters = { "payment.payment_intent": intent, invoice, status };
  return list(unit, invoicePayments, params, { url: path, filters });
}
