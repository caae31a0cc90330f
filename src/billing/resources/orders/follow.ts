// How orders hear of their payments.
import { formatMoney } from "#kit/money.ts";
import { isAmongPacked, packTexts, rowsGiven } from "#kit/sql/many.ts";
import { execute } from "#kit/sql/statement.ts";
import { on } from "../../kernel/contract/manifest.ts";
import type { News, RaisedFlag } from "../../kernel/contract/reacting.ts";
import { filed } from "../../kernel/contract/verb.ts";
import type { BillingTx } from "../../kernel/store/tables.ts";
import { madeBy } from "../marks.ts";
import type { PaymentIntentMirror } from "../payments/index.ts";
import { cancel } from "./cancel.ts";
import { checkout } from "./checkout.ts";
import { cameOf, failedFact, isOver, orderAfter, orderFacts, secondIntent } from "./orders.ts";
import type { OrderRow } from "./tables.ts";

/** Before the payment it failed for: what came of that may be told in the same transaction. */
export const onChargeFailed = on("charge.failed", async ({ tx }, news) => {
  const payments = news.flatMap(({ data }) => data.paymentIntent ?? []);
  if (payments.length === 0) return [];
  const rows = await tx.selectFrom("orders").selectAll().where("payment_intent", "in", payments).execute();
  const orders = new Map(rows.map((order) => [order.payment_intent, order]));
  return news.flatMap(({ data: { charge, paymentIntent, failure } }) => {
    const order = orders.get(paymentIntent);
    const isOfUse = order && failure && !isOver(order) && order.cancel_requested === 0;
    return !isOfUse ? [] : [failedFact(order.id, charge, failure)];
  });
});

/**
 * The order follows the PaymentIntent that its checkout made, known by its id. One that merely names the order, or was
 * made beside it, pays nothing: its money is for a human.
 */
export const onPaymentChanged = on("payment.changed", async (reacting, news) => {
  const { tx, now, instance } = reacting;
  const payments = news.map(({ data }) => data);
  const orders = await lockOrders(tx, payments);
  const byPayment = new Map([...orders.values()].map((order) => [order.payment_intent, order.id]));
  const strangers = payments.filter(({ id }) => !byPayment.has(id));
  const made = await madeBy(reacting, checkout.name, strangers);
  const flags: RaisedFlag[] = [];
  const changed = new Set<string>();
  const left: OrderRow[] = [];
  const next = news.flatMap((one): News[] => {
    const payment = one.data;
    const order = orders.get(byPayment.get(payment.id) ?? payment.orderId ?? "");
    if (!order) return [];
    if (order.payment_intent !== payment.id && (order.payment_intent !== null || made.get(payment.id) !== order.id)) {
      flags.push(...flagOfAnother(order, payment, instance));
      return [];
    }
    const after = orderAfter(order, payment, now);
    orders.set(order.id, after);
    byPayment.set(payment.id, order.id);
    if (followedFields.some((field) => order[field] !== after[field])) changed.add(order.id);
    flags.push(...flagOfMispaid(order, after, payment));
    if (isLeftOpen(after, payment)) left.push(after);
    return orderFacts(order, after, one);
  });
  await writeOrders(
    tx,
    [...changed].flatMap((id) => orders.get(id) ?? []),
  );
  await reacting.flag(flags);
  for (const { id, canceled_reason: reason, payment_intent } of left) {
    const params = { paymentIntentId: payment_intent ?? "", reason };
    await reacting.fileOperation(filed(cancel, { subject: id, attempt: 1, params }));
  }
  return next;
});

/** Money may lie there that only a human finds again. */
export const onPaymentGone = on("object.gone", async ({ tx, flag }, news) => {
  const gone = news.flatMap(({ data }) => (data.kind === "payment_intent" ? data.id : []));
  if (gone.length === 0) return [];
  const rows = await tx
    .selectFrom("orders")
    .select(["id", "payment_intent"])
    .where("payment_intent", "in", gone)
    .execute();
  await flag(
    rows.map(({ id, payment_intent }) => ({
      kind: "payment_gone",
      subject: id,
      detail: `Stripe does not know ${payment_intent} any more. Is the key of the account in which it was made?`,
    })),
  );
  return [];
});

