// A rate as it is reckoned with, and a tax as it is shown.
import type { Unit } from "../../kernel/state/unit.ts";
import { mustRead } from "../../kernel/state/writes.ts";
import { decimal } from "../../reckoning/rational.ts";
import type { Rate, Tax } from "../../reckoning/taxes.ts";
import type { Customer } from "../customers/index.ts";
import type { LineItem } from "../line_items/index.ts";
import { taxRates } from "../tax_rates/index.ts";

export function rateOf(unit: Unit, id: string): Rate {
  const { inclusive, percentage } = mustRead(unit, taxRates, id);
  return { id, isInclusive: inclusive, percentage: decimal(String(percentage)) };
}

export type ShownTax = NonNullable<LineItem["taxes"]>[number];

export function shownTax(
  { rate, amount, taxable, reason }: Tax,
  { tax_exempt: exempt }: Pick<Customer, "tax_exempt">,
  usual: string = "not_available",
): ShownTax {
  return {
    amount,
    tax_behavior: rate.isInclusive ? "inclusive" : "exclusive",
    tax_rate_details: { tax_rate: rate.id },
    taxability_reason: (reason ?? reasons[exempt ?? "none"] ?? usual) as ShownTax["taxability_reason"],
    taxable_amount: taxable,
    type: "tax_rate_details",
  };
}

/** Of rates that are not Stripe Tax's nothing is said (inferred). */
const reasons: Readonly<Record<string, string>> = {
  exempt: "customer_exempt",
  reverse: "reverse_charge",
};
