// How refunds hear of what became of them, and of money that came after a cancel.
import { formatMoney } from "#kit/money.ts";
import { isAmong } from "#kit/sql/many.ts";
import { on } from "../../kernel/contract/manifest.ts";
import type { RaisedFlag } from "../../kernel/contract/reacting.ts";
import { filed } from "../../kernel/contract/verb.ts";
import { slicesOf } from "../../kernel/store/many.ts";
import type { BillingTx } from "../../kernel/store/tables.ts";
import type { OrderRow } from "../orders/index.ts";
import { refundFacts, whoseOf } from "./held.ts";
import { isReserved, lockTies, orderRefund } from "./paid.ts";
import { automaticEnd, automaticFailed, isAutomatic, type RefundMirror } from "./refunds.ts";
import type { RefundRow } from "./tables.ts";
import { create } from "./verb.ts";

export const onRefundChanged = on("refund.changed", async (reacting, news) => {
  const { tx, now, flag } = reacting;
  const seen = news.map(({ data }) => data);
  const payments = seen.flatMap(({ paymentIntent }) => paymentIntent ?? []);
  const orders = await lockOrders(tx, payments);
  const others = payments.filter((id) => !orders.has(id));
  const ties = await lockTies(tx, others);
  const refunds = await readRefunds(tx, seen, payments);
  const whose = await whoseOf(reacting, { payments: others, ties });
  const flags: RaisedFlag[] = [];
  const changed = new Set<string>();
  const facts = seen.flatMap((refund) => {
    const order = orders.get(refund.paymentIntent ?? "");
    const own = ownRow(refunds, refund);
    const before = own ?? refunds.get(refund.id) ?? foreignRow(refund, { order, now });
    if (!own && refunds.get(refund.id) === undefined) flags.push(...flagOfTwin(refunds, refund));
    const held = whose.isKnown(refund) ? 0 : 1;
    const invoice = before.invoice ?? whose.invoiceOf(refund);
    const { id: stripe_id, status, failureReason: failure_reason } = refund;
    const row = { ...before, status, stripe_id, failure_reason, held, invoice };
    refunds.set(row.id, row);
    changed.add(row.id);
    if (held === 1) return [];
    flags.push(...flagOfBack(row));
    if (order) {
      order.amount_refunded = refundedOf(refunds, order);
      flags.push(...flagOfTooMuch(order));
    }
    return refundFacts(row, refund, { order, invoiceId: order ? null : invoice });
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

function flagOfBack({ id, status, order_id, invoice, failure_reason }: RefundRow): RaisedFlag[] {
  if (!isAutomatic(id) || (status !== "failed" && status !== "canceled")) return [];
  const of = { orderId: order_id ?? undefined, invoiceId: invoice ?? undefined };
  return [automaticFailed(of, failure_reason ?? status)];
}

function flagOfTooMuch({ id, amount_paid, amount_refunded }: OrderRow): RaisedFlag[] {
  if (amount_paid === 0 || amount_refunded <= amount_paid) return [];
  const detail = `${amount_refunded} of ${amount_paid} went back`;
  return [{ kind: "refunded_too_much", subject: id, detail }];
}

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

/** Those that were seen, as far as we have them, and all others of the same payments. */
async function readRefunds(
  tx: BillingTx,
  seen: readonly RefundMirror[],
  payments: readonly string[],
): Promise<Map<string, RefundRow>> {
  const rows = await tx
    .selectFrom("refunds")
    .selectAll()
    .where(({ or }) => or([isAmong(tx, "id", idsOf(seen)), isAmong(tx, "payment_intent", payments)]))
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
    invoice: null,
    payment_intent: seen.paymentIntent,
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
          invoice: eb.ref("excluded.invoice"),
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
    const params = orderRefund(order, { amount, reason: null });
    await reacting.fileOperation(filed(create, { subject: id, attempt: 1, params }));
  }
  return [];
});
