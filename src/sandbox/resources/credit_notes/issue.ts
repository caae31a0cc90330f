// A credit note is issued: what it is for, how it gives back what was paid, and what becomes of its invoice.
import { begin } from "../../kernel/state/machine.ts";
import type { Params } from "../../kernel/state/resource.ts";
import { secondOf, type Unit } from "../../kernel/state/unit.ts";
import { mustRead, mustReadParam } from "../../kernel/state/writes.ts";
import { missingParameter, refusal, type StripeError } from "../../kernel/words/errors.ts";
import { refuseFractions } from "../../kernel/words/fractions.ts";
import { mergeMetadata } from "../../kernel/words/metadata.ts";
import { moneyText } from "../../kernel/words/money_text.ts";
import { integer, text } from "../../kernel/words/params.ts";
import { type CreditNoteLineItem, creditsOfLine } from "../credit_note_line_items/index.ts";
import { creditInvoice, type Invoice, invoices, shippingTaxesOf } from "../invoices/index.ts";
import { linesOf } from "../line_items/index.ts";
import { type CreditNote, creditNoteMachine, creditNotes, issuedOf, notesOf } from "./credit_note.ts";
import { creditNoteDefaults } from "./defaults.table.ts";
import { giveBack, leftOf, sumWanted, wantedOf } from "./given_back.ts";
import { makeLine, makeWholeLine } from "./lines.ts";
import { rows } from "./refusals.table.ts";
import { isOfShipping, type SentBack, sentBackOf, shownSentBack } from "./shipping.ts";
import { restOfTaxes, sumsOf } from "./sums.ts";

/** Refunds and the customer's balance come first, then the note, then its invoice (inferred). */
export function issueNote(unit: Unit, params: Params): CreditNote {
  const invoice = creditedInvoice(unit, params);
  refuseFractions(params, invoice.currency);
  const id = unit.world.ids.after("cn_1", 23);
  const wanted = wantedOf(unit, params, invoice);
  const sent = sentBackOf(unit, params, invoice);
  const lines = linesOfNote(unit, params, { id, invoice, sent });
  const sums = sumsOf(lines, sent, taxesLeft(unit, invoice, lines));
  refuseTotal(params, sums.total, { invoice, left: leftOf(unit, invoice, wanted) });
  const beforePayment = Math.min(sums.total, invoice.status === "paid" ? 0 : invoice.amount_remaining);
  const afterPayment = sums.total - beforePayment;
  const back = sumWanted(wanted);
  if (back !== afterPayment) throw waysBackDiffer(back, afterPayment, invoice);
  const given = giveBack(unit, invoice, wanted, id);
  begin(unit, creditNoteMachine, "create", "issued", (status) => ({
    ...written(unit, params, { id, invoice }),
    ...given,
    ...sums,
    ...shownSentBack(sent),
    post_payment_amount: afterPayment,
    pre_payment_amount: beforePayment,
    status,
    type: typeOf(beforePayment, afterPayment),
  }));
  creditInvoice(unit, mustRead(unit, invoices, invoice.id), { beforePayment, afterPayment });
  return mustRead(unit, creditNotes, id);
}

function waysBackDiffer(sum: number, given: number, { currency }: Invoice): StripeError {
  return refusal(rows.waysBackDiffer, { given: moneyText(given, currency), sum: moneyText(sum, currency) });
}

interface Issuing {
  readonly id: string;
  readonly invoice: Invoice;
}

function creditedInvoice(unit: Unit, params: Params): Invoice {
  const named = text(params, "invoice");
  if (named === undefined) throw missingParameter("invoice");
  const invoice = mustReadParam(unit, invoices, named, "invoice");
  const { status } = invoice;
  if (status === "draft" || status === "void") throw refusal(rows.invoiceNotCreditable, { status });
  return invoice;
}

interface Lining extends Issuing {
  readonly sent: SentBack;
}

function linesOfNote(unit: Unit, params: Params, { id: note, invoice, sent: back }: Lining): CreditNoteLineItem[] {
  const sent = Array.isArray(params.lines) ? (params.lines as Params[]) : []; // Its schema says so.
  if (sent.length > 0) return sent.map((line, at) => makeLine(unit, line, { note, invoice, at: `lines[${at}]` }));
  if (back.shipping_cost) return [];
  const amount = integer(params, "amount");
  if (amount === undefined) throw refusal(rows.noteOfNothing);
  return [makeWholeLine(unit, amount, note)];
}

function refuseTotal(params: Params, total: number, { invoice, left }: { invoice: Invoice; left: number }): void {
  const shown = (amount: number) => moneyText(amount, invoice.currency);
  const amount = integer(params, "amount") ?? total;
  if (amount !== total) throw refusal(rows.amountIsOther, { amount: shown(amount), total: shown(total) });
  if (total < 1) throw refusal(rows.totalNotPositive, { total: shown(total) });
  if (total > left) throw refusal(rows.moreThanLeft, { total: shown(total), left: shown(Math.max(left, 0)) });
}

/** Where these lines give back all that is left of every line, that holds for each of their taxes too. */
function taxesLeft(unit: Unit, invoice: Invoice, lines: readonly CreditNoteLineItem[]): CreditNote["total_taxes"] {
  const before = issuedOf(unit, invoice.id);
  const apart = before.some(isOfShipping) ? [] : shippingTaxesOf(invoice);
  const isOfLines = lines.length > 0 && lines.every(({ invoice_line_item: line }) => line !== undefined);
  const isWhole = linesOf(unit, invoice.id).every(
    (line) => creditsOfLine(unit, line.id).reduce((sum, { amount }) => sum + amount, 0) === line.amount,
  );
  return isOfLines && isWhole
    ? restOfTaxes(invoice, [...before.flatMap(({ total_taxes: taxes }) => taxes ?? []), ...apart])
    : null;
}

function typeOf(beforePayment: number, afterPayment: number): CreditNote["type"] {
  if (afterPayment === 0) return "pre_payment";
  return beforePayment === 0 ? "post_payment" : "mixed";
}

type Written = Omit<
  CreditNote,
  | keyof ReturnType<typeof sumsOf>
  | keyof ReturnType<typeof giveBack>
  | ("amount_shipping" | "shipping_cost")
  | "post_payment_amount"
  | "pre_payment_amount"
  | "status"
  | "type"
>;

function written(unit: Unit, params: Params, { id, invoice }: Issuing): Written {
  const created = secondOf(unit);
  const nth = String(notesOf(unit, invoice.id).length + 1).padStart(creditNoteDefaults.numberDigits.value, "0");
  const token = `${unit.account.id}/test_${unit.world.ids.text(64)}`;
  return {
    id,
    object: "credit_note",
    created,
    currency: invoice.currency,
    customer: invoice.customer,
    customer_account: null,
    effective_at: integer(params, "effective_at") ?? created,
    invoice: invoice.id,
    livemode: false,
    memo: text(params, "memo") ?? null,
    metadata: { ...mergeMetadata({}, params.metadata) },
    number: `${invoice.number}-CN-${nth}`,
    // Where its paper will be; until then it leads nowhere.
    pdf: `https://pay.stripe.com/credit_notes/${token}/pdf?s=ap`,
    reason: (text(params, "reason") ?? null) as CreditNote["reason"],
    voided_at: null,
  };
}
