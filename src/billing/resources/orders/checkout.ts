// An order's checkout: makes its one PaymentIntent, when it is first asked for, and hands out what pays it.
import assert from "node:assert/strict";
import { hourMs } from "#kit/clock.ts";
import { problem } from "#kit/problems.ts";
import { execute } from "#kit/sql/statement.ts";
import { type Checkout, type CheckoutOrder, captureModes, type Order, type Outcome } from "../../api/index.ts";
import { tellGone } from "../../kernel/changes/gone.ts";
import { lookNow } from "../../kernel/changes/observe.ts";
import { createReacting, spread, wakeWorkers } from "../../kernel/changes/react.ts";
import type { Remote } from "../../kernel/contract/reacting.ts";
import { integer, listOf, oneOf, orAbsent, orNull, record, text, texts } from "../../kernel/contract/shape.ts";
import { defineVerb, filed, flagPromised, itsId } from "../../kernel/contract/verb.ts";
import type { BillingCore } from "../../kernel/core.ts";
import { admitAttempt } from "../../kernel/journal/operations.ts";
import type { BillingTx } from "../../kernel/store/tables.ts";
import { stripeCustomerOf } from "../customers/index.ts";
import { checkFlag, checkUrl } from "../input.ts";
import { latestIn, latestOperation } from "../latest.ts";
import { marks, marksOf } from "../marks.ts";
import { failureOf } from "../outcomes.ts";
import { type Offer, offers } from "../payments/index.ts";
import { cancel } from "./cancel.ts";
import { lockOrder } from "./lock.ts";
import { canceledFact, isOver, secondIntent } from "./orders.ts";
import { aboutOrder, orderLane, wrongState } from "./payment.ts";
import { orderIn, readOrder, viewOrder } from "./read.ts";
import type { OrderRow } from "./tables.ts";
import { dropWishedCharge, fileWishedCharge } from "./wished.ts";

/** Makes the link to the hosted page; the HTTP room's. */
export type OpenLink = (input: {
  orderId: string;
  returnUrl: string | undefined;
  savedMethods: boolean;
}) => Promise<{ url: string; expiresAt: Date }>;

export async function checkoutOrder(
  core: BillingCore,
  openLink: OpenLink,
  input: CheckoutOrder & { readonly id: string },
): Promise<Checkout> {
  const returnUrl = checkUrl("returnUrl", input.returnUrl);
  const savedMethods = checkFlag("savedMethods", input.savedMethods) ?? false;
  const { clientSecret } = await paymentSecret(core, input);
  const link = await openLink({ orderId: input.id, returnUrl, savedMethods });
  const publishableKey = core.options.stripe.publishableKey;
  return { orderId: input.id, url: link.url, expiresAt: link.expiresAt, clientSecret, publishableKey };
}

/** The client secret of the order's one PaymentIntent, which is made when it is first asked for. Never stored. */
export async function paymentSecret(
  core: BillingCore,
  input: { id: string; attempt?: number },
): Promise<{ clientSecret: string }> {
  await core.ready();
  const { order, latest } = await core.sql.read("orders.payable", async (reader) => ({
    order: await orderIn(reader, input.id),
    latest: await latestIn(reader, core.kernel, { verb: checkout, subject: input.id }),
  }));
  if (order.status === "canceled" || order.cancel_requested === 1) throw notPayable(order);
  if (order.status !== "created" && order.status !== "failed") refuseAnother(order, latest, input.attempt);
  const payment = await (order.payment_intent ?? makePayment(core, { order, latest, attempt: input.attempt }));
  // Whoever has made it at this moment has been told its secret with it.
  const remote = typeof payment === "string" ? await readPayment(core, order, payment) : payment;
  if (remote.status === "canceled") throw await seenCanceled(core, order.id, remote.id);
  return { clientSecret: itsSecret.read(remote, remote.id).client_secret };
}

/** What is to pay an order is handed out under any attempt; once money has come there is nothing more to attempt. */
function refuseAnother({ id }: OrderRow, latest: Latest, attempt: number | undefined): void {
  if (attempt === undefined || attempt <= (latest?.attempt ?? 1)) return;
  admitAttempt({ verb: checkout.name, subject: id }, latest, attempt);
}

/** It was canceled at Stripe, and no event has told of it yet: nobody is shown a page that takes no money. */
async function seenCanceled(core: BillingCore, orderId: string, payment: string) {
  await lookNow(core.kernel, { kind: "payment_intent", id: payment });
  return notPayable(await readOrder(core, orderId));
}

const itsSecret = record({ client_secret: text });

