// What a customer has to their credit, or owes, in each currency that they were billed in. `balance` is of their own;
// the others stand beside it, and no invoice takes from another currency than its own.
// https://docs.stripe.com/invoicing/multi-currency-customers
import { hidden } from "../../kernel/state/noun.ts";
import type { Customer } from "./customer.ts";

/** Whoever has no currency yet takes that of what comes first. */
function isOwn({ currency: own }: Customer, currency: string): boolean {
  return (own ?? currency) === currency;
}

type Balances = Readonly<Record<string, number>>;

/** Of the currencies that are not theirs, or were not when it changed last. */
function besides(customer: Customer): Balances {
  return (customer[hidden]?.balances ?? {}) as Balances; // Written here only.
}

/** Below zero it is their credit, above zero what they owe. */
export function balanceIn(customer: Customer, currency: string): number {
  return isOwn(customer, currency) ? customer.balance : (besides(customer)[currency] ?? 0);
}

type Balanced = Pick<Customer, "balance" | "currency" | typeof hidden>;

/** The changes by which it comes to `balance` in a currency. */
export function withBalance(customer: Customer, currency: string, balance: number): Partial<Balanced> {
  if (isOwn(customer, currency)) return { balance, currency };
  return { [hidden]: { ...customer[hidden], balances: { ...besides(customer), [currency]: balance } } };
}

/** The changes by which another currency becomes theirs. */
export function withCurrency(customer: Customer, currency: string): Partial<Balanced> {
  const { balance, currency: own } = customer;
  if (typeof own !== "string") return { currency };
  const balances = { ...besides(customer), [own]: balance };
  return { balance: balanceIn(customer, currency), currency, [hidden]: { ...customer[hidden], balances } };
}

/** As `invoice_credit_balance` has it: above zero it is a credit. */
export function creditsOf(customer: Customer): Balances {
  const { balance: owed, currency } = customer;
  const all = Object.entries({ ...besides(customer), ...(typeof currency === "string" && { [currency]: owed }) });
  return Object.fromEntries(all.filter(([, balance]) => balance !== 0).map(([name, balance]) => [name, -balance]));
}
