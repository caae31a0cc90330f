// READ FIRST. A number under which a customer, or the account itself, is known to a tax office. A customer's is
// verified with the office where there is one to ask, some time after it was given.
// https://docs.stripe.com/api/tax_ids
import type Stripe from "stripe";
import { defineNoun, type Stored } from "../../kernel/state/noun.ts";

export type TaxId = Omit<Stored<Stripe.TaxId>, "deleted" | "owner"> & {
  readonly owner: Owner;
};

/** Of what belongs to no customer Stripe says so, although its SDKs leave the field out. */
export type Owner = Omit<Stripe.TaxId.Owner, "customer" | "account"> & {
  readonly account?: string;
  readonly customer: string | null;
};

export const taxIds = defineNoun<TaxId>({
  object: "tax_id",
  prefixes: ["txi"],
  indices: ["customer"],
  expandable: {
    customer: "customer",
    "owner.account": "account",
    "owner.customer": "customer",
  },
  label: "tax id",
});
