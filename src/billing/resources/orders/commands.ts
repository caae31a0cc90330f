// What can be done with orders: create → checkout → paid, capture, cancel, settled.
import { checkCharge } from "#kit/money.ts";
import { problem } from "#kit/problems.ts";
import {
  type Billing,
  type Checkout,
  type CreateOrder,
  captureModes,
  type Order,
  type OrderLine,
  type Outcome,
} from "../../api/index.ts";
import { lookNow } from "../../kernel/changes/observe.ts";
import { createReacting, spread } from "../../kernel/changes/react.ts";
import { canonicalJson, paramsHash } from "../../kernel/contract/identity.ts";
import type { BillingCore } from "../../kernel/core.ts";
import { createCustomers, readCustomer } from "../customers/index.ts";
import { checkAttempt, checkId, checkMetadata, checkText } from "../input.ts";
import { failureOf } from "../outcomes.ts";
import { isOver } from "./manifest.ts";
import { canceledFact } from "./orders.ts";
import { listOrders, readOrder, viewOrder } from "./read.ts";
import type { OrderRow } from "./tables.ts";

/** An order is something a person bought: Stripe's own limit for what one payment lists is lower. */
const linesMax = 100;
const quantityMax = 1_000_000;

/** Makes the link to the hosted page; the HTTP room's. */
export type OpenLink = (input: { orderId: string; returnUrl?: string }) => Promise<{ url: string; expiresAt: Date }>;

export function createOrders(core: BillingCore, openLink: OpenLink): Billing["orders"] {
  return {
    create: (input) => createOrder(core, input),
    get: async (id) => viewOrder(core, await readOrder(core, checkId("id", id))),
    list: (options) => listOrders(core, options ?? {}),
    checkout: async (id, options = {}) => checkoutOrder(core, openLink, checked(id, options)),
    capture: async (id, options = {}) => captureOrder(core, checked(id, options)),
    cancel: async (id, options = {}) => cancelOrder(core, checked(id, options)),
    async settled(id) {
      const order = await readOrder(core, checkId("id", id));
      if (order.payment_intent !== null)
        await lookNow(core.kernel, { kind: "payment_intent", id: order.payment_intent });
      return viewOrder(core, await readOrder(core, id));
    },
  };
}

/** Async around it, so that what is wrong with an argument is a rejection like every other no. */
function checked<T extends { attempt?: number }>(id: string, options: T): T & { id: string } {
  checkAttempt(options.attempt);
  return { ...options, id: checkId("id", id) };
}

async function createOrder(core: BillingCore, input: CreateOrder): Promise<Order> {
  const row = newOrder(input, core.ports.clock.now());
  await core.ready();
  const stored = await core.sql.write("orders.create", async (tx) => {
    if (row.customer !== null) {
      const customer = await tx.selectFrom("customers").select("id").where("id", "=", row.customer).executeTakeFirst();
      if (!customer) {
        const hint = "Call customers.ensure first.";
        throw problem("invalid_params", `No customer ${row.customer}`, { hint, details: { field: "customerId" } });
      }
    }
    await tx
      .insertInto("orders")
      .values(row)
      .onConflict((conflict) => conflict.column("id").doNothing())
      .execute();
    return tx.selectFrom("orders").selectAll().where("id", "=", row.id).executeTakeFirstOrThrow();
  });
  if (stored.params_hash === row.params_hash) return viewOrder(core, stored);
  throw problem("conflict", `Order ${row.id} was created before with other content`, {
    hint: "One id is one order. Use another id for another order.",
    details: { id: row.id },
  });
}

function newOrder(input: CreateOrder, now: number): OrderRow {
  const id = checkId("id", input.id);
  const currency = String(input.currency).toLowerCase();
  const lines = checkLines(input.lines);
  const total = lines.reduce((sum, line) => sum + line.quantity * line.unitAmount, 0);
  checkCharge({ amount: total, currency });
  const capture = input.capture ?? "automatic";
  if (!captureModes.includes(capture)) throw invalid("capture", "capture is automatic or manual");
  const customer = input.customerId === undefined ? null : checkId("customerId", input.customerId);
  const metadata = checkMetadata(input.metadata);
  return {
    id,
    status: "created",
    currency,
    total,
    lines: JSON.stringify(lines),
    customer,
    capture,
    metadata: canonicalJson(metadata),
    params_hash: paramsHash({ currency, lines, customer, capture, metadata }),
    payment_intent: null,
    amount_paid: 0,
    amount_refunded: 0,
    last_failure: null,
    canceled_reason: null,
    cancel_requested: 0,
    version: 1,
    created_at: now,
    paid_at: null,
  };
}

