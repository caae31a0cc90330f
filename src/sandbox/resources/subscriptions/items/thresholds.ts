// How much may be used before it is billed, in money of a subscription, or in units of an item. Only usage reaches
// them, and none is recorded here, so that nobody is billed for it before a period ends.
// https://docs.stripe.com/billing/subscriptions/usage-based/thresholds
import type { Params } from "../../../kernel/state/resource.ts";
import { common } from "../../../kernel/words/errors.table.ts";
import { refusal } from "../../../kernel/words/errors.ts";
import { boolean, given, hash, integer } from "../../../kernel/words/params.ts";
import type { Price } from "../../prices/index.ts";
import type { SubscriptionItem } from "../../subscription_items/index.ts";
import { subscriptionDefaults } from "../defaults.table.ts";
import { rows } from "../refusals.table.ts";
import type { Subscription } from "../subscription.ts";

type Thresholds = Subscription["billing_thresholds"];

/** What is sent changes what was; an empty text ends it. Undefined: nothing was sent of it. `at`: whose it is. */
export function thresholdsOf(params: Params, before: Thresholds, at?: string): Thresholds | undefined {
  if (params.billing_thresholds === undefined) return undefined;
  const sent = hash(params, "billing_thresholds");
  if (!sent) return null;
  const amount_gte = integer(sent, "amount_gte");
  const limit = subscriptionDefaults.thresholdMin.value;
  if (amount_gte !== undefined && amount_gte < limit) {
    const param = `${at === undefined ? "billing_thresholds" : `${at}[billing_thresholds]`}[amount_gte]`;
    throw refusal(common.belowMinimum, { limit }, { param });
  }
  const reset_billing_cycle_anchor = boolean(sent, "reset_billing_cycle_anchor");
  const none = { amount_gte: null, reset_billing_cycle_anchor: null };
  return { ...none, ...before, ...given({ amount_gte, reset_billing_cycle_anchor }) };
}

/** The same of an item, whose price is metered. */
export function itemThresholdsOf(
  { recurring }: Price,
  sent: Params,
  at: string,
): SubscriptionItem["billing_thresholds"] | undefined {
  if (sent.billing_thresholds === undefined) return undefined;
  const usage_gte = integer(hash(sent, "billing_thresholds") ?? {}, "usage_gte");
  if (usage_gte === undefined) return null;
  const param = `${at}[billing_thresholds][usage_gte]`;
  if (recurring?.usage_type !== "metered") throw refusal(rows.thresholdOfLicensed, {}, { param });
  if (usage_gte < 1) throw refusal(common.belowMinimum, { limit: 1 }, { param });
  return { usage_gte };
}
