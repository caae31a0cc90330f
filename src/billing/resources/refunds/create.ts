// Sends money back: an order's, whole or a part. The amount is reserved in the transaction that writes the operation.
import { checkPart, formatMoney } from "#kit/money.ts";
import { isProblem, problem } from "#kit/problems.ts";
import { type Billing, type Outcome, type Refund, refundReasons } from "../../api/index.ts";
import { lookNow } from "../../kernel/changes/observe.ts";
import type { News, Reacting } from "../../kernel/contract/reacting.ts";
import { integer, orNull, record, text } from "../../kernel/contract/shape.ts";
import { defineVerb, itsId } from "../../kernel/contract/verb.ts";
import type { BillingCore } from "../../kernel/core.ts";
import type { BillingTx } from "../../kernel/store/tables.ts";
import { checkAttempt, checkFields, checkId, type Fields } from "../input.ts";
import { marks, marksOf } from "../marks.ts";
import type { OrderRow } from "../orders/index.ts";
import { lockOrder, readOrder } from "../orders/index.ts";
import { outcomeOf } from "../outcomes.ts";
import { readRefund, viewRefund } from "./read.ts";
import { automaticEnd, automaticFailed, isAutomatic, refundable } from "./refunds.ts";
import type { RefundRow } from "./tables.ts";

type CreateRefund = Parameters<Billing["refunds"]["create"]>[0];

const fields: Fields<CreateRefund> = { id: true, orderId: true, amount: true, reason: true, attempt: true };

export async function createRefund(core: BillingCore, given: CreateRefund): Promise<Outcome<Refund>> {
  const input = checkFields("input", given, fields);
  const id = checkId("id", input.id);
  if (isAutomatic(id)) {
    throw problem(
      "invalid_params",
      `Ids that end in ${automaticEnd} are those of refunds that Bursar makes by itself`,
      {
        hint: "Give yours another id.",
        details: { field: "id" },
      },
    );
  }
  const reason = input.reason ?? null;
  if (reason !== null && !refundReasons.includes(reason)) {
    throw problem("invalid_params", `A reason is one of ${refundReasons.join(", ")}`, { details: { field: "reason" } });
  }
  const attempt = checkAttempt(input.attempt);
  await core.ready();
  const order = await readOrder(core, checkId("orderId", input.orderId));
  if (input.amount !== undefined)
    checkPart({ amount: input.amount, currency: currencyOf(order) }, { of: `Refund ${id}` });
  const amount = input.amount ?? (await wholeRest(core, id, order));
  const ended = await core.operations.carryOut(create, {
    subject: id,
    attempt,
    params: refundParams({ order, amount, reason }),
  });
  if (ended.state === "failed" && ended.refusal.code === disputed) await lookAtDisputes(core, order);
  const row = await readRefund(core, id);
  const value = viewRefund(row);
  const outcome = outcomeOf(ended, { what: `Refund ${id}`, value });
  return outcome.outcome === "done" ? outcomeAtBank(row, { ...outcome, operationId: ended.operationId }) : outcome;
}

const disputed = "charge_disputed";

/** What Stripe refuses it for is for a human to answer, who is told at once: its own event may be late, or lost. */
async function lookAtDisputes({ kernel }: BillingCore, { id, payment_intent }: OrderRow): Promise<void> {
  const context = { priority: "command", about: { orderId: id } } as const;
  try {
    for await (const dispute of kernel.gateway.list(`/v1/disputes?payment_intent=${payment_intent}`, context)) {
      await lookNow(kernel, { kind: "dispute", id: dispute.id });
    }
  } catch (error) {
    if (!isProblem(error)) throw error;
    kernel.ports.log.warn("refund.dispute_not_seen", { orderId: id, error: error.message }); // its event tells
  }
}

/** Stripe took it; whether the money is back is the bank's to say, at once or days later. */
function outcomeAtBank(row: RefundRow, done: { value: Refund; operationId: string }): Outcome<Refund> {
  const { value, operationId } = done;
  if (row.status === "succeeded") return { outcome: "done", value };
  if (row.status === "pending" || row.status === "requires_action") {
    return { outcome: "processing", operationId, value };
  }
  const reason = row.failure_reason ?? row.status;
  const message = "The refund came back: the money is with you again. Wish it anew under another id.";
  return { outcome: "declined", value, reason, code: null, declineCode: null, message };
}

/** What came is what goes back. */
function currencyOf(order: Pick<OrderRow, "currency" | "paid_currency">): string {
  return order.paid_currency ?? order.currency;
}

export function refundParams(input: { order: OrderRow; amount: number; reason: string | null }) {
  const { order, amount, reason } = input;
  return { orderId: order.id, paymentIntentId: order.payment_intent ?? "", amount, reason };
}

