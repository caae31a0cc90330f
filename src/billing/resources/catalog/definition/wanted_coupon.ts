// A coupon as it should stand at Stripe. Its terms never change there, so its id follows from them: the same terms have
// the same id in every account, and other terms have another.
import { createHash } from "node:crypto";
import { formatMoney } from "#kit/money.ts";
import type { Amounts, CouponDefinition, CouponDuration } from "../../../api/index.ts";
import { canonicalJson } from "../../../kernel/store/canonical_json.ts";
import type { Content } from "./content.ts";

export interface WantedCoupon {
  readonly id: string;
  /** In the catalog. */
  readonly key: string;
  readonly name: string;
  readonly percentOff: number | null;
  readonly amountOff: Amounts | null;
  readonly duration: CouponDuration;
  readonly months: number | null;
  /** Stripe's second. */
  readonly redeemBy: number | null;
  readonly maxRedemptions: number | null;
  /** Ids of products; none is all. */
  readonly products: readonly string[];
}

export function couponOf(namespace: string, key: string, coupon: CouponDefinition): WantedCoupon {
  const { name, redeemBy } = coupon;
  const terms = {
    percentOff: coupon.percentOff ?? null,
    amountOff: coupon.amountOff ?? null,
    duration: coupon.duration ?? ("once" as const),
    months: coupon.months ?? null,
    redeemBy: redeemBy === undefined ? null : Date.parse(redeemBy) / 1000,
    maxRedemptions: coupon.maxRedemptions ?? null,
    products: (coupon.appliesTo ?? []).map((sold) => `${namespace}-${sold}`).toSorted(),
  };
  const digest = createHash("sha256").update(canonicalJson(terms)).digest("hex").slice(0, 8);
  return { id: `${couponPrefix(namespace, key)}${digest}`, key, name, ...terms };
}

/** All coupons that were ever made under a name begin with it. */
export function couponPrefix(namespace: string, key: string): string {
  return `${namespace}-${key}-`;
}

/** Two that say the same are the same, as for prices; what Stripe shows only on request is said by the id. */
export function couponContent({ name, percentOff, amountOff, duration, months, ...coupon }: WantedCoupon): Content {
  const [first, ...others] = Object.entries(amountOff ?? {}).map(([currency, amount]) =>
    formatMoney({ amount, currency }),
  );
  return {
    name,
    percent_off: percentOff === null ? null : String(percentOff),
    amount_off: first ?? null,
    currency_options: others.length === 0 ? null : others.join(", "),
    duration,
    duration_in_months: months === null ? null : String(months),
    redeem_by: coupon.redeemBy === null ? null : new Date(coupon.redeemBy * 1000).toISOString(),
    max_redemptions: coupon.maxRedemptions === null ? null : String(coupon.maxRedemptions),
    applies_to: coupon.products.length === 0 ? null : coupon.products.join(", "),
  };
}
