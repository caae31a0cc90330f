// Takes the money that an authorized order holds on the payer's card, or a part of it.
import { problem } from "#kit/problems.ts";
import type { Order, Outcome } from "../../api/index.ts";
import type { Verb } from "../../kernel/contract/manifest.ts";
import type { BillingCore } from "../../kernel/core.ts";
import { answer, wrongState } from "./answer.ts";
import { orderLane, standsAs, touchedPayment } from "./payment.ts";
import { readOrder } from "./read.ts";

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
  const ended = await core.operations.carryOut({
    verb: "orders.capture",
    subject: id,
    attempt,
    params: { paymentIntentId: order.payment_intent, amount: amount ?? null },
    async reserve({ tx }) {
      const current = await tx.selectFrom("orders").select("status").where("id", "=", id).executeTakeFirstOrThrow();
      if (current.status !== "authorized") throw wrongState({ id, status: current.status }, "cannot be captured");
    },
  });
  return answer(core, { id, ended, what: `Capturing order ${id}` });
}

export const capture: Verb = {
  verb: "orders.capture",
  step: "capture",
  lane: orderLane,
  touches: touchedPayment,
  request: ({ params }) => ({
    method: "POST",
    path: `/v1/payment_intents/${String(params.paymentIntentId)}/capture`,
    params: { amount_to_capture: (params.amount as number | null) ?? undefined },
  }),
  find: standsAs("succeeded"),
  answered: async () => ({}),
  async refused() {},
};
