// Sends money back: an order's, whole or a part. The amount is reserved in the transaction that writes the operation.
import { formatMoney } from "#kit/money.ts";
import { problem } from "#kit/problems.ts";
import { type Billing, type Outcome, type Refund, refundReasons } from "../../api/index.ts";
import type { Reacting, Verb } from "../../kernel/contract/manifest.ts";
import type { BillingCore } from "../../kernel/core.ts";
import type { BillingTx } from "../../kernel/store/tables.ts";
import { checkAttempt, checkId } from "../input.ts";
import { marks, marksOf } from "../marks.ts";
import type { OrderRow } from "../orders/index.ts";
import { readOrder } from "../orders/index.ts";
import { failureOf, refusalOf } from "../outcomes.ts";
import { readRefund, viewRefund } from "./read.ts";
import { refundable } from "./refunds.ts";

type CreateRefund = Parameters<Billing["refunds"]["create"]>[0];

export async function createRefund(core: BillingCore, input: CreateRefund): Promise<Outcome<Refund>> {
  const id = checkId("id", input.id);
  const reason = input.reason ?? null;
  if (reason !== null && !refundReasons.includes(reason)) {
    throw problem("invalid_params", `A reason is one of ${refundReasons.join(", ")}`, { details: { field: "reason" } });
  }
  if (input.amount !== undefined && (!Number.isSafeInteger(input.amount) || input.amount < 1)) {
    throw problem("invalid_amount", "An amount is an integer of minor units, 1 or more", {
      details: { field: "amount" },
    });
  }
  const attempt = checkAttempt(input.attempt);
  await core.ready();
  const order = await readOrder(core, checkId("orderId", input.orderId));
  const amount = input.amount ?? (await wholeRest(core, id, order));
  const ended = await core.operations.carryOut({
    verb: "refunds.create",
    subject: id,
    attempt,
    params: refundParams({ order, amount, reason }),
    async reserve(reacting, operation) {
      await refuseForeign(reacting.tx, id);
      const current = await lockOrder(reacting.tx, order.id);
      await refuseTooMuch(reacting.tx, current, amount);
      await reserve(reacting, { id, order: current, amount, reason, operation });
    },
  });
  const value = viewRefund(await readRefund(core, id));
  if (ended.state === "done") return { outcome: "done", value };
  if (ended.state === "open") return { outcome: "processing", operationId: ended.operationId, value };
  if (ended.state !== "refused") throw failureOf(ended, `Refund ${id}`);
  const { declineCode, code, message } = refusalOf(ended);
  return { outcome: "declined", value, reason: declineCode ?? code ?? "declined", message };
}

/** Without an amount: all that is left. A repeated command means the same amount as the first time. */
async function wholeRest(core: BillingCore, id: string, order: OrderRow): Promise<number> {
  return core.sql.read("refunds.rest", async (reader) => {
    const known = await reader.selectFrom("refunds").select("amount").where("id", "=", id).executeTakeFirst();
    return known?.amount ?? (await refundable(reader, order));
  });
}

/** A write on the order's row: two refunds of one order, in two processes, queue up here. */
async function lockOrder(tx: BillingTx, id: string): Promise<OrderRow> {
  return tx
    .updateTable("orders")
    .set((eb) => ({ version: eb("version", "+", 1) }))
    .where("id", "=", id)
    .returningAll()
    .executeTakeFirstOrThrow();
}

/** Refunds that were made behind our back stand under Stripe's id, which is therefore nobody's to give. */
async function refuseForeign(tx: BillingTx, id: string): Promise<void> {
  const foreign = await tx
    .selectFrom("refunds")
    .select("id")
    .where("id", "=", id)
    .where("foreign_made", "=", 1)
    .executeTakeFirst();
  if (!foreign) return;
  throw problem("conflict", `${id} is a refund that was made at Stripe`, { hint: "Give yours an id of your own." });
}

async function refuseTooMuch(tx: BillingTx, order: OrderRow, amount: number): Promise<void> {
  if (order.status !== "paid" || order.payment_intent === null) {
    throw problem("wrong_state", `Order ${order.id} is ${order.status}; only a paid order is refunded`, {
      hint: order.status === "authorized" ? "Cancel it instead: nothing was captured." : undefined,
      details: { orderId: order.id, status: order.status },
    });
  }
  const left = await refundable(tx, order);
  if (amount >= 1 && amount <= left) return;
  const { currency } = order;
  const asked = formatMoney({ amount, currency });
  throw problem(
    "invalid_amount",
    `${asked} is more than the ${formatMoney({ amount: left, currency })} that are left`,
    {
      hint: "Refunds made, on their way or made in Stripe's Dashboard all count.",
      details: { field: "amount", orderId: order.id, refundable: left, currency },
    },
  );
}

export function refundParams(input: { order: OrderRow; amount: number; reason: string | null }) {
  const { order, amount, reason } = input;
  return { orderId: order.id, paymentIntentId: order.payment_intent ?? "", amount, reason };
}

/** Sets the amount aside. `pending` counts against what may be refunded from this moment on. */
export async function reserve(
  { tx, now }: Reacting,
  refund: { id: string; order: OrderRow; amount: number; reason: string | null; operation: string | null },
): Promise<void> {
  const fresh = {
    foreign_made: 0,
    order_id: refund.order.id,
    amount: refund.amount,
    currency: refund.order.currency,
    status: "pending" as const,
    reason: refund.reason,
    failure_reason: null,
    stripe_id: null,
    operation: refund.operation,
  };
  await tx
    .insertInto("refunds")
    .values({ ...fresh, id: refund.id, created_at: now })
    .onConflict((conflict) => conflict.column("id").doUpdateSet(fresh))
    .execute();
}

export const create: Verb = {
  verb: "refunds.create",
  step: "create",
  lane: ({ params }) => `order:${String(params.orderId)}`,
  touches: ({ params }) => String(params.paymentIntentId),
  request: (operation) => {
    const { paymentIntentId, amount, reason, orderId } = operation.params;
    return {
      method: "POST",
      path: "/v1/refunds",
      params: {
        payment_intent: paymentIntentId as string,
        amount: amount as number,
        reason: (reason as string | null) ?? undefined,
        metadata: marks(operation, { bursar_order: String(orderId), bursar_refund: operation.subject }),
      },
    };
  },
  async find(operation, finder) {
    const made = await finder.list(`/v1/refunds?limit=100&payment_intent=${String(operation.params.paymentIntentId)}`);
    return made.find((refund) => marksOf(refund).operation === operation.id) ?? null;
  },
  async answered({ tx }, operation, remote) {
    await tx.updateTable("refunds").set({ stripe_id: remote.id }).where("id", "=", operation.subject).execute();
    return { stripeRefundId: remote.id };
  },
  async refused({ tx }, operation, refusal) {
    // The reservation is given back.
    const failed = { status: "failed" as const, failure_reason: refusal.code ?? refusal.message };
    await tx.updateTable("refunds").set(failed).where("id", "=", operation.subject).execute();
  },
};
