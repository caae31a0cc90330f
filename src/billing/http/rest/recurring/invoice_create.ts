// POST /v1/invoices: an invoice of the caller's own lines, finalized and sent or charged by one command.
import { createRoute, z } from "@hono/zod-openapi";
import {
  amountMax,
  type CreateInvoice,
  invoiceCollections,
  invoiceIdPattern,
  invoiceLinesMax,
  invoiceTaxes,
  type MadeInvoice,
  quantityMax,
  textMax,
  validForMsMax,
  validForMsMin,
} from "../../../api/index.ts";
import * as rest from "../context.ts";
import { MethodIdSchema, outcomeJson, outcomeSchema } from "../orders.ts";
import { strict } from "../strict.ts";
import { InvoiceSchema, invoiceAudit, invoiceJson } from "./invoices.ts";

const tags = ["invoices"];
const LineSchema = strict({
  description: z.string().min(1).max(textMax).optional().openapi({ example: "Consulting, November" }),
  quantity: z.int().min(1).max(quantityMax).optional(),
  unitAmount: z
    .int()
    .min(-amountMax)
    .max(amountMax)
    .optional()
    .openapi({ description: "Minor units for one; or else a price", example: 12000 }),
  price: z
    .string()
    .min(1)
    .max(textMax)
    .optional()
    .openapi({ description: "Its lookup key in the catalog, or price_…: one that is paid once" }),
  taxes: z.array(z.string()).optional().openapi({ description: "With taxes rates: txr_…" }),
});
const CreateInvoiceSchema = strict({
  id: rest.IdSchema.openapi({ example: "invoice_2026_11" }),
  customerId: rest.IdSchema.openapi({ example: "user_42" }),
  currency: z
    .string()
    .regex(/^[a-z]{3}$/, "An ISO 4217 code in lower case, for instance eur")
    .openapi({ example: "eur" }),
  lines: z.array(LineSchema).min(1).max(invoiceLinesMax),
  collection: z
    .enum(invoiceCollections)
    .openapi({ description: "send: paid until it is due. charge: at once, with a saved method" }),
  daysUntilDue: z.int().min(0).max(730).optional(),
  dueAt: z.iso.datetime({ offset: true }).optional(),
  method: MethodIdSchema.optional(),
  memo: z.string().min(1).max(5_000).optional(),
  footer: z.string().min(1).max(5_000).optional(),
  customFields: z
    .array(strict({ name: z.string().min(1).max(40), value: z.string().min(1).max(140) }))
    .max(4)
    .optional(),
  metadata: rest.MetadataSchema.optional(),
  taxes: z
    .enum(invoiceTaxes)
    .optional()
    .openapi({ description: "stripe: Stripe Tax. rates: those of each line. none without it" }),
  finalize: z.boolean().optional().openapi({ description: "false leaves a draft" }),
  send: z.boolean().optional().openapi({ description: "false: Stripe mails nothing" }),
  validForMs: z.int().min(validForMsMin).max(validForMsMax).optional(),
  attempt: rest.AttemptSchema,
}).openapi("CreateInvoice");

const MadeSchema = z
  .object({
    id: z.string().openapi({ description: "Yours" }),
    invoice: InvoiceSchema.nullable().openapi({ description: "Null until Stripe has it, and once taken back" }),
  })
  .openapi("MadeInvoice");

const createInvoice = createRoute({
  operationId: "createInvoice",
  method: "post",
  path: "/v1/invoices",
  tags,
  summary: "Make an invoice, finalize it, and send or charge it",
  description:
    "Of these lines and no others. The id is yours: the same id with the same content is the same invoice. Where " +
    "Stripe refuses a line or the finalization, the draft is deleted; once it is final it stands, whether it could " +
    "be charged or not.",
  request: {
    headers: rest.CommandHeaders,
    body: rest.jsonBody(CreateInvoiceSchema, {
      id: "invoice_2026_11",
      customerId: "user_42",
      currency: "eur",
      lines: [{ description: "Consulting, November", quantity: 3, unitAmount: 12000 }],
      collection: "send",
      daysUntilDue: 14,
    }),
  },
  responses: rest.answers(200, "What came of it", outcomeSchema(MadeSchema).openapi("MadeInvoiceOutcome")),
});
const discardInvoice = createRoute({
  operationId: "discardInvoice",
  method: "delete",
  path: "/v1/invoices/{id}",
  tags,
  summary: "Delete a draft for good",
  request: {
    params: z.object({
      id: z
        .string()
        .regex(invoiceIdPattern, "Stripe's id of an invoice, such as in_1TqK2mFzYw8r")
        .openapi({ param: { name: "id", in: "path" }, example: "in_1TqK2mFzYw8r" }),
    }),
    query: z.object({ attempt: z.coerce.number().int().min(1).max(1_000).optional() }),
  },
  responses: rest.answers(
    200,
    "What came of it",
    outcomeSchema(z.object({ id: z.string() }).openapi("GoneInvoice")).openapi("GoneInvoiceOutcome"),
  ),
});

function madeJson({ id, invoice }: MadeInvoice): z.infer<typeof MadeSchema> {
  return { id, invoice: invoice && invoiceJson(invoice) };
}

export function mountInvoiceCreate(app: rest.RestApp, context: rest.RestContext): void {
  const { invoices } = context.api;
  app.openapi(createInvoice, async (c) => {
    rest.requireScope(c, "write");
    const { dueAt, ...body } = c.req.valid("json");
    const input = { ...body, ...(dueAt !== undefined && { dueAt: new Date(dueAt) }) } as CreateInvoice;
    const outcome = await rest.runCommand(context, c, {
      verb: "invoices.create",
      subject: input.id,
      work: () => invoices.create(input),
      after: ({ value: { invoice } }) => invoice && { invoiceId: invoice.id, ...invoiceAudit(invoice) },
    });
    return c.json(outcomeJson(outcome, madeJson), 200);
  });
  app.openapi(discardInvoice, async (c) => {
    rest.requireScope(c, "write");
    const { id } = c.req.valid("param");
    const outcome = await rest.runCommand(context, c, {
      verb: "invoices.discard",
      subject: id,
      work: () => invoices.discard(id, c.req.valid("query")),
      after: ({ value }) => ({ ...value }),
    });
    return c.json(
      outcomeJson(outcome, (gone) => ({ ...gone })),
      200,
    );
  });
}
