// Pays an invoice at Stripe, which knows one payment that pays it: what the customer does in a page meanwhile and this
// call are told apart there, and one of them is refused. It takes money, so its wish grows old.
// https://docs.stripe.com/api/invoices/pay
import type { Fields, Remote } from "../../../kernel/contract/reacting.ts";
import { flag, integer, oneOf, orNull, record, type Shaped, text } from "../../../kernel/contract/shape.ts";
import { defineVerb, itsId } from "../../../kernel/contract/verb.ts";
import { fieldsOf, itemsOf } from "../../remote_fields.ts";
import { notDone } from "../moves/not_done.ts";
import { aboutInvoice, laneOfInvoice, nothing, ofInvoice, touchedInvoice } from "../standing.ts";

/** Whether the customer is there and can answer their bank. */
const sessions = ["off_session", "on_session"] as const;

export const payWish = record({
  ...ofInvoice,
  /** Null: the one that Stripe takes by itself. */
  method: orNull(text),
  session: oneOf(sessions),
  outOfBand: flag,
  validForMs: integer,
});
export type PayWish = Shaped<typeof payWish>;

export const pay = defineVerb({
  name: "invoices.pay",
  params: payWish,
  outcome: nothing,
  lane: laneOfInvoice,
  about: aboutInvoice,
  validForMs: ({ params }) => params.validForMs,
  steps: [
    {
      name: "pay",
      answer: itsId,
      expand: ["payments.data.payment.payment_intent"],
      touches: touchedInvoice,
      embeds: ({ params: { invoiceId, method } }) => [
        { kind: "invoice", id: invoiceId },
        ...(method === null ? [] : [{ kind: "payment_method", id: method }]),
      ],
      request: ({ params: { invoiceId, method, session, outOfBand } }) => ({
        method: "POST",
        path: `/v1/invoices/${invoiceId}/pay`,
        params: outOfBand
          ? { paid_out_of_band: true }
          : { payment_method: method ?? undefined, off_session: session === "off_session" },
      }),
      holds: (invoice, { params }) => (params.outOfBand ? isPaidElsewhere(invoice) : isTaken(invoice)),
    },
  ],
  answered: async () => ({}),
  refused: notDone("pay"),
});

/** Paid, by whatever, or on its way to be: nothing more is charged. */
function isTaken(invoice: Remote): boolean {
  return invoice.status === "paid" || paymentsOf(invoice).some(({ status }) => status === "processing");
}

/** What a card has paid meanwhile is not what came by a transfer. */
function isPaidElsewhere(invoice: Remote): boolean {
  return invoice.status === "paid" && !paymentsOf(invoice).some(({ status }) => status === "succeeded");
}

function paymentsOf(invoice: Remote): readonly Fields[] {
  return (itemsOf(invoice.payments) ?? []).map(({ payment }) => fieldsOf(fieldsOf(payment).payment_intent));
}
