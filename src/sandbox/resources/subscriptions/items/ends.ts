// An end that is chosen by the ends of periods. https://docs.stripe.com/billing/subscriptions/mixed-interval
import type { Params } from "../../../kernel/state/resource.ts";
import { text } from "../../../kernel/words/params.ts";
import type { Subscription } from "../subscription.ts";

/**
 * Where the end of a period was chosen: that of these items' periods which ends first or last. Without a mix of
 * intervals these are one (https://docs.stripe.com/changelog/basil/2025-07-30/cancel-at-enums).
 */
export function endAmong(params: Params, atPeriodEnd: boolean, items: Subscription["items"]): number | undefined {
  const ends = items.map((item) => item.current_period_end);
  const named: Readonly<Record<string, number>> = {
    max_billed_until: Math.max(...ends),
    max_period_end: Math.max(...ends),
    min_period_end: Math.min(...ends),
  };
  return named[text(params, "cancel_at") ?? (atPeriodEnd ? "min_period_end" : "")];
}
