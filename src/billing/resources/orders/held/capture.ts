// Takes the money that an authorized order holds on the card, or a part of it, and lets the rest go. Of what was
// captured in part it takes what is left; capture_part.ts takes the parts.
import { dayMs } from "#kit/clock.ts";
import { checkPart, formatMoney } from "#kit/money.ts";
import { problem } from "#kit/problems.ts";
import type { Order, Outcome } from "../../../api/index.ts";
import { integer, orNull, record } from "../../../kernel/contract/shape.ts";
import { defineVerb, flagPromised, itsId } from "../../../kernel/contract/verb.ts";
import type { BillingCore } from "../../../kernel/core.ts";
import { outcomeOf } from "../../outcomes.ts";
import { lockOrder } from "../lock.ts";
import {
  aboutOrder,
  beingCanceled,
  embeddedPayment,
  notCapturable,
  nothing,
  ofPayment,
  orderLane,
  touchedPayment,
} from "../payment.ts";
import { readOrder, viewOrder } from "../read.ts";
import type { OrderRow } from "../tables.ts";

export async function captureOrder(
  core: BillingCore,
  input: { id: string; amount?: number; attempt?: number },
): Promise<Outcome<Order>> {
  const { id, amount, attempt } = input;
  const order = await readOrder(core, id);
  if (order.payment_intent === null) throw notCapturable(order);
  if (amount !== undefined) checkCapture(order, amount);
  await core.ready();
  const params = { paymentIntentId: order.payment_intent, amount: amount ?? null };
  const ended = await core.operations.carryOut(capture, { subject: id, attempt, params });
  const value = await viewOrder(core, await readOrder(core, id));
  return outcomeOf(ended, { what: `Capturing order ${id}`, value });
}

export function checkCapture(order: OrderRow, amount: number): void {
  const { id, currency } = order;
  checkPart({ amount, currency }, { of: `Order ${id}` });
  const left = leftOf(order);
  if (amount <= left) return;
  const [asked, whole] = [amount, left].map((one) => `${one} (${formatMoney({ amount: one, currency })})`);
  const what = left === order.total ? "that it costs" : "that are left of it";
  throw problem("invalid_amount", `Order ${id}: amount ${asked} is more than the ${whole} ${what}`, {
    hint: "A capture takes all that is held, or a part of it.",
    details: { field: "amount", amount, currency, maximum: left },
  });
}

/** What can still be taken; of what was captured to the end, what was held. */
export function leftOf({ status, total, amount_paid }: OrderRow): number {
  return status === "partially_captured" ? total - amount_paid : total;
}

export const capture = defineVerb({
  name: "orders.capture",
  params: record({ ...ofPayment, amount: orNull(integer) }),
  outcome: nothing,
  lane: orderLane,
  about: aboutOrder,
  // It takes money, and the payer is not there.
  validForMs: () => dayMs,
  async reserve({ tx }, { subject: id }) {
    const { status, cancel_requested } = await lockOrder(tx, id);
    if (cancel_requested === 1) throw beingCanceled({ id, status });
    if (status !== "authorized" && status !== "partially_captured") throw notCapturable({ id, status });
  },
  steps: [
    {
      name: "capture",
      answer: itsId,
      touches: touchedPayment,
      embeds: embeddedPayment,
      request: ({ params }) => ({
        method: "POST",
        path: `/v1/payment_intents/${params.paymentIntentId}/capture`,
        params: { amount_to_capture: params.amount ?? undefined },
      }),
      holds: (payment) => payment.status === "succeeded",
    },
  ],
  answered: async () => ({}),
  refused: flagPromised("orders.capture"),
});