async function readPayment(core: BillingCore, order: OrderRow, id: string): Promise<Remote> {
  const about = { orderId: order.id };
  const { remote } = await core.kernel.gateway.read(`/v1/payment_intents/${id}`, { priority: "command", about });
  if (remote !== null) return remote;
  await tellIfGone(core, order, id);
  throw problem("unavailable", `Stripe does not show the payment of order ${order.id} yet`, { hint: "Ask again." });
}

/** A look may lag behind what was just made; one that was made long ago and is not there is gone. */
async function tellIfGone(core: BillingCore, order: OrderRow, id: string): Promise<void> {
  const now = core.ports.clock.now();
  if (now - order.created_at < hourMs) return;
  await core.sql.write("orders.payment_gone", (tx) =>
    tellGone(core.kernel, createReacting(core.kernel, tx, now), [{ kind: "payment_intent", id }]),
  );
}

const flag = flagPromised("orders.checkout");

type Latest = Awaited<ReturnType<typeof latestIn>>;

interface Wished {
  readonly order: OrderRow;
  /** Of this wish. */
  readonly latest: Latest;
  readonly attempt: number | undefined;
}

/** As Stripe has just answered it, or its id. */
async function makePayment(core: BillingCore, wished: Wished): Promise<Remote | string> {
  const { order } = wished;
  let ended = await tryCheckout(core, wished);
  // Its Customer was gone at Stripe; there is a new one now, and the same wish is made with that.
  if (ended.state === "failed" && ended.refusal.code === "resource_missing") {
    const latest = await latestOperation(core, checkout, order.id);
    ended = await tryCheckout(core, { order, latest, attempt: (latest?.attempt ?? 0) + 1 });
  }
  if (ended.state === "done") {
    const { answer, outcome } = ended;
    if (answer?.id === outcome.paymentIntentId) return answer;
    // The order may have had one, which its own operation had lost: nobody is shown a second one to pay.
    const { payment_intent } = await readOrder(core, order.id);
    assert.ok(payment_intent, `order ${order.id} has a PaymentIntent`);
    return payment_intent;
  }
  if (ended.state === "open") {
    throw problem("stripe_unreachable", `Stripe has not answered for order ${order.id} yet`, {
      hint: "The payment is being made; ask again in a few seconds.",
      details: { operation: ended.operationId },
    });
  }
  throw failureOf(ended, `Order ${order.id}`);
}

async function tryCheckout(core: BillingCore, wished: Wished) {
  return core.operations.carryOut(checkout, await wishOfCheckout(core, wished));
}

/** The wish to make the order's one PaymentIntent: the same, whoever asks for it. */
export async function wishOfCheckout(core: BillingCore, { order, latest, attempt: named }: Wished) {
  const attempt = named ?? latest?.attempt ?? 1;
  // What was begun is carried on as it was begun, whatever became of the Customer meanwhile.
  const isBegun = latest !== undefined && attempt === latest.attempt;
  const params = isBegun
    ? checkout.params.read(JSON.parse(latest.params), "params")
    : {
        amount: order.total,
        currency: order.currency,
        customer: order.customer === null ? null : await stripeCustomerOf(core, order.customer),
        capture: order.capture,
        offers: wishedOffers(order),
        metadata: texts.read(JSON.parse(order.metadata), "metadata"),
      };
  return { subject: order.id, attempt, params };
}

