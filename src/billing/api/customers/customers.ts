// Customers: the host's own users, by the host's own ids.
import type { Outcome, Page, PageOptions } from "../answers.ts";
import type { AddTaxId, TaxId } from "./tax_ids.ts";

/** `country` is a code of two letters: DE. */
export interface Address {
  readonly line1?: string;
  readonly line2?: string;
  readonly city?: string;
  readonly state?: string;
  readonly postalCode?: string;
  readonly country?: string;
}

/** The parts of an address, in the order in which it is read. */
export const addressParts = ["line1", "line2", "city", "state", "postalCode", "country"] as const;

export interface Customer {
  readonly id: string;
  readonly email: string | null;
  readonly name: string | null;
  readonly phone: string | null;
  readonly address: Address | null;
  /** The language of what is sent to them: `de`, `pt-BR`. */
  readonly locale: string | null;
  /** Whether invoices tax them, as the host has said; `none` where it has said nothing. */
  readonly taxExempt: TaxExempt;
  /** What they are billed in. Stripe sets it with the first invoice, and there is no other one from then on. */
  readonly currency: string | null;
  readonly metadata: Readonly<Record<string, string>>;
  /** Under which tax offices know them, oldest first. */
  readonly taxIds: readonly TaxId[];
  readonly stripeCustomerId: string | null;
  readonly createdAt: Date;
}

/** `none`: taxed as anybody. `reverse`: they account for the tax themselves, and their invoices say so. */
export const taxExempts = ["none", "exempt", "reverse"] as const;
export type TaxExempt = (typeof taxExempts)[number];

/** What a host says of a customer. What it does not name stays as it is; null says that there is none. */
export interface CustomerProfile {
  readonly email?: string | null;
  readonly name?: string | null;
  readonly phone?: string | null;
  /** Whole: a part that is not named is empty. */
  readonly address?: Address | null;
  readonly locale?: string | null;
  readonly taxExempt?: TaxExempt | null;
  /** Merged by its names; an empty text takes one away. */
  readonly metadata?: Readonly<Record<string, string>>;
}

export interface LinkCustomer {
  readonly id: string;
  /** `cus_…` */
  readonly stripeCustomerId: string;
  readonly attempt?: number;
}

export interface CustomerFilter {
  /** Whether its letters of A to Z are large or small does not matter, nor those of `name`. */
  readonly email?: string;
  readonly name?: string;
  /** `cus_…`: of today, or of one that is gone at Stripe. */
  readonly stripeId?: string;
  /** Who has all of these. */
  readonly metadata?: Readonly<Record<string, string>>;
}

export interface CustomersApi {
  /**
   * Makes sure that there is one, and that Stripe has one Customer for it. `attempt`: 2 after Stripe refused the first,
   * and so on. The same attempt is the same wish.
   */
  ensure(input: CustomerProfile & { id: string; attempt?: number }): Promise<Customer>;
  /**
   * Links a Customer that is at Stripe already, by its id, and takes over what Stripe knows of it: what the host has
   * said before stays, and is told to Stripe. Nobody is found by an e-mail address.
   */
  link(input: LinkCustomer): Promise<Customer>;
  /** Of two changes at the same moment the last one wins, field by field. */
  update(id: string, changes: CustomerProfile & { attempt?: number }): Promise<Customer>;
  /**
   * Gives a customer a tax id, checked before Stripe is asked: `invalid_params` names what is expected. One number is
   * given once. What the tax office says of it comes later, as the fact `customer.tax_id_verified` or `…_unverified`.
   */
  addTaxId(customerId: string, input: AddTaxId): Promise<Outcome<TaxId>>;
  /** Takes one away, by its id of yours or of Stripe's. */
  removeTaxId(customerId: string, taxIdId: string, options?: { attempt?: number }): Promise<Outcome<TaxId>>;
  get(id: string): Promise<Customer>;
  list(options?: PageOptions & CustomerFilter): Promise<Page<Customer>>;
}
