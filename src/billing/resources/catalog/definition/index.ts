// What a catalog says, checked, and what it wants of Stripe. Pure. The folder's only door.
export { checkCatalog } from "./check.ts";
export { isTiered } from "./check_price.ts";
export type { Content } from "./content.ts";
export { defineCatalog } from "./define.ts";
export { everyText } from "./every.ts";
export {
  lookupKeyOf,
  namespaceDefault,
  priceContent,
  productContent,
  type Wanted,
  type WantedPrice,
  type WantedProduct,
  wantedOf,
} from "./wanted.ts";
export { couponContent, couponPrefix, type WantedCoupon } from "./wanted_coupon.ts";
