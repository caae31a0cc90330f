// What is told of refunds, and of the orders whose money went back.
import { z } from "zod";
import { type FactsOf, type FactTable, fact } from "../../kernel/contract/facts.ts";
import { money } from "../money.ts";

declare module "../../api/facts.ts" {
  interface Facts extends FactsOf<typeof refundsFacts> {}
}

const refundId = z.string();
const invoiceId = z.string().nullable().describe("Stripe's, of what was paid");
const amount = { amount: 500, currency: "eur" };

export const refundsFacts = {
  "order.refunded": fact({
    doc: "Money of an order went back: `amount` now, `amountRefunded` in all, in the order's currency.",
    data: z.strictObject({ orderId: z.string(), amount: money, amountRefunded: z.int() }).readonly(),
    subject: "orderId",
    example: { orderId: "order_9001", amount, amountRefunded: 500 },
  }),
  "refund.succeeded": fact({
    doc: "A refund reached the payer's bank. Both ids are null when the payment is of no order of ours and of no invoice.",
    data: z.strictObject({ refundId, orderId: z.string().nullable(), invoiceId, amount: money }).readonly(),
    subject: "refundId",
    example: { refundId: "r1", orderId: "order_9001", invoiceId: null, amount },
  }),
  "refund.failed": fact({
    doc: "A refund came back or was canceled, or one that was answered `processing` was never made. The money is with you.",
    data: z
      .strictObject({ refundId, orderId: z.string().nullable(), invoiceId, reason: z.string().nullable() })
      .readonly(),
    subject: "refundId",
    example: { refundId: "r1", orderId: "order_9001", invoiceId: null, reason: "expired_or_canceled_card" },
  }),
} satisfies FactTable;
