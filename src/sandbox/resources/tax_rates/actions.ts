// What happens to a tax rate: made, described, taken out of use.
import { hidden } from "../../kernel/state/noun.ts";
import type { Params } from "../../kernel/state/resource.ts";
import type { Unit } from "../../kernel/state/unit.ts";
import { add, all, change, mustRead } from "../../kernel/state/writes.ts";
import { checkedDecimal } from "../../kernel/words/amounts.ts";
import { missingParameter } from "../../kernel/words/errors.ts";
import { mergeMetadata } from "../../kernel/words/metadata.ts";
import { boolean, text, textOrNull } from "../../kernel/words/params.ts";
import { refuseLonger } from "../../kernel/words/texts.ts";
import { taxRateDefaults } from "./defaults.table.ts";
import { reckonedBy, type TaxRate, taxRates } from "./tax_rate.ts";

/** One for the same data is used again; a new one is archived from the beginning (declared). */
export function rateReckonedBy(unit: Unit, data: Params): TaxRate {
  const key = JSON.stringify(Object.entries(data).sort(([one], [other]) => (one < other ? -1 : 1)));
  const known = all(unit, taxRates).find((rate) => reckonedBy(rate) === key);
  if (known) return known;
  const made = createTaxRate(unit, { ...data, active: false });
  return change(unit, taxRates, made, { [hidden]: { reckonedBy: key } }, null);
}

export function createTaxRate(unit: Unit, params: Params): TaxRate {
  const percentage = checkedDecimal(params, "percentage", { places: 4, least: 0, most: 100 });
  if (percentage === undefined) throw missingParameter("percentage");
  const taxRate: TaxRate = {
    id: unit.world.ids.after("txr_1", 23),
    object: "tax_rate",
    active: boolean(params, "active") ?? true,
    country: text(params, "country") ?? null,
    created: unit.created,
    description: text(params, "description") ?? null,
    display_name: displayNameOf(params) ?? "",
    effective_percentage: percentage,
    flat_amount: null,
    inclusive: boolean(params, "inclusive") ?? false,
    jurisdiction: text(params, "jurisdiction") ?? null,
    jurisdiction_level: null,
    livemode: false,
    metadata: { ...mergeMetadata({}, params.metadata) },
    percentage,
    rate_type: "percentage",
    state: text(params, "state") ?? null,
    tax_type: text(params, "tax_type") ?? null,
  };
  return add(unit, taxRates, taxRate, "tax_rate.created");
}

export function updateTaxRate(unit: Unit, params: Params, id: string): TaxRate {
  const before = mustRead(unit, taxRates, id, "tax_rate");
  const or = (name: "country" | "description" | "jurisdiction" | "state" | "tax_type") => {
    const sent = textOrNull(params, name);
    return sent === undefined ? before[name] : sent;
  };
  const changes = {
    active: boolean(params, "active") ?? before.active,
    country: or("country"),
    description: or("description"),
    display_name: displayNameOf(params) ?? before.display_name,
    jurisdiction: or("jurisdiction"),
    metadata: { ...mergeMetadata(before.metadata, params.metadata) },
    state: or("state"),
    tax_type: or("tax_type"),
  };
  return change(unit, taxRates, before, changes, "tax_rate.updated");
}

const displayNameLengthMax = taxRateDefaults.displayNameLength.value;

function displayNameOf(params: Params): string | undefined {
  const name = text(params, "display_name");
  if (name !== undefined) refuseLonger(name, displayNameLengthMax, "display_name");
  return name;
}
