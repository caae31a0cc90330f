// Takes a part of what an authorized order holds, and keeps the rest held: a shop that sends an order in several
// parcels takes the money for each when it leaves. https://docs.stripe.com/payments/multicapture
import { dayMs } from "#kit/clock.ts";
import { problem } from "#kit/problems.ts";
import type { CaptureOrder, Order, Outcome } from "../../../api/index.ts";
import { flag, integer, orNull, record, type Shaped, text } from "../../../kernel/contract/shape.ts";
import { defineVerb, flagPromised, itsId } from "../../../kernel/contract/verb.ts";
import type { BillingCore } from "../../../kernel/core.ts";
import { latestOperation } from "../../latest.ts";
import { mark } from "../../marks.ts";
import { outcomeOf } from "../../outcomes.ts";
import { lockOrder } from "../lock.ts";
import {
  aboutItsOrder,
  beingCanceled,
  embeddedPayment,
  laneOfOrder,
  notCapturable,
  nothing,
  ofPayment,
  touchedPayment,
  wishOf,
  wrongState,
} from "../payment.ts";
import { readOrder, viewOrder } from "../read.ts";
import type { OrderRow } from "../tables.ts";
import { checkCapture, leftOf } from "./capture.ts";
import { isOffered } from "./offers.ts";

export type Part = Extract<CaptureOrder, { id: string }>;

export async function capturePart(core: BillingCore, orderId: string, part: Part): Promise<Outcome<Order>> {
  const order = await readOrder(core, orderId);
  if (order.payment_intent === null) throw notCapturable(order);
  await core.ready();
  const subject = wishOf(orderId, part.id);
  const latest = await latestOperation(core, capturePartVerb, subject);
  const isNew = latest === undefined || (part.attempt !== undefined && part.attempt > latest.attempt);
  const params = isNew ? await newParams(core, order, part) : given(part, readParams(latest.params));
  const ended = await core.operations.carryOut(capturePartVerb, { subject, attempt: part.attempt, params });
  const value = await viewOrder(core, await readOrder(core, orderId));
  return outcomeOf(ended, { what: `Capturing ${part.id} of order ${orderId}`, value });
}

/** The part that completes the total is the last one, by what has been seen captured: never too early. */
async function newParams(core: BillingCore, order: OrderRow, { amount, final = false }: Part): Promise<Params> {
  refuseState(order);
  if (amount !== undefined) checkCapture(order, amount);
  const isLast = final || amount === undefined || amount === leftOf(order);
  // A last part may be the only one: that any card takes.
  if (!isLast) await refuseParts(core, order);
  const paymentIntentId = order.payment_intent ?? "";
  return { orderId: order.id, paymentIntentId, amount: amount ?? null, final, isLast };
}

/** Whether it was the last part was decided when it was first wished. */
function given({ amount, final = false }: Part, begun: Params): Params {
  return { ...begun, amount: amount ?? null, final };
}

async function refuseParts(core: BillingCore, order: OrderRow): Promise<void> {
  const one = `\`orders.capture("${order.id}", { amount })\` takes the money once, and lets the rest go.`;
  if (order.multicapture === 0) {
    const hint = `${one} An order of which parts are taken is created with \`multicapture: true\`.`;
    throw wrongState(order, "was not created to be captured in parts", hint);
  }
  if (await isOffered(core, order, "multicapture")) return;
  throw wrongState(order, "is paid with a card that is not captured in parts", one);
}

function refuseState({ id, status, cancel_requested }: OrderRow): void {
  if (cancel_requested === 1) throw beingCanceled({ id, status });
  if (status !== "authorized" && status !== "partially_captured") throw notCapturable({ id, status });
}

/** All that an operation of this verb marks its payment with: nothing of the order's lane runs beside it. */
const partMark = "bursar_part";

const partParams = record({
  orderId: text,
  ...ofPayment,
  /** Null: all that is left. */
  amount: orNull(integer),
  final: flag,
  isLast: flag,
});
type Params = Shaped<typeof partParams>;

function readParams(stored: string): Params {
  return partParams.read(JSON.parse(stored), "params");
}

export const capturePartVerb = defineVerb({
  name: "orders.capturePart",
  params: partParams,
  outcome: nothing,
  lane: laneOfOrder,
  about: aboutItsOrder,
  // It takes money, and the payer is not there.
  validForMs: () => dayMs,
  async reserve({ tx }, { params }) {
    const order = await lockOrder(tx, params.orderId);
    refuseState(order);
    const left = leftOf(order);
    const isTrue = params.isLast === (params.final || params.amount === null || params.amount === left);
    if (isTrue && (params.amount ?? 0) <= left) return;
    throw problem("wrong_state", `Another part of order ${order.id} was captured at this moment`, {
      hint: "Give the command again: it goes by what is left now.",
      details: { id: order.id, status: order.status },
    });
  },
  steps: [
    {
      name: "capture",
      answer: itsId,
      touches: touchedPayment,
      embeds: embeddedPayment,
      request: ({ id, params }) => ({
        method: "POST",
        path: `/v1/payment_intents/${params.paymentIntentId}/capture`,
        params: {
          amount_to_capture: params.amount ?? undefined,
          final_capture: params.isLast,
          metadata: { [partMark]: id },
        },
      }),
      holds: (payment, { id }) => mark(payment, partMark) === id,
    },
  ],
  answered: async () => ({}),
  refused: flagPromised("orders.capturePart"),
});
