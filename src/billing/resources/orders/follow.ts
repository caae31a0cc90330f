// How orders hear of their payments.
import { on } from "../../kernel/contract/manifest.ts";
import type { News, RaisedFlag } from "../../kernel/contract/reacting.ts";
import { slicesOf } from "../../kernel/store/many.ts";
import type { BillingTx } from "../../kernel/store/tables.ts";
import { failedFact, isOver, orderAfter, orderFacts } from "./orders.ts";
import type { OrderRow } from "./tables.ts";

/** Before the payment it failed for: what came of that may be told in the same transaction. */
export const onChargeFailed = on("charge.failed", async ({ tx }, news) => {
  const payments = news.flatMap(({ data }) => data.paymentIntent ?? []);
  if (payments.length === 0) return [];
  const rows = await tx.selectFrom("orders").selectAll().where("payment_intent", "in", payments).execute();
  const orders = new Map(rows.map((order) => [order.payment_intent, order]));
  return news.flatMap(({ data: { charge, paymentIntent, failure } }) => {
    const order = orders.get(paymentIntent);
    return !order || !failure || isOver(order) ? [] : [failedFact(order.id, charge, failure)];
  });
});

/** The order follows its PaymentIntent; a payment by any other one is for a human. */
export const onPaymentChanged = on("payment.changed", async ({ tx, now, flag }, news) => {
  const orders = await lockOrders(tx, [...new Set(news.flatMap(({ data }) => data.orderId ?? []))]);
  const flags: RaisedFlag[] = [];
  const changed = new Set<string>();
  const next = news.flatMap((one): News[] => {
    const payment = one.data;
    const order = orders.get(payment.orderId ?? "");
    if (!order) return [];
    if (order.payment_intent !== null && order.payment_intent !== payment.id) {
      const isMoney = payment.status === "succeeded" || payment.status === "requires_capture";
      const detail = `${payment.id} beside ${order.payment_intent}`;
      if (isMoney) flags.push({ kind: "second_payment", subject: order.id, detail });
      return [];
    }
    const after = { ...orderAfter(order, payment, now), payment_intent: payment.id };
    orders.set(order.id, after);
    changed.add(order.id);
    const facts = orderFacts(order, after, one);
    if (after.status !== "paid" || order.cancel_requested === 0) return facts;
    const data = { orderId: order.id };
    return [...facts, { type: "order.paid_after_cancel", subject: order.id, transition: payment.id, data }];
  });
  await writeOrders(
    tx,
    [...changed].flatMap((id) => orders.get(id) ?? []),
  );
  await flag(flags);
  return next;
});

/** A write, so that what another process does to an order at this moment is read here, or waits for us. */
async function lockOrders(tx: BillingTx, ids: readonly string[]): Promise<Map<string, OrderRow>> {
  if (ids.length === 0) return new Map();
  const rows = await tx
    .updateTable("orders")
    .set((eb) => ({ version: eb("version", "+", 1) }))
    .where("id", "in", ids)
    .returningAll()
    .execute();
  return new Map(rows.map((order) => [order.id, order]));
}

async function writeOrders(tx: BillingTx, orders: readonly OrderRow[]): Promise<void> {
  for (const slice of slicesOf(orders)) {
    await tx
      .insertInto("orders")
      .values(slice)
      .onConflict((conflict) =>
        conflict.column("id").doUpdateSet((eb) => ({
          status: eb.ref("excluded.status"),
          payment_intent: eb.ref("excluded.payment_intent"),
          amount_paid: eb.ref("excluded.amount_paid"),
          last_failure: eb.ref("excluded.last_failure"),
          canceled_reason: eb.ref("excluded.canceled_reason"),
          paid_at: eb.ref("excluded.paid_at"),
        })),
      )
      .execute();
  }
}
