// The shipping rate that something is sent by, as whoever bills names it.
import type { Params } from "../../kernel/state/resource.ts";
import type { Unit } from "../../kernel/state/unit.ts";
import { mustReadParam } from "../../kernel/state/writes.ts";
import { missingParameter, refusal } from "../../kernel/words/errors.ts";
import { hash, text } from "../../kernel/words/params.ts";
import { makeShippingRate } from "./actions.ts";
import { rows } from "./refusals.table.ts";
import { type Fixed, fixedIn, type ShippingRate, shippingRates } from "./shipping_rate.ts";

interface Choosing {
  /** Where the parameters stand: `shipping_cost`. */
  readonly at: string;
  readonly currency: string;
}

interface Chosen extends Fixed {
  readonly rate: ShippingRate;
}

/** One that is there, or one that is made of `shipping_rate_data` for this alone. */
export function chosenShipping(unit: Unit, sent: Params, { at, currency }: Choosing): Chosen {
  const id = text(sent, "shipping_rate");
  const data = hash(sent, "shipping_rate_data");
  if (id !== undefined && data) throw refusal(rows.shippingRateTwice, {}, { param: at });
  const param = id === undefined ? `${at}[shipping_rate_data]` : `${at}[shipping_rate]`;
  const rate = data ? makeShippingRate(unit, data, false, param) : named(unit, id, `${at}[shipping_rate]`);
  const fixed = fixedIn(rate, currency);
  if (!fixed) throw refusal(rows.shippingRateInOtherCurrency, { rate: rate.id, currency }, { param });
  return { rate, ...fixed };
}

function named(unit: Unit, id: string | undefined, param: string): ShippingRate {
  if (id === undefined) throw missingParameter(param);
  const rate = mustReadParam(unit, shippingRates, id, param);
  if (!rate.active) throw refusal(rows.shippingRateInactive, { rate: id }, { param });
  return rate;
}
