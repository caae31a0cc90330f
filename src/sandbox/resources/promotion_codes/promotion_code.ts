// READ FIRST. A word that customers know, for a coupon: who may use it, up to when, how often. It has no status: it is
// active or not. https://docs.stripe.com/api/promotion_codes
import type Stripe from "stripe";
import { defineNoun, type Hidden, hidden, type Stored } from "../../kernel/state/noun.ts";

type Declared = Omit<Stripe.PromotionCode, "metadata" | "promotion" | "restrictions">;

export type PromotionCode = Stored<Declared> & {
  readonly metadata: Readonly<Record<string, string>>;
  readonly promotion: { readonly coupon: string; readonly type: "coupon" };
  readonly restrictions: {
    readonly first_time_transaction: boolean;
    readonly minimum_amount: number | null;
    readonly minimum_amount_currency: string | null;
  };
};

export const promotionCodes = defineNoun<PromotionCode>({
  object: "promotion_code",
  prefixes: ["promo"],
  indices: ["customer", "promotion.coupon", "hidden.code"],
  expandable: { customer: "customer", "promotion.coupon": "coupon" },
  label: "promotion code",
});

/** The least that must be paid in other currencies. */
export type Minimums = Readonly<Record<string, { readonly minimum_amount: number }>>;

interface Unshown {
  /** In small letters: whoever types it does not mind. */
  readonly code?: string;
  readonly minimums?: Minimums | undefined;
}

export function unshownOf(code: Hidden): Unshown {
  return code[hidden] ?? {}; // Written by createPromotionCode and updatePromotionCode only.
}

/** In all currencies, its own included. */
export function allMinimums(code: PromotionCode): Minimums | undefined {
  const { minimum_amount, minimum_amount_currency: currency } = code.restrictions;
  if (minimum_amount === null || currency === null) return undefined;
  return { ...unshownOf(code).minimums, [currency]: { minimum_amount } };
}

/** Whether it may be redeemed at that second, as far as the code itself knows. */
export function isUsable({ active, expires_at, max_redemptions, times_redeemed }: PromotionCode, second: number) {
  if (!active || (expires_at !== null && second > expires_at)) return false;
  return max_redemptions === null || times_redeemed < max_redemptions;
}
