// /v1/catalog. A catalog is handed over whole, as defineCatalog() takes it: what is not acceptable in it is named with
// its place, such as plans.pro.prices.month.eur.
import { createRoute, z } from "@hono/zod-openapi";
import { type AppliedCatalog, type Catalog, type CatalogPlan, filterMax } from "../../api/index.ts";
import { CatalogSchema, catalogExample } from "./catalog_schema.ts";
import * as rest from "./context.ts";
import { outcomeJson, outcomeSchema } from "./orders.ts";

const tags = ["catalog"];
const digestExample = "oWXa3m0rB1RVQ2cN";
const DifferenceSchema = z.object({
  field: z.string().openapi({ example: "unit_amount", description: "Stripe's name of it" }),
  before: z.string().nullable(),
  after: z.string().nullable(),
});
const ChangeSchema = z.object({
  action: z.enum(["create", "update", "replace", "archive"]),
  kind: z.enum(["product", "price", "coupon"]),
  name: z
    .string()
    .openapi({ example: "bursar-pro-month-eur", description: "A product's or a coupon's id, a price's lookup key" }),
  stripeId: z.string().nullable(),
  differences: z.array(DifferenceSchema),
  isDrift: z.boolean().openapi({ description: "Somebody has changed Stripe since the catalog was applied" }),
});
const PlanSchema = z
  .object({
    namespace: z.string(),
    changes: z.array(ChangeSchema).openapi({ description: "In the order in which they are made" }),
    unmanaged: z
      .array(z.object({ product: z.string(), price: z.string() }))
      .openapi({ description: "Prices that somebody else made for these products; they are left alone" }),
    isApplied: z.boolean().openapi({
      description: "It is the catalog that was applied last; features and trials stand nowhere at Stripe",
    }),
    digest: z
      .string()
      .openapi({ description: "Names these changes: apply takes it as ifPlan", example: digestExample }),
    text: z.string().openapi({ description: "The same for people, a line a change" }),
  })
  .openapi("CatalogPlan");
const AppliedSchema = z
  .object({
    namespace: z.string(),
    catalog: CatalogSchema,
    appliedAt: z.iso.datetime(),
    prices: z.record(z.string(), z.string()).openapi({ description: "price_… by lookup key" }),
    coupons: z.record(z.string(), z.string()).openapi({ description: "Stripe's id by the name in the catalog" }),
  })
  .openapi("AppliedCatalog");

const getCatalog = createRoute({
  operationId: "getCatalog",
  method: "get",
  path: "/v1/catalog",
  tags,
  summary: "Read the catalog that was applied last",
  request: { query: z.object({ namespace: rest.FilterSchema.openapi({ description: "Without it: bursar" }) }) },
  responses: rest.answers(200, "The catalog", AppliedSchema),
});
const planCatalog = createRoute({
  operationId: "planCatalog",
  method: "post",
  path: "/v1/catalog/plan",
  tags,
  summary: "Show what applying a catalog would change at Stripe",
  request: { body: rest.jsonBody(CatalogSchema, catalogExample) },
  responses: rest.answers(200, "The changes; none are made", PlanSchema),
});
const applyCatalog = createRoute({
  operationId: "applyCatalog",
  method: "post",
  path: "/v1/catalog/apply",
  tags,
  summary: "Make Stripe be as a catalog says",
  description: "May be given again at any time: Stripe is read, and what is left is done.",
  request: {
    headers: rest.CommandHeaders,
    query: z.object({
      ifPlan: z.string().max(filterMax).optional().openapi({
        description: "The digest of a plan that was seen: 409 when other changes would be made by now, and none is",
      }),
    }),
    body: rest.jsonBody(CatalogSchema, catalogExample),
  },
  responses: rest.answers(200, "What came of it", outcomeSchema(PlanSchema).openapi("CatalogOutcome")),
});

const planJson = ({ changes, unmanaged, ...plan }: CatalogPlan) => ({
  ...plan,
  changes: changes.map((change) => ({ ...change, differences: [...change.differences] })),
  unmanaged: [...unmanaged],
});
const appliedJson = ({ namespace, catalog, appliedAt, prices, coupons }: AppliedCatalog) => ({
  namespace,
  catalog: { ...catalog, plans: { ...catalog.plans } },
  appliedAt: appliedAt.toISOString(),
  prices: { ...prices },
  coupons: { ...coupons },
});

export function mountCatalog(app: rest.RestApp, context: rest.RestContext): void {
  const { catalog } = context.api;
  app.openapi(planCatalog, async (c) => {
    rest.requireScope(c, "read");
    return c.json(planJson(await catalog.plan(c.req.valid("json") as Catalog)), 200);
  });
  app.openapi(applyCatalog, async (c) => {
    rest.requireScope(c, "admin");
    const body = c.req.valid("json") as Catalog;
    const outcome = await rest.runCommand(context, c, {
      verb: "catalog.apply",
      subject: body.namespace ?? "bursar",
      work: () => catalog.apply(body, c.req.valid("query")),
      after: ({ value }) => ({ changes: value.changes.map(({ action, name }) => `${action} ${name}`) }),
    });
    return c.json(outcomeJson(outcome, planJson), 200);
  });
  app.openapi(getCatalog, async (c) => {
    rest.requireScope(c, "read");
    return c.json(appliedJson(await catalog.get(c.req.valid("query").namespace)), 200);
  });
}
