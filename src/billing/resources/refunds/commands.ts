// What can be done with refunds.
import { formatMoney } from "#kit/money.ts";
import { problem } from "#kit/problems.ts";
import { type Billing, type Outcome, type Refund, refundReasons } from "../../api/index.ts";
import type { BillingCore } from "../../kernel/core.ts";
import type { BillingTx } from "../../kernel/store/tables.ts";
import { checkAttempt, checkId } from "../input.ts";
import type { OrderRow } from "../orders/index.ts";
import { readOrder } from "../orders/index.ts";
import { failureOf, refusalOf } from "../outcomes.ts";
import { pageLimit, pageOf, parseCursor } from "../pages.ts";
import { refundable, refundParams, reserve } from "./refunds.ts";
import type { RefundRow } from "./tables.ts";

type CreateRefund = Parameters<Billing["refunds"]["create"]>[0];

export function createRefunds(core: BillingCore): Billing["refunds"] {
  return {
    create: (input) => createRefund(core, input),
    get: async (id) => view(await readRefund(core, checkId("id", id))),
    async list(options = {}) {
      const limit = pageLimit(options.limit);
      const after = parseCursor(options.cursor);
      const rows = await core.sql.read("refunds.list", (reader) => {
        let query = reader.selectFrom("refunds").selectAll();
        if (options.orderId !== undefined) query = query.where("order_id", "=", options.orderId);
        if (after) {
          query = query.where((eb) => eb(eb.refTuple("created_at", "id"), "<", eb.tuple(...after)));
        }
        return query
          .orderBy("created_at", "desc")
          .orderBy("id", "desc")
          .limit(limit + 1)
          .execute();
      });
      return pageOf(rows, { limit, view, place: (row) => [row.created_at, row.id] });
    },
  };
}

async function createRefund(core: BillingCore, input: CreateRefund): Promise<Outcome<Refund>> {
  const id = checkId("id", input.id);
  const reason = input.reason ?? null;
  if (reason !== null && !refundReasons.includes(reason)) {
    throw problem("invalid_params", `A reason is one of ${refundReasons.join(", ")}`, { details: { field: "reason" } });
  }
  if (input.amount !== undefined && (!Number.isSafeInteger(input.amount) || input.amount < 1)) {
    throw problem("invalid_amount", "An amount is an integer of minor units, 1 or more", {
      details: { field: "amount" },
    });
  }
  const attempt = checkAttempt(input.attempt);
  await core.ready();
  const order = await readOrder(core, checkId("orderId", input.orderId));
  const amount = input.amount ?? (await wholeRest(core, id, order));
  const ended = await core.operations.carryOut({
    verb: "refunds.create",
    subject: id,
    attempt,
    params: refundParams({ order, amount, reason }),
    async reserve(reacting, operation) {
      await refuseForeign(reacting.tx, id);
      const current = await lockOrder(reacting.tx, order.id);
      await refuseTooMuch(reacting.tx, current, amount);
      await reserve(reacting, { id, order: current, amount, reason, operation });
    },
  });
  const value = view(await readRefund(core, id));
  if (ended.state === "done") return { outcome: "done", value };
  if (ended.state === "open") return { outcome: "processing", operationId: ended.operationId, value };
  if (ended.state !== "refused") throw failureOf(ended, `Refund ${id}`);
  const { declineCode, code, message } = refusalOf(ended);
  return { outcome: "declined", value, reason: declineCode ?? code ?? "declined", message };
}

/** Without an amount: all that is left. A repeated command means the same amount as the first time. */
async function wholeRest(core: BillingCore, id: string, order: OrderRow): Promise<number> {
  return core.sql.read("refunds.rest", async (reader) => {
    const known = await reader.selectFrom("refunds").select("amount").where("id", "=", id).executeTakeFirst();
    return known?.amount ?? (await refundable(reader, order));
  });
}

/** A write on the order's row: two refunds of one order, in two processes, queue up here. */
async function lockOrder(tx: BillingTx, id: string): Promise<OrderRow> {
  return tx
    .updateTable("orders")
    .set((eb) => ({ version: eb("version", "+", 1) }))
    .where("id", "=", id)
    .returningAll()
    .executeTakeFirstOrThrow();
}

/** Refunds that were made behind our back stand under Stripe's id, which is therefore nobody's to give. */
async function refuseForeign(tx: BillingTx, id: string): Promise<void> {
  const foreign = await tx
    .selectFrom("refunds")
    .select("id")
    .where("id", "=", id)
    .where("foreign_made", "=", 1)
    .executeTakeFirst();
  if (!foreign) return;
  throw problem("conflict", `${id} is a refund that was made at Stripe`, { hint: "Give yours an id of your own." });
}

async function refuseTooMuch(tx: BillingTx, order: OrderRow, amount: number): Promise<void> {
  if (order.status !== "paid" || order.payment_intent === null) {
    throw problem("wrong_state", `Order ${order.id} is ${order.status}; only a paid order is refunded`, {
      hint: order.status === "authorized" ? "Cancel it instead: nothing was captured." : undefined,
      details: { orderId: order.id, status: order.status },
    });
  }
  const left = await refundable(tx, order);
  if (amount >= 1 && amount <= left) return;
  const { currency } = order;
  const asked = formatMoney({ amount, currency });
  throw problem(
    "invalid_amount",
    `${asked} is more than the ${formatMoney({ amount: left, currency })} that are left`,
    {
      hint: "Refunds made, on their way or made in Stripe's Dashboard all count.",
      details: { field: "amount", orderId: order.id, refundable: left, currency },
    },
  );
}

async function readRefund(core: BillingCore, id: string): Promise<RefundRow> {
  const row = await core.sql.read("refunds.get", (reader) =>
    reader.selectFrom("refunds").selectAll().where("id", "=", id).executeTakeFirst(),
  );
  if (row) return row;
  throw problem("not_found", `No refund ${id}`, { details: { id } });
}

function view(row: RefundRow): Refund {
  return {
    id: row.id,
    orderId: row.order_id ?? "",
    amount: { amount: row.amount, currency: row.currency },
    status: row.status,
    reason: row.reason,
    createdAt: new Date(row.created_at),
    stripe: { refundId: row.stripe_id },
  };
}
