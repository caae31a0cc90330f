// Coupons: what is taken off. The folder's only door.
import { list } from "../../kernel/answer/lists.ts";
import { included } from "../../kernel/state/embeds.ts";
import { defineResource } from "../../kernel/state/resource.ts";
import { mustRead } from "../../kernel/state/writes.ts";
import { createCoupon, deleteCoupon, expireCoupon, updateCoupon } from "./actions.ts";
import { allOptions, type Coupon, coupons, unshownOf } from "./coupon.ts";
import { couponDefaults } from "./defaults.table.ts";
import { rows } from "./refusals.table.ts";

export { countRedemption, validCoupon } from "./actions.ts";
export { type Coupon, couponOf, coupons, isFor, keepingCoupon, offIn, referredCoupon } from "./coupon.ts";

const path = "/v1/coupons";

export const couponResource = defineResource<Coupon>({
  noun: coupons,
  defaults: couponDefaults,
  refusals: rows,
  jobs: {
    expireCoupon: { run: expireCoupon, says: "expires" },
  },
  embeds: [
    included(coupons, "applies_to", (coupon) => appliesTo(coupon)),
    included(coupons, "currency_options", (coupon) => allOptions(coupon)),
  ],
  routes: [
    { method: "POST", path, run: createCoupon },
    { method: "GET", path, run: (unit, params) => list(unit, coupons, params, { url: path }) },
    { method: "GET", path: `${path}/:id`, run: (unit, _params, id) => mustRead(unit, coupons, id, "coupon") },
    { method: "POST", path: `${path}/:id`, run: updateCoupon },
    { method: "DELETE", path: `${path}/:id`, run: deleteCoupon },
  ],
});

function appliesTo(coupon: Coupon): object | undefined {
  const { products } = unshownOf(coupon);
  return products && { products };
}