/** It turned up when the order had been canceled already, and could still be paid. */
function isLeftOpen(order: OrderRow, payment: PaymentIntentMirror): boolean {
  return order.status === "canceled" && !payment.isFinal;
}

/** Ours is one too many, paid or not: the buyer may have its page open. A stranger's matters once there is money. */
function flagOfAnother(order: OrderRow, payment: PaymentIntentMirror, instance: string): RaisedFlag[] {
  const hasMoney = payment.status === "succeeded" || payment.status === "requires_capture";
  if (!hasMoney) {
    return order.payment_intent === null || payment.instance !== instance ? [] : [secondIntent(order, payment)];
  }
  const money = formatMoney(cameOf(payment));
  if (order.payment_intent !== null) {
    const detail = `${payment.id} (${money}) beside ${order.payment_intent}`;
    return [{ kind: "second_payment", subject: order.id, detail }];
  }
  const detail = `${payment.id} (${money}) names the order and was not made by its checkout`;
  return [{ kind: "foreign_payment", subject: order.id, detail }];
}

function flagOfMispaid(before: OrderRow, after: OrderRow, payment: PaymentIntentMirror): RaisedFlag[] {
  if (after.status !== "mispaid" || (before.status === "mispaid" && before.amount_paid === after.amount_paid))
    return [];
  const expected = formatMoney({ amount: after.total, currency: after.currency });
  const what = after.amount_paid > 0 ? "came" : "are held";
  const detail = `${formatMoney(cameOf(payment))} ${what} by ${payment.id}, the order costs ${expected}`;
  return [{ kind: "order_mispaid", subject: after.id, detail }];
}

/** A write, so that what another process does to an order at this moment is read here, or waits for us. */
async function lockOrders(tx: BillingTx, payments: readonly PaymentIntentMirror[]): Promise<Map<string, OrderRow>> {
  const named = [...new Set(payments.flatMap(({ orderId }) => orderId ?? []))];
  const ids = payments.map(({ id }) => id);
  const { rows } = await execute(tx, locking, { ids: packTexts(tx, ids), named: packTexts(tx, named) });
  return new Map(rows.map((order) => [order.id, order]));
}

function locking(tx: BillingTx, { ids, named }: { ids: unknown; named: unknown }) {
  return tx
    .updateTable("orders")
    .set((eb) => ({ version: eb("version", "+", 1) }))
    .where((eb) => eb.or([isAmongPacked(tx, "payment_intent", ids), isAmongPacked(tx, "id", named)]))
    .returningAll();
}

async function writeOrders(tx: BillingTx, orders: readonly OrderRow[]): Promise<void> {
  if (orders.length === 0) return;
  await tx
    .updateTable("orders")
    .from(rowsGiven<Followed>(tx, { columns: followed, rows: orders }))
    .set((eb) => ({
      status: eb.ref("given.status"),
      total: eb.ref("given.total"),
      lines: eb.ref("given.lines"),
      increment: eb.ref("given.increment"),
      payment_intent: eb.ref("given.payment_intent"),
      amount_paid: eb.ref("given.amount_paid"),
      paid_currency: eb.ref("given.paid_currency"),
      last_failure: eb.ref("given.last_failure"),
      canceled_reason: eb.ref("given.canceled_reason"),
      paid_at: eb.ref("given.paid_at"),
    }))
    .whereRef("orders.id", "=", "given.id")
    .returning("orders.id")
    .execute();
}

/** What a payment changes of its order. */
const followed = {
  id: "text",
  status: "text",
  total: "integer",
  lines: "text",
  increment: "text",
  payment_intent: "text",
  amount_paid: "integer",
  paid_currency: "text",
  last_failure: "text",
  canceled_reason: "text",
  paid_at: "integer",
} as const;
type Followed = Pick<OrderRow, keyof typeof followed>;
const followedFields = Object.keys(followed) as (keyof Followed)[];
