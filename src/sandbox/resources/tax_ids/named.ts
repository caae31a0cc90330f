// Tax ids as documents show them: a customer's by what they say, the account's by those that somebody has chosen.
import type { Params } from "../../kernel/state/resource.ts";
import type { Unit } from "../../kernel/state/unit.ts";
import { among, mustReadParam } from "../../kernel/state/writes.ts";
import { noSuch } from "../../kernel/words/errors.ts";
import { texts } from "../../kernel/words/params.ts";
import { type TaxId, taxIds } from "./tax_id.ts";

/** Oldest first. */
export function taxIdsOf(unit: Unit, customer: string): Pick<TaxId, "type" | "value">[] {
  return among(unit, taxIds, "customer", customer).map(({ type, value }) => ({ type, value }));
}

/** `chosenAccountTaxIds(unit, params, "account_tax_ids")`: their ids; null unsets, undefined: nothing was sent. */
export function chosenAccountTaxIds(unit: Unit, params: Params, name: string): string[] | null | undefined {
  if (params[name] === undefined) return undefined;
  const ids = texts(params, name) ?? [];
  for (const [at, id] of ids.entries()) {
    const param = `${name}[${at}]`;
    const { customer } = mustReadParam(unit, taxIds, id, param);
    if (customer !== null) throw noSuch(taxIds, id, { inPath: false, param });
  }
  return ids.length === 0 ? null : [...ids];
}
