// The catalog: products and prices at Stripe, as they are written down in code. The folder's only door.
import type { Billing } from "../../api/index.ts";
import type { Manifest } from "../../kernel/contract/manifest.ts";
import type { BillingCore } from "../../kernel/core.ts";
import { appliedCatalog, catalogApplied } from "./applied.ts";
import { applyCatalog, planAnew } from "./apply.ts";
import { checkCatalog } from "./definition/index.ts";
import { onCatalogChanged, onCatalogGone } from "./follow.ts";
import { couponKind, priceKind, productKind } from "./standing.ts";
import { catalogTables } from "./tables.ts";
import {
  createCoupon,
  createPrice,
  createProduct,
  deleteCoupon,
  updateCoupon,
  updatePrice,
  updateProduct,
} from "./verbs.ts";

export { appliedCatalog, appliedFeatures, appliedNames, catalogVersionKey } from "./applied.ts";
export { defineCatalog, namespaceDefault } from "./definition/index.ts";
export { offeredAddOn, offeredCoupon, offeredCurrencies, offeredPlan, offeredPrice } from "./offer.ts";
export { groupOf, type Sold, soldBy } from "./sold.ts";

export function createCatalog(core: BillingCore): Billing["catalog"] {
  return {
    plan: (catalog) =>
      core.command(async () => {
        checkCatalog(catalog);
        await core.ready();
        return planAnew(core, catalog);
      }),
    apply: (catalog, options = {}) => core.command(() => applyCatalog(core, catalog, options)),
    get: (namespace) => appliedCatalog(core, namespace),
  };
}

export const catalogManifest: Manifest = {
  name: "catalog",
  tables: catalogTables,
  facts: {},
  kinds: [productKind, priceKind, couponKind],
  events: ["product", "price", "coupon"].flatMap((kind) =>
    ["created", "updated", "deleted"].map((what) => `${kind}.${what}`),
  ),
  verbs: [createProduct, updateProduct, createPrice, updatePrice, createCoupon, updateCoupon, deleteCoupon],
  reactions: [onCatalogChanged, onCatalogGone],
  timers: [catalogApplied],
};