/** Makes the one PaymentIntent of an order. It takes no money by itself: a late one harms nobody. */
export const checkout = defineVerb({
  name: "orders.checkout",
  params: record({
    amount: integer,
    currency: text,
    customer: orNull(text),
    capture: oneOf(captureModes),
    offers: orAbsent(listOf(oneOf(offers))),
    metadata: texts,
  }),
  outcome: record({ paymentIntentId: text }),
  lane: orderLane,
  about: aboutOrder,
  async reserve({ tx }, { subject: id }) {
    const order = await lockOrder(tx, id);
    if (isOver(order) || order.cancel_requested === 1) throw notPayable(order);
  },
  steps: [
    {
      name: "create",
      answer: itsId,
      embeds: ({ params }) => (params.customer === null ? [] : [{ kind: "customer", id: params.customer }]),
      request: (operation) => ({
        method: "POST",
        path: "/v1/payment_intents",
        params: {
          amount: operation.params.amount,
          currency: operation.params.currency,
          customer: operation.params.customer ?? undefined,
          ...(operation.params.capture === "manual" && { capture_method: "manual" }),
          automatic_payment_methods: { enabled: true },
          ...askingFor(operation.params.offers),
          metadata: marks(operation, { ...operation.params.metadata, bursar_order: operation.subject }),
        },
      }),
      async find({ id, params }, { since, list }) {
        const byCustomer = params.customer === null ? "" : `&customer=${params.customer}`;
        const made = await list(`/v1/payment_intents?limit=100&created[gte]=${since}${byCustomer}`);
        return made.find((payment) => marksOf(payment).operation === id) ?? null;
      },
    },
  ],
  async answered(reacting, operation, { create }) {
    const { rows } = await execute(reacting.tx, binding, { id: operation.subject, payment: create.id });
    const [order] = rows;
    assert.ok(order, `order ${operation.subject} is there`);
    const paymentIntentId = order.payment_intent ?? create.id;
    if (paymentIntentId !== create.id) await reacting.flag([secondIntent(order, create)]);
    await fileWishedCharge(reacting, order, operation);
    return { paymentIntentId };
  },
  async refused(reacting, operation, refusal) {
    const order = await lockOrder(reacting.tx, operation.subject);
    const told = await dropWishedCharge(reacting, order, { operation, refusal });
    // Then the cancel is what is told.
    return order.cancel_requested === 1 ? [] : [...told, ...(await flag(reacting, operation, refusal))];
  },
  async canceled({ tx }, { subject }) {
    const order = await tx
      .updateTable("orders")
      .set({ status: "canceled" })
      .where("id", "=", subject)
      .returning(["id", "canceled_reason"])
      .executeTakeFirstOrThrow();
    return [canceledFact(order)];
  },
  opposite: ({ subject }, { create }) =>
    filed(cancel, { subject, attempt: 1, params: { paymentIntentId: create.id, reason: null } }),
});

/** What the payer's card is to offer. */
function wishedOffers(order: OrderRow): readonly Offer[] | undefined {
  const wished = offers.filter((offer) => order[offer] === 1);
  return wished.length === 0 ? undefined : wished;
}

/** A card that does not offer it pays all the same. */
function askingFor(wished: readonly Offer[] | undefined) {
  if (wished === undefined) return {};
  const card = Object.fromEntries(wished.map((offer) => [`request_${offer}`, "if_available"]));
  return { payment_method_options: { card } };
}

/** The payment that pays an order from now on, unless another one does. */
function binding(tx: BillingTx, { id, payment }: { id: string; payment: string }) {
  return tx
    .updateTable("orders")
    .set((eb) => ({
      version: eb("version", "+", 1),
      payment_intent: eb.fn.coalesce("payment_intent", eb.val(payment)),
    }))
    .where("id", "=", id)
    .returningAll();
}

function notPayable(order: Pick<OrderRow, "id" | "status" | "cancel_requested">) {
  const { id, status, cancel_requested } = order;
  const is = cancel_requested === 1 && status !== "canceled" ? "being canceled" : status;
  return wrongState({ id, status }, `is ${is} and cannot be paid`, "Create another one: this one stays as it is.");
}

/** Cancels an order that has no PaymentIntent yet; undefined when it has one, is canceled, or is not there. */
export async function withdrawCheckout(
  core: BillingCore,
  input: { id: string; reason: string | null },
): Promise<Outcome<Order> | undefined> {
  const { id, reason } = input;
  // One transaction: a crash leaves the wish with the order and with its checkout, or nowhere.
  const request = await core.sql.write("orders.cancel", async (tx) => {
    // The order's row before its checkout: one that begins at this moment is seen, or sees the wish.
    const wish = async () => {
      const wished = await tx
        .updateTable("orders")
        .set({ cancel_requested: 1, canceled_reason: reason })
        .where("id", "=", id)
        .where("payment_intent", "is", null)
        .where("status", "!=", "canceled")
        .executeTakeFirst();
      return wished.numUpdatedRows === 1n;
    };
    const asked = { verb: checkout.name, subject: id, lane: orderLane({ subject: id }) };
    const taken = await core.operations.requestCancel(tx, asked, wish);
    if (taken.kind === "unwished") return undefined;
    if (taken.kind === "requested") return taken;
    const stopped = { status: "canceled", cancel_requested: 0, canceled_reason: reason } as const;
    await tx.updateTable("orders").set(stopped).where("id", "=", id).execute();
    const news = [canceledFact({ id, canceled_reason: reason })];
    await spread(core.kernel, createReacting(core.kernel, tx, core.ports.clock.now()), news);
    return taken;
  });
  if (request === undefined) return undefined;
  wakeWorkers(core.sql);
  const value = await viewOrder(core, await readOrder(core, id));
  if (request.kind !== "requested") return { outcome: "done", value };
  return { outcome: "processing", operationId: request.operationId, value };
}
