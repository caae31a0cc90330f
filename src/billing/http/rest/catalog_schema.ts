// What a catalog looks like, for the OpenAPI document. It is checked where every catalog is, so that a program and REST
// are refused in the same words; the types hold these fields against those of defineCatalog().
import { z } from "@hono/zod-openapi";
import {
  type AddOnDefinition,
  type Catalog,
  type CouponDefinition,
  couponDurations,
  featureTypes,
  filterMax,
  type PlanDefinition,
  type Tier,
  type TieredPrice,
  taxBehaviors,
  tiersModes,
} from "../../api/index.ts";
import { strict } from "./strict.ts";

type Described<T> = Readonly<Record<keyof T, object>>;

const amounts = {
  type: "object",
  description: "Minor units by currency: 1900 of eur are 19.00 EUR",
  minProperties: 1,
  additionalProperties: { type: "integer", minimum: 0 },
  example: { eur: 1900, usd: 2100 },
} as const;

const tier: Described<Tier> = {
  upTo: {
    oneOf: [
      { type: "integer", minimum: 1 },
      { type: "string", enum: ["inf"] },
    ],
    example: 10,
  },
  unitAmount: { ...amounts, example: { eur: 1800 } },
  flatAmount: { ...amounts, description: "Once, as soon as the tier is reached", example: { eur: 500 } },
};

const tiered: Described<TieredPrice> = {
  tiersMode: {
    type: "string",
    enum: tiersModes,
    description: "graduated: each unit costs what its own tier says. volume: all cost what the last one's says",
    example: "graduated",
  },
  tiers: { type: "array", minItems: 1, items: closed(tier, ["upTo", "unitAmount"]) },
};

const prices = {
  type: "object",
  description: "By how often they are paid: day, week, month, year, or a number of them, such as `3 months`",
  minProperties: 1,
  additionalProperties: { anyOf: [amounts, closed(tiered, ["tiersMode", "tiers"])] },
  example: { month: { eur: 1900, usd: 2100 } },
} as const;

const sold: Described<AddOnDefinition> = {
  name: { type: "string", description: "What buyers read on their invoices", example: "Pro" },
  description: { type: "string", example: "For teams" },
  unitLabel: { type: "string", description: "What one unit is called on invoices", maxLength: 12, example: "seat" },
  taxCode: { type: "string", description: "Stripe's code of what it is for taxes", example: "txcd_10103001" },
  features: {
    type: "object",
    description: "By the names of the catalog's features: true or false, a number or `unlimited`, or seats",
    additionalProperties: {
      oneOf: [{ type: "boolean" }, { type: "integer", minimum: 0 }, { type: "string", enum: ["unlimited"] }],
    },
    example: { export: true, projects: 10 },
  },
  prices,
};

const addOn: Described<AddOnDefinition> = {
  ...sold,
  prices: { ...prices, description: `${prices.description}, or once`, example: { once: { eur: 4900 } } },
};

const plan: Described<PlanDefinition> = {
  ...sold,
  trialDays: {
    type: "integer",
    minimum: 1,
    maximum: 730,
    description: "For how long a new customer uses it before paying",
    example: 14,
  },
  group: {
    type: "string",
    description: "A customer has one plan of a group at a time; all plans are one group unless they name another",
    example: "support",
  },
};

const coupon: Described<CouponDefinition> = {
  name: { type: "string", description: "What buyers read on their invoices", maxLength: 40, example: "Launch offer" },
  percentOff: { type: "number", exclusiveMinimum: 0, maximum: 100, description: "Else amountOff", example: 20 },
  amountOff: { ...amounts, example: { eur: 500 } },
  duration: { type: "string", enum: couponDurations, default: "once", example: "repeating" },
  months: { type: "integer", minimum: 1, description: "Of a repeating one", example: 3 },
  redeemBy: { type: "string", format: "date-time", example: "2027-12-31T23:59:59Z" },
  maxRedemptions: { type: "integer", minimum: 1, description: "By all customers together", example: 100 },
  appliesTo: {
    type: "array",
    minItems: 1,
    items: { type: "string" },
    description: "Names of plans and add-ons; all, when absent",
    example: ["pro"],
  },
};

function closed(properties: object, required: readonly string[]) {
  return { type: "object", properties, required: [...required], additionalProperties: false } as const;
}

/** An object of these, by name. */
function named(each: object, more: object) {
  const described: object = { additionalProperties: each, ...more };
  return z.record(z.string(), z.unknown()).openapi(described);
}

export const catalogExample = {
  features: { export: "boolean", projects: "number" },
  plans: {
    pro: {
      name: "Pro",
      prices: { month: { eur: 1900, usd: 2100 }, year: { eur: 19000, usd: 21000 } },
      features: { export: true, projects: 10 },
      trialDays: 14,
    },
  },
};

export const CatalogSchema = strict({
  namespace: z
    .string()
    .max(filterMax)
    .optional()
    .openapi({ description: "Begins the ids and lookup keys at Stripe", default: "bursar", example: "bursar" }),
  taxBehavior: z.enum(taxBehaviors).optional().openapi({ description: "Whether amounts hold their taxes" }),
  features: named(
    { type: "string", enum: featureTypes },
    {
      description: "boolean: there or not. number: how many. seats: how many for each unit that is bought",
      example: catalogExample.features,
    },
  ).optional(),
  plans: named(closed(plan, ["name", "prices"]), {
    description: "What a customer subscribes to",
    example: catalogExample.plans,
  }),
  addOns: named(closed(addOn, ["name", "prices"]), {
    description: "What is bought beside a plan",
    example: { setup: { name: "Setup", prices: { once: { eur: 4900 } } } },
  }).optional(),
  coupons: named(closed(coupon, ["name"]), {
    description: "What is taken off. Other terms make another coupon, whose id follows from them",
    example: { launch: { name: "Launch offer", percentOff: 20, duration: "repeating", months: 3 } },
  }).optional(),
} satisfies Described<Catalog>).openapi("Catalog", {
  description: "Features, plans, add-ons and their prices, in minor units by currency",
});
