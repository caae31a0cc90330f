// Takes an order's payment back before money has moved.
import type { Order, Outcome } from "../../api/index.ts";
import { lookNow } from "../../kernel/changes/observe.ts";
import type { Verb } from "../../kernel/contract/manifest.ts";
import type { BillingCore } from "../../kernel/core.ts";
import { answer, wrongState } from "./answer.ts";
import { orderLane, standsAs, touchedPayment } from "./payment.ts";
import { readOrder, viewOrder } from "./read.ts";

/** Cancels the PaymentIntent of an order that has one; what has none is withdrawn (checkout.ts). */
export async function cancelPayment(
  core: BillingCore,
  input: { id: string; reason: string | null; attempt: number | undefined },
): Promise<Outcome<Order>> {
  const { id, reason, attempt } = input;
  const order = await readOrder(core, id);
  if (order.status === "canceled") return { outcome: "done", value: await viewOrder(core, order) };
  if (order.status === "paid") throw wrongState(order, "was paid; refund it instead");
  if (order.payment_intent === null) throw wrongState(order, "cannot be canceled at this moment");
  const params = { paymentIntentId: order.payment_intent, reason };
  const ended = await core.operations.carryOut({ verb: "orders.cancel", subject: id, attempt, params });
  if (ended.state === "failed") {
    await lookNow(core.kernel, { kind: "payment_intent", id: order.payment_intent });
    const current = await readOrder(core, id);
    if (current.status === "canceled") return { outcome: "done", value: await viewOrder(core, current) };
    if (current.status === "paid") throw wrongState(current, "was paid meanwhile; refund it instead");
  }
  return answer(core, { id, ended, what: `Canceling order ${id}` });
}

const stripeCancellationReasons = ["duplicate", "fraudulent", "requested_by_customer", "abandoned"];

export const cancel: Verb = {
  verb: "orders.cancel",
  step: "cancel",
  lane: orderLane,
  touches: touchedPayment,
  request: ({ params }) => {
    const reason = stripeCancellationReasons.find((known) => known === params.reason);
    return {
      method: "POST",
      path: `/v1/payment_intents/${String(params.paymentIntentId)}/cancel`,
      params: { cancellation_reason: reason },
    };
  },
  find: standsAs("canceled"),
  async answered({ tx }, operation) {
    const reason = operation.params.reason;
    if (typeof reason === "string") {
      await tx.updateTable("orders").set({ canceled_reason: reason }).where("id", "=", operation.subject).execute();
    }
    return {};
  },
  async refused() {},
};
