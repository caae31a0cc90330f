// READ FIRST. A line of a credit note: what it gives back of a line of the invoice, or of its own accord. It never
// changes; once its note is void it gives nothing back any more. https://docs.stripe.com/api/credit_notes/line_item
import type Stripe from "stripe";
import { defineNoun, hidden, type Stored } from "../../kernel/state/noun.ts";
import type { Unit } from "../../kernel/state/unit.ts";
import { add, among, change } from "../../kernel/state/writes.ts";

type Otherwise = "tax_rates" | "taxes" | "unit_amount_decimal";

export type CreditNoteLineItem = Omit<Stored<Stripe.CreditNoteLineItem>, Otherwise> & {
  readonly tax_rates: readonly string[];
  readonly taxes: readonly Stripe.CreditNoteLineItem.Tax[];
  readonly unit_amount_decimal: string | null;
};

export const creditNoteLineItems = defineNoun<CreditNoteLineItem>({
  object: "credit_note_line_item",
  prefixes: ["cnli"],
  label: "credit note line item",
  indices: ["hidden.note", "invoice_line_item"],
});

/** What it comes to, beside what it shows. */
export interface Worth {
  /** After the discounts of its item. */
  readonly subtotal: number;
  readonly subtotalExcludingTax: number;
  /** By how much it is lowered, since its price contained a tax that the customer does not pay. */
  readonly relief: number;
}

interface Memory extends Worth {
  readonly note: string;
  readonly isVoid: boolean;
}

export function worthOf(line: CreditNoteLineItem): Worth {
  return memoryOf(line);
}

function memoryOf(line: CreditNoteLineItem): Memory {
  return line[hidden] as unknown as Memory; // Written by this file only.
}

export type WrittenLine = Pick<
  CreditNoteLineItem,
  "amount" | "description" | "discount_amounts" | "metadata" | "quantity"
> &
  Pick<CreditNoteLineItem, "tax_rates" | "taxes" | "unit_amount_decimal"> & {
    /** Null: of its own accord. */
    readonly invoice_line_item: string | null;
  };

export function addCreditLine(unit: Unit, note: string, written: WrittenLine, worth: Worth): CreditNoteLineItem {
  const { invoice_line_item: credited, ...shown } = written;
  const decimal = shown.unit_amount_decimal;
  const line: CreditNoteLineItem = {
    id: unit.world.ids.after("cnli_1", 23),
    object: "credit_note_line_item",
    ...shown,
    ...(credited !== null && { invoice_line_item: credited }),
    discount_amount: shown.discount_amounts.reduce((sum, { amount }) => sum + amount, 0),
    livemode: false,
    pretax_credit_amounts: shown.discount_amounts.map((one) => ({ ...one, type: "discount" as const })),
    type: credited === null ? "custom_line_item" : "invoice_line_item",
    unit_amount: decimal === null || decimal.includes(".") ? null : Number(decimal),
  };
  return add(unit, creditNoteLineItems, { ...line, [hidden]: { note, isVoid: false, ...worth } }, null);
}

/** As they stand on the note. */
export function creditLinesOf(unit: Unit, note: string): CreditNoteLineItem[] {
  return among(unit, creditNoteLineItems, "hidden.note", note);
}

/** What has been given back of a line of an invoice, and stands. */
export function creditsOfLine(unit: Unit, line: string): CreditNoteLineItem[] {
  return among(unit, creditNoteLineItems, "invoice_line_item", line).filter((one) => !memoryOf(one).isVoid);
}

export function voidCreditLines(unit: Unit, note: string): void {
  for (const line of creditLinesOf(unit, note)) {
    change(unit, creditNoteLineItems, line, { [hidden]: { ...memoryOf(line), isVoid: true } }, null);
  }
}
