// What else callers do with credit notes: describe them, look at them, take them back.
import { list, listAmong } from "../../kernel/answer/lists.ts";
import { assertMay, move } from "../../kernel/state/machine.ts";
import type { Params } from "../../kernel/state/resource.ts";
import { secondOf, type Unit } from "../../kernel/state/unit.ts";
import { change, mustRead } from "../../kernel/state/writes.ts";
import { refusal } from "../../kernel/words/errors.ts";
import { mergeMetadata } from "../../kernel/words/metadata.ts";
import { moneyText } from "../../kernel/words/money_text.ts";
import { given, textOrNull } from "../../kernel/words/params.ts";
import { creditLinesOf, creditNoteLineItems, voidCreditLines } from "../credit_note_line_items/index.ts";
import { invoices, uncreditInvoice } from "../invoices/index.ts";
import { type CreditNote, creditNoteMachine, creditNotes } from "./credit_note.ts";
import { issueNote } from "./issue.ts";
import { rows } from "./refusals.table.ts";

export const notesPath = "/v1/credit_notes";

export function updateNote(unit: Unit, params: Params, id: string): CreditNote {
  const before = mustRead(unit, creditNotes, id);
  const metadata = { ...mergeMetadata(before.metadata ?? {}, params.metadata) };
  const changes = { ...given({ memo: textOrNull(params, "memo") }), metadata };
  return change(unit, creditNotes, before, changes, "credit_note.updated");
}

/** What it took off its invoice is asked for again. Money that was given back stays so. */
export function voidNote(unit: Unit, _params: Params, id: string): CreditNote {
  const note = mustRead(unit, creditNotes, id);
  assertMay(creditNoteMachine, note, "void");
  const invoice = mustRead(unit, invoices, note.invoice);
  const { post_payment_amount: back, pre_payment_amount: amount, currency } = note;
  if (invoice.status !== "open") throw refusal(rows.voidOfClosed);
  if (back > 0) throw refusal(rows.voidOfGivenBack, { amount: moneyText(back, currency) });
  const after = move(unit, creditNoteMachine, note, "void", "void", { voided_at: secondOf(unit) });
  voidCreditLines(unit, id);
  uncreditInvoice(unit, invoice, amount);
  return after;
}

export function listNotes(unit: Unit, params: Params): object {
  const { customer, invoice } = params;
  return list(unit, creditNotes, params, { url: notesPath, filters: { invoice, customer } });
}

export function listNoteLines(unit: Unit, params: Params, id: string): object {
  mustRead(unit, creditNotes, id);
  return pageOfLines(unit, params, id, `${notesPath}/${id}/lines`);
}

/** Of a note that nobody keeps. */
export function listPreviewLines(unit: Unit, params: Params): object {
  return pageOfLines(unit, params, issueNote(unit, params).id, `${notesPath}/preview/lines`);
}

function pageOfLines(unit: Unit, params: Params, id: string, url: string): object {
  return listAmong(creditLinesOf(unit, id), params, { url, noun: creditNoteLineItems });
}
