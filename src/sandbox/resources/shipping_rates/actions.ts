// What happens to a shipping rate: made, described, taken out of use.
import { hidden } from "../../kernel/state/noun.ts";
import type { Params } from "../../kernel/state/resource.ts";
import type { Unit } from "../../kernel/state/unit.ts";
import { add, change, mustRead } from "../../kernel/state/writes.ts";
import { checkedCurrency, checkedCurrencyKeys } from "../../kernel/words/amounts.ts";
import { common } from "../../kernel/words/errors.table.ts";
import { missingParameter, refusal } from "../../kernel/words/errors.ts";
import { mergeMetadata } from "../../kernel/words/metadata.ts";
import { boolean, hash, integer, text } from "../../kernel/words/params.ts";
import { checkCode } from "../tax_codes/index.ts";
import { rows } from "./refusals.table.ts";
import { type Fixed, type Options, otherOptions, type ShippingRate, shippingRates } from "./shipping_rate.ts";

type Estimate = ShippingRate["delivery_estimate"];

/** `at`: where its parameters stand, for one that is made with what it is for. */
export function makeShippingRate(unit: Unit, params: Params, isActive: boolean, at = ""): ShippingRate {
  const named = nameUnder(at);
  const name = text(params, "display_name");
  if (name === undefined) throw missingParameter(named("display_name"));
  const fixed = hash(params, "fixed_amount");
  if (!fixed) throw missingParameter(named("fixed_amount"));
  const place = named("fixed_amount");
  const amount = amountOf(fixed, place);
  if (amount === undefined) throw missingParameter(`${place}[amount]`);
  const currency = checkedCurrency(fixed, `${place}[currency]`);
  const code = text(params, "tax_code");
  if (code !== undefined) checkCode(unit, code, named("tax_code"));
  const rate: ShippingRate = {
    id: unit.world.ids.after("shr_1", 23),
    object: "shipping_rate",
    active: isActive,
    created: unit.created,
    delivery_estimate: estimateOf(params, named("delivery_estimate")),
    display_name: name,
    fixed_amount: { amount, currency },
    livemode: false,
    metadata: { ...mergeMetadata({}, params.metadata) },
    tax_behavior: text(params, "tax_behavior") ?? "unspecified",
    tax_code: code ?? null,
    type: "fixed_amount",
    [hidden]: { options: optionsOf(fixed, { at: place, own: currency, before: {} }) },
  };
  return add(unit, shippingRates, rate, null);
}

export function createShippingRate(unit: Unit, params: Params): ShippingRate {
  return makeShippingRate(unit, params, true);
}

export function updateShippingRate(unit: Unit, params: Params, id: string): ShippingRate {
  const before = mustRead(unit, shippingRates, id);
  const { currency: own } = before.fixed_amount;
  const fixed = hash(params, "fixed_amount") ?? {};
  const options = optionsOf(fixed, { at: "fixed_amount", own, before: otherOptions(before) });
  const changes = {
    active: boolean(params, "active") ?? before.active,
    metadata: { ...mergeMetadata(before.metadata, params.metadata) },
    tax_behavior: text(params, "tax_behavior") ?? before.tax_behavior,
    [hidden]: { options },
  };
  return change(unit, shippingRates, before, changes, null);
}

function nameUnder(at: string): (name: string) => string {
  return (name) => (at === "" ? name : `${at}[${name}]`);
}

function amountOf(params: Params, at: string): number | undefined {
  const amount = integer(params, "amount");
  if (amount !== undefined && amount < 0) throw refusal(common.belowMinimum, { limit: 0 }, { param: `${at}[amount]` });
  return amount;
}

interface Placed {
  readonly at: string;
  /** The currency of the rate itself. */
  readonly own: string;
  readonly before: Options;
}

/** Those that are sent take the place of their like. */
function optionsOf(fixed: Params, { at, own, before }: Placed): Options {
  const sent = hash(fixed, "currency_options") ?? {};
  const options = checkedCurrencyKeys(sent, `${at}[currency_options]`).map((currency) => {
    const place = `${at}[currency_options][${currency}]`;
    if (currency === own) throw refusal(rows.ownShippingOption, {}, { param: place });
    return [currency, optionOf(hash(sent, currency) ?? {}, before[currency], place)] as const;
  });
  return { ...before, ...Object.fromEntries(options) };
}

function optionOf(sent: Params, before: Fixed | undefined, at: string): Fixed {
  const amount = amountOf(sent, at) ?? before?.amount;
  if (amount === undefined) throw missingParameter(`${at}[amount]`);
  return { amount, tax_behavior: text(sent, "tax_behavior") ?? before?.tax_behavior ?? "unspecified" };
}

function estimateOf(params: Params, at: string): Estimate {
  const sent = hash(params, "delivery_estimate");
  if (!sent) return null;
  const bound = (name: "maximum" | "minimum") => {
    const { unit = "", value = 1 } = (hash(sent, name) ?? {}) as { unit?: string; value?: number }; // By its schema.
    if (value < 1) throw refusal(common.belowMinimum, { limit: 1 }, { param: `${at}[${name}][value]` });
    return sent[name] === undefined ? null : { unit, value };
  };
  return { maximum: bound("maximum"), minimum: bound("minimum") };
}
