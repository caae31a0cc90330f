// What createBilling() is given.
import type { AccessPolicy } from "./access.ts";

export interface BillingOptions {
  readonly stripe: {
    readonly secretKey: string;
    readonly publishableKey: string;
    readonly webhookSecrets: readonly string[];
    /** Where Stripe answers. Default: https://api.stripe.com. The sandbox's URL in development. */
    readonly apiBase?: string;
    /** Where Stripe.js comes from. Default: https://js.stripe.com/endive/stripe.js. */
    readonly stripeJsUrl?: string;
  };
  /** `sqlite:PATH`, `sqlite::memory:` or `postgres://…`. */
  readonly database: string;
  /**
   * On PostgreSQL, the schema in which all our tables live; it is made at the first start. Several installations are
   * several schemas of one database. Default: `?schema=` of the URL, else `bursar`.
   */
  readonly schema?: string;
  /** The address under which browsers reach billing's own pages, without a trailing slash. */
  readonly publicUrl: string;
  /** Origins a return URL may have. */
  readonly returnOrigins?: readonly string[];
  /** 32 bytes in hex or base64: encrypts endpoint secrets, signs links. Required in live mode. */
  readonly secret?: string;
  /** Outgoing webhooks may go to loopback and private addresses. For development; refused with a live key. */
  readonly allowPrivateTargets?: boolean;
  /** An API key that exists from the start: `bk_test_` or `bk_live_` and at least 43 characters. Scope: admin. */
  readonly bootstrapKey?: string;
  /**
   * What follows when an invoice is not paid, or not yet; what is left out is as in `accessPolicyDefault`. It is kept
   * in the database: all processes of an installation go by what one of them was told last.
   */
  readonly access?: Partial<AccessPolicy>;
}
