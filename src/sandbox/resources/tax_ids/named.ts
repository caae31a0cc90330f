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

/** Their ids, as `account_tax_ids` names them; null unsets, undefined: nothing was sent. `at`: how that is called. */
export function chosenAccountTaxIds(unit: Unit, sent: Params, at = "account_tax_ids"): string[] | null | undefined {
  if (sent.account_tax_ids === undefined) return undefined;
  const ids = texts(sent, "account_tax_ids") ?? [];
  for (const [nth, id] of ids.entries()) {
    const param = `${at}[${nth}]`;
    const { customer } = mustReadParam(unit, taxIds, id, param);
    if (customer !== null) throw noSuch(taxIds, id, { inPath: false, param });
  }
  return ids.length === 0 ? null : [...ids];
}
