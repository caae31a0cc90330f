// How a promotion code looked before each family of versions; newest first.
// https://docs.stripe.com/changelog/clover/2025-09-30/promotion-code-coupon
import type { VersionChange } from "../../kernel/versions/change.ts";

export const promotionCodeVersions: readonly VersionChange[] = [
  {
    family: "clover",
    down: ({ promotion, ...code }) => ({ ...code, coupon: (promotion as { readonly coupon?: unknown }).coupon }),
  },
];
