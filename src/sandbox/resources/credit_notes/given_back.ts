// How a credit note gives back what was paid: by a refund that it makes, by refunds that were made before, to the
// customer's balance, or outside of Stripe.
import type { Params } from "../../kernel/state/resource.ts";
import { answered } from "../../kernel/state/tried.ts";
import type { Unit } from "../../kernel/state/unit.ts";
import { mustRead, mustReadParam, read } from "../../kernel/state/writes.ts";
import { common } from "../../kernel/words/errors.table.ts";
import { missingParameter, notPlayed, refusal } from "../../kernel/words/errors.ts";
import { integer, text } from "../../kernel/words/params.ts";
import { type Charge, charges } from "../charges/index.ts";
import { moveBalance } from "../customer_balance_transactions/index.ts";
import { customers } from "../customers/index.ts";
import { paymentsOf } from "../invoice_payments/index.ts";
import type { Invoice } from "../invoices/index.ts";
import { paymentIntents } from "../payment_intents/index.ts";
import { type Refund, refund, refunds } from "../refunds/index.ts";
import { issuedOf, type LinkedRefund } from "./credit_note.ts";
import { rows } from "./refusals.table.ts";

/** What a caller wants to be given back, and how; nothing is done yet. */
export interface Wanted {
  readonly creditAmount: number;
  readonly linked: readonly LinkedRefund[];
  readonly outOfBandAmount: number;
  readonly refundAmount: number;
}

export function wantedOf(unit: Unit, params: Params, invoice: Invoice): Wanted {
  return {
    creditAmount: amountOf(params, "credit_amount"),
    linked: linksOf(unit, params, invoice),
    outOfBandAmount: amountOf(params, "out_of_band_amount"),
    refundAmount: amountOf(params, "refund_amount"),
  };
}

function linksOf(unit: Unit, params: Params, invoice: Invoice): LinkedRefund[] {
  const sent = Array.isArray(params.refunds) ? (params.refunds as Params[]) : []; // Its schema says so.
  const links: LinkedRefund[] = [];
  for (const [at, one] of sent.entries()) {
    links.push(linkOf(unit, one, { before: links, invoice, at: `refunds[${at}]` }));
  }
  return links;
}

function amountOf(params: Params, name: string): number {
  const amount = integer(params, name) ?? 0;
  if (amount < 0) throw refusal(common.belowMinimum, { limit: 0 }, { param: name });
  return amount;
}

interface Linking {
  readonly before: readonly LinkedRefund[];
  readonly invoice: Invoice;
  readonly at: string;
}

/** A refund may be linked to several notes, up to what it has refunded. */
function linkOf(unit: Unit, sent: Params, { before, invoice, at }: Linking): LinkedRefund {
  if (text(sent, "type") === "payment_record_refund") throw notPlayed("payment records", `${at}[type]`);
  const id = text(sent, "refund");
  if (id === undefined) throw missingParameter(`${at}[refund]`);
  const param = `${at}[refund]`;
  const made = mustReadParam(unit, refunds, id, param);
  if (!chargesOf(unit, invoice).some((charge) => charge.id === made.charge)) {
    throw refusal(rows.refundOfOther, { id }, { param });
  }
  if (made.status === "failed" || made.status === "canceled") {
    throw refusal(rows.refundHasFailed, { id, status: made.status }, { param });
  }
  const left = made.amount - linkedOf([...linksOn(unit, invoice), ...before], made);
  const wished = integer(sent, "amount_refunded") ?? left;
  if (wished < 1 || wished > left) {
    throw refusal(rows.refundTooSmall, { id, left }, { param: `${at}[amount_refunded]` });
  }
  return linkTo(id, wished);
}

function linkTo(id: string, amount: number): LinkedRefund {
  return { amount_refunded: amount, payment_record_refund: null, refund: id, type: "refund" };
}

function linkedOf(links: readonly LinkedRefund[], { id }: Refund): number {
  return sumOf(links.filter((link) => link.refund === id));
}

function linksOn(unit: Unit, { id }: Invoice): LinkedRefund[] {
  return issuedOf(unit, id).flatMap((note) => note.refunds);
}

function chargesOf(unit: Unit, { id }: Invoice): Charge[] {
  return paymentsOf(unit, id).flatMap(({ payment }) => {
    const { latest_charge: charge } = mustRead(unit, paymentIntents, payment.payment_intent);
    return read(unit, charges, charge ?? "") ?? [];
  });
}

/** What can still be credited: what was refunded without a note counts too (declared). */
export function leftOf(unit: Unit, invoice: Invoice, { linked }: Wanted): number {
  const notes = issuedOf(unit, invoice.id).reduce((sum, { total }) => sum + total, 0);
  const refunded = chargesOf(unit, invoice).reduce((sum, charge) => sum + charge.amount_refunded, 0);
  const named = sumOf([...linksOn(unit, invoice), ...linked]);
  return invoice.total - notes - Math.max(refunded - named, 0);
}

export function sumWanted({ creditAmount, linked, outOfBandAmount, refundAmount }: Wanted): number {
  return creditAmount + sumOf(linked) + outOfBandAmount + refundAmount;
}

export interface GivenBack {
  readonly customer_balance_transaction: string | null;
  readonly out_of_band_amount: number | null;
  readonly refunds: readonly LinkedRefund[];
}

/** Refunds first, so that one which is refused leaves nothing. */
export function giveBack(unit: Unit, invoice: Invoice, wanted: Wanted, note: string): GivenBack {
  const { creditAmount, linked, outOfBandAmount, refundAmount } = wanted;
  const made = refundAmount === 0 ? [] : refundsOf(unit, invoice, refundAmount);
  return {
    customer_balance_transaction: creditAmount === 0 ? null : creditOf(unit, invoice, creditAmount, note),
    out_of_band_amount: outOfBandAmount === 0 ? null : outOfBandAmount,
    refunds: [...linked, ...made],
  };
}

/** Of several payments the first that have something left; more than there is, the last one refuses (inferred). */
function refundsOf(unit: Unit, invoice: Invoice, amount: number): LinkedRefund[] {
  const paid = chargesOf(unit, invoice).filter((charge) => charge.paid);
  const left = paid.filter((charge) => charge.amount_refunded < charge.amount_captured);
  const given = left.length > 0 ? left : paid.slice(-1);
  if (given.length === 0) throw refusal(rows.nothingToRefund);
  const made: LinkedRefund[] = [];
  let rest = amount;
  for (const [at, charge] of given.entries()) {
    const whole = charge.amount_captured - charge.amount_refunded;
    const part = at === given.length - 1 ? rest : Math.min(rest, whole);
    if (part > 0) made.push(linkTo(answered(refund(unit, { charge: charge.id, amount: part })).refund.id, part));
    rest -= part;
  }
  return made;
}

function creditOf(unit: Unit, { id, currency, customer }: Invoice, amount: number, note: string): string {
  const movement = { amount: -amount, creditNote: note, currency, invoice: id, type: "credit_note" } as const;
  return moveBalance(unit, mustRead(unit, customers, customer), movement).id;
}

function sumOf(links: readonly LinkedRefund[]): number {
  return links.reduce((sum, { amount_refunded }) => sum + amount_refunded, 0);
}
