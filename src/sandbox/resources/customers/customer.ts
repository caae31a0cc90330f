// READ FIRST. A customer has no status: it exists, and once deleted it answers in the short form.
// https://docs.stripe.com/api/customers
import type Stripe from "stripe";
import { defineNoun, type Stored } from "../../kernel/state/noun.ts";
import type { Unit } from "../../kernel/state/unit.ts";
import { wasErased } from "../../kernel/state/writes.ts";

export type Customer = Stored<Omit<Stripe.Customer, "deleted" | "discount">> & {
  /** An id; shown whole. */
  readonly discount: string | null;
};

export const customers = defineNoun<Customer, "delete" | "join" | "openBalance" | "setBalance">({
  object: "customer",
  prefixes: ["cus"],
  indices: ["email", "invoice_prefix", "test_clock"],
  clock: "test_clock",
  expandable: { default_source: null, test_clock: "test_helpers.test_clock" },
  signals: ["delete", "join", "openBalance", "setBalance"],
});

/** The short form of a deleted customer stays retrievable for ever. */
export interface DeletedCustomer {
  readonly id: string;
  readonly object: "customer";
  readonly deleted: true;
}

/** Deleted customers are out of every list, yet their id still means something. */
export function isDeletedCustomer(unit: Unit, id: string): boolean {
  return wasErased(unit, customers, id);
}
