// What the nouns of this API answer with: money, pages, and the outcome of a command.
export interface Money {
  /** Minor units of `currency`, as Stripe counts them (https://docs.stripe.com/currencies#zero-decimal). */
  readonly amount: number;
  /** ISO 4217, lower case. */
  readonly currency: string;
}

/** What a command answers. `declined` and `action_required` are outcomes, not exceptions. */
export type Outcome<T> =
  | { readonly outcome: "done"; readonly value: T }
  | { readonly outcome: "processing"; readonly operationId: string; readonly value: T }
  | { readonly outcome: "action_required"; readonly value: T; readonly url: string; readonly clientSecret: string }
  | {
      readonly outcome: "declined";
      readonly value: T;
      /** The decline code where the bank gave one, else the code. */
      readonly reason: string;
      /** Stripe's (https://docs.stripe.com/error-codes). */
      readonly code: string | null;
      /** The bank's (https://docs.stripe.com/declines/codes). */
      readonly declineCode: string | null;
      readonly message: string;
    };

/** What every list takes. */
export interface PageOptions {
  /** `nextCursor` of the page before, as it came. */
  readonly cursor?: string;
  /** 1 to 100 entries; 20 without it. */
  readonly limit?: number;
  /** Only what is from this instant on. */
  readonly from?: Date;
  /** Only what is before this instant. */
  readonly to?: Date;
}

export interface Page<T> {
  readonly data: readonly T[];
  readonly nextCursor: string | null;
}
