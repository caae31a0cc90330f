// Access: what a customer may use, by what is paid.

/**
 * Why a feature may be used: trial, active (its period is paid, or is being paid), grace (a try to pay failed a short
 * while ago), processing (the bank is at it), canceled_with_time_left, paused, disputed (by policy), granted (by hand).
 * Why not: unpaid, processing, paused, disputed (by policy), or none: nothing of what they have gives it.
 */
export const accessReasons = [
  "active",
  "trial",
  "processing",
  "granted",
  "canceled_with_time_left",
  "paused",
  "disputed",
  "grace",
  "unpaid",
  "none",
] as const;
export type AccessReason = (typeof accessReasons)[number];

/** How much of a feature: null for one that is there or not. */
export type AccessLimit = number | "unlimited" | null;

/** What follows when an invoice is not paid, or not yet. What is not said is as in `accessPolicyDefault`. */
export interface AccessPolicy {
  /** For how many days after the first failed try to pay, or after its due date, an open invoice takes nothing away. */
  readonly graceDays: number;
  /** Whether a period is had while the bank is at it: a SEPA debit takes up to fourteen business days. */
  readonly whileProcessing: boolean;
  /** Whether a subscription gives anything while it rests, past what was paid. */
  readonly whilePaused: boolean;
  /** Whether it gives anything while the payer's bank has taken one of its payments back, before that is decided. */
  readonly whileDisputed: boolean;
}

/**
 * What holds where createBilling() is told nothing else.
 * @example accessPolicyDefault.graceDays // 7
 */
export const accessPolicyDefault: AccessPolicy = {
  graceDays: 7,
  whileProcessing: true,
  whilePaused: false,
  whileDisputed: false,
};

/** Asked for at once: as many as a page of a host's own list has, some times over. */
export const checksMax = 1_000;

export interface Access {
  readonly customerId: string;
  readonly feature: string;
  readonly allowed: boolean;
  readonly reason: AccessReason;
  /** Of several subscriptions the largest number, the sum of seats; 0 where it is not allowed. */
  readonly limit: AccessLimit;
  /** When it ends as things stand; null where no end is known. */
  readonly until: Date | null;
  /** When this answer will be another one although nothing else happens; null for never. */
  readonly nextChangeAt: Date | null;
}

/** Something that was given by hand, whatever is paid. */
export interface AccessGrant {
  /** Yours. */
  readonly id: string;
  readonly customerId: string;
  readonly feature: string;
  /** null for a feature that is there or not. */
  readonly limit: AccessLimit;
  /** null: for ever. */
  readonly until: Date | null;
  readonly reason: string;
  readonly by: string;
  readonly createdAt: Date;
  readonly revoked: { readonly at: Date; readonly reason: string; readonly by: string } | null;
}

export interface GrantAccess<Feature extends string = string> {
  /** Yours, and required: two grants are legal, a repeated one is not a second. */
  readonly id: string;
  readonly customerId: string;
  readonly feature: Feature;
  /** Of a number, how many or `unlimited`; of seats, how many more. Not of a feature that is there or not. */
  readonly limit?: number | "unlimited";
  /** Without it, for ever. */
  readonly until?: Date;
  /** Why, for whoever reads it later. */
  readonly reason: string;
  /** Who has decided it. */
  readonly by: string;
}

/**
 * `Feature` are the names that may be asked for. All are, unless the names of a catalog are given:
 * `const access: AccessApi<FeatureName<typeof catalog>> = billing.access`; a misspelt one does not compile then.
 */
export interface AccessApi<Feature extends string = string> {
  /**
   * Whether a customer may use a feature at this moment, by Stripe's time, or that of the customer's test clock. Reads
   * one row and asks nobody else. A customer that is not known, such as a user who has never bought, has nothing: the
   * answer is no, with the reason `none`.
   * Throws Problem `invalid_params` for a feature that no applied catalog has; it names those that there are.
   */
  check(customerId: string, feature: Feature): Promise<Access>;
  /** The same for up to 1,000 customers, in their order. */
  checkMany(customerIds: readonly string[], feature: Feature): Promise<readonly Access[]>;
  /** All features of the catalogs that were applied, by name. */
  list(customerId: string): Promise<readonly Access[]>;
  /**
   * Gives something by hand. The same grant again is the same; another one under its id is a `conflict`.
   * Throws Problem `not_found` for a customer that is not known: `customers.ensure()` comes first.
   */
  grant(input: GrantAccess<Feature>): Promise<AccessGrant>;
  /** Takes a grant back. One that was taken back stays as it was. */
  revoke(grantId: string, input: { readonly reason: string; readonly by: string }): Promise<AccessGrant>;
  /** What a customer was given by hand, newest first; what was taken back, too. */
  grants(customerId: string): Promise<readonly AccessGrant[]>;
}
