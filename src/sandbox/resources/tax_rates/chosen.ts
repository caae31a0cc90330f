// The rates that something is taxed by, as whoever bills names them.
import type { Params } from "../../kernel/state/resource.ts";
import type { Unit } from "../../kernel/state/unit.ts";
import { mustReadParam } from "../../kernel/state/writes.ts";
import { common } from "../../kernel/words/errors.table.ts";
import { refusal } from "../../kernel/words/errors.ts";
import { texts } from "../../kernel/words/params.ts";
import { taxRateDefaults } from "./defaults.table.ts";
import { taxRates } from "./tax_rate.ts";

/** `chosenRates(unit, params, "default_tax_rates")`: their ids; undefined when nothing was sent. */
export function chosenRates(unit: Unit, params: Params, name: string): readonly string[] | undefined {
  if (params[name] === undefined) return undefined;
  const ids = texts(params, name) ?? [];
  const limit = taxRateDefaults.ratesPerLine.value;
  if (ids.length > limit) throw refusal(common.listTooLong, { param: name, limit }, { param: name });
  return ids.map((id, at) => mustReadParam(unit, taxRates, id, `${name}[${at}]`).id);
}
