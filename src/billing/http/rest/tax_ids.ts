// /v1/customers/{id}/tax_ids. One number is given once; one that was taken away is given again under another id. The
// audit keeps no number.
import { createRoute, z } from "@hono/zod-openapi";
import { type TaxId, taxIdMax, taxIdStatuses, taxIdTypes } from "../../api/index.ts";
import * as rest from "./context.ts";
import { outcomeJson, outcomeSchema } from "./orders.ts";
import { strict } from "./strict.ts";

const tags = ["customers"];
export const TaxIdSchema = z
  .object({
    id: z.string().openapi({ description: "Yours; Stripe's own where it was given at Stripe" }),
    customerId: z.string(),
    type: z.string().openapi({ example: "eu_vat" }),
    value: z.string(),
    country: z.string().nullable(),
    verification: z.object({
      status: z.enum(taxIdStatuses).openapi({ description: "What the tax office has said" }),
      name: z.string().nullable(),
      address: z.string().nullable(),
    }),
    createdAt: z.iso.datetime(),
    removedAt: z.iso.datetime().nullable(),
    stripe: z.object({ taxIdId: z.string().nullable() }),
  })
  .openapi("TaxId");
const AddTaxIdSchema = strict({
  id: rest.IdSchema.optional().openapi({
    example: "vat_1",
    description: "Yours. Without it the Idempotency-Key is the id",
  }),
  type: z.enum(taxIdTypes).openapi({ example: "eu_vat" }),
  value: z.string().min(1).max(taxIdMax).openapi({
    example: "DE 136 695 976",
    description: "As it is written: blanks, dots, dashes and small letters do not matter",
  }),
  attempt: rest.AttemptSchema,
}).openapi("AddTaxId");
const TaxIdOutcomeSchema = outcomeSchema(TaxIdSchema).openapi("TaxIdOutcome");
const TaxIdParams = rest.IdParams.extend({
  taxId: rest.IdSchema.openapi({
    param: { name: "taxId", in: "path" },
    example: "vat_1",
    description: "Yours, or Stripe's",
  }),
});

const addTaxId = createRoute({
  operationId: "addTaxId",
  method: "post",
  path: "/v1/customers/{id}/tax_ids",
  tags,
  summary: "Give a customer a tax id",
  description: "It is checked before Stripe is asked. What the tax office says of it comes later, as a fact.",
  request: {
    params: rest.IdParams,
    headers: rest.CommandHeaders,
    body: rest.jsonBody(AddTaxIdSchema, { id: "vat_1", type: "eu_vat", value: "DE 136 695 976" }),
  },
  responses: rest.answers(200, "What came of it", TaxIdOutcomeSchema),
});
const listTaxIds = createRoute({
  operationId: "listTaxIds",
  method: "get",
  path: "/v1/customers/{id}/tax_ids",
  tags,
  summary: "Read a customer's tax ids",
  description: "All of them, oldest first. A customer shows them too.",
  request: { params: rest.IdParams },
  responses: rest.answers(200, "The tax ids", z.object({ data: z.array(TaxIdSchema) }).openapi("TaxIdList")),
});
const removeTaxId = createRoute({
  operationId: "removeTaxId",
  method: "delete",
  path: "/v1/customers/{id}/tax_ids/{taxId}",
  tags,
  summary: "Take a tax id away",
  request: {
    params: TaxIdParams,
    headers: rest.CommandHeaders,
    query: z.object({
      attempt: z.coerce.number().pipe(rest.AttemptSchema.unwrap()).optional().openapi({ example: 1 }),
    }),
  },
  responses: rest.answers(200, "What came of it", TaxIdOutcomeSchema),
});

export function taxIdJson(taxId: TaxId): z.infer<typeof TaxIdSchema> {
  return {
    ...taxId,
    verification: { ...taxId.verification },
    stripe: { ...taxId.stripe },
    createdAt: taxId.createdAt.toISOString(),
    removedAt: rest.isoOrNull(taxId.removedAt),
  };
}

export function mountTaxIds(app: rest.RestApp, context: rest.RestContext): void {
  const { customers } = context.api;
  const after = ({ value }: { value: TaxId }) => ({ taxId: value.id, type: value.type });
  app.openapi(addTaxId, async (c) => {
    rest.requireScope(c, "write");
    const { id } = c.req.valid("param");
    const { id: given, ...body } = c.req.valid("json");
    const taxId = given ?? rest.wishId(c, "tax id");
    const outcome = await rest.runCommand(context, c, {
      verb: "customers.addTaxId",
      subject: id,
      work: () => customers.addTaxId(id, { ...body, id: taxId }),
      after,
    });
    return c.json(outcomeJson(outcome, taxIdJson), 200);
  });
  app.openapi(listTaxIds, async (c) => {
    rest.requireScope(c, "read");
    const { taxIds } = await customers.get(c.req.valid("param").id);
    return c.json({ data: taxIds.map(taxIdJson) }, 200);
  });
  app.openapi(removeTaxId, async (c) => {
    rest.requireScope(c, "write");
    const { id, taxId } = c.req.valid("param");
    const { attempt } = c.req.valid("query");
    const outcome = await rest.runCommand(context, c, {
      verb: "customers.removeTaxId",
      subject: id,
      work: () => customers.removeTaxId(id, taxId, attempt === undefined ? {} : { attempt }),
      after,
    });
    return c.json(outcomeJson(outcome, taxIdJson), 200);
  });
}
