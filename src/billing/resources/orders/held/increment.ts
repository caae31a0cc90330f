// Has the payer's bank hold more for an authorized order: a hotel's minibar, a longer ride. The order grows by lines,
// once Stripe has agreed. https://docs.stripe.com/payments/incremental-authorization
import { dayMs } from "#kit/clock.ts";
import { checkCharge } from "#kit/money.ts";
import { problem } from "#kit/problems.ts";
import { type IncrementOrder, linesMax, type Order, type OrderLine, type Outcome } from "../../../api/index.ts";
import { integer, listOf, record, type Shaped, text } from "../../../kernel/contract/shape.ts";
import { defineVerb, flagPromised, itsId } from "../../../kernel/contract/verb.ts";
import type { BillingCore } from "../../../kernel/core.ts";
import { canonicalJson } from "../../../kernel/store/canonical_json.ts";
import { checkAttempt, checkFields, checkId, type Fields } from "../../input.ts";
import { latestOperation } from "../../latest.ts";
import { outcomeOf } from "../../outcomes.ts";
import { checkLines, totalOf } from "../lines.ts";
import { lockOrder } from "../lock.ts";
import {
  aboutItsOrder,
  beingCanceled,
  embeddedPayment,
  laneOfOrder,
  nothing,
  ofPayment,
  touchedPayment,
  wishOf,
  wrongState,
} from "../payment.ts";
import { readOrder, viewOrder } from "../read.ts";
import type { OrderRow } from "../tables.ts";
import { type Growth, growthOf } from "./growth.ts";
import { isOffered } from "./offers.ts";

const incrementFields: Fields<IncrementOrder> = { id: true, lines: true, attempt: true };

export async function incrementOrder(
  core: BillingCore,
  orderId: string,
  given: IncrementOrder,
): Promise<Outcome<Order>> {
  const { id, lines: sent, attempt } = checkFields("options", given, incrementFields);
  const subject = wishOf(checkId("id", orderId), checkId("id", id));
  const lines = checkLines(sent);
  checkAttempt(attempt);
  const order = await readOrder(core, orderId);
  await core.ready();
  const latest = await latestOperation(core, increment, subject);
  const isNew = latest === undefined || (attempt !== undefined && attempt > latest.attempt);
  // What was begun is the same wish, whatever the order has become meanwhile.
  const params = isNew ? await newParams(core, order, lines) : { ...readParams(latest.params), lines };
  const ended = await core.operations.carryOut(increment, { subject, attempt, params });
  const value = await viewOrder(core, await readOrder(core, orderId));
  return outcomeOf(ended, { what: `Increment ${id} of order ${orderId}`, value });
}

async function newParams(core: BillingCore, order: OrderRow, lines: readonly OrderLine[]): Promise<Params> {
  refuseState(order);
  const { id, currency, payment_intent } = order;
  const amount = order.total + totalOf(lines);
  checkGrowth(order, { amount, lines });
  checkCharge({ amount, currency }, { field: "lines", of: `Order ${id}` });
  await refuseFixed(core, order);
  return { orderId: id, paymentIntentId: payment_intent ?? "", amount, lines };
}

function checkGrowth(order: OrderRow, { amount, lines }: Pick<Params, "amount" | "lines">): void {
  const details = { field: "lines" };
  if (amount === order.total) {
    throw problem("invalid_amount", `Order ${order.id}: lines that cost nothing have nothing more held`, { details });
  }
  if (linesOf(order).length + lines.length <= linesMax) return;
  throw problem("invalid_params", `Order ${order.id}: an order has 1 to ${linesMax} lines`, { details });
}

async function refuseFixed(core: BillingCore, order: OrderRow): Promise<void> {
  const rest = "Have what comes on top paid by an order of its own.";
  if (order.incremental_authorization === 0) {
    const hint = `${rest} An order that may grow is created with \`incrementalAuthorization: true\`.`;
    throw wrongState(order, "was not created to have more held", hint);
  }
  if (await isOffered(core, order, "incremental_authorization")) return;
  throw wrongState(order, "is paid with a card on which no more can be held", rest);
}

function refuseState({ id, status, cancel_requested, increment }: OrderRow): void {
  const order = { id, status };
  if (cancel_requested === 1) throw beingCanceled(order, "incremented");
  if (status === "partially_captured") {
    throw wrongState(
      order,
      "was captured in part, and no more can be held for it",
      "Capture what is held, and have the rest paid by an order of its own.",
    );
  }
  if (status !== "authorized") {
    throw wrongState(
      order,
      `is ${status} and cannot be incremented`,
      'Only what the payer\'s bank holds can become more: `orders.create()` with `capture: "manual"`.',
    );
  }
  if (increment === null) return;
  throw wrongState(order, "is being incremented at this moment", "Give the command again when that one has ended.");
}

function linesOf(order: OrderRow): readonly OrderLine[] {
  return JSON.parse(order.lines) as OrderLine[];
}

const incrementParams = record({
  orderId: text,
  ...ofPayment,
  /** The whole that is to be held. */
  amount: integer,
  /** What comes on top. */
  lines: listOf(record({ description: text, quantity: integer, unitAmount: integer })),
});
type Params = Shaped<typeof incrementParams>;

function readParams(stored: string): Params {
  return incrementParams.read(JSON.parse(stored), "params");
}

export const increment = defineVerb({
  name: "orders.increment",
  params: incrementParams,
  outcome: nothing,
  lane: laneOfOrder,
  about: aboutItsOrder,
  // It holds the payer's money, who is not there.
  validForMs: () => dayMs,
  async reserve({ tx }, { id, params }) {
    const order = await lockOrder(tx, params.orderId);
    refuseState(order);
    if (order.total + totalOf(params.lines) !== params.amount) {
      const hint = "Give the command again: it goes by what is held now.";
      throw wrongState(order, "was incremented at this moment", hint);
    }
    const growth: Growth = { operation: id, total: params.amount, lines: [...linesOf(order), ...params.lines] };
    await tx
      .updateTable("orders")
      .set({ increment: canonicalJson(growth) })
      .where("id", "=", order.id)
      .execute();
  },
  steps: [
    {
      name: "increment",
      answer: itsId,
      touches: touchedPayment,
      embeds: embeddedPayment,
      request: ({ params }) => ({
        method: "POST",
        path: `/v1/payment_intents/${params.paymentIntentId}/increment_authorization`,
        params: { amount: params.amount },
      }),
      // Nothing else of the order's lane goes between, and it never becomes less.
      holds: (payment, { params }) => Number(payment.amount) >= params.amount,
    },
  ],
  // The order grows when its payment is seen to hold more, by this answer or by an event before it.
  answered: async () => ({}),
  async refused(reacting, operation, refusal) {
    const order = await lockOrder(reacting.tx, operation.params.orderId);
    if (growthOf(order)?.operation === operation.id) {
      await reacting.tx.updateTable("orders").set({ increment: null }).where("id", "=", order.id).execute();
    }
    return flagPromised("orders.increment")(reacting, operation, refusal);
  },
});
