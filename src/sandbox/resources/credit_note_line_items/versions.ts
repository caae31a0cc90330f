// How a line of a credit note looked before each family; newest first. https://docs.stripe.com/changelog/basil
import type { VersionChange } from "../../kernel/versions/change.ts";
import { taxAmounts } from "../line_items/index.ts";
import { type CreditNoteLineItem, worthOf } from "./credit_note_line_item.ts";

export const creditNoteLineItemVersions: readonly VersionChange[] = [
  // It has metadata since 2026-03-25.dahlia.
  { family: "dahlia", down: ({ metadata: _, ...line }) => line },
  { family: "basil", down: before },
];

function before(shown: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const { taxes, ...line } = shown;
  const decimal = line.unit_amount_decimal as string | null;
  return {
    ...line,
    amount_excluding_tax: amountExcludingTax(shown as unknown as CreditNoteLineItem),
    tax_amounts: taxAmounts(taxes),
    unit_amount_excluding_tax: decimal,
  };
}

/** Without the tax that it contains. */
function amountExcludingTax(line: CreditNoteLineItem): number {
  const { subtotal, subtotalExcludingTax } = worthOf(line);
  return line.amount - (subtotal - subtotalExcludingTax);
}
