// The taxes of a line that a caller, or somebody whom they have asked, has reckoned: they live on the line alone, and
// are taken as they are. https://docs.stripe.com/api/invoice-line-item/update
import type { Params } from "../../../kernel/state/resource.ts";
import type { Unit } from "../../../kernel/state/unit.ts";
import { mustRead } from "../../../kernel/state/writes.ts";
import { common } from "../../../kernel/words/errors.table.ts";
import { refusal } from "../../../kernel/words/errors.ts";
import { hash, integer, text } from "../../../kernel/words/params.ts";
import { type LineItem, linesOf, namedRates, setTaxAmounts, type TaxAmount } from "../../line_items/index.ts";
import { rateReckonedBy } from "../../tax_rates/index.ts";
import { invoiceDefaults } from "../defaults.table.ts";
import { invoices } from "../invoice.ts";
import { rows } from "../refusals.table.ts";

/** Where none were sent, the line is as before; an empty text takes them away. */
export function reckonTaxes(unit: Unit, line: LineItem, sent: Params, at?: string): LineItem {
  if (sent.tax_amounts === undefined) return line;
  const amounts = Array.isArray(sent.tax_amounts) ? (sent.tax_amounts as Params[]) : []; // Its schema says so.
  const param = at === undefined ? "tax_amounts" : `${at}[tax_amounts]`;
  const limit = invoiceDefaults.taxAmountsMax.value;
  if (amounts.length > limit) throw refusal(common.listTooLong, { param, limit }, { param });
  if (amounts.length > 0) refuseBesideRates(unit, String(line.invoice), param);
  return setTaxAmounts(
    unit,
    line,
    amounts.map((one) => reckoned(unit, one)),
  );
}

function reckoned(unit: Unit, sent: Params): TaxAmount {
  return {
    rate: rateReckonedBy(unit, hash(sent, "tax_rate_data") ?? {}).id,
    amount: integer(sent, "amount") ?? 0, // Its schema requires both.
    taxable: integer(sent, "taxable_amount") ?? 0,
    reason: text(sent, "taxability_reason"),
  };
}

/** "You cannot set tax amounts if any line item has tax_rates or if the invoice has default_tax_rates" (declared). */
function refuseBesideRates(unit: Unit, id: string, param: string): void {
  const isByLine = linesOf(unit, id).some((line) => namedRates(unit, line).length > 0);
  const isByRates = isByLine || mustRead(unit, invoices, id).default_tax_rates.length > 0;
  if (isByRates) throw refusal(rows.taxAmountsBesideRates, {}, { param });
}
