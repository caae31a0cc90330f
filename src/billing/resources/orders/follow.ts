// How orders hear of their payments.
import type { News, Reacting } from "../../kernel/contract/manifest.ts";
import type { Failure, PaymentIntentMirror } from "../payments/index.ts";
import { failedFact, isOver, orderAfter, orderFacts } from "./orders.ts";

/** The order follows its PaymentIntent; a payment by any other one is for a human. */
export async function onPaymentChanged({ tx, now, flag }: Reacting, news: News): Promise<News[]> {
  const payment = news.data as unknown as PaymentIntentMirror;
  if (payment.orderId === null) return [];
  const order = await tx.selectFrom("orders").selectAll().where("id", "=", payment.orderId).executeTakeFirst();
  if (!order) return [];
  if (order.payment_intent !== null && order.payment_intent !== payment.id) {
    const isMoney = payment.status === "succeeded" || payment.status === "requires_capture";
    if (isMoney) await flag("second_payment", order.id, `${payment.id} beside ${order.payment_intent}`);
    return [];
  }
  const after = { ...orderAfter(order, payment, now), payment_intent: payment.id };
  await tx.updateTable("orders").set(after).where("id", "=", order.id).execute();
  const facts = orderFacts(order, after, payment, news.transition);
  if (after.status !== "paid" || order.cancel_requested === 0) return facts;
  return [...facts, { type: "order.paid_after_cancel", subject: order.id, transition: payment.id, data: news.data }];
}

export async function onChargeFailed({ tx }: Reacting, news: News): Promise<News[]> {
  const { paymentIntent, charge, failure } = news.data as { paymentIntent: string; charge: string; failure: Failure };
  if (!paymentIntent || !failure) return [];
  const order = await tx
    .selectFrom("orders")
    .selectAll()
    .where("payment_intent", "=", paymentIntent)
    .executeTakeFirst();
  if (!order || isOver(order)) return [];
  return failedFact(order.id, charge, failure);
}
