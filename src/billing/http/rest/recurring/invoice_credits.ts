// /v1/invoices/{id}/credit and /credits: what an invoice asked too much.
import { createRoute, z } from "@hono/zod-openapi";
import {
  amountMax,
  type CreditInvoice,
  creditReasons,
  creditStatuses,
  creditWays,
  type InvoiceCredit,
  invoiceLinesMax,
  quantityMax,
  textMax,
} from "../../../api/index.ts";
import * as rest from "../context.ts";
import { AmountSchema, MoneySchema, outcomeJson, outcomeSchema } from "../orders.ts";
import { strict } from "../strict.ts";
import { wishIdSchema } from "./invoice_moves.ts";

const tags = ["invoices"];
const CreditSchema = z
  .object({
    id: z.string().openapi({ description: "Yours; Stripe's of one that was made elsewhere" }),
    invoiceId: z.string(),
    amount: MoneySchema,
    status: z.enum(creditStatuses),
    creditNoteId: z.string().nullable(),
    number: z.string().nullable(),
    createdAt: z.iso.datetime(),
  })
  .openapi("InvoiceCredit");
const CreditedLineSchema = strict({
  line: z.string().min(1).max(textMax).optional().openapi({ description: "il_…; by quantity or by amount" }),
  description: z.string().min(1).max(textMax).optional().openapi({ description: "Of a line of your own" }),
  quantity: z.int().min(1).max(quantityMax).optional(),
  amount: z.int().min(-amountMax).max(amountMax).optional(),
  unitAmount: z.int().min(0).max(amountMax).optional(),
});

const creditInvoice = createRoute({
  operationId: "creditInvoice",
  method: "post",
  path: "/v1/invoices/{id}/credit",
  tags,
  summary: "Take back what an invoice asked too much",
  description:
    "Of one that is open less is due; what was paid goes where `to` says. Without amount: all that is left; with " +
    "lines the amount is what they come to. The same id is the same credit.",
  request: {
    params: rest.IdParams,
    headers: rest.CommandHeaders,
    body: rest.jsonBody(
      strict({
        id: wishIdSchema("credit_1"),
        amount: AmountSchema.optional(),
        lines: z.array(CreditedLineSchema).min(1).max(invoiceLinesMax).optional(),
        to: z.enum(creditWays).optional(),
        reason: z.enum(creditReasons).optional(),
        memo: z.string().min(1).max(5_000).optional(),
        attempt: rest.AttemptSchema,
      }).openapi("CreditInvoice"),
      { id: "credit_1", amount: 500, to: "refund" },
    ),
  },
  responses: rest.answers(200, "What came of it", outcomeSchema(CreditSchema).openapi("InvoiceCreditOutcome")),
});
const listCredits = createRoute({
  operationId: "listInvoiceCredits",
  method: "get",
  path: "/v1/invoices/{id}/credits",
  tags,
  summary: "List the credits of an invoice, the oldest first",
  request: { params: rest.IdParams },
  responses: rest.answers(200, "Its credits", z.object({ data: z.array(CreditSchema) }).openapi("InvoiceCredits")),
});

const creditJson = (credit: InvoiceCredit) => ({
  ...credit,
  amount: { ...credit.amount },
  createdAt: credit.createdAt.toISOString(),
});

export function mountInvoiceCredits(app: rest.RestApp, context: rest.RestContext): void {
  const { invoices } = context.api;
  app.openapi(creditInvoice, async (c) => {
    rest.requireScope(c, "refund");
    const { id: subject } = c.req.valid("param");
    const body = c.req.valid("json");
    const wish = { ...body, id: body.id ?? rest.wishId(c, "credit") } as CreditInvoice;
    const outcome = await rest.runCommand(context, c, {
      verb: "invoices.credit",
      subject,
      work: () => invoices.credit(subject, wish),
      after: ({ value }) => ({ creditId: value.id, status: value.status, amount: value.amount }),
    });
    return c.json(outcomeJson(outcome, creditJson), 200);
  });
  app.openapi(listCredits, async (c) => {
    rest.requireScope(c, "read");
    const credits = await invoices.credits(c.req.valid("param").id);
    return c.json({ data: credits.map(creditJson) }, 200);
  });
}
