// What is kept of an invoice beside the mirror: what lists find it by, and its lines.
import { secondMs } from "#kit/clock.ts";
import { type Columns, isAmong } from "#kit/sql/many.ts";
import { type Kept, on } from "../../../kernel/contract/manifest.ts";
import { insertion, insertRows } from "../../../kernel/store/many.ts";
import type { BillingTx } from "../../../kernel/store/tables.ts";
import { itemsOf } from "../../remote_fields.ts";
import type { InvoiceLineRow, InvoiceRow } from "../tables.ts";
import { keepFailures } from "./failures.ts";
import type { InvoiceMirror } from "./invoices.ts";
import { lineRows } from "./lines.ts";
import { keepShown } from "./payments.ts";

export async function keepInvoices(tx: BillingTx, seen: readonly Kept<InvoiceMirror>[]): Promise<void> {
  await insertRows(tx, invoiceRows, seen.map(invoiceRow));
  // Hundreds of rows are not written again because an amount of the invoice has changed.
  const changed = seen.filter(({ before, after }) => before?.lines.sha256 !== after.lines.sha256);
  const ids = changed.flatMap(({ before, after }) => (before === null ? [] : after.id));
  if (ids.length > 0) await deleteLines(tx, ids);
  const lines = changed.flatMap(({ after: { id }, remote }) => lineRows(id, itemsOf(remote.lines) ?? []));
  if (lines.length > 0) await insertRows(tx, lineInsertion, lines);
  await keepShown(
    tx,
    seen.flatMap(({ remote }) => itemsOf(remote.payments) ?? []),
  );
  await keepFailures(tx, seen);
}

function invoiceRow({ after }: Kept<InvoiceMirror>): InvoiceRow {
  const { id, customer, subscription, status, number, created, testClock, payment } = after;
  return {
    id,
    customer,
    subscription,
    status,
    number,
    created_at: created * secondMs,
    test_clock: testClock,
    payment_intent: payment?.paymentIntent ?? null,
    failed_at: null,
  };
}

const invoiceColumns = {
  id: "text",
  customer: "text",
  subscription: "text",
  status: "text",
  number: "text",
  created_at: "integer",
  test_clock: "text",
  payment_intent: "text",
  failed_at: "integer",
} as const satisfies Columns<InvoiceRow>;

const invoiceRows = insertion("invoices", {
  columns: invoiceColumns,
  key: "id",
  resolved: (inserting) =>
    inserting.onConflict((conflict) =>
      conflict.column("id").doUpdateSet((eb) => ({
        customer: eb.ref("excluded.customer"),
        subscription: eb.ref("excluded.subscription"),
        status: eb.ref("excluded.status"),
        number: eb.ref("excluded.number"),
        created_at: eb.ref("excluded.created_at"),
        test_clock: eb.ref("excluded.test_clock"),
        payment_intent: eb.ref("excluded.payment_intent"),
        // Never failed_at: that is written once.
      })),
    ),
});

const lineColumns = {
  invoice: "text",
  id: "text",
  position: "integer",
  amount: "integer",
  currency: "text",
  description: "text",
  quantity: "integer",
  unit_amount_decimal: "text",
  price: "text",
  product: "text",
  subscription: "text",
  subscription_item: "text",
  invoice_item: "text",
  proration: "integer",
  period_start: "integer",
  period_end: "integer",
  subtotal: "integer",
  discount: "integer",
  tax: "integer",
} as const satisfies Columns<InvoiceLineRow>;

const lineInsertion = insertion("invoice_lines", { columns: lineColumns, key: "id" });

async function deleteLines(tx: BillingTx, invoices: readonly string[]): Promise<void> {
  await tx
    .deleteFrom("invoice_lines")
    .where(isAmong(tx, "invoice", invoices))
    .execute();
}

/** A draft that was deleted was never asked of anybody. */
export const onInvoiceGone = on("object.gone", async ({ tx }, news) => {
  const gone = news.flatMap(({ data }) => (data.kind === "invoice" ? data.id : []));
  if (gone.length === 0) return [];
  await deleteLines(tx, gone);
  await tx.deleteFrom("invoices").where("id", "in", gone).execute();
  return [];
});
