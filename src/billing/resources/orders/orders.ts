// READ FIRST: an order is paid by one PaymentIntent; its status is a pure function of what we know of that. Keeps
// invariant 3: at most one successful charge made by us per order, any other is flagged.
import type { Money, OrderStatus } from "../../api/index.ts";
import type { News, RaisedFlag } from "../../kernel/contract/reacting.ts";
import type { Failure, PaymentIntentMirror } from "../payments/index.ts";
import { grown } from "./held/growth.ts";
import type { OrderRow } from "./tables.ts";

/** What Stripe's status means for the order. A failed attempt leaves the order payable by another card. */
function orderStatus(order: OrderRow, payment: PaymentIntentMirror): OrderStatus {
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
      return isOwed(order, payment) ? statusHeld(payment) : "mispaid";
    case "succeeded":
      return isOwed(order, payment) ? "paid" : "mispaid";
    case "canceled":
      if (payment.amountReceived === 0) return "canceled";
      return isOwed(order, payment) ? "paid" : "mispaid";
  }
}

/** Where all was captured and no capture was said to be the last, nothing is held any more. */
function statusHeld({ amountReceived, amountCapturable }: PaymentIntentMirror): OrderStatus {
  if (amountReceived === 0) return "authorized";
  return amountCapturable === 0 ? "paid" : "partially_captured";
}

/**
 * Whether the money is what the order costs. Another program with the account's key, or a human, may have changed the
 * PaymentIntent. Of what the payer's bank holds a part may be captured: that was somebody's decision.
 */
function isOwed({ total, currency, capture }: OrderRow, payment: PaymentIntentMirror): boolean {
  if (payment.currency !== currency || payment.amount !== total) return false;
  if (payment.status === "requires_capture") return payment.amountCapturable + payment.amountReceived === total;
  return capture === "manual" ? payment.amountReceived <= total : payment.amountReceived === total;
}

/** Nothing comes of it any more, but what its money does by itself. */
export function isOver(order: Pick<OrderRow, "status" | "amount_paid">): boolean {
  return order.status === "canceled" || (order.amount_paid > 0 && order.status !== "partially_captured");
}

/** A cancel holds from the moment it was wished: what comes later does not make the order anything else. */
function isTakenBack(order: OrderRow): boolean {
  return order.status === "canceled" || (order.cancel_requested === 1 && order.amount_paid === 0);
}

/** The order as it is after this look at its PaymentIntent. */
export function orderAfter(before: OrderRow, payment: PaymentIntentMirror, now: number): OrderRow {
  const order = grown(before, payment);
  const isTaken = payment.amountReceived > 0 && mayCount(order, payment);
  const status = isTakenBack(order) ? statusTakenBack(order, payment) : orderStatus(order, payment);
  return {
    ...order,
    payment_intent: payment.id,
    status,
    amount_paid: isTaken ? payment.amountReceived : 0,
    paid_currency: isTaken ? payment.currency : null,
    last_failure: payment.failure ? JSON.stringify(payment.failure) : isTaken ? null : order.last_failure,
    canceled_reason: order.canceled_reason ?? (status === "canceled" ? payment.cancellationReason : null),
    paid_at: isTaken && status !== "partially_captured" ? (order.paid_at ?? now) : null,
  };
}

/** Nothing before it was captured; and of what is taken back nothing before nothing more can come. */
function mayCount(order: OrderRow, { status }: PaymentIntentMirror): boolean {
  if (status === "requires_capture") return !isTakenBack(order);
  return status === "succeeded" || status === "canceled";
}

function statusTakenBack(order: OrderRow, payment: PaymentIntentMirror): OrderStatus {
  return payment.status === "succeeded" || payment.status === "canceled" ? "canceled" : order.status;
}

/** The facts of the step from one to the other, which the news of its PaymentIntent brought about. */
export function orderFacts(before: OrderRow, after: OrderRow, news: News<"payment.changed">): News[] {
  const { data: payment, transition: version } = news;
  if (isTakenBack(before)) return factsTakenBack(before, after, payment);
  if (after.status === "failed") {
    // Told once per charge; without a charge (authentication failed), once per fall into this status.
    const isNew = before.status !== "failed" || payment.latestCharge !== null;
    const failure = payment.failure;
    return isNew && failure ? [failedFact(after.id, payment.latestCharge ?? version, failure)] : [];
  }
  const more = growthFacts(before, after, payment);
  if (before.status === after.status && before.amount_paid === after.amount_paid) return more;
  return [...more, ...statusFacts(before, after, news)];
}

