// Lines of invoices: rows of their own, since an invoice may have hundreds. Pure.
import { createHash } from "node:crypto";
import { secondMs } from "#kit/clock.ts";
import { idOf } from "../../../kernel/contract/context.ts";
import type { Fields } from "../../../kernel/contract/reacting.ts";
import { canonicalJson } from "../../../kernel/store/canonical_json.ts";
import { fieldsOf, number, numberOrNull, textOrNull } from "../../remote_fields.ts";
import type { InvoiceLineRow } from "../tables.ts";

/** In Stripe's order. */
export function lineRows(invoice: string, lines: readonly Fields[]): readonly InvoiceLineRow[] {
  return lines.map((line, position) => lineRow(invoice, line, position));
}

/** Of their rows, whatever their order: it is different when anything that we live by is. */
export function digestOf(lines: readonly Fields[]): string {
  const rows = lineRows("", lines).map(({ position: _position, ...row }) => row);
  const sorted = rows.toSorted((a, b) => (a.id < b.id ? -1 : 1));
  return createHash("sha256").update(canonicalJson(sorted)).digest("hex");
}

function lineRow(invoice: string, line: Fields, position: number): InvoiceLineRow {
  const parent = fieldsOf(line.parent);
  const details = fieldsOf(parent.subscription_item_details ?? parent.invoice_item_details);
  const pricing = fieldsOf(line.pricing);
  const price = fieldsOf(pricing.price_details);
  const period = fieldsOf(line.period);
  return {
    invoice,
    id: String(line.id),
    position,
    amount: number(line.amount),
    currency: String(line.currency),
    description: textOrNull(line.description),
    quantity: numberOrNull(line.quantity),
    unit_amount_decimal: textOrNull(pricing.unit_amount_decimal),
    price: idOf(price.price),
    product: idOf(price.product),
    subscription: idOf(details.subscription),
    subscription_item: idOf(details.subscription_item),
    invoice_item: idOf(details.invoice_item),
    proration: details.proration === true ? 1 : 0,
    period_start: number(period.start) * secondMs,
    period_end: number(period.end) * secondMs,
    subtotal: number(line.subtotal),
    discount: sumOf(line.discount_amounts),
    tax: sumOf(line.taxes),
  };
}

function sumOf(parts: unknown): number {
  return Array.isArray(parts) ? parts.reduce<number>((sum, part) => sum + number(fieldsOf(part).amount), 0) : 0;
}
