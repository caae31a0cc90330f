// The lines of a draft. Each shows an invoice item, so what changes a line changes its item, and the line follows.
import { listAmong } from "../../kernel/answer/lists.ts";
import type { Params } from "../../kernel/state/resource.ts";
import type { Unit } from "../../kernel/state/unit.ts";
import { among, change, mustRead, mustReadParam, read } from "../../kernel/state/writes.ts";
import { missingParameter, noSuch, refusal } from "../../kernel/words/errors.ts";
import { refuseFractions } from "../../kernel/words/fractions.ts";
import { mergeMetadata } from "../../kernel/words/metadata.ts";
import { text } from "../../kernel/words/params.ts";
import { customers } from "../customers/index.ts";
import {
  type InvoiceItem,
  invoiceItems,
  makeItem,
  release,
  removeItem,
  reviseItem,
  sweep,
  termsOf,
} from "../invoiceitems/index.ts";
import {
  addLine,
  followItem,
  itemOf,
  type LineItem,
  lineItems,
  lineOf,
  linesOf,
  ownMetadata,
  removeLine,
} from "../line_items/index.ts";
import { reckon } from "./amounts.ts";
import { refuseUntaxableLines } from "./billing/automatic_tax.ts";
import { reckonTaxes } from "./billing/tax_amounts.ts";
import { invoiceDefaults } from "./defaults.table.ts";
import { assertDraft, type Invoice, invoices } from "./invoice.ts";
import { rows } from "./refusals.table.ts";

export function itemsOf(unit: Unit, invoice: string): InvoiceItem[] {
  return among(unit, invoiceItems, "invoice", invoice);
}

/** An invoice item was put on an invoice by its own address. */
export function lineAdded(unit: Unit, _before: InvoiceItem, item: InvoiceItem): void {
  const invoice = mustReadParam(unit, invoices, String(item.invoice), "invoice");
  assertDraft(invoice);
  refuseForeign(invoice, item);
  addLine(unit, invoice.id, item, "behind");
  refresh(unit, invoice);
}

function refuseForeign(invoice: Invoice, { customer, currency }: InvoiceItem): void {
  if (customer !== invoice.customer) throw refusal(rows.otherCustomer, { id: invoice.id });
  if (currency !== invoice.currency) throw refusal(rows.otherCurrency, { currency: invoice.currency });
}

/** The item of a line has changed, by its own address or through the line. */
export function lineChanged(unit: Unit, _before: InvoiceItem, item: InvoiceItem): void {
  const invoice = read(unit, invoices, String(item.invoice));
  const line = lineOf(unit, item.id);
  if (!invoice || !line) return;
  assertDraft(invoice);
  followItem(unit, line, item);
  refresh(unit, invoice);
}

/** The item of a line is taken away, or waits for another invoice. */
export function lineRemoved(unit: Unit, _before: InvoiceItem, item: InvoiceItem): void {
  const invoice = read(unit, invoices, String(item.invoice));
  const line = lineOf(unit, item.id);
  if (!invoice || !line) return; // The invoice goes too.
  assertDraft(invoice);
  removeLine(unit, line);
  refresh(unit, invoice);
}

/** The sums of a draft after its lines have changed. */
function refresh(unit: Unit, invoice: Invoice): Invoice {
  const limit = invoiceDefaults.linesMax.value;
  if (linesOf(unit, invoice.id).length > limit) throw refusal(rows.linesTooMany, { limit });
  refuseUntaxableLines(unit, invoice);
  const customer = mustRead(unit, customers, invoice.customer);
  return change(unit, invoices, invoice, reckon(unit, invoice, customer), "invoice.updated");
}

export function listLines(unit: Unit, params: Params, id: string): object {
  mustRead(unit, invoices, id, "invoice");
  return listAmong(linesOf(unit, id), params, { url: `/v1/invoices/${id}/lines`, noun: lineItems });
}

/** Answers the line, not the invoice (recorded). */
export function updateLine(unit: Unit, params: Params, id: string, lineId: string): LineItem {
  const line = lineAt(unit, id, lineId, { inPath: true, param: "line_item_id" });
  const invoice = mustRead(unit, invoices, id);
  refuseFractions(params, invoice.currency);
  assertDraft(invoice);
  revise(unit, line, params);
  if (params.tax_amounts !== undefined) refresh(unit, mustRead(unit, invoices, id));
  return mustRead(unit, lineItems, lineId);
}

