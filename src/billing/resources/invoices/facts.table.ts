// What is told of invoices.
import { z } from "zod";
import { type FactsOf, type FactTable, fact } from "../../kernel/contract/facts.ts";
import { money } from "../money.ts";

declare module "../../api/facts.ts" {
  interface Facts extends FactsOf<typeof invoicesFacts> {}
}

const common = {
  invoiceId: z.string().describe("Stripe's"),
  ownId: z.string().nullable().describe("Yours, of an invoice that you have had made; null of any other"),
  customerId: z.string().nullable().describe("Yours; null when its Customer is nobody's here"),
  subscriptionId: z.string().nullable(),
  number: z.string().nullable(),
};
const about = {
  invoiceId: "in_1Q2w3e",
  ownId: null,
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
/** What can be wished of an invoice that is there. */
export const invoiceWishes = ["finalize", "send", "discard", "void", "write_off", "pay", "credit"] as const;
const why = {
  reason: z.enum(["expired", "declined", "refused"]),
  code: z.string().nullable().describe("Stripe's"),
  declineCode: z.string().nullable().describe("The bank's"),
  message: z.string(),
};
const subject = "invoiceId";

const credited = z
  .strictObject({
    ...common,
    creditId: z.string().nullable().describe("Yours"),
    creditNoteId: z.string().describe("Stripe's"),
    creditNumber: z.string().nullable(),
    amount: money,
  })
  .readonly();
const exampleOfCredit = {
  ...about,
  creditId: "credit_1",
  creditNoteId: "cn_1Q2w3e",
  creditNumber: "K7T2QX9A-0001-CN-01",
  amount: { amount: 500, currency: "eur" },
};

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
  "invoice.written_off": fact({
    doc: "Nobody is expected to pay an invoice any more: it is uncollectible, and may still be paid.",
    data: z.strictObject({ ...common, amountDue: money }).readonly(),
    subject,
    example: { ...about, amountDue: amount },
  }),
  "invoice.not_made": fact({
    doc:
      "An invoice of your own lines was not made, after its command was answered `processing` or because its wish grew " +
      "too old. Its draft is taken back.",
    data: z.strictObject({ ownId: z.string(), customerId: z.string(), attempt: z.int(), ...why }).readonly(),
    subject: "ownId",
    example: {
      ownId: "invoice_2026_11",
      customerId: about.customerId,
      attempt: 1,
      reason: "refused",
      code: "customer_tax_location_invalid",
      declineCode: null,
      message: "The customer's location isn't recognized.",
    },
  }),
  "invoice.not_done": fact({
    doc:
      "What was wished of an invoice came to nothing, after its command was answered `processing` or because it grew " +
      "too old. `wishId` is yours; null where an invoice is wished that once, or where `create()` went on with it.",
    data: z
      .strictObject({
        invoiceId: common.invoiceId,
        wish: z.enum(invoiceWishes),
        wishId: z.string().nullable(),
        attempt: z.int(),
        ...why,
      })
      .readonly(),
    subject,
    example: {
      invoiceId: about.invoiceId,
      wish: "pay",
      wishId: "retry_1",
      attempt: 1,
      reason: "expired",
      code: null,
      declineCode: null,
      message: "It was not carried out while it was wished.",
    },
  }),
  "invoice.credited": fact({
    doc:
      "A part of what an invoice asked was taken back, or all of it: `amount`, taxes included. `creditId` is yours; null " +
      "where it was done elsewhere.",
    data: credited,
    subject,
    example: exampleOfCredit,
  }),
  "invoice.credit_voided": fact({
    doc: "What was credited of an invoice is asked for again.",
    data: credited,
    subject,
    example: exampleOfCredit,
  }),
  "invoice.overdue": fact({
    doc: "An invoice is open and its due date is over.",
    data: z.strictObject({ ...common, amountDue: money, dueDate: instant, hostedInvoiceUrl: url }).readonly(),
    subject,
    example: { ...about, amountDue: amount, dueDate: "2026-12-01T00:00:00.000Z", hostedInvoiceUrl },
  }),
} satisfies FactTable;
