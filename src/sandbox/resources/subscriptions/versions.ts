// How a subscription looked before each family; newest first.
import type { VersionChange } from "../../kernel/versions/change.ts";
import { memoryOf } from "./subscription.ts";

type Hash = Readonly<Record<string, unknown>>;

/** A subscription had one discount, by a coupon or by a code; an empty text took it away. */
export function asDiscounts({ coupon, promotion_code }: Hash) {
  const sent = Object.entries({ coupon, promotion_code }).filter(([, value]) => value !== undefined);
  if (sent.length === 0) return {};
  const named = sent.filter(([, value]) => value !== null);
  return { discounts: named.length === 0 ? null : named.map(([name, value]) => ({ [name]: value })) };
}

export const subscriptionVersions: readonly VersionChange[] = [
  {
    family: "endive", // https://docs.stripe.com/changelog/endive
    // Recorded under the version before without it, while paused.
    down: ({ status_details: _details, ...subscription }) => subscription,
    up: [
      { since: "2026-09-30", operations: /^POST \/v1\/subscriptions\/:id(?:\/resume)?$/, lift: anchorTyped },
      {
        since: "2026-09-30",
        operations: /^POST \/v1\/invoices\/create_preview$/,
        lift: (params) => {
          const details = params.subscription_details as Hash | undefined; // Its schema says so.
          return details ? { ...params, subscription_details: anchorTyped(details) } : params;
        },
      },
    ],
  },
  {
    family: "basil", // https://docs.stripe.com/changelog/basil
    removed: { discount: null },
    down: (subscription) => {
      const { periodEnd, periodStart } = memoryOf(subscription);
      return { ...subscription, current_period_end: periodEnd, current_period_start: periodStart };
    },
    up: [
      {
        since: "2025-03-31",
        operations: /^POST \/v1\/(?:invoices\/create_preview|subscriptions(?:\/:id)?)$/,
        lift: ({ coupon, promotion_code, ...rest }) => ({ ...rest, ...asDiscounts({ coupon, promotion_code }) }),
      },
    ],
  },
];

/** It was one of two words, or of a preview an instant too. */
export function anchorTyped(params: Hash): Hash {
  const { billing_cycle_anchor: anchor, ...rest } = params;
  if (typeof anchor === "number") return { ...rest, billing_cycle_anchor: { type: "timestamp", timestamp: anchor } };
  return typeof anchor === "string" ? { ...rest, billing_cycle_anchor: { type: anchor } } : params;
}
