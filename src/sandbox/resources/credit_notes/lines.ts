// The lines of a credit note, as a caller asks for them. A line of the invoice is given back by quantity or by amount,
// and its discounts and taxes follow in proportion; a line of its own accord has a price and rates of its own.
import type { Params } from "../../kernel/state/resource.ts";
import type { Unit } from "../../kernel/state/unit.ts";
import { read } from "../../kernel/state/writes.ts";
import { common } from "../../kernel/words/errors.table.ts";
import { missingParameter, noSuch, refusal } from "../../kernel/words/errors.ts";
import { mergeMetadata } from "../../kernel/words/metadata.ts";
import { integer, text } from "../../kernel/words/params.ts";
import { nextPart } from "../../reckoning/credits.ts";
import { decimal, decimalText, halfUp, ratio, times } from "../../reckoning/rational.ts";
import { containedTax, taxed } from "../../reckoning/taxes.ts";
import {
  addCreditLine,
  type CreditNoteLineItem,
  creditsOfLine,
  type Worth,
  type WrittenLine,
  worthOf,
} from "../credit_note_line_items/index.ts";
import { type Invoice, rateOf, shownTax } from "../invoices/index.ts";
import { type LineItem, lineItems, taxAmountsOn } from "../line_items/index.ts";
import { chosenRates } from "../tax_rates/index.ts";
import { rows } from "./refusals.table.ts";

/** Of which note, of which invoice, and where among the parameters. */
export interface Making {
  readonly note: string;
  readonly invoice: Invoice;
  readonly at: string;
}

export function makeLine(unit: Unit, sent: Params, place: Making): CreditNoteLineItem {
  if (Array.isArray(sent.tax_amounts) && sent.tax_amounts.length > 0) {
    throw refusal(rows.taxAmountByHand, {}, { param: `${place.at}[tax_amounts]` });
  }
  return text(sent, "type") === "custom_line_item"
    ? makeCustomLine(unit, sent, place)
    : makeInvoiceLine(unit, sent, place);
}

/** What a note is for that names an amount alone: one line, of which nothing is known (inferred). */
export function makeWholeLine(unit: Unit, amount: number, note: string): CreditNoteLineItem {
  const worth = { subtotal: amount, subtotalExcludingTax: amount, relief: 0 };
  return addCreditLine(unit, note, { ...blank, amount, unit_amount_decimal: String(amount) }, worth);
}

const blank: Omit<WrittenLine, "amount" | "unit_amount_decimal"> = {
  description: null,
  discount_amounts: [],
  invoice_line_item: null,
  metadata: {},
  quantity: 1,
  tax_rates: [],
  taxes: [],
};

function makeCustomLine(unit: Unit, sent: Params, { note, invoice, at }: Making): CreditNoteLineItem {
  refuseOfOther(sent, at, ["invoice_line_item", "amount"]);
  const quantity = integer(sent, "quantity") ?? 1;
  if (quantity < 1) throw refusal(common.belowMinimum, { limit: 1 }, { param: `${at}[quantity]` });
  const unitAmount = unitAmountOf(sent, at);
  const amount = halfUp(times(decimal(unitAmount), ratio(quantity)));
  const tax_rates = chosenRates(unit, sent, "tax_rates") ?? [];
  const rates = tax_rates.map((id) => rateOf(unit, id));
  const pays = paysTaxes(invoice);
  const { lines, relief } = taxed([{ net: amount, rates }], { pays, rounding: "line" });
  const taxes = (lines[0] ?? []).map((tax) => shownTax(tax, { tax_exempt: invoice.customer_tax_exempt }));
  const worth = {
    subtotal: amount,
    subtotalExcludingTax: amount - containedTax({ net: amount, rates }),
    relief: relief[0] ?? 0,
  };
  const written = {
    ...blank,
    amount,
    description: text(sent, "description") ?? null,
    metadata: metadataOf(sent),
    quantity,
    tax_rates,
    taxes,
    unit_amount_decimal: unitAmount,
  };
  return addCreditLine(unit, note, written, worth);
}

/** Below nothing it would ask for more (documented). */
function unitAmountOf(sent: Params, at: string): string {
  const whole = integer(sent, "unit_amount");
  const exact = text(sent, "unit_amount_decimal");
  if ((whole === undefined) === (exact === undefined)) throw refusal(rows.unitAmountXorDecimal, {}, { param: at });
  const name = whole === undefined ? "unit_amount_decimal" : "unit_amount";
  if (exact !== undefined && !/^-?\d{1,14}(\.\d{1,12})?$/.test(exact)) {
    throw refusal(common.parameterNotDecimal, { value: exact }, { param: `${at}[${name}]` });
  }
  const value = decimal(exact ?? String(whole));
  if (value.numerator <= 0n) throw refusal(common.belowMinimum, { limit: 1 }, { param: `${at}[${name}]` });
  return decimalText(value);
}

function makeInvoiceLine(unit: Unit, sent: Params, { note, invoice, at }: Making): CreditNoteLineItem {
  refuseOfOther(sent, at, ["description", "tax_rates", "unit_amount", "unit_amount_decimal"]);
  const id = text(sent, "invoice_line_item");
  if (id === undefined) throw missingParameter(`${at}[invoice_line_item]`);
  const line = read(unit, lineItems, id);
  if (line?.invoice !== invoice.id) throw noSuch(lineItems, id, { inPath: false, param: `${at}[invoice_line_item]` });
  const before = creditsOfLine(unit, id);
  const wished = wishOf(sent, line, { before, at });
  return addCreditLine(
    unit,
    note,
    {
      ...partsOf(line, before, wished.amount),
      amount: wished.amount,
      description: line.description,
      invoice_line_item: id,
      metadata: metadataOf(sent),
      quantity: wished.quantity,
      tax_rates: (line.taxes ?? []).flatMap(({ tax_rate_details: details }) => details?.tax_rate ?? []),
      unit_amount_decimal: wished.quantity === null ? null : String(line.pricing?.unit_amount_decimal ?? "") || null,
    },
    worthOfPart(unit, line, { before, amount: wished.amount, invoice }),
  );
}

