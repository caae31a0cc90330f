// What orders wish of Stripe, and how they hear of it.
import { dayMs } from "#kit/clock.ts";
import type { Manifest, News, OperationView, Reacting, Verb } from "../../kernel/contract/manifest.ts";
import { marks, marksOf } from "../marks.ts";
import type { Failure, PaymentIntentMirror } from "../payments/index.ts";
import { canceledFact, failedFact, orderAfter, orderFacts } from "./orders.ts";
import { type OrderRow, ordersMigrations } from "./tables.ts";

const orderLane: Verb["lane"] = ({ subject }) => `order:${subject}`;

/** Makes the one PaymentIntent of an order. */
const checkout: Verb = {
  verb: "orders.checkout",
  step: "create",
  lane: orderLane,
  touches: () => null,
  request: (operation) => {
    const { amount, currency, customer, capture, metadata } = operation.params;
    return {
      method: "POST",
      path: "/v1/payment_intents",
      params: {
        amount: amount as number,
        currency: currency as string,
        customer: (customer as string | null) ?? undefined,
        ...(capture === "manual" && { capture_method: "manual" }),
        automatic_payment_methods: { enabled: true },
        metadata: marks(operation, {
          ...(metadata as Record<string, string>),
          bursar_order: operation.subject,
        }),
      },
    };
  },
  async find(operation, finder) {
    const customer = operation.params.customer;
    const from = Math.floor((operation.createdAt - dayMs / 24) / 1_000);
    const byCustomer = typeof customer === "string" ? `&customer=${customer}` : "";
    const made = await finder.list(`/v1/payment_intents?limit=100&created[gte]=${from}${byCustomer}`);
    return made.find((payment) => marksOf(payment).operation === operation.id) ?? null;
  },
  async answered({ tx, flag }, operation, remote) {
    const order = await tx
      .selectFrom("orders")
      .selectAll()
      .where("id", "=", operation.subject)
      .executeTakeFirstOrThrow();
    if (order.payment_intent === null) {
      await tx.updateTable("orders").set({ payment_intent: remote.id }).where("id", "=", order.id).execute();
    } else if (order.payment_intent !== remote.id) {
      await flag("second_payment_intent", order.id, `${remote.id} beside ${order.payment_intent}`);
    }
    return { paymentIntentId: remote.id };
  },
  async refused() {},
  async canceled({ tx }, operation) {
    const order = await tx
      .updateTable("orders")
      .set({ status: "canceled" })
      .where("id", "=", operation.subject)
      .returning(["id", "canceled_reason"])
      .executeTakeFirstOrThrow();
    return [canceledFact(order)];
  },
  opposite: (operation, remote) => ({
    verb: "orders.cancel",
    subject: operation.subject,
    attempt: 1,
    params: { paymentIntentId: remote.id, reason: null },
  }),
};

const stripeCancellationReasons = ["duplicate", "fraudulent", "requested_by_customer", "abandoned"];

/** Whether the PaymentIntent stands as the call wished it: nothing was made that could be listed. */
const standsAs =
  (status: string): Verb["find"] =>
  async ({ params }, finder) => {
    const payment = await finder.get(`/v1/payment_intents/${String(params.paymentIntentId)}`);
    return payment?.status === status ? payment : null;
  };

const touchedPayment = ({ params }: OperationView) => String(params.paymentIntentId);

const cancel: Verb = {
  verb: "orders.cancel",
  step: "cancel",
  lane: orderLane,
  touches: touchedPayment,
  request: ({ params }) => {
    const reason = stripeCancellationReasons.find((known) => known === params.reason);
    return {
      method: "POST",
      path: `/v1/payment_intents/${String(params.paymentIntentId)}/cancel`,
      params: { cancellation_reason: reason },
    };
  },
  find: standsAs("canceled"),
  async answered({ tx }, operation) {
    const reason = operation.params.reason;
    if (typeof reason === "string") {
      await tx.updateTable("orders").set({ canceled_reason: reason }).where("id", "=", operation.subject).execute();
    }
    return {};
  },
  async refused() {},
};

const capture: Verb = {
  verb: "orders.capture",
  step: "capture",
  lane: orderLane,
  touches: touchedPayment,
  request: ({ params }) => ({
    method: "POST",
    path: `/v1/payment_intents/${String(params.paymentIntentId)}/capture`,
    params: { amount_to_capture: (params.amount as number | null) ?? undefined },
  }),
  find: standsAs("succeeded"),
  answered: async () => ({}),
  async refused() {},
};

/** The order follows its PaymentIntent; a payment by any other one is for a human. */
async function onPaymentChanged({ tx, now, flag }: Reacting, news: News): Promise<News[]> {
  const payment = news.data as unknown as PaymentIntentMirror;
  if (payment.orderId === null) return [];
  const order = await tx.selectFrom("orders").selectAll().where("id", "=", payment.orderId).executeTakeFirst();
  if (!order) return [];
  if (order.payment_intent !== null && order.payment_intent !== payment.id) {
    const isMoney = payment.status === "succeeded" || payment.status === "requires_capture";
    if (isMoney) await flag("second_payment", order.id, `${payment.id} beside ${order.payment_intent}`);
    return [];
  }
  const after = { ...orderAfter(order, payment, now), payment_intent: payment.id };
  await tx.updateTable("orders").set(after).where("id", "=", order.id).execute();
  const facts = orderFacts(order, after, payment, news.transition);
  if (after.status !== "paid" || order.cancel_requested === 0) return facts;
  return [...facts, { type: "order.paid_after_cancel", subject: order.id, transition: payment.id, data: news.data }];
}

async function onChargeFailed({ tx }: Reacting, news: News): Promise<News[]> {
  const { paymentIntent, charge, failure } = news.data as { paymentIntent: string; charge: string; failure: Failure };
  if (!paymentIntent || !failure) return [];
  const order = await tx
    .selectFrom("orders")
    .selectAll()
    .where("payment_intent", "=", paymentIntent)
    .executeTakeFirst();
  if (!order || isOver(order)) return [];
  return failedFact(order.id, charge, failure);
}

export function isOver(order: Pick<OrderRow, "status">): boolean {
  return order.status === "paid" || order.status === "canceled";
}

export const ordersManifest: Manifest = {
  name: "orders",
  migrations: ordersMigrations,
  kinds: [],
  events: [],
  verbs: [checkout, cancel, capture],
  reactions: { "payment.changed": onPaymentChanged, "charge.failed": onChargeFailed },
};
