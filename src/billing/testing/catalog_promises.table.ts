// What is promised of a catalog, as rows of promises.test.ts.
import type { World } from "./index.ts";

const plans = { pro: { name: "Pro", prices: { month: { eur: 1900 } } } };
const renamed = { pro: { name: "Pro+", prices: { month: { eur: 1900 } } } };
export const tariffIsApplied = (world: World) => world.run(world.billing.catalog.apply({ plans }));

const offered = { plans, coupons: { launch: { name: "Launch", percentOff: 20 } } };
const isOffered = (world: World) => world.run(world.billing.catalog.apply(offered));

interface PromisedRow {
  prepare(world: World): Promise<unknown>;
  command(world: World): Promise<unknown>;
  readonly request: string;
  readonly told: readonly string[];
}

export const promisedCatalog: Readonly<Record<string, PromisedRow>> = {
  "catalog.createProduct": {
    prepare: async () => undefined,
    command: (world) => world.billing.catalog.apply({ plans }),
    request: "POST /v1/products",
    told: ["catalog_stopped bursar"],
  },
  "catalog.updateProduct": {
    prepare: tariffIsApplied,
    command: (world) => world.billing.catalog.apply({ plans: renamed }),
    request: "POST /v1/products/",
    told: ["catalog_stopped bursar"],
  },
  "catalog.createPrice": {
    prepare: (world) => world.run(world.stripe.products.create({ id: "bursar-pro", name: "Pro" })),
    command: (world) => world.billing.catalog.apply({ plans }),
    request: "POST /v1/prices",
    told: ["catalog_stopped bursar"],
  },
  "catalog.updatePrice": {
    async prepare(world) {
      await tariffIsApplied(world);
      const { prices } = await world.run(world.billing.catalog.get());
      await world.run(world.stripe.prices.update(prices["bursar-pro-month-eur"] as string, { active: false }));
    },
    command: (world) => world.billing.catalog.apply({ plans }),
    request: "POST /v1/prices/",
    told: ["catalog_stopped bursar"],
  },
  "catalog.createCoupon": {
    prepare: tariffIsApplied,
    command: (world) => world.billing.catalog.apply(offered),
    request: "POST /v1/coupons",
    told: ["catalog_stopped bursar"],
  },
  "catalog.updateCoupon": {
    prepare: isOffered,
    command: (world) => world.billing.catalog.apply({ plans, coupons: { launch: { name: "Offer", percentOff: 20 } } }),
    request: "POST /v1/coupons/",
    told: ["catalog_stopped bursar"],
  },
  "catalog.deleteCoupon": {
    prepare: isOffered,
    command: (world) => world.billing.catalog.apply({ plans }),
    request: "DELETE /v1/coupons/",
    told: ["catalog_stopped bursar"],
  },
};
