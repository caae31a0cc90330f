// What the lines of a credit note come to.
import type { CreditNoteLineItem } from "../credit_note_line_items/index.ts";
import { worthOf } from "../credit_note_line_items/index.ts";
import { type Invoice, shippingTaxesOf } from "../invoices/index.ts";
import type { CreditNote } from "./credit_note.ts";

type Sums = Pick<
  CreditNote,
  | (
      | "amount"
      | "discount_amount"
      | "discount_amounts"
      | "pretax_credit_amounts"
      | "subtotal"
      | "subtotal_excluding_tax"
    )
  | ("total" | "total_excluding_tax" | "total_taxes")
>;

/** `rest`: what is left of the invoice's taxes, where these lines give back all that is left of it. */
export function sumsOf(lines: readonly CreditNoteLineItem[], rest: Sums["total_taxes"] = null): Sums {
  const discount_amounts = together(
    lines.flatMap((line) => line.discount_amounts),
    ({ discount }) => String(discount),
    (one, other) => ({ ...one, amount: one.amount + other.amount }),
  );
  const total_taxes = rest ?? taxesOf(lines.flatMap((line) => line.taxes));
  const taken = sum(discount_amounts.map(({ amount }) => amount));
  const worths = lines.map(worthOf);
  const net = sum(lines.map(({ amount }) => amount)) - taken - sum(worths.map(({ relief }) => relief));
  const of = (behavior: string) =>
    sum(total_taxes.map(({ amount, tax_behavior }) => (tax_behavior === behavior ? amount : 0)));
  const total = net + of("exclusive");
  return {
    amount: total,
    discount_amount: taken,
    discount_amounts,
    pretax_credit_amounts: discount_amounts.map((one) => ({ ...one, type: "discount" as const })),
    subtotal: sum(worths.map(({ subtotal }) => subtotal)),
    subtotal_excluding_tax: sum(worths.map(({ subtotalExcludingTax }) => subtotalExcludingTax)),
    total,
    total_excluding_tax: net - of("inclusive"),
    total_taxes,
  };
}

type Taxes = NonNullable<Sums["total_taxes"]>;

function taxesOf(taxes: Taxes): Taxes {
  return together(
    taxes,
    ({ tax_rate_details: details }) => details?.tax_rate ?? "",
    (one, other) => ({
      ...one,
      amount: one.amount + other.amount,
      taxable_amount: (one.taxable_amount ?? 0) + (other.taxable_amount ?? 0),
    }),
  );
}

/**
 * What the taxes of an invoice's lines are less than these: an account may round them on the whole, not on each line.
 */
export function restOfTaxes(invoice: Invoice, gone: Taxes): Taxes {
  const { total_taxes: whole } = invoice;
  const negative = [...gone, ...shippingTaxesOf(invoice)].map((tax) => ({
    ...tax,
    amount: -tax.amount,
    taxable_amount: -(tax.taxable_amount ?? 0),
  }));
  return taxesOf([...(whole ?? []), ...negative]);
}

function together<T>(all: readonly T[], keyOf: (one: T) => string, merged: (one: T, other: T) => T): T[] {
  return [...Map.groupBy(all, keyOf).values()].map((alike) => alike.reduce(merged));
}

function sum(amounts: readonly number[]): number {
  return amounts.reduce((whole, amount) => whole + amount, 0);
}
