// What an invoice asks for, so that what was previewed and what was billed can be compared. Pure.
import { formatMoney } from "#kit/money.ts";
import { idOf } from "../../../../kernel/contract/context.ts";
import type { Fields } from "../../../../kernel/contract/reacting.ts";
import { flag, integer, listOf, orNull, record, type Shaped, text } from "../../../../kernel/contract/shape.ts";
import { canonicalJson } from "../../../../kernel/store/canonical_json.ts";
import { fieldsOf, number, numberOrNull, textOrNull } from "../../../remote_fields.ts";

const lineShape = record({
  description: orNull(text),
  amount: integer,
  quantity: orNull(integer),
  price: orNull(text),
  isProration: flag,
  start: integer,
  end: integer,
  discount: integer,
  tax: integer,
});
export type BillLine = Shaped<typeof lineShape>;

export const billShape = record({
  currency: text,
  total: integer,
  tax: integer,
  due: integer,
  lines: listOf(lineShape),
  /** Stripe shows ten lines inside an invoice. */
  isWhole: flag,
});
export type Bill = Shaped<typeof billShape>;

export function billOf(remote: Fields): Bill {
  const { data, has_more } = fieldsOf(remote.lines);
  return {
    currency: String(remote.currency),
    total: number(remote.total),
    tax: sumOf(remote.total_taxes),
    due: number(remote.amount_due),
    lines: (Array.isArray(data) ? data : []).map((line) => lineOf(fieldsOf(line))),
    isWhole: has_more !== true,
  };
}

function lineOf(line: Fields): BillLine {
  const parent = fieldsOf(line.parent);
  const { proration } = {
    ...fieldsOf(parent.subscription_item_details),
    ...(parent.invoice_item_details ? fieldsOf(parent.invoice_item_details) : {}),
  } as Fields;
  const { start, end } = fieldsOf(line.period);
  return {
    description: textOrNull(line.description),
    amount: number(line.amount),
    quantity: numberOrNull(line.quantity),
    price: idOf(fieldsOf(fieldsOf(line.pricing).price_details).price),
    isProration: proration === true,
    start: number(start),
    end: number(end),
    discount: sumOf(line.discount_amounts),
    tax: sumOf(line.taxes),
  };
}

function sumOf(parts: unknown): number {
  return Array.isArray(parts) ? parts.reduce<number>((sum, part) => sum + number(fieldsOf(part).amount), 0) : 0;
}

/** Whether it is made at once: of the next invoice some line begins with the next period. */
export function isImmediate({ lines }: Bill, periodEnd: number): boolean {
  return lines.every(({ start }) => start < periodEnd);
}

/** The same money for the same lines, whatever they are called and in whichever order they stand. */
export function isSameBill(one: Bill | null, other: Bill | null): boolean {
  return one === null || other === null ? one === other : textOf(one) === textOf(other);
}

function textOf({ currency, total, tax, due, lines, isWhole }: Bill): string {
  const sold = lines.map(({ description: _says, ...line }) => canonicalJson(line)).toSorted();
  return canonicalJson({ currency, total, tax, due, ...(isWhole && { sold }) });
}

/** "10.00 EUR are due now", or that nothing is. */
export function saysOf(bill: Bill | null): string {
  if (bill === null) return "nothing is billed";
  const { currency, due, total } = bill;
  const given = total < 0 ? `, ${formatMoney({ amount: -total, currency })} are credited` : "";
  return `${formatMoney({ amount: due, currency })} are due${given}`;
}

/** What is told of one. */
export function amountsOf(bill: Bill | null, currency: string) {
  return bill === null
    ? { currency, total: 0, tax: 0, due: 0 }
    : { currency: bill.currency, total: bill.total, tax: bill.tax, due: bill.due };
}
