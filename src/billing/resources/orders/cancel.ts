// Takes an order's payment back before money has moved.
import assert from "node:assert/strict";
import type { Order, Outcome } from "../../api/index.ts";
import { lookNow } from "../../kernel/changes/observe.ts";
import { withdraw } from "../../kernel/changes/operations.ts";
import type { Remote } from "../../kernel/contract/reacting.ts";
import { orNull, record, text } from "../../kernel/contract/shape.ts";
import { defineVerb, flagPromised, itsId } from "../../kernel/contract/verb.ts";
import type { BillingCore } from "../../kernel/core.ts";
import { latestOperation } from "../latest.ts";
import { outcomeOf } from "../outcomes.ts";
import { charge } from "./charge_verb.ts";
import { isOver } from "./orders.ts";
import { aboutOrder, embeddedPayment, nothing, ofPayment, orderLane, paidAlready, touchedPayment } from "./payment.ts";
import { readOrder, viewOrder } from "./read.ts";

/**
 * Cancels the PaymentIntent of an order that has one; what has none is withdrawn (checkout.ts). Of what was captured in
 * part the rest is let go; what was taken stays until `refunds.create()` sends it back.
 */
export async function cancelPayment(
  core: BillingCore,
  input: { id: string; reason: string | null; attempt: number | undefined },
): Promise<Outcome<Order>> {
  const { id, reason, attempt } = input;
  const order = await readOrder(core, id);
  if (order.status === "canceled") return { outcome: "done", value: await viewOrder(core, order) };
  const latest = isOver(order) ? await latestOperation(core, cancel, id) : undefined;
  if (isOver(order) && latest?.state !== "done") throw paidAlready(order);
  assert.ok(order.payment_intent, `order ${id} has a PaymentIntent`);
  const params = { paymentIntentId: order.payment_intent, reason };
  const ended = await core.operations.carryOut(cancel, { subject: id, attempt, params });
  // Why Stripe refused it is the payment's to tell.
  if (ended.state === "failed") await lookNow(core.kernel, { kind: "payment_intent", id: order.payment_intent });
  const row = await readOrder(core, id);
  const value = await viewOrder(core, row);
  if (row.status === "canceled") return { outcome: "done", value };
  if (ended.state !== "done" && isOver(row)) throw paidAlready(row, " meanwhile");
  return outcomeOf(ended, { what: `Canceling order ${id}`, value });
}

const stripeCancellationReasons = ["duplicate", "fraudulent", "requested_by_customer", "abandoned"];

export const cancel = defineVerb({
  name: "orders.cancel",
  params: record({ ...ofPayment, reason: orNull(text) }),
  outcome: nothing,
  lane: orderLane,
  about: aboutOrder,
  // A charge that stands before it in the lane and has not left takes no money any more.
  reserve: ({ tx }, { subject }) => withdraw(tx, { verb: charge.name, subject }),
  steps: [
    {
      name: "cancel",
      answer: itsId,
      touches: touchedPayment,
      embeds: embeddedPayment,
      request: ({ params }) => ({
        method: "POST",
        path: `/v1/payment_intents/${params.paymentIntentId}/cancel`,
        params: { cancellation_reason: stripeCancellationReasons.find((known) => known === params.reason) },
      }),
      holds: isLetGo,
    },
  ],
  async answered({ tx }, { subject, params }) {
    if (params.reason !== null) {
      await tx.updateTable("orders").set({ canceled_reason: params.reason }).where("id", "=", subject).execute();
    }
    return {};
  },
  async promised({ tx }, { subject, params }) {
    // From now on money that comes is money after a cancel, whatever becomes of this call.
    await tx
      .updateTable("orders")
      .set({ cancel_requested: 1, canceled_reason: params.reason })
      .where("id", "=", subject)
      .where((eb) => eb.or([eb("amount_paid", "=", 0), eb("status", "=", "partially_captured")]))
      .where("status", "!=", "canceled")
      .execute();
  },
  async refused(reacting, operation, refusal) {
    // It was paid or canceled meanwhile: the look at it tells which, and what is paid goes back.
    if (refusal.code === "payment_intent_unexpected_state") return [];
    return flagPromised("orders.cancel")(reacting, operation, refusal);
  },
});

/** What was captured in part is succeeded then, with what was taken. https://docs.stripe.com/payments/multicapture */
function isLetGo({ status, payment_method_options, amount, amount_received }: Remote): boolean {
  const { card } = (payment_method_options ?? {}) as { card?: { request_multicapture?: unknown } };
  const isInParts = card?.request_multicapture === "if_available" && Number(amount_received) < Number(amount);
  return status === "canceled" || (status === "succeeded" && isInParts);
}
