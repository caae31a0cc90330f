// What is told of orders.
import { z } from "zod";
import { type FactsOf, type FactTable, fact } from "../../kernel/contract/facts.ts";
import { money } from "../money.ts";

declare module "../../api/facts.ts" {
  interface Facts extends FactsOf<typeof ordersFacts> {}
}

const orderId = z.string();
const paymentIntentId = z.string();
const example = { orderId: "order_9001", paymentIntentId: "pi_3Q2w3e" };
const amount = { amount: 4200, currency: "eur" };

export const ordersFacts = {
  "order.paid": fact({
    doc: "The money was taken. Fulfil the order. Of an order that is captured in parts: nothing is held any more, and `amount` is what was taken in all.",
    data: z.strictObject({ orderId, amount: money, paymentIntentId }).readonly(),
    subject: "orderId",
    example: { ...example, amount },
  }),
  "order.mispaid": fact({
    doc: "What came, or is held (`isCaptured` false), is not what the order costs: another amount or another currency. Do not fulfil before a human has decided: refund it, or cancel what is held.",
    data: z
      .strictObject({ orderId, amount: money, expected: money, isCaptured: z.boolean(), paymentIntentId })
      .readonly(),
    subject: "orderId",
    example: { ...example, amount: { amount: 100, currency: "eur" }, expected: amount, isCaptured: true },
  }),
  "order.paid_after_cancel": fact({
    doc: "The money came although the order had been canceled, or a cancel of it was under way. Do not fulfil: it goes back by itself, as the refund `<order>:cancel`.",
    data: z.strictObject({ orderId, amount: money, paymentIntentId }).readonly(),
    subject: "orderId",
    example: { ...example, amount },
  }),
  "order.authorized": fact({
    doc: "The payer's bank holds the money. Take it with `orders.capture()`, or let it go with `orders.cancel()`.",
    data: z.strictObject({ orderId, amount: money, paymentIntentId }).readonly(),
    subject: "orderId",
    example: { ...example, amount },
  }),
  "order.incremented": fact({
    doc: "The payer's bank holds more: `amount` in all, which is what the order costs now. Its lines have grown with it.",
    data: z.strictObject({ orderId, amount: money, paymentIntentId }).readonly(),
    subject: "orderId",
    example: { ...example, amount: { amount: 5600, currency: "eur" } },
  }),
  "order.captured": fact({
    doc: "Of an order that is captured in parts a part was taken: `amount` since the last time that it was told, `amountPaid` in all. Send what it pays for. The last part is told too, before `order.paid`.",
    data: z.strictObject({ orderId, amount: money, amountPaid: z.int(), paymentIntentId }).readonly(),
    subject: "orderId",
    example: { ...example, amount: { amount: 1400, currency: "eur" }, amountPaid: 1400 },
  }),
  "order.released": fact({
    doc: "Of an order that is captured in parts the rest was let go: by a last part, by a cancel, or because the bank holds nothing for ever. `amount` went back to the payer and was never taken; `order.paid` follows with what was.",
    data: z.strictObject({ orderId, amount: money, amountPaid: z.int(), paymentIntentId }).readonly(),
    subject: "orderId",
    example: { ...example, amount: { amount: 2800, currency: "eur" }, amountPaid: 1400 },
  }),
  "order.processing": fact({
    doc: "The payer has done all there is to do; the bank takes a while.",
    data: z.strictObject({ orderId, paymentIntentId }).readonly(),
    subject: "orderId",
    example,
  }),
  "order.action_required": fact({
    doc: "The payer must confirm the payment with the bank.",
    data: z.strictObject({ orderId, paymentIntentId }).readonly(),
    subject: "orderId",
    example,
  }),
  "order.failed": fact({
    doc: "An attempt to pay failed. The order can still be paid, by another card.",
    data: z.strictObject({ orderId, code: z.string(), declineCode: z.string().nullable() }).readonly(),
    subject: "orderId",
    example: { orderId: "order_9001", code: "card_declined", declineCode: "insufficient_funds" },
  }),
  "order.charge_failed": fact({
    doc: "A charge with a saved method came to nothing after its caller had been answered `processing`: declined by the bank, refused by Stripe, or not made while it was wished (`expired`, which is told in any case). The order can still be paid: charge it under the next attempt, or send the payer to its checkout.",
    data: z
      .strictObject({
        orderId,
        attempt: z.int(),
        reason: z.enum(["declined", "refused", "expired"]),
        code: z.string().nullable(),
        declineCode: z.string().nullable(),
      })
      .readonly(),
    subject: "orderId",
    example: { orderId: "order_9001", attempt: 1, reason: "expired", code: null, declineCode: null },
  }),
  "order.canceled": fact({
    doc: "The order was canceled and will not be paid.",
    data: z.strictObject({ orderId, reason: z.string().nullable() }).readonly(),
    subject: "orderId",
    example: { orderId: "order_9001", reason: "requested_by_customer" },
  }),
} satisfies FactTable;
