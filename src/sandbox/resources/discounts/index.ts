// Discounts: coupons that were redeemed. The folder's only door. They have no routes of their own: what they stand on
// has.
import { until } from "../../kernel/state/embeds.ts";
import { onSignal } from "../../kernel/state/reactions.ts";
import { defineResource } from "../../kernel/state/resource.ts";
import { coupons, referredCoupon } from "../coupons/index.ts";
import { endDue, keepDeleted } from "./actions.ts";
import { discountDefaults } from "./defaults.table.ts";
import { type Discount, discounts } from "./discount.ts";
import { rows } from "./refusals.table.ts";
import { discountVersions } from "./versions.ts";

export { deletedDiscount, endDiscount, endOver, isOnce, isSpent, redeem, spendDiscount } from "./actions.ts";
export { chosenDiscounts } from "./chosen.ts";
export { type Discount, discounts } from "./discount.ts";

export const discountResource = defineResource<Discount>({
  noun: discounts,
  defaults: discountDefaults,
  refusals: rows,
  versions: discountVersions,
  jobs: {
    endDue: { run: endDue, says: "ends" },
  },
  embeds: [until("clover", referredCoupon(discounts, "source.coupon"))],
  reactions: [onSignal(coupons, "delete", (unit, _before, coupon) => keepDeleted(unit, coupon))],
  routes: [],
});
