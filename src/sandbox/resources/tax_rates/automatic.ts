// What automatic tax takes at a place. Stripe knows the taxes of the world, the sandbox a few of them: enough to see
// that a system shows and adds what it is told. Its rates are of its own, and nobody pays taxes by them.

import type { Unit } from "../../kernel/state/unit.ts";
import { rateReckonedBy } from "./actions.ts";
import { taxRateDefaults } from "./defaults.table.ts";
import type { TaxRate } from "./tax_rate.ts";

interface Located {
  readonly country: string;
  readonly state: string | null;
}

/** The rate of a place, in prices that contain it or on top of others. Undefined: no tax is collected there. */
export function automaticRate(unit: Unit, { country, state }: Located, inclusive: boolean): TaxRate | undefined {
  const rates = taxRateDefaults.automatic.value;
  const ofState = state === null ? undefined : rates[`${country}-${state}`];
  const rate = ofState ?? rates[country];
  if (!rate) return undefined;
  return rateReckonedBy(unit, {
    country,
    display_name: rate.name,
    inclusive,
    jurisdiction: ofState ? `${country}-${state}` : country,
    percentage: rate.percentage,
    ...(ofState && { state }),
    tax_type: rate.type,
  });
}