export const create = defineVerb({
  name: "refunds.create",
  params: record({ orderId: text, paymentIntentId: text, amount: integer, reason: orNull(text) }),
  outcome: record({ stripeRefundId: text }),
  lane: ({ params }) => `order:${params.orderId}`,
  about: ({ subject, params }) => ({ refundId: subject, orderId: params.orderId }),
  async reserve(reacting, { id: operation, subject: id, params }) {
    const { orderId, amount, reason } = params;
    const order = await lockOrder(reacting.tx, orderId);
    await refuseMade(reacting.tx, id);
    await refuseTooMuch(reacting.tx, { id, order, amount });
    await setAside(reacting, { id, order, amount, reason, operation });
  },
  steps: [
    {
      name: "create",
      answer: itsId,
      touches: ({ params }) => params.paymentIntentId,
      embeds: ({ params }) => [{ kind: "payment_intent", id: params.paymentIntentId }],
      request: (operation) => ({
        method: "POST",
        path: "/v1/refunds",
        params: {
          payment_intent: operation.params.paymentIntentId,
          amount: operation.params.amount,
          reason: operation.params.reason ?? undefined,
          metadata: marks(operation, { bursar_order: operation.params.orderId, bursar_refund: operation.subject }),
        },
      }),
      async find({ id, params }, { list }) {
        const made = await list(`/v1/refunds?limit=100&payment_intent=${params.paymentIntentId}`);
        return made.find((refund) => marksOf(refund).operation === id) ?? null;
      },
    },
  ],
  async answered({ tx }, { subject, params }, { create }) {
    await lockOrder(tx, params.orderId);
    const own = await tx.selectFrom("refunds").select("stripe_id").where("id", "=", subject).executeTakeFirstOrThrow();
    // One that bears the same marks was seen first: this one is the second, which its own news tell.
    if (own.stripe_id !== null) return { stripeRefundId: own.stripe_id };
    // It was seen before, and taken for a stranger's: what is known of it is told no second time.
    const known = await tx
      .deleteFrom("refunds")
      .where("stripe_id", "=", create.id)
      .returning(["status", "failure_reason"])
      .executeTakeFirst();
    await tx
      .updateTable("refunds")
      .set({ ...known, stripe_id: create.id })
      .where("id", "=", subject)
      .execute();
    return { stripeRefundId: create.id };
  },
  async refused({ tx, flag }, { id, subject, params, isPromised }, refusal): Promise<News[]> {
    // The reservation is given back. What was seen at Stripe stands, whoever says that nothing was made.
    await lockOrder(tx, params.orderId);
    const failed = { status: "failed" as const, failure_reason: refusal.code ?? refusal.message };
    await tx.updateTable("refunds").set(failed).where("id", "=", subject).where("stripe_id", "is", null).execute();
    if (isAutomatic(subject)) await flag([automaticFailed(params.orderId, refusal.message)]);
    if (!isPromised) return []; // Its caller is being answered.
    const data = { refundId: subject, orderId: params.orderId, invoiceId: null, reason: failed.failure_reason };
    return [{ type: "refund.failed", subject, transition: id, data }];
  },
});

/** Without an amount: all that is left. A repeated command means the same amount as the first time. */
async function wholeRest(core: BillingCore, id: string, order: OrderRow): Promise<number> {
  return core.sql.read("refunds.rest", async (reader) => {
    const known = await reader.selectFrom("refunds").select("amount").where("id", "=", id).executeTakeFirst();
    return known?.amount ?? (await refundable(reader, order));
  });
}

/**
 * Refunds that were made behind our back stand under Stripe's id, which is therefore nobody's to give. And what stands
 * at Stripe is not made again, although a human ended its operation.
 */
async function refuseMade(tx: BillingTx, id: string): Promise<void> {
  const made = await tx
    .selectFrom("refunds")
    .select(["foreign_made", "stripe_id"])
    .where("id", "=", id)
    .where("stripe_id", "is not", null)
    .executeTakeFirst();
  if (!made) return;
  const what =
    made.foreign_made === 1 ? "is a refund that was made at Stripe" : `stands at Stripe as ${made.stripe_id}`;
  throw problem("conflict", `${id} ${what}`, { hint: "Give another one an id of its own." });
}

async function refuseTooMuch(tx: BillingTx, refund: { id: string; order: OrderRow; amount: number }): Promise<void> {
  const { id, order, amount } = refund;
  if (order.amount_paid === 0) {
    const isHeld = order.status === "authorized" || order.status === "mispaid";
    throw problem(
      "wrong_state",
      `Refund ${id}: order ${order.id} is ${order.status}, and only what was paid is refunded`,
      {
        hint: isHeld
          ? "Nothing was captured: let go of it with `orders.cancel()`."
          : "`orders.settled()` asks Stripe whether it was paid meanwhile.",
        details: { orderId: order.id, status: order.status },
      },
    );
  }
  const left = await refundable(tx, order);
  if (amount >= 1 && amount <= left) return;
  const currency = currencyOf(order);
  const [asked, rest] = [amount, left].map((one) => formatMoney({ amount: one, currency }));
  throw problem(
    "invalid_amount",
    left === 0
      ? `Refund ${id}: nothing is left of order ${order.id} to send back`
      : `Refund ${id}: ${asked} is more than the ${rest} that are left of order ${order.id}`,
    {
      hint: "Refunds made, on their way or made in Stripe's Dashboard all count.",
      details: { field: "amount", orderId: order.id, refundable: left, currency },
    },
  );
}

/** From this moment on, `pending` counts against what may be refunded. */
async function setAside(
  { tx, now }: Reacting,
  refund: { id: string; order: OrderRow; amount: number; reason: string | null; operation: string },
): Promise<void> {
  const fresh = {
    foreign_made: 0,
    order_id: refund.order.id,
    amount: refund.amount,
    currency: currencyOf(refund.order),
    status: "pending" as const,
    reason: refund.reason,
    failure_reason: null,
    stripe_id: null,
    operation: refund.operation,
    held: 0,
  };
  await tx
    .insertInto("refunds")
    .values({ ...fresh, id: refund.id, created_at: now })
    .onConflict((conflict) => conflict.column("id").doUpdateSet(fresh))
    .execute();
}
