// READ FIRST: an order is paid by one PaymentIntent; its status is a pure function of what we know of that. Keeps
// invariant 3: at most one successful charge made by us per order, any other is flagged.
import type { OrderStatus } from "../../api/index.ts";
import type { News } from "../../kernel/contract/reacting.ts";
import type { Failure, PaymentIntentMirror } from "../payments/index.ts";
import type { OrderRow } from "./tables.ts";

declare module "../../kernel/contract/reacting.ts" {
  interface InnerNews {
    /** A cancel had been wished, and the money came nevertheless. */
    "order.paid_after_cancel": { readonly orderId: string };
  }
}

/** What Stripe's status means for the order. A failed attempt leaves the order payable by another card. */
function orderStatus(payment: Pick<PaymentIntentMirror, "status" | "failure">): OrderStatus {
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
  };
}

/** The facts of the step from one to the other, which the news of its PaymentIntent brought about. */
export function orderFacts(before: OrderRow, after: OrderRow, news: News<"payment.changed">): News[] {
  const { data: payment, transition: version } = news;
  const subject = after.id;
  const about = { orderId: after.id, paymentIntentId: payment.id };
  const money = (amount: number) => ({ amount, currency: after.currency });
  if (after.status === "failed") {
    // Told once per charge; without a charge (authentication failed), once per fall into this status.
    const isNew = before.status !== "failed" || payment.latestCharge !== null;
    const failure = payment.failure;
    return isNew && failure ? [failedFact(after.id, payment.latestCharge ?? version, failure)] : [];
  }
  if (before.status === after.status) return [];
  switch (after.status) {
    case "paid": {
      const data = { orderId: after.id, amount: money(after.amount_paid), paymentIntentId: payment.id };
      return [{ type: "order.paid", subject, transition: payment.id, data }];
    }
    case "authorized": {
      const data = { orderId: after.id, amount: money(payment.amountCapturable), paymentIntentId: payment.id };
      return [{ type: "order.authorized", subject, transition: payment.id, data }];
    }
    case "processing":
      return [{ type: "order.processing", subject, transition: version, data: about }];
    case "action_required":
      return [{ type: "order.action_required", subject, transition: version, data: about }];
    case "canceled":
      return [canceledFact(after)];
    case "created":
      return [];
  }
}

/** Told once, whoever sees it first: the command, the operation it took back, or the look at the PaymentIntent. */
export function canceledFact(order: Pick<OrderRow, "id" | "canceled_reason">): News<"order.canceled"> {
  const data = { orderId: order.id, reason: order.canceled_reason };
  return { type: "order.canceled", subject: order.id, transition: "canceled", data };
}

export function failedFact(orderId: string, transition: string, failure: Failure): News<"order.failed"> {
  const data = { orderId, code: failure.code, declineCode: failure.declineCode };
  return { type: "order.failed", subject: orderId, transition, data };
}
