// Tax ids: the numbers under which tax offices know a customer.
import type { TaxIdType } from "./tax_id_types.table.ts";

/** Longer than any there is. */
export const taxIdMax = 60;

/**
 * What the tax office has said. `pending`: nothing yet. `unavailable`: Stripe asks no office about this type; EU and GB
 * VAT numbers and Australian ABNs are asked about.
 */
export const taxIdStatuses = ["pending", "verified", "unverified", "unavailable"] as const;
export type TaxIdStatus = (typeof taxIdStatuses)[number];

export interface TaxId {
  /** Yours; Stripe's own where it was given at Stripe. */
  readonly id: string;
  readonly customerId: string;
  readonly type: string;
  readonly value: string;
  /** `DE`; null where the type is of no country. */
  readonly country: string | null;
  /** With the name and the address under which the office knows it, where it tells them. */
  readonly verification: {
    readonly status: TaxIdStatus;
    readonly name: string | null;
    readonly address: string | null;
  };
  readonly createdAt: Date;
  readonly removedAt: Date | null;
  readonly stripe: { readonly taxIdId: string | null };
}

export interface AddTaxId {
  /** Yours: names this wish. One that was removed is added again under another. */
  readonly id: string;
  readonly type: TaxIdType;
  /** As it is written on paper: blanks, dots, dashes and small letters do not matter. */
  readonly value: string;
  readonly attempt?: number;
}
