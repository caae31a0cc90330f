// What a phase bills: its items, what is billed once beside them, and what is taken off.
import type { Params } from "../../../kernel/state/resource.ts";
import type { Unit } from "../../../kernel/state/unit.ts";
import { mustRead, mustReadParam } from "../../../kernel/state/writes.ts";
import { common } from "../../../kernel/words/errors.table.ts";
import { missingParameter, refusal } from "../../../kernel/words/errors.ts";
import { mergeMetadata } from "../../../kernel/words/metadata.ts";
import { boolean, hash, integer, text } from "../../../kernel/words/params.ts";
import { validCoupon } from "../../coupons/index.ts";
import { discounts } from "../../discounts/index.ts";
import { termsOf as billedTerms, inPricing } from "../../invoiceitems/index.ts";
import { prices } from "../../prices/index.ts";
import { promotionCodes } from "../../promotion_codes/index.ts";
import {
  itemThresholdsOf,
  type NamedItem,
  namedItems,
  quantityOf,
  refuseOtherCurrency,
  refuseUnfit,
  refuseUnplayedItem,
  type Subscription,
  subscriptionDefaults,
  subscriptionRefusals,
} from "../../subscriptions/index.ts";
import { chosenRates } from "../../tax_rates/index.ts";
import { rows } from "../refusals.table.ts";
import type { BesideItem, PhaseDiscount, PhaseItem } from "./phase.ts";

/** Where something stands among the parameters, and what it is billed in. */
export interface PhasePlace {
  /** `phases[0]` */
  readonly at: string;
  readonly currency: string;
}

export function listAt(sent: Params, name: string): readonly Params[] {
  const list = sent[name];
  return Array.isArray(list) ? (list as Params[]) : []; // Its schema says so.
}

/** The prices that it names; one that it describes is made. */
export function namedIn(unit: Unit, sent: Params, at: string): readonly NamedItem[] {
  const named = namedItems(unit, sent).map((item) => ({ ...item, at: `${at}[${item.at.replace("[", "][")}` }));
  if (named.length === 0) throw refusal(rows.phaseWithoutItems, { param: `${at}[items]` }, { param: `${at}[items]` });
  return named;
}

type Mode = Subscription["billing_mode"]["type"];

export function itemsOf(unit: Unit, named: readonly NamedItem[], currency: string, mode: Mode): PhaseItem[] {
  refuseOtherCurrency(named, currency);
  refuseUnfit(
    named.map(({ price }) => price),
    mode,
  );
  return named.map(({ at, price, sent }) => {
    refuseUnplayedItem(sent, at);
    return {
      billing_thresholds: itemThresholdsOf(price, sent, at) ?? null,
      discounts: discountsOf(unit, sent, { at, currency }),
      metadata: metadataOf(sent),
      plan: price.id,
      price: price.id,
      ...quantityOf(price, sent, at),
      tax_rates: chosenRates(unit, sent, "tax_rates") ?? [],
    };
  });
}

export function besideOf(unit: Unit, sent: Params, { at, currency }: PhasePlace): BesideItem[] {
  const list = listAt(sent, "add_invoice_items");
  const limit = subscriptionDefaults.besideMax.value;
  if (list.length > limit) throw refusal(subscriptionRefusals.besideTooMany, { limit });
  return list.map((one, nth) => {
    const here = `${at}[add_invoice_items][${nth}]`;
    const terms = billedTerms(unit, inPricing(one), { currency, at: here });
    const price = terms?.pricing?.price_details?.price;
    if (!price) throw missingParameter(`${here}[price]`);
    return {
      discountable: boolean(one, "discountable") ?? null,
      discounts: discountsOf(unit, one, { at: here, currency }),
      metadata: metadataOf(one),
      period: periodOf(hash(one, "period") ?? {}),
      price: mustRead(unit, prices, String(price)).id,
      quantity: integer(one, "quantity") ?? 1,
      tax_rates: chosenRates(unit, one, "tax_rates") ?? [],
    };
  });
}

function periodOf(sent: Params): BesideItem["period"] {
  const start = hash(sent, "start") ?? { type: "max_item_period_start" };
  const end = hash(sent, "end") ?? { type: "min_item_period_end" };
  return { end, start } as unknown as BesideItem["period"]; // Their schema says so.
}

/** Empty values stay: they unset keys when the phase begins (documented). */
export function metadataOf({ metadata }: Params): Readonly<Record<string, string>> {
  mergeMetadata({}, metadata); // It is checked as any other.
  const pairs = Object.entries((metadata ?? {}) as Params).map(([key, value]) => [key, String(value ?? "")] as const);
  return Object.fromEntries(pairs);
}

/** Redeemed when the phase begins; what cannot be is refused at once. */
export function discountsOf(unit: Unit, sent: Params, { at, currency }: PhasePlace): PhaseDiscount[] {
  return listAt(sent, "discounts").map((one, nth) => {
    const here = `${at}[discounts][${nth}]`;
    const named = {
      coupon: text(one, "coupon") ?? null,
      discount: text(one, "discount") ?? null,
      promotion_code: text(one, "promotion_code") ?? null,
    };
    if (named.coupon !== null) validCoupon(unit, named.coupon, `${here}[coupon]`, currency);
    if (named.discount !== null) mustReadParam(unit, discounts, named.discount, `${here}[discount]`);
    if (named.promotion_code !== null) {
      mustReadParam(unit, promotionCodes, named.promotion_code, `${here}[promotion_code]`);
    }
    const count = Object.values(named).filter((id) => id !== null).length;
    if (count !== 1) throw refusal(common.parametersExclusive, { params: `${here}` }, { param: here });
    return named;
  });
}
