// What the lines of a credit note come to.
import type { CreditNoteLineItem } from "../credit_note_line_items/index.ts";
import { worthOf } from "../credit_note_line_items/index.ts";
import type { Invoice } from "../invoices/index.ts";
import type { CreditNote } from "./credit_note.ts";
import type { SentBack } from "./shipping.ts";

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

/**
 * `sent`: what is given back beside the lines, of which the subtotal knows nothing. `rest`: what is left of the taxes
 * of the invoice's lines, where these lines give back all that is left of them.
 */
export function sumsOf(lines: readonly CreditNoteLineItem[], sent: SentBack, rest: Sums["total_taxes"] = null): Sums {
  const discount_amounts = together(
    lines.flatMap((line) => line.discount_amounts),
    ({ discount }) => String(discount),
    (one, other) => ({ ...one, amount: one.amount + other.amount }),
  );
  const total_taxes = taxesOf([...(rest ?? lines.flatMap((line) => line.taxes)), ...sent.taxes]);
  const taken = sum(discount_amounts.map(({ amount }) => amount));
  const worths = lines.map(worthOf);
  const relieved = taken + sum(worths.map(({ relief }) => relief));
  const netOfShipping = (sent.shipping_cost?.amount_total ?? 0) - taxOf(sent.taxes, "exclusive");
  const net = sum(lines.map(({ amount }) => amount)) - relieved + netOfShipping;
  const total = net + taxOf(total_taxes, "exclusive");
  return {
    amount: total,
    discount_amount: taken,
    discount_amounts,
    pretax_credit_amounts: discount_amounts.map((one) => ({ ...one, type: "discount" as const })),
    subtotal: sum(worths.map(({ subtotal }) => subtotal)),
    subtotal_excluding_tax: sum(worths.map(({ subtotalExcludingTax }) => subtotalExcludingTax)),
    total,
    total_excluding_tax: net - taxOf(total_taxes, "inclusive"),
    total_taxes,
  };
}

function taxOf(taxes: Taxes, behavior: "exclusive" | "inclusive"): number {
  return sum(taxes.map(({ amount, tax_behavior }) => (tax_behavior === behavior ? amount : 0)));
}

type Taxes = readonly NonNullable<Sums["total_taxes"]>[number][];

function taxesOf(taxes: Taxes): NonNullable<Sums["total_taxes"]> {
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

/** What an invoice's taxes are less than these: an account may round them on the whole, not on each line. */
export function restOfTaxes({ total_taxes: whole }: Invoice, gone: Taxes): NonNullable<Sums["total_taxes"]> {
  const negative = gone.map((tax) => ({ ...tax, amount: -tax.amount, taxable_amount: -(tax.taxable_amount ?? 0) }));
  return taxesOf([...(whole ?? []), ...negative]);
}

function together<T>(all: readonly T[], keyOf: (one: T) => string, merged: (one: T, other: T) => T): T[] {
  return [...Map.groupBy(all, keyOf).values()].map((alike) => alike.reduce(merged));
}

function sum(amounts: readonly number[]): number {
  return amounts.reduce((whole, amount) => whole + amount, 0);
}
