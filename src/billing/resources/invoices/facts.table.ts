// What is told of invoices.
import { z } from "zod";
import { type FactsOf, type FactTable, fact } from "../../kernel/contract/facts.ts";
import { money } from "../money.ts";

declare module "../../api/facts.ts" {
  interface Facts extends FactsOf<typeof invoicesFacts> {}
}

const common = {
  invoiceId: z.string().describe("Stripe's"),
  customerId: z.string().nullable().describe("Yours; null when its Customer is nobody's here"),
  subscriptionId: z.string().nullable(),
  number: z.string().nullable(),
};
const about = {
  invoiceId: "in_1Q2w3e",
  customerId: "user_42",
  subscriptionId: "sub_1Q2w3e",
  number: "K7T2QX9A-0001",
};
const instant = z.iso.datetime();
const url = z.string().nullable().describe("Where the customer pays it");
const hostedInvoiceUrl = "https://invoice.stripe.com/i/acct_1Q2w3e/test_9f";
const failure = z
  .strictObject({ code: z.string(), declineCode: z.string().nullable(), message: z.string() })
  .readonly();
const amount = { amount: 4900, currency: "eur" };
const subject = "invoiceId";

export const invoicesFacts = {
  "invoice.finalized": fact({
    doc: "An invoice has its number and its final amounts, and is asked for.",
    data: z
      .strictObject({ ...common, total: money, amountDue: money, dueDate: instant.nullable(), hostedInvoiceUrl: url })
      .readonly(),
    subject,
    example: { ...about, total: amount, amountDue: amount, dueDate: null, hostedInvoiceUrl },
  }),
  "invoice.paid": fact({
    doc: "An invoice is settled: `amountPaid` came in money, which may be nothing where a balance or a credit covers it.",
    data: z
      .strictObject({ ...common, total: money, amountPaid: money, billingReason: z.string().nullable() })
      .readonly(),
    subject,
    example: { ...about, total: amount, amountPaid: amount, billingReason: "subscription_cycle" },
  }),
  "invoice.failed": fact({
    doc: "A try to pay an invoice failed. `failure` is null where there was nothing to pay with.",
    data: z
      .strictObject({
        ...common,
        amountDue: money,
        attemptCount: z.int().describe("As Stripe counts them: after the first only its own"),
        nextPaymentAttempt: instant.nullable(),
        failure: failure.nullable(),
        hostedInvoiceUrl: url,
      })
      .readonly(),
    subject,
    example: {
      ...about,
      amountDue: amount,
      attemptCount: 1,
      nextPaymentAttempt: "2026-12-08T00:00:00.000Z",
      failure: {
        code: "card_declined",
        declineCode: "insufficient_funds",
        message: "Your card has insufficient funds.",
      },
      hostedInvoiceUrl,
    },
  }),
  "invoice.action_required": fact({
    doc: "The customer must confirm the payment of an invoice with the bank, at `hostedInvoiceUrl`.",
    data: z.strictObject({ ...common, amountDue: money, hostedInvoiceUrl: url }).readonly(),
    subject,
    example: { ...about, amountDue: amount, hostedInvoiceUrl },
  }),
  "invoice.voided": fact({
    doc: "An invoice counts no more, as if it had never been asked for.",
    data: z.strictObject({ ...common, total: money }).readonly(),
    subject,
    example: { ...about, total: amount },
  }),
  "invoice.overdue": fact({
    doc: "An invoice is open and its due date is over.",
    data: z.strictObject({ ...common, amountDue: money, dueDate: instant, hostedInvoiceUrl: url }).readonly(),
    subject,
    example: { ...about, amountDue: amount, dueDate: "2026-12-01T00:00:00.000Z", hostedInvoiceUrl },
  }),
} satisfies FactTable;
