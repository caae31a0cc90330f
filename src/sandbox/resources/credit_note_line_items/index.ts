// Lines of credit notes. The folder's only door; their addresses are those of their note.
import { referred } from "../../kernel/state/embeds.ts";
import { defineResource } from "../../kernel/state/resource.ts";
import { taxRates } from "../tax_rates/index.ts";
import { type CreditNoteLineItem, creditNoteLineItems } from "./credit_note_line_item.ts";
import { creditNoteLineItemVersions } from "./versions.ts";

export {
  addCreditLine,
  type CreditNoteLineItem,
  creditLinesOf,
  creditNoteLineItems,
  creditsOfLine,
  voidCreditLines,
  type Worth,
  type WrittenLine,
  worthOf,
} from "./credit_note_line_item.ts";

export const creditNoteLineItemResource = defineResource<CreditNoteLineItem>({
  noun: creditNoteLineItems,
  versions: creditNoteLineItemVersions,
  embeds: [referred(creditNoteLineItems, "tax_rates", taxRates)],
  routes: [],
});