interface Wish {
  readonly amount: number;
  /** Null: it is given back by amount. */
  readonly quantity: number | null;
}

interface Wishing {
  readonly before: readonly CreditNoteLineItem[];
  readonly at: string;
}

/** The first note decides whether a line is given back by quantity or by amount. */
function wishOf(sent: Params, line: LineItem, { before, at }: Wishing): Wish {
  const [amount, quantity] = [integer(sent, "amount"), integer(sent, "quantity")];
  if ((amount === undefined) === (quantity === undefined)) throw refusal(rows.amountXorQuantity, {}, { param: at });
  const way = amount === undefined ? "quantity" : "amount";
  const param = `${at}[${way}]`;
  const [first] = before;
  const wayBefore = first && (first.quantity === null ? "amount" : "quantity");
  if (wayBefore && wayBefore !== way) throw refusal(rows.creditedOtherwise, { before: wayBefore }, { param });
  const gone = sumOf(before, (one) => one.amount);
  if (amount !== undefined) {
    const left = line.amount - gone;
    const isWithin = line.amount < 0 ? amount < 0 && amount >= left : amount > 0 && amount <= left;
    if (!isWithin) throw refusal(rows.lineCreditedTooMuch, { left }, { param });
    return { amount, quantity: null };
  }
  const wanted = quantity ?? 0; // One of both was sent.
  const whole = line.quantity ?? 1;
  const left = whole - sumOf(before, (one) => one.quantity ?? 0);
  if (wanted < 1) throw refusal(common.belowMinimum, { limit: 1 }, { param });
  if (wanted > left) throw refusal(rows.lineCreditedTooMuch, { left }, { param });
  const part = nextPart(line.amount, { credited: whole - left + wanted, of: whole, before: gone });
  return { amount: part, quantity: wanted };
}

/** What goes with it: of each discount and of each tax. */
function partsOf(line: LineItem, before: readonly CreditNoteLineItem[], amount: number) {
  const credited = sumOf(before, (one) => one.amount) + amount;
  const partOf = (whole: number, gone: number) => nextPart(whole, { credited, of: line.amount, before: gone });
  const discount_amounts = (line.discount_amounts ?? []).map(({ amount: whole, discount: named }) => {
    const discount = String(named);
    const ofIt = (one: CreditNoteLineItem) => one.discount_amounts.filter((taken) => taken.discount === discount);
    return {
      amount: partOf(
        whole,
        sumOf(before.flatMap(ofIt), (taken) => taken.amount),
      ),
      discount,
    };
  });
  const taxes = (line.taxes ?? []).map((tax) => {
    const rate = tax.tax_rate_details?.tax_rate;
    const gone = before.flatMap((one) => one.taxes.filter((other) => other.tax_rate_details?.tax_rate === rate));
    return {
      ...tax,
      amount: partOf(
        tax.amount,
        sumOf(gone, (one) => one.amount),
      ),
      taxable_amount: partOf(
        tax.taxable_amount ?? 0,
        sumOf(gone, (one) => one.taxable_amount ?? 0),
      ),
    };
  });
  return { discount_amounts, taxes };
}

interface Part {
  readonly before: readonly CreditNoteLineItem[];
  readonly amount: number;
  readonly invoice: Invoice;
}

function worthOfPart(unit: Unit, line: LineItem, { before, amount, invoice }: Part): Worth {
  const whole = worthOfWhole(unit, line, invoice);
  const credited = sumOf(before, (one) => one.amount) + amount;
  const part = (name: keyof Worth) =>
    nextPart(whole[name], { credited, of: line.amount, before: sumOf(before, (one) => worthOf(one)[name]) });
  return {
    subtotal: part("subtotal"),
    subtotalExcludingTax: part("subtotalExcludingTax"),
    relief: part("relief"),
  };
}

/** As the invoice was reckoned. */
function worthOfWhole(unit: Unit, line: LineItem, invoice: Invoice): Worth {
  const rates = (line.taxes ?? []).flatMap(({ tax_rate_details: details }) =>
    details ? [rateOf(unit, details.tax_rate)] : [],
  );
  const net = line.amount - sumOf(line.discount_amounts ?? [], (taken) => taken.amount);
  const fixed = taxAmountsOn(line)?.map(({ rate, ...tax }) => ({ ...tax, rate: rateOf(unit, rate) }));
  const { subtotal } = line;
  return {
    subtotal,
    subtotalExcludingTax: subtotal - containedTax({ net: subtotal, rates, fixed }),
    relief: paysTaxes(invoice) || fixed ? 0 : containedTax({ net, rates }),
  };
}

function paysTaxes({ customer_tax_exempt: exempt }: Invoice): boolean {
  return (exempt ?? "none") === "none";
}

function metadataOf(sent: Params) {
  return { ...mergeMetadata({}, sent.metadata) };
}

function refuseOfOther(sent: Params, at: string, names: readonly string[]): void {
  const param = names.find((name) => sent[name] !== undefined && sent[name] !== null);
  if (param === undefined) return;
  throw refusal(rows.paramOfOtherLine, { param, type: String(sent.type) }, { param: `${at}[${param}]` });
}

function sumOf<T>(all: readonly T[], amount: (one: T) => number): number {
  return all.reduce((sum, one) => sum + amount(one), 0);
}
