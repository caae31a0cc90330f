// READ FIRST: money on its way back. Keeps invariant 4: what we refund and what others refunded is never more than was
// captured. The amount is reserved in the transaction that writes the operation, under the order's row.
import { idOf } from "../../kernel/contract/context.ts";
import type { Manifest, MirroredRow, News, Reacting, Remote, Verb } from "../../kernel/contract/manifest.ts";
import { mirrorKind } from "../../kernel/contract/manifest.ts";
import type { BillingTx } from "../../kernel/store/tables.ts";
import { mark, marks, marksOf } from "../marks.ts";
import type { OrderRow } from "../orders/index.ts";
import { type RefundRow, refundsMigrations } from "./tables.ts";

export interface RefundMirror extends MirroredRow {
  readonly status: RefundRow["status"];
  readonly refundId: string | null;
  readonly amount: number;
  readonly currency: string;
  readonly paymentIntent: string | null;
  readonly reason: string | null;
  readonly failureReason: string | null;
}

export function refundRow(remote: Remote): RefundMirror {
  const status = remote.status as RefundRow["status"];
  return {
    ...marksOf(remote),
    id: remote.id,
    customer: null,
    parent: idOf(remote.payment_intent) ?? idOf(remote.charge),
    // A succeeded refund may still fail, up to 30 days later.
    isFinal: status === "failed" || status === "canceled",
    status,
    refundId: mark(remote, "bursar_refund"),
    amount: Number(remote.amount),
    currency: String(remote.currency),
    paymentIntent: idOf(remote.payment_intent),
    reason: (remote.reason as string | null | undefined) ?? null,
    failureReason: (remote.failure_reason as string | null | undefined) ?? null,
  };
}

export function refundNews(before: RefundMirror | null, after: RefundMirror): News[] {
  if (before?.status === after.status) return [];
  const transition = `${after.id}:${after.status}`;
  return [{ type: "refund.changed", subject: after.id, transition, data: { ...after } }];
}

/** What may still be refunded: captured, less all that went back, is on its way back or is reserved. */
export async function refundable(db: Pick<BillingTx, "selectFrom">, order: OrderRow): Promise<number> {
  const rows = await db
    .selectFrom("refunds")
    .select("amount")
    .where("order_id", "=", order.id)
    .where("status", "in", ["pending", "requires_action", "succeeded"])
    .execute();
  return order.amount_paid - rows.reduce((sum, row) => sum + row.amount, 0);
}

const create: Verb = {
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

async function onRefundChanged(reacting: Reacting, news: News): Promise<News[]> {
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
    facts.push({ type: "refund.succeeded", subject: row.id, transition: seen.id, data });
  }
  if (status === "failed" || status === "canceled") {
    const data = { ...refund, reason: seen.failureReason };
    facts.push({ type: "refund.failed", subject: row.id, transition: seen.id, data });
  }
  if (!order) return facts;
  const amountRefunded = await recount(tx, order);
  if (status === "succeeded") {
    const data = { orderId: order.id, amount, amountRefunded };
    facts.push({ type: "order.refunded", subject: order.id, transition: seen.id, data });
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
async function onPaidAfterCancel(reacting: Reacting, news: News): Promise<News[]> {
  const { tx } = reacting;
  const order = await tx.selectFrom("orders").selectAll().where("id", "=", news.subject).executeTakeFirstOrThrow();
  const amount = await refundable(tx, order);
  if (amount <= 0 || order.payment_intent === null) return [];
  const id = `${order.id}:cancel`;
  // Wished before, whatever became of it: a refund that failed is for a human, not for a second one of ours.
  const wished = await tx.selectFrom("refunds").select("id").where("id", "=", id).executeTakeFirst();
  if (wished) return [];
  const params = refundParams({ order, amount, reason: null });
  await reserve(reacting, { id, order, amount, reason: null, operation: null });
  await reacting.fileOperation({ verb: "refunds.create", subject: id, attempt: 1, params });
  await tx
    .updateTable("refunds")
    .set((eb) => ({
      operation: eb
        .selectFrom("operations")
        .select("operations.id")
        .where("verb", "=", "refunds.create")
        .where("subject", "=", id)
        .limit(1),
    }))
    .where("id", "=", id)
    .execute();
  return [];
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

export const refundsManifest: Manifest = {
  name: "refunds",
  migrations: refundsMigrations,
  kinds: [
    mirrorKind<RefundMirror>({
      kind: "refund",
      isDeletable: false,
      path: (id) => `/v1/refunds/${id}`,
      list: { path: "/v1/refunds", byCustomer: false },
      row: refundRow,
      facts: refundNews,
    }),
  ],
  events: ["refund.created", "refund.updated", "refund.failed"],
  verbs: [create],
  reactions: { "refund.changed": onRefundChanged, "order.paid_after_cancel": onPaidAfterCancel },
};