function checkLines(lines: readonly OrderLine[]): OrderLine[] {
  if (!Array.isArray(lines) || lines.length < 1 || lines.length > linesMax) {
    throw invalid("lines", `An order has 1 to ${linesMax} lines`);
  }
  return lines.map((line: OrderLine, index) => {
    const { description, quantity, unitAmount } = line;
    checkText(`lines[${index}].description`, description);
    if (!Number.isSafeInteger(quantity) || quantity < 1 || quantity > quantityMax) {
      throw invalid(`lines[${index}].quantity`, `A quantity is an integer from 1 to ${quantityMax}`);
    }
    if (!Number.isSafeInteger(unitAmount) || unitAmount < 0 || !Number.isSafeInteger(unitAmount * quantity)) {
      throw invalid(`lines[${index}].unitAmount`, "A unit amount is an integer of minor units, 0 or more");
    }
    return { description, quantity, unitAmount };
  });
}

function invalid(field: string, message: string) {
  return problem("invalid_params", message, { details: { field } });
}

async function checkoutOrder(
  core: BillingCore,
  openLink: OpenLink,
  input: { id: string; returnUrl?: string; attempt?: number },
): Promise<Checkout> {
  const { clientSecret } = await paymentSecret(core, input);
  const link = await openLink({ orderId: input.id, ...(input.returnUrl && { returnUrl: input.returnUrl }) });
  const publishableKey = core.options.stripe.publishableKey;
  return { orderId: input.id, url: link.url, expiresAt: link.expiresAt, clientSecret, publishableKey };
}

/** The client secret of the order's one PaymentIntent, which is made when it is first asked for. Never stored. */
export async function paymentSecret(
  core: BillingCore,
  input: { id: string; attempt?: number },
): Promise<{ clientSecret: string }> {
  const order = await readOrder(core, input.id);
  const paymentIntentId = order.payment_intent ?? (await makePayment(core, order, input.attempt));
  const { remote } = await core.kernel.gateway.read(`/v1/payment_intents/${paymentIntentId}`, {
    priority: "command",
    orderId: order.id,
  });
  const clientSecret = remote?.client_secret;
  if (typeof clientSecret === "string") return { clientSecret };
  throw problem("unavailable", `Stripe does not show the payment of order ${order.id} yet`, { hint: "Ask again." });
}

async function makePayment(core: BillingCore, order: OrderRow, attempt: number | undefined): Promise<string> {
  await core.ready();
  const customer = order.customer === null ? null : await stripeCustomer(core, order.customer);
  const ended = await core.operations.carryOut({
    verb: "orders.checkout",
    subject: order.id,
    attempt,
    params: {
      amount: order.total,
      currency: order.currency,
      customer,
      capture: order.capture,
      metadata: JSON.parse(order.metadata) as Record<string, string>,
    },
    async reserve({ tx }) {
      // A write, so that a cancel in another process waits for us or we for it.
      const locked = await tx
        .updateTable("orders")
        .set((eb) => ({ version: eb("version", "+", 1) }))
        .where("id", "=", order.id)
        .returning(["status", "cancel_requested"])
        .executeTakeFirstOrThrow();
      if (isOver(locked) || locked.cancel_requested === 1) throw notPayable(order.id, locked.status);
    },
  });
  if (ended.state === "done") return String(ended.outcome?.paymentIntentId);
  if (ended.state === "open") {
    throw problem("stripe_unreachable", `Stripe has not answered for order ${order.id} yet`, {
      hint: "The payment is being made; ask again in a few seconds.",
      details: { operation: ended.operationId },
    });
  }
  throw failureOf(ended, `Order ${order.id}`);
}

async function stripeCustomer(core: BillingCore, id: string): Promise<string> {
  const known = await readCustomer(core, id);
  // A new name or address that Stripe refuses stops no payment.
  if (known.stripe_id !== null) return known.stripe_id;
  const { stripeCustomerId } = await createCustomers(core).ensure({ id });
  if (stripeCustomerId !== null) return stripeCustomerId;
  throw problem("stripe_unreachable", `Stripe has not answered for customer ${id} yet`, { hint: "Ask again." });
}

function notPayable(id: string, status: string) {
  return problem("wrong_state", `Order ${id} is ${status}`, {
    hint: "An order that is paid or canceled stays so. Create another one.",
    details: { id, status },
  });
}

