// Sends money back: an order's, or an invoice's, whole or a part. The amount is reserved in the transaction that writes
// the operation.
import { problem } from "#kit/problems.ts";
import type { News, Reacting } from "../../kernel/contract/reacting.ts";
import { integer, orNull, record, type Shaped, text } from "../../kernel/contract/shape.ts";
import { defineVerb, itsId, type OperationView } from "../../kernel/contract/verb.ts";
import type { BillingTx } from "../../kernel/store/tables.ts";
import { marks, marksOf } from "../marks.ts";
import { lockPaid, ofPaid, type Paid, refundable, refusal } from "./paid.ts";
import { automaticFailed, isAutomatic } from "./refunds.ts";

export const refundWish = record({ ...ofPaid, amount: integer, reason: orNull(text) });
export type RefundWish = Shaped<typeof refundWish>;

export const create = defineVerb({
  name: "refunds.create",
  params: refundWish,
  outcome: record({ stripeRefundId: text }),
  lane: ({ params: { orderId, invoiceId } }) => (orderId === undefined ? `invoice:${invoiceId}` : `order:${orderId}`),
  about: aboutRefund,
  async reserve(reacting, operation) {
    const { subject: id, params } = operation;
    const paid = await lockPaid(reacting.tx, params);
    await refuseMade(reacting.tx, id);
    const refused = refusal(paid, { id, amount: params.amount, left: await refundable(reacting.tx, paid) });
    if (refused) throw refused;
    await setAside(reacting, operation, paid);
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
          metadata: marks(operation, { ...orderMark(operation.params), bursar_refund: operation.subject }),
        },
      }),
      async find({ id, params }, { list }) {
        const made = await list(`/v1/refunds?limit=100&payment_intent=${params.paymentIntentId}`);
        return made.find((refund) => marksOf(refund).operation === id) ?? null;
      },
    },
  ],
  async answered({ tx }, { subject, params }, { create }) {
    await lockPaid(tx, params);
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
    await lockPaid(tx, params);
    const failed = { status: "failed" as const, failure_reason: refusal.code ?? refusal.message };
    await tx.updateTable("refunds").set(failed).where("id", "=", subject).where("stripe_id", "is", null).execute();
    if (isAutomatic(subject)) await flag([automaticFailed(params, refusal.message)]);
    if (!isPromised) return []; // Its caller is being answered.
    const { orderId = null, invoiceId = null } = params;
    const data = { refundId: subject, orderId, invoiceId, reason: failed.failure_reason };
    return [{ type: "refund.failed", subject, transition: id, data }];
  },
});

/** What the log says of its calls, and of what is asked of Stripe for it. */
export function aboutRefund({ subject, params }: Pick<OperationView<RefundWish>, "subject" | "params">) {
  const { orderId, invoiceId } = params;
  return { refundId: subject, ...(invoiceId === undefined ? { orderId: orderId ?? "" } : { invoiceId }) };
}

function orderMark({ orderId }: RefundWish): Readonly<Record<string, string>> {
  return orderId === undefined ? {} : { bursar_order: orderId };
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

/** From this moment on, `pending` counts against what may be refunded. */
async function setAside(
  { tx, now }: Reacting,
  { id: operation, subject, params }: OperationView<RefundWish>,
  paid: Paid,
): Promise<void> {
  const fresh = {
    foreign_made: 0,
    order_id: params.orderId ?? null,
    invoice: params.invoiceId ?? null,
    payment_intent: params.paymentIntentId,
    amount: params.amount,
    currency: paid.currency,
    status: "pending" as const,
    reason: params.reason,
    failure_reason: null,
    stripe_id: null,
    operation,
    held: 0,
  };
  await tx
    .insertInto("refunds")
    .values({ ...fresh, id: subject, created_at: now })
    .onConflict((conflict) => conflict.column("id").doUpdateSet(fresh))
    .execute();
}