/** More is held, and the order costs as much. */
function growthFacts(before: OrderRow, after: OrderRow, { id, currency }: PaymentIntentMirror): News[] {
  if (before.total === after.total) return [];
  const data = { orderId: after.id, amount: { amount: after.total, currency }, paymentIntentId: id };
  return [{ type: "order.incremented", subject: after.id, transition: `${id}:${after.total}`, data }];
}

function statusFacts(before: OrderRow, after: OrderRow, news: News<"payment.changed">): News[] {
  const { data: payment, transition: version } = news;
  const subject = after.id;
  const about = { orderId: after.id, paymentIntentId: payment.id };
  switch (after.status) {
    case "partially_captured":
      return partFacts(before, after, payment);
    case "paid": {
      const data = { ...about, amount: { amount: after.amount_paid, currency: payment.currency } };
      const paid: News = { type: "order.paid", subject, transition: payment.id, data };
      return [...partFacts(before, after, payment), paid];
    }
    case "mispaid": {
      const isCaptured = after.amount_paid > 0;
      const isHeld = payment.status === "requires_capture";
      const transition = `${payment.id}:${isCaptured ? (isHeld ? `taken:${after.amount_paid}` : "taken") : "held"}`;
      const expected = { amount: after.total, currency: after.currency };
      const data = { ...about, amount: cameOf(payment), expected, isCaptured };
      return [{ type: "order.mispaid", subject, transition, data }];
    }
    case "authorized": {
      const data = { ...about, amount: cameOf(payment) };
      return [{ type: "order.authorized", subject, transition: payment.id, data }];
    }
    case "processing":
      return [{ type: "order.processing", subject, transition: version, data: about }];
    case "action_required":
      return [{ type: "order.action_required", subject, transition: version, data: about }];
    case "canceled":
      return [canceledFact(after)];
    case "created":
    case "failed":
      return [];
  }
}

/** What was taken since the last look, however many captures that were; and what is held no more. */
function partFacts(before: OrderRow, after: OrderRow, { id, currency }: PaymentIntentMirror): News[] {
  if (after.multicapture === 0) return [];
  const { id: subject, amount_paid: amountPaid } = after;
  const fact = <Type extends "order.captured" | "order.released">(type: Type, amount: number, transition: string) => {
    const data = { orderId: subject, amount: { amount, currency }, amountPaid, paymentIntentId: id };
    return amount <= 0 ? [] : [{ type, subject, transition, data }];
  };
  const released = after.status === "paid" ? after.total - amountPaid : 0;
  return [
    ...fact("order.captured", amountPaid - before.amount_paid, `${id}:${amountPaid}`),
    ...fact("order.released", released, id),
  ];
}

function factsTakenBack(before: OrderRow, after: OrderRow, payment: PaymentIntentMirror): News[] {
  const facts: News[] = [];
  if (before.status !== after.status) facts.push(canceledFact(after));
  if (after.amount_paid === 0 || before.amount_paid > 0) return facts;
  const data = { orderId: after.id, amount: cameOf(payment), paymentIntentId: payment.id };
  return [...facts, { type: "order.paid_after_cancel", subject: after.id, transition: payment.id, data }];
}

/** What was taken, and what is held. */
export function cameOf({ amountReceived, amountCapturable, currency }: PaymentIntentMirror): Money {
  return { amount: amountReceived + amountCapturable, currency };
}

/** A PaymentIntent with our marks beside the order's own. */
export function secondIntent(
  order: Pick<OrderRow, "id" | "payment_intent">,
  second: { readonly id: string; readonly status?: string },
): RaisedFlag {
  const status = second.status === undefined ? "" : ` (${second.status})`;
  const detail = `${second.id}${status} bears the marks of ${order.payment_intent}. Cancel it at Stripe.`;
  return { kind: "second_payment_intent", subject: order.id, detail };
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
