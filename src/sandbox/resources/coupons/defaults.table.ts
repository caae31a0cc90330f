// What a coupon has at most. https://docs.stripe.com/api/coupons/create
import { type Defaults, usual } from "../../kernel/words/defaults.ts";

export const couponDefaults = {
  nameLength: usual("characters of a coupon's name", 40, "documented"),
  redeemYears: usual("years that a coupon can be redeemed", 5, "documented"),
} satisfies Defaults;
