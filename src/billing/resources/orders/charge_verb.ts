// Confirms an order's one PaymentIntent with a method that its customer has saved. It takes money, so its wish grows
// old; and since there is never another PaymentIntent beside it, what the payer does in a page meanwhile and this call
// are told apart by Stripe: one of them is paid, the other is refused.
import { problem } from "#kit/problems.ts";
import { idOf } from "../../kernel/contract/context.ts";
import type { News } from "../../kernel/contract/reacting.ts";
import { integer, oneOf, record, type Shaped, text } from "../../kernel/contract/shape.ts";
import { defineVerb, itsId, type OperationView, type Refusal } from "../../kernel/contract/verb.ts";
import { lockOrder } from "./lock.ts";
import { aboutOrder, nothing, ofPayment, orderLane, touchedPayment, wrongState } from "./payment.ts";
import type { OrderRow } from "./tables.ts";

/** Whether the payer is there and can answer their bank. */
const sessions = ["off_session", "on_session"] as const;

const wished = {
  method: text,
  session: oneOf(sessions),
  validForMs: integer,
  /** Where a bank that takes the payer away sends them back to. */
  returnUrl: text,
};

/** What is wished, whichever PaymentIntent it will be. */
export const chargeWish = record(wished);
export type ChargeWish = Shaped<typeof chargeWish>;

/** Paid, held, or on its way to be: nothing is left to do. */
const taken = ["succeeded", "requires_capture", "processing"];

export const charge = defineVerb({
  name: "orders.charge",
  params: record({ ...ofPayment, ...wished }),
  outcome: nothing,
  lane: orderLane,
  about: (wish) => ({ ...aboutOrder(wish), methodId: wish.params.method }),
  validForMs: ({ params }) => params.validForMs,
  async reserve({ tx }, { subject }) {
    const problem = whyNotChargeable(await lockOrder(tx, subject));
    if (problem) throw problem;
  },
  steps: [
    {
      name: "confirm",
      answer: itsId,
      touches: touchedPayment,
      embeds: (operation) => [
        { kind: "payment_intent", id: touchedPayment(operation) },
        { kind: "payment_method", id: operation.params.method },
      ],
      // https://docs.stripe.com/payments/save-and-reuse#charge-saved-payment-method
      request: ({ params }) => ({
        method: "POST",
        path: `/v1/payment_intents/${params.paymentIntentId}/confirm`,
        params: {
          payment_method: params.method,
          return_url: params.returnUrl,
          ...(params.session === "off_session" ? { off_session: true } : { use_stripe_sdk: true }),
        },
      }),
      // Another method on it is the payer's own doing.
      holds: ({ status, payment_method }, { params }) =>
        idOf(payment_method) === params.method &&
        (taken.includes(String(status)) || (params.session === "on_session" && status === "requires_action")),
    },
  ],
  answered: async () => ({}),
  refused: async (_reacting, operation, refusal) => chargeFailed(operation, refusal),
});

/** Who ended it so knows: a cancel, which is told as that, or the original of a copied database, which goes on. */
const silent = ["withdrawn", "other_instance"];

/** That it grew too old is told always, any other end to whoever was answered `processing`. */
export function chargeFailed(
  { subject, attempt, isPromised }: Pick<OperationView, "subject" | "attempt" | "isPromised">,
  { http, type, code, declineCode }: Refusal,
): News[] {
  const isExpired = type === "expired";
  if (silent.includes(type) || !(isExpired || isPromised)) return [];
  const reason = isExpired ? "expired" : http === 402 ? "declined" : "refused";
  const data = { orderId: subject, attempt, reason, code, declineCode } as const;
  return [{ type: "order.charge_failed", subject, transition: `charge:${attempt}`, data }];
}

/** Undefined when the order can be charged. */
export function whyNotChargeable(order: OrderRow, when: "" | " meanwhile" = "") {
  const { id, status, customer } = order;
  if (customer === null) {
    return problem("wrong_state", `Order ${id} is of no customer, so nobody has a saved method for it`, {
      hint: "`orders.checkout()` gives the page where anybody can pay it.",
      details: { id },
    });
  }
  if (order.cancel_requested === 1 && status !== "canceled") {
    return wrongState({ id, status }, "is being canceled and cannot be charged", hints.canceled);
  }
  if (chargeable.includes(status)) return undefined;
  const stands = status === "paid" || status === "canceled" ? `was ${status}` : `is ${status}`;
  return wrongState({ id, status }, `${stands}${when} and cannot be charged`, hints[status] ?? hints.paid);
}

/** In any other status money has come, is on its way, or never will. */
const chargeable: readonly OrderRow["status"][] = ["created", "action_required", "failed"];

const hints = {
  processing: "A bank has not answered yet; its answer is a fact.",
  authorized: "Its money is held: `orders.capture()` takes it.",
  paid: "It costs nothing more. Create another order for what else is to be paid.",
  mispaid: "What came is not what it costs: refund it, or cancel what is held.",
  canceled: "Create another one: this one stays as it is.",
} as Partial<Record<OrderRow["status"], string>> & { readonly paid: string; readonly canceled: string };
