// /v1/invoices/{id}/…: what can be wished of an invoice that is there. Each is given Stripe's id of it.
import { createRoute, z } from "@hono/zod-openapi";
import { type Invoice, type Outcome, validForMsMax, validForMsMin } from "../../../api/index.ts";
import * as rest from "../context.ts";
import { MethodIdSchema, outcomeJson, outcomeSchema } from "../orders.ts";
import { strict } from "../strict.ts";
import { InvoiceSchema, invoiceAudit, invoiceJson } from "./invoices.ts";

const tags = ["invoices"];
const InvoiceOutcome = outcomeSchema(InvoiceSchema).openapi("InvoiceOutcome");
const attempt = rest.AttemptSchema;

/** Of what may rightly be wished twice. */
export function wishIdSchema(example: string) {
  return rest.IdSchema.optional().openapi({
    example,
    description: "Yours, of this wish. Without it the Idempotency-Key is the id",
  });
}

/** A move without parameters. */
function moveRoute(move: { operationId: string; name: string; summary: string; description: string }) {
  const { operationId, name, summary, description } = move;
  return createRoute({
    operationId,
    method: "post",
    path: `/v1/invoices/{id}/${name}`,
    tags,
    summary,
    description,
    request: {
      params: rest.IdParams,
      headers: rest.CommandHeaders,
      body: rest.jsonBody(strict({ attempt }).openapi("MoveInvoice"), {}, false),
    },
    responses: rest.answers(200, "What came of it", InvoiceOutcome),
  });
}

const finalizeInvoice = moveRoute({
  operationId: "finalizeInvoice",
  name: "finalize",
  summary: "Make a draft final",
  description: "It gets its number and its final amounts, and is asked for. Nothing is charged or sent.",
});
const voidInvoice = moveRoute({
  operationId: "voidInvoice",
  name: "void",
  summary: "Have an invoice count no more",
  description: "One that is open or written off. What is paid is credited.",
});
const writeOffInvoice = moveRoute({
  operationId: "writeOffInvoice",
  name: "write_off",
  summary: "Say of an open invoice that nobody will pay it",
  description: "It is uncollectible, and may still be paid.",
});
const sendInvoice = createRoute({
  operationId: "sendInvoice",
  method: "post",
  path: "/v1/invoices/{id}/send",
  tags,
  summary: "Have Stripe mail an invoice to its customer",
  description: "The same id is the same mail, another one is a reminder. A draft is finalized with it.",
  request: {
    params: rest.IdParams,
    headers: rest.CommandHeaders,
    body: rest.jsonBody(
      strict({ id: wishIdSchema("reminder_1"), attempt }).openapi("SendInvoice"),
      { id: "reminder_1" },
      false,
    ),
  },
  responses: rest.answers(200, "What came of it", InvoiceOutcome),
});
const payInvoice = createRoute({
  operationId: "payInvoice",
  method: "post",
  path: "/v1/invoices/{id}/pay",
  tags,
  summary: "Pay an invoice",
  description:
    "With `method`, or what Stripe takes by itself; or as paid elsewhere, with `outOfBand`. `action_required` when " +
    "the bank wants to hear the customer: send them to `url`, where they finish the same payment. The same id is the " +
    "same try.",
  request: {
    params: rest.IdParams,
    headers: rest.CommandHeaders,
    body: rest.jsonBody(
      strict({
        id: wishIdSchema("retry_1"),
        method: MethodIdSchema.optional(),
        offSession: z.boolean().optional().openapi({ description: "Whether the customer is away; true without it" }),
        outOfBand: z.boolean().optional().openapi({ description: "The money came another way: nothing is charged" }),
        validForMs: z
          .int()
          .min(validForMsMin)
          .max(validForMsMax)
          .optional()
          .openapi({ description: "Milliseconds; without it 24 hours, and 15 minutes while the customer is there" }),
        attempt,
      }).openapi("PayInvoice"),
      { id: "retry_1", method: "pm_1TqK2mFzYw8rJd5v" },
      false,
    ),
  },
  responses: rest.answers(200, "What came of it", InvoiceOutcome),
});
const linkInvoice = createRoute({
  operationId: "linkInvoice",
  method: "post",
  path: "/v1/invoices/{id}/link",
  tags,
  summary: "Make a link to the hosted page where an invoice is paid",
  description: "Each call gives a new link, for 24 hours, to the same one payment; also after a renewal that failed.",
  request: {
    params: rest.IdParams,
    headers: rest.CommandHeaders,
    body: rest.jsonBody(
      strict({ returnUrl: rest.ReturnUrlSchema }).openapi("LinkInvoice"),
      { returnUrl: "https://shop.example/thanks" },
      false,
    ),
  },
  responses: rest.answers(
    200,
    "The link",
    z
      .object({
        invoiceId: z.string(),
        url: z.url().openapi({ description: "The hosted page: send the customer there" }),
        expiresAt: z.iso.datetime(),
        clientSecret: z.string().openapi({ description: "For a page of your own with Stripe.js" }),
        publishableKey: z.string(),
      })
      .openapi("InvoiceLink"),
  ),
});

export function mountInvoiceMoves(app: rest.RestApp, context: rest.RestContext): void {
  const { invoices } = context.api;
  const run = async (
    c: Parameters<typeof rest.runCommand>[1],
    wish: { verb: string; id: string; work: () => Promise<Outcome<Invoice>> },
  ) => {
    const { verb, id: subject, work } = wish;
    const after = ({ value }: Outcome<Invoice>) => invoiceAudit(value);
    return outcomeJson(await rest.runCommand(context, c, { verb, subject, work, after }), invoiceJson);
  };
  const moves = [
    { route: finalizeInvoice, verb: "invoices.finalize", move: invoices.finalize },
    { route: voidInvoice, verb: "invoices.void", move: invoices.void },
    { route: writeOffInvoice, verb: "invoices.writeOff", move: invoices.writeOff },
  ] as const;
  for (const { route, verb, move } of moves) {
    app.openapi(route, async (c) => {
      rest.requireScope(c, "write");
      const { id } = c.req.valid("param");
      return c.json(await run(c, { verb, id, work: () => move(id, c.req.valid("json")) }), 200);
    });
  }
  app.openapi(sendInvoice, async (c) => {
    rest.requireScope(c, "write");
    const { id } = c.req.valid("param");
    const body = c.req.valid("json");
    const wish = { ...body, id: body.id ?? rest.wishId(c, "mail") };
    return c.json(await run(c, { verb: "invoices.send", id, work: () => invoices.send(id, wish) }), 200);
  });
  app.openapi(payInvoice, async (c) => {
    rest.requireScope(c, "write");
    const { id } = c.req.valid("param");
    const body = c.req.valid("json");
    const wish = { ...body, id: body.id ?? rest.wishId(c, "try") };
    return c.json(await run(c, { verb: "invoices.pay", id, work: () => invoices.pay(id, wish) }), 200);
  });
  app.openapi(linkInvoice, async (c) => {
    rest.requireScope(c, "write");
    const { id: subject } = c.req.valid("param");
    const { returnUrl } = c.req.valid("json");
    rest.refuseReturnUrl(context, returnUrl);
    const link = await rest.runCommand(context, c, {
      verb: "invoices.link",
      subject,
      work: () => invoices.link(subject, { returnUrl }),
      after: ({ expiresAt }) => ({ expiresAt }),
    });
    return c.json({ ...link, expiresAt: link.expiresAt.toISOString() }, 200);
  });
}
