// /v1/invoices: what customers are asked for.
import { createRoute, z } from "@hono/zod-openapi";
import { type Invoice, type InvoiceLine, invoiceStatuses } from "../../../api/index.ts";
import * as rest from "../context.ts";

const tags = ["invoices"];
const instant = z.iso.datetime();
const AmountsSchema = z
  .object({
    due: z.int(),
    paid: z.int(),
    remaining: z.int(),
    overpaid: z.int(),
    shipping: z.int(),
    subtotal: z.int(),
    subtotalExcludingTax: z.int().nullable(),
    total: z.int(),
    totalExcludingTax: z.int().nullable(),
    tax: z.int(),
    discount: z.int(),
    startingBalance: z.int(),
    endingBalance: z.int().nullable(),
    prePaymentCreditNotes: z.int(),
    postPaymentCreditNotes: z.int(),
  })
  .openapi("InvoiceAmounts", { description: "Minor units of the invoice's currency" });
const AttemptSchema = z
  .object({
    paymentIntent: z.string(),
    status: z.string(),
    latestCharge: z.string().nullable(),
    failure: z.object({ code: z.string(), declineCode: z.string().nullable(), message: z.string() }).nullable(),
  })
  .openapi("InvoiceAttempt");
const LineSchema = z
  .object({
    id: z.string(),
    amount: z.int(),
    currency: z.string(),
    description: z.string().nullable(),
    quantity: z.int().nullable(),
    unitAmountDecimal: z.string().nullable(),
    priceId: z.string().nullable(),
    productId: z.string().nullable(),
    subscriptionId: z.string().nullable(),
    subscriptionItemId: z.string().nullable(),
    invoiceItemId: z.string().nullable(),
    isProration: z.boolean(),
    periodStart: instant,
    periodEnd: instant,
    subtotal: z.int(),
    discount: z.int(),
    tax: z.int(),
  })
  .openapi("InvoiceLine");
const fields = {
  id: z.string().openapi({ description: "Stripe's" }),
  customerId: z.string().nullable(),
  subscriptionId: z.string().nullable(),
  ownId: z.string().nullable().openapi({ description: "Yours, of an invoice that you have had made" }),
  status: z.enum(invoiceStatuses),
  number: z.string().nullable(),
  billingReason: z.string().nullable(),
  currency: z.string(),
  amounts: AmountsSchema,
  createdAt: instant,
  dueAt: instant.nullable(),
  periodStart: instant,
  periodEnd: instant,
  finalizedAt: instant.nullable(),
  paidAt: instant.nullable(),
  voidedAt: instant.nullable(),
  markedUncollectibleAt: instant.nullable(),
  attemptCount: z.int(),
  nextPaymentAttempt: instant.nullable(),
  autoAdvance: z.boolean(),
  collectionMethod: z.string(),
  attempt: AttemptSchema.nullable(),
  lineCount: z.int(),
  hostedInvoiceUrl: z.string().nullable(),
  invoicePdf: z.string().nullable(),
  testClockId: z.string().nullable(),
  stripe: z.object({ invoice: z.record(z.string(), z.unknown()) }),
};
export const InvoiceSchema = z.object(fields).openapi("Invoice");
const WholeInvoiceSchema = z.object({ ...fields, lines: z.array(LineSchema) }).openapi("InvoiceWithLines");

const listInvoices = createRoute({
  operationId: "listInvoices",
  method: "get",
  path: "/v1/invoices",
  tags,
  summary: "List invoices, newest first",
  request: {
    query: rest.PageQuery.extend({
      customerId: rest.FilterSchema,
      status: z.enum(invoiceStatuses).optional(),
      subscriptionId: rest.FilterSchema.openapi({ description: "sub_…" }),
      number: rest.FilterSchema,
    }),
  },
  responses: rest.answers(200, "A page of invoices", rest.pageOf(InvoiceSchema, "InvoicePage")),
});
const getInvoice = createRoute({
  operationId: "getInvoice",
  method: "get",
  path: "/v1/invoices/{id}",
  tags,
  summary: "Read an invoice with its lines, by Stripe's id",
  request: { params: rest.IdParams },
  responses: rest.answers(200, "The invoice", WholeInvoiceSchema),
});

export function invoiceJson(invoice: Invoice): z.infer<typeof InvoiceSchema> {
  const { amounts, attempt, stripe } = invoice;
  return {
    ...invoice,
    ...rest.datesAsText(invoice),
    amounts: { ...amounts },
    attempt: attempt && { ...attempt },
    stripe: { invoice: { ...stripe.invoice } },
  };
}

/** What the audit keeps of an invoice. */
export const invoiceAudit = ({ status, amounts, currency }: Invoice) => ({
  status,
  currency,
  total: amounts.total,
  remaining: amounts.remaining,
});

const lineJson = (line: InvoiceLine): z.infer<typeof LineSchema> => ({ ...line, ...rest.datesAsText(line) });

export function mountInvoices(app: rest.RestApp, context: rest.RestContext): void {
  const { invoices } = context.api;
  app.openapi(listInvoices, async (c) => {
    rest.requireScope(c, "read");
    const page = await invoices.list(c.req.valid("query"));
    return c.json({ data: page.data.map(invoiceJson), nextCursor: page.nextCursor }, 200);
  });
  app.openapi(getInvoice, async (c) => {
    rest.requireScope(c, "read");
    const { lines, ...invoice } = await invoices.get(c.req.valid("param").id);
    return c.json({ ...invoiceJson(invoice), lines: lines.map(lineJson) }, 200);
  });
}
