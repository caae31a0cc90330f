// The import: what a company has at Stripe already, taken in once, before Bursar goes on with it.
import type Stripe from "stripe";

/** Why a Customer of Stripe's is not a customer of yours yet. */
export const importReasons = [
  /** Nothing says which of your users it is. */
  "no_id",
  /** What is said is not an id: 1 to 200 of A-Z a-z 0-9 _ . : @ - */
  "bad_id",
  /** The same id is said of several. None of them is taken. */
  "claimed_twice",
  /** The file names several of your users for it. */
  "named_twice",
  /** Your user has another Customer. */
  "id_is_linked",
  /** It is another user's. */
  "customer_is_linked",
  /** A Customer is being made for your user at this moment. */
  "being_made",
  /** The file names it, and it was deleted at Stripe. */
  "deleted",
  /** The file names it, and this account, in this mode, does not have it. */
  "unknown",
] as const;
export type ImportReason = (typeof importReasons)[number];

/**
 * Which of your users a Customer is. A name in its metadata; or a file, `stripe_customer_id,host_id` in its first line
 * and a Customer in each further one (CSV, quoted where need be); or a function of yours. Nobody is found by an e-mail
 * address.
 */
export type IdSource =
  | { readonly metadata: string }
  | { readonly csv: string }
  | ((customer: Stripe.Customer) => string | null | undefined | Promise<string | null | undefined>);

export interface ImportOptions {
  readonly idFrom: IdSource;
  /** Reads all, reports the same, and takes nothing in. */
  readonly dryRun?: boolean;
  /** Hears of each page that was taken in. */
  readonly onProgress?: (progress: ImportProgress) => void;
  /** Stops it between two pages. The same import goes on there. */
  readonly signal?: AbortSignal;
}

export interface ImportProgress {
  /** What is being read: `customers`, `payment_method`. */
  readonly stage: string;
  /** Which one of how many. */
  readonly nth: number;
  readonly stages: number;
  /** What was gone through of it. */
  readonly done: number;
  /** Null where Stripe does not say how many there are. */
  readonly total: number | null;
}

export interface NotPlaced {
  /** `cus_…` */
  readonly stripeCustomerId: string;
  /** What was said to be your id of it. */
  readonly id: string | null;
  readonly reason: ImportReason;
  /** For people. */
  readonly detail: string;
}

export interface ImportedKind {
  /** Stripe's `object`: payment_intent, refund. */
  readonly kind: string;
  /** Of customers of yours: they are known from now on, and followed. */
  readonly ours: number;
  /** Of nobody's, such as a guest's payment: left alone. */
  readonly others: number;
}

/** What of Stripe no applied catalog speaks of. */
export interface CatalogDrift {
  readonly products: readonly { readonly id: string; readonly name: string }[];
  readonly prices: readonly { readonly id: string; readonly product: string; readonly lookupKey: string | null }[];
  /** Of your customers, those that have such prices. */
  readonly subscriptions: readonly { readonly id: string; readonly prices: readonly string[] }[];
}

export interface ImportReport {
  readonly isDryRun: boolean;
  readonly customers: { readonly found: number; readonly placed: number };
  /** By Stripe's id. */
  readonly notPlaced: readonly NotPlaced[];
  readonly kinds: readonly ImportedKind[];
  readonly catalog: CatalogDrift;
  /** The same for people. */
  readonly text: string;
}
