// How refunds hear of what became of them, and of money that came after a cancel.
import { formatMoney } from "#kit/money.ts";
import { isAmong } from "#kit/sql/many.ts";
import { on, type Timer } from "../../kernel/contract/manifest.ts";
import type { News, RaisedFlag, Reacting } from "../../kernel/contract/reacting.ts";
import { filed } from "../../kernel/contract/verb.ts";
import { slicesOf } from "../../kernel/store/many.ts";
import type { BillingTx } from "../../kernel/store/tables.ts";
import { heldMs, readClaims } from "../claims.ts";
import type { OrderRow } from "../orders/index.ts";
import { create, refundParams } from "./create.ts";
import { automaticEnd, automaticFailed, isAutomatic, isReserved, type RefundMirror } from "./refunds.ts";
import type { RefundRow } from "./tables.ts";

export const onRefundChanged = on("refund.changed", async (reacting, news) => {
  const { tx, now, flag } = reacting;
  const seen = news.map(({ data }) => data);
  const orders = await lockOrders(
    tx,
    seen.flatMap(({ paymentIntent }) => paymentIntent ?? []),
  );
  const refunds = await readRefunds(tx, seen, [...orders.values()]);
  const whose = await whoseOf(reacting, { seen, orders });
  const flags: RaisedFlag[] = [];
  const changed = new Set<string>();
  const facts = seen.flatMap((refund) => {
    const order = orders.get(refund.paymentIntent ?? "");
    const own = ownRow(refunds, refund);
    const before = own ?? refunds.get(refund.id) ?? foreignRow(refund, { order, now });
    if (!own && refunds.get(refund.id) === undefined) flags.push(...flagOfTwin(refunds, refund));
    const held = whose.isKnown(refund) ? 0 : 1;
    const row = { ...before, status: refund.status, stripe_id: refund.id, failure_reason: refund.failureReason, held };
    refunds.set(row.id, row);
    changed.add(row.id);
    if (!order) return held === 1 ? [] : refundFacts(row, refund, { order, invoiceId: whose.invoiceOf(refund) });
    const isBack = refund.status === "failed" || refund.status === "canceled";
    if (isBack && isAutomatic(row.id)) {
      flags.push(automaticFailed(order.id, refund.failureReason ?? refund.status));
    }
    order.amount_refunded = refundedOf(refunds, order);
    if (order.amount_paid > 0 && order.amount_refunded > order.amount_paid) {
      const detail = `${order.amount_refunded} of ${order.amount_paid} went back`;
      flags.push({ kind: "refunded_too_much", subject: order.id, detail });
    }
    return refundFacts(row, refund, { order, invoiceId: null });
  });
  await whose.fileHeld();
  await writeRefunds(
    tx,
    [...changed].flatMap((id) => refunds.get(id) ?? []),
  );
  await writeAmounts(tx, [...orders.values()]);
  await flag(flags);
  return facts;
});

