// What ties a payment to an invoice. It comes after both. Pure, but for the table that it is found by.
import type { Columns } from "#kit/sql/many.ts";
import { idOf } from "../../../kernel/contract/context.ts";
import { type Belonging, type Kept, type MirroredRow, mirrorKind } from "../../../kernel/contract/manifest.ts";
import type { Fields, News, Remote } from "../../../kernel/contract/reacting.ts";
import { insertion, insertRows } from "../../../kernel/store/many.ts";
import type { BillingTx } from "../../../kernel/store/tables.ts";
import { marksOf } from "../../marks.ts";
import { fieldsOf, number, numberOrNull } from "../../remote_fields.ts";
import type { InvoicePaymentRow } from "../tables.ts";

declare module "../../../kernel/contract/reacting.ts" {
  interface InnerNews {
    "invoice_payment.seen": Pick<InvoicePaymentMirror, "id" | "invoice" | "paymentIntent">;
  }
}

export interface InvoicePaymentMirror extends MirroredRow {
  readonly invoice: string;
  readonly paymentIntent: string | null;
  readonly charge: string | null;
  readonly status: "open" | "paid" | "canceled";
  readonly amountRequested: number;
  /** null until it is paid; it may be less than what was asked for. */
  readonly amountPaid: number | null;
  readonly currency: string;
  readonly isDefault: boolean;
  readonly created: number;
  readonly paidAt: number | null;
  readonly canceledAt: number | null;
}

/** It names no customer; its invoice has one. */
const belongsTo = (remote: Fields): Belonging => ({ customer: null, parent: idOf(remote.invoice) });

function paymentRow(remote: Remote): InvoicePaymentMirror | undefined {
  const invoice = idOf(remote.invoice);
  if (invoice === null) return undefined;
  const payment = fieldsOf(remote.payment);
  const times = fieldsOf(remote.status_transitions);
  const status = remote.status as InvoicePaymentMirror["status"];
  return {
    ...marksOf(remote),
    id: remote.id,
    ...belongsTo(remote),
    isFinal: status === "paid" || status === "canceled",
    invoice,
    paymentIntent: idOf(payment.payment_intent),
    charge: idOf(payment.charge),
    status,
    amountRequested: number(remote.amount_requested),
    amountPaid: numberOrNull(remote.amount_paid),
    currency: String(remote.currency),
    isDefault: remote.is_default === true,
    created: number(remote.created),
    paidAt: numberOrNull(times.paid_at),
    canceledAt: numberOrNull(times.canceled_at),
  };
}

function paymentNews(before: InvoicePaymentMirror | null, after: InvoicePaymentMirror): News<"invoice_payment.seen">[] {
  if (before?.status === after.status) return [];
  const { id, status, invoice, paymentIntent } = after;
  const data = { id, invoice, paymentIntent };
  return [{ type: "invoice_payment.seen", subject: id, transition: `${id}:${status}`, data }];
}

/** Those that a look at an invoice shows: its own events of them may be lost. */
export async function keepShown(tx: BillingTx, payments: readonly Fields[]): Promise<void> {
  const rows = payments.flatMap((payment) => paymentRow(payment as Remote) ?? []);
  await insertRows(tx, paymentRows, rows.map(tieOf));
}

async function keepPayments(tx: BillingTx, seen: readonly Kept<InvoicePaymentMirror>[]): Promise<void> {
  await insertRows(
    tx,
    paymentRows,
    seen.map(({ after }) => tieOf(after)),
  );
}

function tieOf({ id, invoice, paymentIntent, charge, status }: InvoicePaymentMirror): InvoicePaymentRow {
  return { id, invoice, payment_intent: paymentIntent, charge, status };
}

const columns = {
  id: "text",
  invoice: "text",
  payment_intent: "text",
  charge: "text",
  status: "text",
} as const satisfies Columns<InvoicePaymentRow>;

const paymentRows = insertion("invoice_payments", {
  columns,
  key: "id",
  resolved: (inserting) =>
    inserting.onConflict((conflict) =>
      conflict
        .column("id")
        .doUpdateSet((eb) => ({ status: eb.ref("excluded.status") }))
        // An end is never taken back: what tells of before was seen before.
        .where("invoice_payments.status", "=", "open"),
    ),
});

export const invoicePaymentKind = mirrorKind<InvoicePaymentMirror>({
  kind: "invoice_payment",
  path: (id) => `/v1/invoice_payments/${id}`,
  list: { path: "/v1/invoice_payments", byCustomer: false },
  belongsTo,
  // It names no clock, and there are none in live mode.
  isOnClock: ({ livemode }) => livemode !== true,
  row: paymentRow,
  facts: paymentNews,
  keep: keepPayments,
});
