// What a catalog says, checked, and what it wants of Stripe. Pure. The folder's only door.
export { checkCatalog } from "./check.ts";
export { defineCatalog } from "./define.ts";
export { everyText } from "./every.ts";
export {
  type Content,
  namespaceDefault,
  priceContent,
  productContent,
  type Wanted,
  type WantedPrice,
  type WantedProduct,
  wantedOf,
} from "./wanted.ts";
