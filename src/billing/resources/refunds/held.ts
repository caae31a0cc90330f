// Whose the payment is that went back: what is told of a refund waits until that is known.
import { isAmong } from "#kit/sql/many.ts";
import { on, type Timer } from "../../kernel/contract/manifest.ts";
import type { News, Reacting } from "../../kernel/contract/reacting.ts";
import { heldMs, readClaims } from "../claims.ts";
import type { OrderRow } from "../orders/index.ts";
import type { RefundMirror } from "./refunds.ts";
import type { RefundRow } from "./tables.ts";

export function refundFacts(
  row: Pick<RefundRow, "id">,
  refund: RefundMirror,
  { order, invoiceId }: { readonly order: OrderRow | undefined; readonly invoiceId: string | null },
): News[] {
  const { status } = refund;
  const amount = { amount: refund.amount, currency: refund.currency };
  const about = { refundId: row.id, orderId: order?.id ?? null, invoiceId };
  const transition = refund.id;
  if (status === "failed" || status === "canceled") {
    const data = { ...about, reason: refund.failureReason };
    return [{ type: "refund.failed", subject: row.id, transition, data }];
  }
  if (status !== "succeeded") return [];
  const facts: News[] = [{ type: "refund.succeeded", subject: row.id, transition, data: { ...about, amount } }];
  if (!order) return facts;
  const data = { orderId: order.id, amount, amountRefunded: order.amount_refunded };
  return [...facts, { type: "order.refunded", subject: order.id, transition, data }];
}

interface Whose {
  isKnown(refund: RefundMirror): boolean;
  invoiceOf(refund: RefundMirror): string | null;
  /** Of what is not known: looked at again, should nothing be heard of it. */
  fileHeld(): Promise<void>;
}

/** Of no order: whether it is known whose the payment is. What was over before anybody asked waits for nothing. */
export async function whoseOf(
  { tx, now, isHistory, fileTimers }: Reacting,
  { payments, ties }: { readonly payments: readonly string[]; readonly ties: ReadonlyMap<string, string> },
): Promise<Whose> {
  const untied = payments.filter((id) => !ties.has(id));
  const claims = new Map([...ties, ...(await readClaims(tx, untied))]);
  const unknown = isHistory ? [] : [...new Set(untied)].filter((id) => !claims.has(id));
  return {
    isKnown: ({ paymentIntent }) => !unknown.includes(paymentIntent ?? ""),
    invoiceOf: ({ paymentIntent }) => claims.get(paymentIntent ?? "") ?? null,
    fileHeld: () => fileTimers(unknown.map((subject) => ({ kind: heldRefunds.kind, subject, dueAt: now + heldMs }))),
  };
}

/** What waited for it, once it is known whose these payments are. */
async function tellHeld({ tx }: Reacting, payments: readonly string[]): Promise<readonly News[]> {
  const claims = await readClaims(tx, payments);
  if (claims.size === 0) return [];
  const rows = await tx
    .selectFrom("refunds")
    .innerJoin("mirror", "mirror.id", "refunds.stripe_id")
    .select(["refunds.id", "refunds.payment_intent", "refunds.held", "mirror.row"])
    .where(isAmong(tx, "refunds.payment_intent", [...claims.keys()]))
    .where("refunds.order_id", "is", null)
    .where("refunds.invoice", "is", null)
    .execute();
  for (const payment of new Set(rows.map(({ payment_intent }) => payment_intent ?? ""))) {
    await tx
      .updateTable("refunds")
      .set({ held: 0, invoice: claims.get(payment) ?? null })
      .where("payment_intent", "=", payment)
      .where("order_id", "is", null)
      .where("invoice", "is", null)
      .execute();
  }
  const waiting = rows.filter(({ held }) => held === 1);
  return waiting.flatMap(({ id, row, payment_intent }) => {
    const refund = JSON.parse(row) as RefundMirror;
    return refundFacts({ id }, refund, { order: undefined, invoiceId: claims.get(payment_intent ?? "") ?? null });
  });
}

export const onRefundClaims = on("payment.claims", (reacting, news) =>
  tellHeld(
    reacting,
    news.map(({ data }) => data.paymentIntent),
  ),
);

export const onRefundInvoice = on("invoice_payment.seen", (reacting, news) =>
  tellHeld(
    reacting,
    news.flatMap(({ data }) => data.paymentIntent ?? []),
  ),
);

/** An invoice was tied to it at the moment at which it was seen, or Stripe has not answered yet. */
export const heldRefunds: Timer = {
  kind: "refunds.held",
  async work(reacting, { subject }) {
    const { tx, now } = reacting;
    const isKnown = (await readClaims(tx, [subject])).size > 0;
    if (!isKnown) await reacting.fileTimers([{ kind: heldRefunds.kind, subject, dueAt: now + heldMs }]);
    return tellHeld(reacting, [subject]);
  },
};
