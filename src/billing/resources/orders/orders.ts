// READ FIRST: an order is paid by one PaymentIntent; its status is a pure function of what we know of that. Keeps
// invariant 3: at most one successful charge made by us per order, any other is flagged.
import type { Facts, FactType, OrderStatus } from "../../api/index.ts";
import { factNews } from "../../kernel/contract/facts.ts";
import type { News } from "../../kernel/contract/manifest.ts";
import type { Failure, PaymentIntentMirror } from "../payments/index.ts";
import type { OrderRow } from "./tables.ts";

/** What Stripe's status means for the order. A failed attempt leaves the order payable by another card. */
export function orderStatus(payment: Pick<PaymentIntentMirror, "status" | "failure">): OrderStatus {
  switch (payment.status) {
    case "requires_payment_method":
      return payment.failure ? "failed" : "created";
    case "requires_confirmation":
      return "created";
    case "requires_action":
      return "action_required";
    case "processing":
      return "processing";
    case "requires_capture":
      return "authorized";
    case "succeeded":
      return "paid";
    case "canceled":
      return "canceled";
  }
}

export function isOver(order: Pick<OrderRow, "status">): boolean {
  return order.status === "paid" || order.status === "canceled";
}

/** The order as it is after this look at its PaymentIntent. */
export function orderAfter(order: OrderRow, payment: PaymentIntentMirror, now: number): OrderRow {
  const status = orderStatus(payment);
  const isPaid = status === "paid";
  return {
    ...order,
    status,
    amount_paid: isPaid ? payment.amountReceived : 0,
    last_failure: payment.failure ? JSON.stringify(payment.failure) : isPaid ? null : order.last_failure,
    canceled_reason: order.canceled_reason ?? (status === "canceled" ? payment.cancellationReason : null),
    paid_at: isPaid ? (order.paid_at ?? now) : null,
    version: order.version + 1,
  };
}

/** The facts of the step from one to the other. `version` is that of the PaymentIntent's mirror. */
export function orderFacts(before: OrderRow, after: OrderRow, payment: PaymentIntentMirror, version: string): News[] {
  const orderId = after.id;
  const paymentIntentId = payment.id;
  const money = (amount: number) => ({ amount, currency: after.currency });
  const fact = <T extends FactType>(type: T, transition: string, data: Facts[T]): News[] => [
    factNews(type, { subject: orderId, transition, data }),
  ];
  if (after.status === "failed") {
    // Told once per charge; without a charge (authentication failed), once per fall into this status.
    const isNew = before.status !== "failed" || payment.latestCharge !== null;
    const failure = payment.failure;
    return isNew && failure ? failedFact(orderId, payment.latestCharge ?? version, failure) : [];
  }
  if (before.status === after.status) return [];
  switch (after.status) {
    case "paid":
      return fact("order.paid", paymentIntentId, { orderId, amount: money(after.amount_paid), paymentIntentId });
    case "authorized":
      return fact("order.authorized", paymentIntentId, {
        orderId,
        amount: money(payment.amountCapturable),
        paymentIntentId,
      });
    case "processing":
      return fact("order.processing", version, { orderId, paymentIntentId });
    case "action_required":
      return fact("order.action_required", version, { orderId, paymentIntentId });
    case "canceled":
      return [canceledFact(after)];
    case "created":
      return [];
  }
}

/** Told once, whoever sees it first: the command, the operation it took back, or the look at the PaymentIntent. */
export function canceledFact(order: Pick<OrderRow, "id" | "canceled_reason">): News {
  const data = { orderId: order.id, reason: order.canceled_reason };
  return factNews("order.canceled", { subject: order.id, transition: "canceled", data });
}

export function failedFact(orderId: string, transition: string, failure: Failure): News[] {
  const data = { orderId, code: failure.code, declineCode: failure.declineCode };
  return [factNews("order.failed", { subject: orderId, transition, data })];
}
