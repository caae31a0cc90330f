// A lookup key names one price of the account, active or not, until another one takes it over.
// https://docs.stripe.com/products-prices/manage-prices#lookup-keys
import type { Params } from "../../kernel/state/resource.ts";
import type { Unit } from "../../kernel/state/unit.ts";
import { among, change } from "../../kernel/state/writes.ts";
import { refusal } from "../../kernel/words/errors.ts";
import { boolean, textOrNull } from "../../kernel/words/params.ts";
import { refuseLonger } from "../../kernel/words/texts.ts";
import { priceDefaults } from "./defaults.table.ts";
import { type Price, prices } from "./price.ts";
import { rows } from "./refusals.table.ts";

const lengthMax = priceDefaults.lookupKeyLength.value;

/** Undefined: nothing was sent; null: it is given up. `own`: who may have it already. */
export function lookupKeyOf(unit: Unit, params: Params, own?: string): string | null | undefined {
  const key = textOrNull(params, "lookup_key");
  if (typeof key !== "string") return key;
  refuseLonger(key, lengthMax, "lookup_key");
  const [holder] = holders(unit, key, own);
  if (holder && boolean(params, "transfer_lookup_key") !== true)
    throw refusal(rows.lookupKeyTaken, { price: holder.id });
  return key;
}

/** Of two prices with one key the older one loses it; the event that says so comes after the other's (recorded). */
export function takeFromOthers(unit: Unit, { id, lookup_key: key }: Price): void {
  if (key === null) return;
  for (const holder of holders(unit, key, id)) change(unit, prices, holder, { lookup_key: null }, "price.updated");
}

function holders(unit: Unit, key: string, own?: string): Price[] {
  return among(unit, prices, "lookup_key", key).filter(({ id }) => id !== own);
}