export function updateLines(unit: Unit, params: Params, id: string): Invoice {
  return inDraft(unit, params, id, (sent, at) =>
    revise(unit, lineAt(unit, id, lineId(sent, at), inParam(at)), sent, at),
  );
}

export function removeLines(unit: Unit, params: Params, id: string): Invoice {
  return inDraft(unit, params, id, (sent, at) => {
    const line = lineAt(unit, id, lineId(sent, at), inParam(at));
    const item = mustRead(unit, invoiceItems, ownItem(line));
    if (text(sent, "behavior") === "delete") return removeItem(unit, item);
    lineRemoved(unit, item, item);
    release(unit, item);
  });
}

/** What is added stands before what is there (recorded). */
export function addLines(unit: Unit, params: Params, id: string): Invoice {
  return inDraft(unit, params, id, (sent, at, invoice) => {
    reckonTaxes(unit, addLine(unit, id, addedItem(unit, invoice, sent, at), "before"), sent, at);
  });
}

function addedItem(unit: Unit, invoice: Invoice, sent: Params, at: string): InvoiceItem {
  const { customer, currency } = invoice;
  const waiting = text(sent, "invoice_item");
  if (waiting === undefined) {
    const terms = termsOf(unit, sent, { currency, at });
    if (!terms) throw missingParameter(`${at}[amount]`);
    return makeItem(unit, sent, { customer, currency, invoice: invoice.id, terms, at });
  }
  const item = mustReadParam(unit, invoiceItems, waiting, `${at}[invoice_item]`);
  if (item.invoice !== null) throw noSuch(invoiceItems, waiting, { inPath: false, param: `${at}[invoice_item]` });
  refuseForeign(invoice, item);
  const [swept] = sweep(unit, [item], invoice.id);
  return swept ?? item;
}

function revise(unit: Unit, line: LineItem, sent: Params, at?: string): void {
  const taxed = reckonTaxes(unit, line, sent, at);
  const isDescribed = Object.entries(sent).every(([name, value]) => value === undefined || describing.includes(name));
  if (itemOf(line) !== null || !isDescribed) reviseItem(unit, sent, mustRead(unit, invoiceItems, ownItem(line)), at);
  else if (sent.metadata !== undefined) ownMetadata(unit, taxed, { ...mergeMetadata({}, sent.metadata) });
}

/** What of a subscription's line may be changed: it is the line's alone. */
const describing: readonly string[] = ["expand", "id", "metadata", "tax_amounts"];

/** What bills a subscription follows from it. */
function ownItem(line: LineItem): string {
  const item = itemOf(line);
  if (item === null) throw refusal(rows.lineOfSubscription);
  return item;
}

/** Does something for each of the lines sent; all of them, or none. */
function inDraft(
  unit: Unit,
  params: Params,
  id: string,
  each: (sent: Params, at: string, invoice: Invoice) => void,
): Invoice {
  const before = mustRead(unit, invoices, id, "invoice");
  refuseFractions(params, before.currency);
  assertDraft(before);
  const lines = Array.isArray(params.lines) ? (params.lines as Params[]) : []; // Its schema says so.
  for (const [at, sent] of lines.entries()) each(sent, `lines[${at}]`, before);
  const after = refresh(unit, mustRead(unit, invoices, id));
  const metadata = { ...mergeMetadata(after.metadata ?? {}, params.invoice_metadata) };
  return change(unit, invoices, after, { metadata }, "invoice.updated");
}

function lineId(sent: Params, at: string): string {
  const id = text(sent, "id");
  if (id === undefined) throw missingParameter(`${at}[id]`);
  return id;
}

function inParam(at: string) {
  return { inPath: false, param: `${at}[id]` };
}

function lineAt(unit: Unit, invoice: string, id: string, where: { inPath: boolean; param: string }): LineItem {
  const line = read(unit, lineItems, id);
  if (line?.invoice === invoice) return line;
  throw noSuch(lineItems, id, where);
}