async function captureOrder(
  core: BillingCore,
  input: { id: string; amount?: number; attempt?: number },
): Promise<Outcome<Order>> {
  const { id, amount, attempt } = input;
  const order = await readOrder(core, id);
  if (order.payment_intent === null) throw wrongState(order, "has no payment to capture");
  if (amount !== undefined && (!Number.isSafeInteger(amount) || amount < 1 || amount > order.total)) {
    throw problem("invalid_amount", `Of order ${id}, 1 to ${order.total} can be captured`, {
      details: { field: "amount", maximum: order.total },
    });
  }
  await core.ready();
  const ended = await core.operations.carryOut({
    verb: "orders.capture",
    subject: id,
    attempt,
    params: { paymentIntentId: order.payment_intent, amount: amount ?? null },
    async reserve({ tx }) {
      const current = await tx.selectFrom("orders").select("status").where("id", "=", id).executeTakeFirstOrThrow();
      if (current.status !== "authorized") throw wrongState({ id, status: current.status }, "cannot be captured");
    },
  });
  return answer(core, { id, ended, what: `Capturing order ${id}` });
}

async function cancelOrder(
  core: BillingCore,
  input: { id: string; reason?: string; attempt?: number },
): Promise<Outcome<Order>> {
  const { id, attempt } = input;
  const reason = checkText("reason", input.reason);
  await core.ready();
  const before = await readOrder(core, id);
  if (before.status === "canceled") return { outcome: "done", value: await viewOrder(core, before) };
  if (before.status === "paid") throw wrongState(before, "was paid; refund it instead");
  if (before.payment_intent === null) {
    const stopped = await cancelBeforePayment(core, { id, reason });
    if (stopped !== undefined) return stopped;
  }
  const order = await readOrder(core, id);
  if (order.payment_intent === null) throw wrongState(order, "cannot be canceled at this moment");
  const params = { paymentIntentId: order.payment_intent, reason };
  const ended = await core.operations.carryOut({ verb: "orders.cancel", subject: id, attempt, params });
  if (ended.state === "failed") {
    await lookNow(core.kernel, { kind: "payment_intent", id: order.payment_intent });
    const current = await readOrder(core, id);
    if (current.status === "canceled") return { outcome: "done", value: await viewOrder(core, current) };
    if (current.status === "paid") throw wrongState(current, "was paid meanwhile; refund it instead");
  }
  return answer(core, { id, ended, what: `Canceling order ${id}` });
}

/** Cancels an order that has no PaymentIntent yet; undefined when it has one after all. */
async function cancelBeforePayment(
  core: BillingCore,
  input: { id: string; reason: string | null },
): Promise<Outcome<Order> | undefined> {
  const { id, reason } = input;
  // One transaction: a crash leaves the wish with the order and with its checkout, or nowhere.
  const checkout = await core.sql.write("orders.cancel", async (tx) => {
    // The order's row first: a checkout that begins at this moment is seen below, or sees the wish.
    const wished = await tx
      .updateTable("orders")
      .set({ cancel_requested: 1, canceled_reason: reason })
      .where("id", "=", id)
      .where("payment_intent", "is", null)
      .executeTakeFirst();
    if (wished.numUpdatedRows !== 1n) return undefined;
    const request = await core.operations.requestCancel(tx, { verb: "orders.checkout", subject: id });
    if (request === "requested") return request;
    const stopped = { status: "canceled", cancel_requested: 0, canceled_reason: reason } as const;
    await tx.updateTable("orders").set(stopped).where("id", "=", id).execute();
    const news = [canceledFact({ id, canceled_reason: reason })];
    await spread(core.kernel, createReacting(core.kernel, tx, core.ports.clock.now()), news);
    return request;
  });
  if (checkout === undefined) return undefined;
  core.sql.wake.notify("outbox");
  const value = await viewOrder(core, await readOrder(core, id));
  if (checkout !== "requested") return { outcome: "done", value };
  return { outcome: "processing", operationId: id, value };
}

async function answer(
  core: BillingCore,
  input: { id: string; ended: Awaited<ReturnType<BillingCore["operations"]["carryOut"]>>; what: string },
): Promise<Outcome<Order>> {
  const { id, ended, what } = input;
  const value = await viewOrder(core, await readOrder(core, id));
  if (ended.state === "done") return { outcome: "done", value };
  if (ended.state === "open") return { outcome: "processing", operationId: ended.operationId, value };
  if (ended.state !== "refused") throw failureOf(ended, what);
  const refusal = ended.outcome as { code?: string; declineCode?: string; message?: string } | null;
  const reason = refusal?.declineCode ?? refusal?.code ?? "declined";
  return { outcome: "declined", value, reason, message: refusal?.message ?? "" };
}

function wrongState(order: Pick<OrderRow, "id" | "status">, what: string) {
  return problem("wrong_state", `Order ${order.id} ${what}`, { details: { id: order.id, status: order.status } });
}
