// Subscriptions: what is asked of them, and what is wished of them.
import type { Page, PageOptions } from "../answers.ts";
import type { ChangingSubscriptions } from "./change.ts";
import type { EndsApi } from "./ends.ts";
import type { PauseApi } from "./pause.ts";
import type { StartApi } from "./start.ts";
import type { Subscription, SubscriptionStatus } from "./subscription.ts";
import type { TermsApi } from "./terms.ts";

export interface SubscriptionFilter {
  readonly customerId?: string;
  readonly status?: SubscriptionStatus;
  /** The one that this start of yours has made. */
  readonly startId?: string;
}

export interface SubscriptionsApi extends StartApi, ChangingSubscriptions, EndsApi, PauseApi, TermsApi {
  /** By Stripe's id. Throws Problem "not_found" for one that is not a customer's of yours. */
  get(id: string): Promise<Subscription>;
  /**
   * Newest first. With `customerId`, Stripe is asked the first time; from then on its events tell. Without it, those
   * that have been seen.
   */
  list(options?: PageOptions & SubscriptionFilter): Promise<Page<Subscription>>;
}
