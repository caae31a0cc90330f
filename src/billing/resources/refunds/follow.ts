// How refunds hear of what became of them, and of money that came after a cancel.
import { factNews } from "../../kernel/contract/facts.ts";
import type { News, Reacting } from "../../kernel/contract/manifest.ts";
import { filed } from "../../kernel/contract/verb.ts";
import type { BillingTx } from "../../kernel/store/tables.ts";
import type { OrderRow } from "../orders/index.ts";
import { create, refundParams } from "./create.ts";
import { type RefundMirror, refundable } from "./refunds.ts";
import type { RefundRow } from "./tables.ts";

export async function onRefundChanged(reacting: Reacting, news: News): Promise<News[]> {
  const { tx } = reacting;
  const seen = news.data as unknown as RefundMirror;
  const order = await orderOf(tx, seen);
  const row = await ownRow(tx, seen, { order, now: reacting.now });
  const { status } = seen;
  const changes = { status, stripe_id: seen.id, failure_reason: seen.failureReason };
  await tx.updateTable("refunds").set(changes).where("id", "=", row.id).execute();
  const amount = { amount: seen.amount, currency: seen.currency };
  const refund = { refundId: row.id, orderId: order?.id ?? null };
  const facts: News[] = [];
  if (status === "succeeded") {
    const data = { ...refund, amount };
    facts.push(factNews("refund.succeeded", { subject: row.id, transition: seen.id, data }));
  }
  if (status === "failed" || status === "canceled") {
    const data = { ...refund, reason: seen.failureReason };
    facts.push(factNews("refund.failed", { subject: row.id, transition: seen.id, data }));
  }
  if (!order) return facts;
  const amountRefunded = await recount(tx, order);
  if (status === "succeeded") {
    const data = { orderId: order.id, amount, amountRefunded };
    facts.push(factNews("order.refunded", { subject: order.id, transition: seen.id, data }));
  }
  if (amountRefunded > order.amount_paid && order.status === "paid") {
    await reacting.flag("refunded_too_much", order.id, `${amountRefunded} of ${order.amount_paid} went back`);
  }
  return facts;
}

async function orderOf(tx: BillingTx, seen: RefundMirror): Promise<OrderRow | undefined> {
  if (seen.paymentIntent === null) return undefined;
  return tx.selectFrom("orders").selectAll().where("payment_intent", "=", seen.paymentIntent).executeTakeFirst();
}

/** Our row of this refund; one that was made behind our back gets a row of its own, marked so. */
async function ownRow(
  tx: BillingTx,
  seen: RefundMirror,
  input: { order: OrderRow | undefined; now: number },
): Promise<Pick<RefundRow, "id">> {
  const isOwnMark = seen.refundId !== null && seen.operation !== null;
  const own = isOwnMark
    ? await tx
        .selectFrom("refunds")
        .select("id")
        .where("id", "=", seen.refundId)
        .where("operation", "=", seen.operation)
        .executeTakeFirst()
    : undefined;
  if (own) return own;
  await tx
    .insertInto("refunds")
    .values({
      id: seen.id,
      foreign_made: 1,
      order_id: input.order?.id ?? null,
      amount: seen.amount,
      currency: seen.currency,
      status: seen.status,
      reason: seen.reason,
      failure_reason: seen.failureReason,
      stripe_id: seen.id,
      operation: null,
      created_at: input.now,
    })
    .onConflict((conflict) => conflict.column("id").doNothing())
    .execute();
  return { id: seen.id };
}

async function recount(tx: BillingTx, order: OrderRow): Promise<number> {
  const rows = await tx
    .selectFrom("refunds")
    .select("amount")
    .where("order_id", "=", order.id)
    .where("status", "=", "succeeded")
    .execute();
  const amountRefunded = rows.reduce((sum, row) => sum + row.amount, 0);
  await tx.updateTable("orders").set({ amount_refunded: amountRefunded }).where("id", "=", order.id).execute();
  return amountRefunded;
}

/** A cancel was wished and the money came nevertheless: it goes back, once. */
export async function onPaidAfterCancel(reacting: Reacting, news: News): Promise<News[]> {
  const { tx } = reacting;
  const order = await tx.selectFrom("orders").selectAll().where("id", "=", news.subject).executeTakeFirstOrThrow();
  const amount = await refundable(tx, order);
  if (amount <= 0 || order.payment_intent === null) return [];
  const id = `${order.id}:cancel`;
  // Wished before, whatever became of it: a refund that failed is for a human, not for a second one of ours.
  const wished = await tx.selectFrom("refunds").select("id").where("id", "=", id).executeTakeFirst();
  if (wished) return [];
  const params = refundParams({ order, amount, reason: null });
  await reacting.fileOperation(filed(create, { subject: id, attempt: 1, params }));
  return [];
}
