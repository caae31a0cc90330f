// Subscriptions: what is asked of them, and what is wished of them.
import type { Page, PageOptions } from "../answers.ts";
import type { EndsApi } from "./ends.ts";
import type { PauseApi } from "./pause.ts";
import type { Subscription, SubscriptionStatus } from "./subscription.ts";
import type { TermsApi } from "./terms.ts";

export interface SubscriptionsApi extends EndsApi, PauseApi, TermsApi {
  /** By Stripe's id. Throws Problem "not_found" for one that is not a customer's of yours. */
  get(id: string): Promise<Subscription>;
  /**
   * Newest first. With `customerId`, Stripe is asked the first time; from then on its events tell. Without it, those
   * that have been seen.
   */
  list(options?: PageOptions & { customerId?: string; status?: SubscriptionStatus }): Promise<Page<Subscription>>;
}
