// In which currency a subscription is billed. https://docs.stripe.com/invoicing/multi-currency-customers
import type { Unit } from "../../../kernel/state/unit.ts";
import { among } from "../../../kernel/state/writes.ts";
import { refusal } from "../../../kernel/words/errors.ts";
import type { Customer } from "../../customers/index.ts";
import { invoiceItems } from "../../invoiceitems/index.ts";
import { unitAmountIn } from "../../prices/index.ts";
import { livingOf } from "../list.ts";
import { rows } from "../refusals.table.ts";
import type { NamedItem } from "./named.ts";

/** That of the customer, where every price has an amount in it; else of the first price. */
export function usualCurrency({ world }: Unit, named: readonly NamedItem[], { currency }: Customer): string {
  const isPriced = (own: string) => named.every(({ price }) => unitAmountIn(price, own) !== undefined);
  if (typeof currency === "string" && isPriced(currency)) return currency;
  const [first] = named;
  return first?.price.currency ?? world.home.currency;
}

/** Only who is billed in no other currency any more may turn to one. */
export function refuseMixed(unit: Unit, { id }: Customer, currency: string): void {
  const waiting = among(unit, invoiceItems, "customer", id).filter(({ invoice }) => invoice === null);
  const other = [...livingOf(unit, id), ...waiting].find((one) => one.currency !== currency);
  if (other) throw refusal(rows.currenciesMixed, { currency: other.currency });
}
