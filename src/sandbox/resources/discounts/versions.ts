// How a discount looked before each family of versions; newest first.
// https://docs.stripe.com/changelog/clover/2025-09-30/discount-source
import type { VersionChange } from "../../kernel/versions/change.ts";

export const discountVersions: readonly VersionChange[] = [
  {
    family: "clover",
    down: ({ source, ...discount }) => ({ ...discount, coupon: (source as { readonly coupon?: unknown }).coupon }),
  },
];
