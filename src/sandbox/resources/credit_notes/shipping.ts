// What a credit note gives back of what it cost to send things: all of it, or nothing, as the caller names the rate of
// the invoice or does not (declared); and once, since nothing is left of it then.
import { type Hidden, hidden } from "../../kernel/state/noun.ts";
import type { Unit } from "../../kernel/state/unit.ts";
import { missingParameter, refusal } from "../../kernel/words/errors.ts";
import { hash, type Params, text } from "../../kernel/words/params.ts";
import { type Invoice, type ShownTax, shippingTaxesOf } from "../invoices/index.ts";
import { type CreditNote, issuedOf } from "./credit_note.ts";
import { rows } from "./refusals.table.ts";

/** What is given back of it; of nothing, all is nothing. */
export interface SentBack extends Pick<CreditNote, "amount_shipping" | "shipping_cost"> {
  readonly taxes: readonly ShownTax[];
}

const nothing: SentBack = { amount_shipping: 0, shipping_cost: null, taxes: [] };

export function sentBackOf(unit: Unit, params: Params, invoice: Invoice): SentBack {
  const sent = hash(params, "shipping_cost");
  if (!sent) return nothing;
  const param = "shipping_cost[shipping_rate]";
  const rate = text(sent, "shipping_rate");
  if (rate === undefined) throw missingParameter(param);
  const { shipping_cost: cost } = invoice;
  if (rate !== cost?.shipping_rate) throw refusal(rows.shippingOfOther, { rate, invoice: invoice.id }, { param });
  const before = issuedOf(unit, invoice.id).find(isOfShipping);
  if (before) throw refusal(rows.shippingCreditedTwice, { note: before.id }, { param });
  return { amount_shipping: cost.amount_subtotal, shipping_cost: cost, taxes: shippingTaxesOf(invoice) };
}

export function isOfShipping({ shipping_cost: cost }: CreditNote): boolean {
  return cost !== null;
}

/** Its part of what a note shows and remembers. */
export function shownSentBack({ taxes, ...shown }: SentBack): Hidden & Omit<SentBack, "taxes"> {
  return { ...shown, ...(taxes.length > 0 && { [hidden]: { shippingTaxes: taxes } }) };
}