function refundFacts(
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
async function whoseOf(
  { tx, now, isHistory, fileTimers }: Reacting,
  { seen, orders }: { readonly seen: readonly RefundMirror[]; readonly orders: ReadonlyMap<string | null, OrderRow> },
): Promise<Whose> {
  const payments = seen.flatMap(({ paymentIntent }) => paymentIntent ?? []).filter((id) => !orders.has(id));
  const claims = await readClaims(tx, payments);
  const unknown = isHistory ? [] : [...new Set(payments)].filter((id) => !claims.has(id));
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
    .select(["refunds.id", "mirror.row"])
    .where("refunds.held", "=", 1)
    .where(isAmong(tx, "mirror.parent", [...claims.keys()]))
    .execute();
  if (rows.length === 0) return [];
  const ids = rows.map(({ id }) => id);
  await tx
    .updateTable("refunds")
    .set({ held: 0 })
    .where(isAmong(tx, "id", ids))
    .execute();
  return rows.flatMap(({ id, row }) => {
    const refund = JSON.parse(row) as RefundMirror;
    return refundFacts({ id }, refund, { order: undefined, invoiceId: claims.get(refund.paymentIntent ?? "") ?? null });
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

/** By PaymentIntent. A write, so that two processes count the refunds of one order one after the other. */
async function lockOrders(tx: BillingTx, payments: readonly string[]): Promise<Map<string | null, OrderRow>> {
  const rows = await tx
    .updateTable("orders")
    .set((eb) => ({ version: eb("version", "+", 1) }))
    .where(isAmong(tx, "payment_intent", payments))
    .returningAll()
    .execute();
  return new Map(rows.map((order) => [order.payment_intent, order]));
}

/** Those that were seen, as far as we have them, and all others of their orders. */
async function readRefunds(
  tx: BillingTx,
  seen: readonly RefundMirror[],
  orders: readonly OrderRow[],
): Promise<Map<string, RefundRow>> {
  const rows = await tx
    .selectFrom("refunds")
    .selectAll()
    .where(({ or }) => or([isAmong(tx, "id", idsOf(seen)), isAmong(tx, "order_id", idsOf(orders))]))
    .execute();
  return new Map(rows.map((row) => [row.id, row]));
}

function idsOf(rows: readonly { readonly id: string }[]): readonly string[] {
  return rows.map(({ id }) => id);
}

/** The row we made for it. What merely bears our marks (metadata is copied easily) is another one. */
function ownRow(refunds: ReadonlyMap<string, RefundRow>, seen: RefundMirror): RefundRow | undefined {
  const own = refunds.get(seen.refundId ?? "");
  if (!own || own.operation !== seen.operation) return undefined;
  const isIt = own.stripe_id === null ? own.amount === seen.amount : own.stripe_id === seen.id;
  return isIt ? own : undefined;
}

function flagOfTwin(refunds: ReadonlyMap<string, RefundRow>, seen: RefundMirror): RaisedFlag[] {
  const own = refunds.get(seen.refundId ?? "");
  if (!own || own.foreign_made === 1) return [];
  const mine = own.stripe_id ?? "not made yet";
  const detail = `${seen.id} (${formatMoney(seen)}) bears the marks of this refund, which is ${mine}`;
  return [{ kind: "second_refund", subject: own.id, detail }];
}

/** One that was made behind our back gets a row of its own, marked so. */
function foreignRow(seen: RefundMirror, { order, now }: { order: OrderRow | undefined; now: number }): RefundRow {
  return {
    id: seen.id,
    foreign_made: 1,
    order_id: order?.id ?? null,
    amount: seen.amount,
    currency: seen.currency,
    status: seen.status,
    reason: seen.reason,
    failure_reason: seen.failureReason,
    stripe_id: seen.id,
    operation: null,
    created_at: now,
    held: 0,
  };
}

function refundedOf(refunds: ReadonlyMap<string, RefundRow>, order: OrderRow): number {
  const back = [...refunds.values()].filter(({ order_id, status }) => order_id === order.id && status === "succeeded");
  return back.reduce((sum, { amount }) => sum + amount, 0);
}

async function writeRefunds(tx: BillingTx, refunds: readonly RefundRow[]): Promise<void> {
  for (const slice of slicesOf(refunds)) {
    await tx
      .insertInto("refunds")
      .values(slice)
      .onConflict((conflict) =>
        conflict.column("id").doUpdateSet((eb) => ({
          status: eb.ref("excluded.status"),
          stripe_id: eb.ref("excluded.stripe_id"),
          failure_reason: eb.ref("excluded.failure_reason"),
          held: eb.ref("excluded.held"),
        })),
      )
      .execute();
  }
}

async function writeAmounts(tx: BillingTx, orders: readonly OrderRow[]): Promise<void> {
  for (const slice of slicesOf(orders)) {
    await tx
      .insertInto("orders")
      .values(slice)
      .onConflict((conflict) =>
        conflict.column("id").doUpdateSet((eb) => ({ amount_refunded: eb.ref("excluded.amount_refunded") })),
      )
      .execute();
  }
}

export const onRefundGone = on("object.gone", async ({ tx, flag }, news) => {
  const gone = news.flatMap(({ data }) => (data.kind === "refund" ? data.id : []));
  if (gone.length === 0) return [];
  const rows = await tx.selectFrom("refunds").select(["id", "stripe_id"]).where("stripe_id", "in", gone).execute();
  await flag(
    rows.map(({ id, stripe_id }) => {
      const detail = `Stripe does not know ${stripe_id} any more. It still counts as it was last seen.`;
      return { kind: "refund_gone", subject: id, detail };
    }),
  );
  return [];
});

/** A cancel was wished and the money came nevertheless: it goes back, once. */
export const onPaidAfterCancel = on("order.paid_after_cancel", async (reacting, news) => {
  const { tx } = reacting;
  const ids = news.map(({ data }) => data.orderId);
  const orders = await tx.selectFrom("orders").selectAll().where("id", "in", ids).execute();
  const refunds = await tx.selectFrom("refunds").selectAll().where("order_id", "in", ids).execute();
  for (const order of orders) {
    const own = refunds.filter(({ order_id }) => order_id === order.id);
    const id = `${order.id}${automaticEnd}`;
    // Wished before, whatever became of it: a refund that failed is for a human, not for a second one of ours.
    if (own.some((refund) => refund.id === id)) continue;
    const amount = order.amount_paid - own.filter(isReserved).reduce((sum, refund) => sum + refund.amount, 0);
    if (amount <= 0) continue;
    const params = refundParams({ order, amount, reason: null });
    await reacting.fileOperation(filed(create, { subject: id, attempt: 1, params }));
  }
  return [];
});
