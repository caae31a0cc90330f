// Shipping rates: what it costs to send something. The folder's only door.
import { list } from "../../kernel/answer/lists.ts";
import { included } from "../../kernel/state/embeds.ts";
import { defineResource, type Params } from "../../kernel/state/resource.ts";
import type { Unit } from "../../kernel/state/unit.ts";
import { mustRead } from "../../kernel/state/writes.ts";
import { createShippingRate, updateShippingRate } from "./actions.ts";
import { rows } from "./refusals.table.ts";
import { allOptions, type ShippingRate, shippingRates } from "./shipping_rate.ts";

export { chosenShipping } from "./chosen.ts";
export { fixedIn, type ShippingRate, shippingRates } from "./shipping_rate.ts";

const path = "/v1/shipping_rates";

export const shippingRateResource = defineResource<ShippingRate>({
  noun: shippingRates,
  refusals: rows,
  embeds: [included(shippingRates, "fixed_amount.currency_options", allOptions)],
  routes: [
    { method: "POST", path, run: createShippingRate },
    { method: "GET", path, run: listShippingRates },
    { method: "GET", path: `${path}/:id`, run: (unit, _params, id) => mustRead(unit, shippingRates, id) },
    { method: "POST", path: `${path}/:id`, run: updateShippingRate },
  ],
});

/** The currency is the rate's own, not one of its options (inferred). */
function listShippingRates(unit: Unit, params: Params): object {
  const { active, currency } = params;
  const where = (rate: ShippingRate) =>
    (active === undefined || rate.active === active) &&
    (currency === undefined || rate.fixed_amount.currency === currency);
  return list(unit, shippingRates, params, { url: path, where });
}
