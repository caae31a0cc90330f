// The catalog: products and prices at Stripe, as they are written down in code. The folder's only door.
import type { Billing, Catalog, CatalogPlan } from "../../api/index.ts";
import type { Manifest } from "../../kernel/contract/manifest.ts";
import type { BillingCore } from "../../kernel/core.ts";
import { checkCatalog } from "./check.ts";
import { onCatalogChanged, onCatalogGone } from "./follow.ts";
import { planOf } from "./plan.ts";
import { readAtStripe } from "./read.ts";
import { priceKind, productKind } from "./standing.ts";
import { catalogTables } from "./tables.ts";
import { wantedOf } from "./wanted.ts";

export { defineCatalog } from "./define.ts";

export function createCatalog(core: BillingCore): Billing["catalog"] {
  return {
    plan: (catalog) => core.command(() => planCatalog(core, catalog)),
  };
}

async function planCatalog(core: BillingCore, catalog: Catalog): Promise<CatalogPlan> {
  checkCatalog(catalog);
  const wanted = wantedOf(catalog);
  await core.ready();
  return planOf(wanted, await readAtStripe(core, wanted), null);
}

export const catalogManifest: Manifest = {
  name: "catalog",
  tables: catalogTables,
  facts: {},
  kinds: [productKind, priceKind],
  events: ["product.created", "product.updated", "product.deleted", "price.created", "price.updated", "price.deleted"],
  verbs: [],
  reactions: [onCatalogChanged, onCatalogGone],
  timers: [],
};
