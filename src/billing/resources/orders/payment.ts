// What the verbs about an order's payment share.
import { problem } from "#kit/problems.ts";
import { record, text } from "../../kernel/contract/shape.ts";
import type { OrderRow } from "./tables.ts";

/** All verbs about one order go one after the other. */
export const orderLane = ({ subject }: { readonly subject: string }) => `order:${subject}`;

/** An order's id is its subject. */
export const aboutOrder = ({ subject }: { readonly subject: string }) => ({ orderId: subject });

/**
 * The subject of a wish that may rightly come twice for one order: no id of a host has a `/`. Its operations are worked
 * in the order's lane.
 */
export const wishOf = (orderId: string, id: string) => `${orderId}/${id}`;

export const laneOfOrder = ({ params }: { readonly params: { readonly orderId: string } }) => `order:${params.orderId}`;

export const aboutItsOrder = ({ params }: Parameters<typeof laneOfOrder>[0]) => ({ orderId: params.orderId });

/** The parameter of every verb that changes an order's payment. */
export const ofPayment = { paymentIntentId: text };

export const touchedPayment = ({ params }: { readonly params: { readonly paymentIntentId: string } }) =>
  params.paymentIntentId;

export const embeddedPayment = (operation: Parameters<typeof touchedPayment>[0]) => [
  { kind: "payment_intent", id: touchedPayment(operation) },
];

export const nothing = record({});

/** `hint` says what to do instead. */
export function wrongState(order: Pick<OrderRow, "id" | "status">, what: string, hint: string) {
  return problem("wrong_state", `Order ${order.id} ${what}`, { hint, details: { id: order.id, status: order.status } });
}

export function paidAlready(order: Pick<OrderRow, "id" | "status">, when: "" | " meanwhile" = "") {
  return wrongState(order, `was paid${when} and cannot be canceled`, "Send the money back with `refunds.create()`.");
}

export function beingCanceled(order: Pick<OrderRow, "id" | "status">, what: "captured" | "incremented" = "captured") {
  const hint = "What was held goes back to the payer. Create another order.";
  return wrongState(order, `is being canceled and cannot be ${what}`, hint);
}

/** Only what is held can be taken; why nothing is held depends on what became of the order. */
export function notCapturable(order: Pick<OrderRow, "id" | "status">) {
  const hints: Partial<Record<OrderRow["status"], string>> = {
    paid: "Its money was taken: of an automatic order when it was paid, of a manual one by the capture before.",
    canceled: "What was held was given back. Create another order.",
    processing: "The bank has not answered yet; its answer is a fact.",
  };
  const hint = hints[order.status] ?? "The payer has not paid yet: `orders.checkout()` gives the page.";
  return wrongState(order, `is ${order.status} and cannot be captured`, hint);
}
