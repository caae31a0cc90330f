// Taxes that nobody names: they follow from where the customer is, and from whether a price contains them.
// https://docs.stripe.com/tax/invoicing
import type { Params } from "../../../kernel/state/resource.ts";
import type { Unit } from "../../../kernel/state/unit.ts";
import { read } from "../../../kernel/state/writes.ts";
import { notPlayed, refusal } from "../../../kernel/words/errors.ts";
import { boolean, hash, text } from "../../../kernel/words/params.ts";
import { type Customer, taxPlaceOf } from "../../customers/index.ts";
import { type LineItem, linesOf, namedRates } from "../../line_items/index.ts";
import { type Price, prices } from "../../prices/index.ts";
import { automaticRate } from "../../tax_rates/index.ts";
import type { Invoice } from "../invoice.ts";
import { rows } from "../refusals.table.ts";

type Automatic = Invoice["automatic_tax"];

interface Asked {
  readonly disabled_reason: null;
  readonly enabled: boolean;
  readonly liability: { readonly type: "self" } | null;
}

/** As a subscription has it; undefined: nothing was sent of it. */
export function automaticTax(params: Params): Asked | undefined {
  const sent = hash(params, "automatic_tax");
  const enabled = sent && boolean(sent, "enabled");
  if (!sent || enabled === undefined) return undefined;
  const isOfOther = text(hash(sent, "liability") ?? {}, "type") === "account";
  if (isOfOther) throw notPlayed("Connect", "automatic_tax[liability]");
  return { disabled_reason: null, enabled, liability: enabled ? { type: "self" } : null };
}

/** The same of an invoice; what it comes to is not known yet. */
export function invoicedTax({ enabled, liability }: Pick<Automatic, "enabled" | "liability">): Automatic {
  return { disabled_reason: null, enabled, liability, provider: enabled ? "stripe" : null, status: null };
}

export interface AutomaticTaxing {
  readonly status: Automatic["status"];
  rateOn(line: LineItem): string | undefined;
  /** Of what says itself whether it contains its tax. */
  rateBy(behavior: string | null | undefined): string | undefined;
}

/** Undefined where it is not asked for. A price that does not say whether it contains its tax is not taxed. */
export function automaticOn(
  unit: Unit,
  { automatic_tax: automatic }: Pick<Invoice, "automatic_tax">,
  customer: Customer,
): AutomaticTaxing | undefined {
  if (!automatic.enabled) return undefined;
  const place = taxPlaceOf(customer);
  if (!place) return { status: "requires_location_inputs", rateOn: () => undefined, rateBy: () => undefined };
  const rateBy = (behavior: string | null | undefined) => {
    const isTold = behavior === "inclusive" || behavior === "exclusive";
    return isTold ? automaticRate(unit, place, behavior === "inclusive")?.id : undefined;
  };
  const rateOn = (line: LineItem) => rateBy(read(unit, prices, line.pricing?.price_details.price ?? "")?.tax_behavior);
  return { status: "complete", rateOn, rateBy };
}

/** It must be known where a customer is before they are asked for anything. */
export function refuseUnplaced(customer: Pick<Customer, "address" | "shipping">): void {
  if (!taxPlaceOf(customer)) throw refusal(rows.taxLocationInvalid);
}

/** Of an invoice that somebody has made or changed. */
export function refuseUntaxableLines(unit: Unit, invoice: Invoice): void {
  if (!invoice.automatic_tax.enabled) return;
  const lines = linesOf(unit, invoice.id);
  const own = lines.flatMap((line) => namedRates(unit, line));
  const billed = lines.flatMap((line) => read(unit, prices, line.pricing?.price_details.price ?? "") ?? []);
  refuseUntaxable({ prices: billed, rates: [...invoice.default_tax_rates, ...own] });
}

interface Billed {
  readonly prices: readonly Pick<Price, "id" | "tax_behavior">[];
  readonly rates: readonly string[];
}

/** Neither beside rates that somebody names, nor of prices that do not say whether they contain it (declared). */
export function refuseUntaxable({ prices: billed, rates }: Billed): void {
  if (rates.length > 0) throw refusal(rows.taxRatesBesideAutomatic);
  const untold = billed.find(({ tax_behavior: behavior }) => behavior === "unspecified");
  if (untold) throw refusal(rows.taxBehaviorUnspecified, { price: untold.id });
}
