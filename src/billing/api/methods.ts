// Methods: the cards and accounts that a customer pays with, as Stripe keeps them.
import type Stripe from "stripe";

export interface Method {
  /** `pm_…` */
  readonly id: string;
  readonly customerId: string;
  /** As Stripe calls it: card, sepa_debit, us_bank_account. */
  readonly type: string;
  /** For the payer to know it by: the last digits of the card or the account. */
  readonly last4: string | null;
  readonly card: MethodCard | null;
  /** What invoices are paid with unless another one is named. */
  readonly isDefault: boolean;
  readonly createdAt: Date;
  readonly stripe: { readonly paymentMethod: Stripe.PaymentMethod };
}

export interface MethodCard {
  readonly brand: string;
  readonly expMonth: number;
  readonly expYear: number;
}

export interface MethodsApi {
  /** Those that a customer has now, newest first. Stripe is asked the first time; from then on its events tell. */
  list(customerId: string): Promise<readonly Method[]>;
}
