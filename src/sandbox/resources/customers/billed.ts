// What becomes of a customer who is billed: they have a currency from then on, and they may owe something.
import type { Unit } from "../../kernel/state/unit.ts";
import { change, mustRead, read } from "../../kernel/state/writes.ts";
import { withCurrency } from "./balances.ts";
import { customers } from "./customer.ts";

/** What a customer is billed in first stays theirs, and that is said before what they are billed for (recorded). */
export function bindCurrency(unit: Unit, id: string, currency: string): void {
  const customer = mustRead(unit, customers, id);
  if (customer.currency === null) change(unit, customers, customer, { currency }, "customer.updated");
}

/** Who subscribes in another currency, and is billed in none any more, has that from then on (documented). */
export function turnCurrency(unit: Unit, id: string, currency: string): void {
  const customer = mustRead(unit, customers, id);
  if (customer.currency === currency) return;
  change(unit, customers, customer, withCurrency(customer, currency), "customer.updated");
}

/**
 * Whether the newest thing that became of an invoice of theirs leaves them owing. An event says so, as of whatever else
 * changes (declared). https://docs.stripe.com/api/customers/object#customer_object-delinquent
 */
export function markDelinquent(unit: Unit, id: string, delinquent: boolean): void {
  const customer = read(unit, customers, id);
  if (customer && customer.delinquent !== delinquent)
    change(unit, customers, customer, { delinquent }, "customer.updated");
}
