// Takes the money that an authorized order holds on the payer's card, or a part of it.
import { dayMs } from "#kit/clock.ts";
import { problem } from "#kit/problems.ts";
import type { Order, Outcome } from "../../api/index.ts";
import { integer, orNull, record } from "../../kernel/contract/shape.ts";
import { defineVerb, itsId, nothingReserved } from "../../kernel/contract/verb.ts";
import type { BillingCore } from "../../kernel/core.ts";
import { outcomeOf } from "../outcomes.ts";
import { nothing, ofPayment, orderLane, touchedPayment, wrongState } from "./payment.ts";
import { readOrder, viewOrder } from "./read.ts";

export async function captureOrder(
  core: BillingCore,
  input: { id: string; amount?: number; attempt?: number },
): Promise<Outcome<Order>> {
  const { id, amount, attempt } = input;
  const order = await readOrder(core, id);
  if (order.payment_intent === null) throw wrongState(order, "has no payment to capture");
  if (amount !== undefined && (!Number.isSafeInteger(amount) || amount < 1 || amount > order.total)) {
    throw problem("invalid_amount", `Of order ${id}, 1 to ${order.total} can be captured`, {
      details: { field: "amount", maximum: order.total },
    });
  }
  await core.ready();
  const params = { paymentIntentId: order.payment_intent, amount: amount ?? null };
  const ended = await core.operations.carryOut(capture, { subject: id, attempt, params });
  const value = await viewOrder(core, await readOrder(core, id));
  return outcomeOf(ended, { what: `Capturing order ${id}`, value });
}

export const capture = defineVerb({
  name: "orders.capture",
  params: record({ ...ofPayment, amount: orNull(integer) }),
  outcome: nothing,
  lane: orderLane,
  // It takes money, and the payer is not there.
  validForMs: dayMs,
  async reserve({ tx }, { subject: id }) {
    const { status } = await tx.selectFrom("orders").select("status").where("id", "=", id).executeTakeFirstOrThrow();
    if (status !== "authorized") throw wrongState({ id, status }, "cannot be captured");
  },
  steps: [
    {
      name: "capture",
      answer: itsId,
      touches: touchedPayment,
      request: ({ params }) => ({
        method: "POST",
        path: `/v1/payment_intents/${params.paymentIntentId}/capture`,
        params: { amount_to_capture: params.amount ?? undefined },
      }),
      holds: (payment) => payment.status === "succeeded",
    },
  ],
  answered: async () => ({}),
  refused: nothingReserved,
});
