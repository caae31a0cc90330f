// Methods: the cards and accounts that a customer pays with, as Stripe keeps them.
import type Stripe from "stripe";
import type { Outcome } from "./answers.ts";

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

/** off_session: paid later while its owner is not there, as subscriptions are. */
export const methodUsages = ["off_session", "on_session"] as const;
export type MethodUsage = (typeof methodUsages)[number];

/** action_required: the owner's bank waits for them. processing: the bank takes a while. */
export const collectionStatuses = ["open", "action_required", "processing", "succeeded", "canceled"] as const;
export type CollectionStatus = (typeof collectionStatuses)[number];

export interface CollectMethod {
  /** Yours, of this wish: the same again is the same wish, however it stands by then. In REST the Idempotency-Key. */
  readonly id: string;
  /** Where the hosted page leads in the end. */
  readonly returnUrl?: string;
  /** What it will be used for; off_session unless named. */
  readonly usage?: MethodUsage;
  /** What is saved becomes the default. */
  readonly setAsDefault?: boolean;
  /** 2 after Stripe refused the first, and so on. */
  readonly attempt?: number;
}

/** How the collecting of a way to pay stands. */
export interface CollectionState {
  readonly id: string;
  readonly customerId: string;
  readonly status: CollectionStatus;
  /** What was saved, once it was. */
  readonly methodId: string | null;
  /** Why the last attempt failed, in Stripe's codes, or null. */
  readonly lastFailure: { readonly code: string; readonly declineCode: string | null } | null;
  readonly setupIntentId: string;
}

/** A way to pay that is being collected. */
export interface Collection extends CollectionState {
  /** The hosted page; good until `expiresAt`. */
  readonly url: string;
  readonly expiresAt: Date;
  /** For a page of your own with Stripe.js. */
  readonly clientSecret: string;
  readonly publishableKey: string;
}

export interface SetDefault {
  /** Yours, of this wish: the same again is the same wish, and gets the same answer. In REST the Idempotency-Key. */
  readonly id: string;
  /** 2 after Stripe refused the first, and so on. */
  readonly attempt?: number;
}

export interface RemoveMethod {
  /** 2 after Stripe refused the first, and so on. */
  readonly attempt?: number;
}

export interface MethodsApi {
  /** Those that a customer has now, newest first. Stripe is asked the first time; from then on its events tell. */
  list(customerId: string): Promise<readonly Method[]>;
  /**
   * Saves a card or an account for later, without a payment: makes (once per wish) a SetupIntent, the Customer at
   * Stripe before it where there is none, and a link to a hosted page. Told as `method.added` when it is saved. Given
   * again it asks Stripe how it stands, and answers that with another link; `settled()` asks without making a link.
   * @throws `not_found`: no such customer. `wrong_state`: it was canceled at Stripe; collect under another id.
   * @example
   * const { url } = await billing.methods.collect("user_42", { id: "card_1", setAsDefault: true });
   */
  collect(customerId: string, options: CollectMethod): Promise<Collection>;
  /**
   * Asks Stripe how a collection stands, and records it: for the page of yours to which the customer comes back, which
   * does not wait for the webhook. What was saved is among `list()` a moment later, and told as `method.added`.
   * @param id that of `collect()`.
   * @throws `not_found`: nothing was collected under this id. `unavailable`: Stripe has not answered `collect()` yet.
   * @example
   * const { status, methodId } = await billing.methods.settled("user_42", "card_1");
   */
  settled(customerId: string, id: string): Promise<CollectionState>;
  /**
   * What the customer's invoices are paid with from now on; told as `method.default_changed`.
   * @throws `not_found`: the customer has no such method. `wrong_state`: it belongs to another customer, who is named,
   * or was removed.
   * @example
   * const [card] = await billing.methods.list("user_42");
   * if (card) await billing.methods.setDefault("user_42", card.id, { id: "choice_1" });
   */
  setDefault(customerId: string, methodId: string, options: SetDefault): Promise<Outcome<Method>>;
  /**
   * Takes it off the customer, for ever: told as `method.removed`. One that is gone already is `done`. When it was the
   * default, there is none from then on (`method.default_changed` with `methodId` null): no other takes its place, and
   * what is billed next has nothing to be paid with until `setDefault()` chooses one.
   * @returns the method as it was last known.
   * @throws `not_found`: the customer has no such method. `wrong_state`: it belongs to another customer, who is named.
   * @example
   * const [card] = await billing.methods.list("user_42");
   * if (card) await billing.methods.remove("user_42", card.id);
   */
  remove(customerId: string, methodId: string, options?: RemoveMethod): Promise<Outcome<Method>>;
}
