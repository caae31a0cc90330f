// Tax rates: what is added to a price, or is in it already. The folder's only door.
import { list } from "../../kernel/answer/lists.ts";
import { defineResource, type Params } from "../../kernel/state/resource.ts";
import type { Unit } from "../../kernel/state/unit.ts";
import { mustRead } from "../../kernel/state/writes.ts";
import { createTaxRate, updateTaxRate } from "./actions.ts";
import { taxRateDefaults } from "./defaults.table.ts";
import { type TaxRate, taxRates } from "./tax_rate.ts";

export { rateReckonedBy } from "./actions.ts";
export { automaticRate } from "./automatic.ts";
export { chosenRates } from "./chosen.ts";
export { reckonedBy, type TaxRate, taxRates } from "./tax_rate.ts";

const path = "/v1/tax_rates";

export const taxRateResource = defineResource<TaxRate>({
  noun: taxRates,
  defaults: taxRateDefaults,
  routes: [
    { method: "POST", path, run: createTaxRate },
    { method: "GET", path, run: listTaxRates },
    { method: "GET", path: `${path}/:id`, run: (unit, _params, id) => mustRead(unit, taxRates, id, "tax_rate") },
    { method: "POST", path: `${path}/:id`, run: updateTaxRate },
  ],
});

function listTaxRates(unit: Unit, params: Params): object {
  const { active, inclusive } = params;
  const where = (taxRate: TaxRate) =>
    (active === undefined || taxRate.active === active) && (inclusive === undefined || taxRate.inclusive === inclusive);
  return list(unit, taxRates, params, { url: path, where });
}
