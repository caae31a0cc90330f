// Orders as callers see them.
import type Stripe from "stripe";
import { problem } from "#kit/problems.ts";
import { type Order, type OrderLine, type OrderStatus, orderStatuses, type Page } from "../../api/index.ts";
import type { BillingCore } from "../../kernel/core.ts";
import type { BillingReader } from "../../kernel/store/tables.ts";
import { checkOneOf } from "../input.ts";
import { type PageOptions, readPage } from "../pages.ts";
import type { OrderRow } from "./tables.ts";

export async function readOrder(core: BillingCore, id: string): Promise<OrderRow> {
  const row = await core.sql.read("orders.get", (reader) =>
    reader.selectFrom("orders").selectAll().where("id", "=", id).executeTakeFirst(),
  );
  if (row) return row;
  throw problem("not_found", `No order ${id}`, { hint: "Call orders.create first.", details: { id } });
}

export async function listOrders(
  core: BillingCore,
  options: PageOptions & { status?: OrderStatus },
): Promise<Page<Order>> {
  const status = checkOneOf("status", options.status, orderStatuses);
  const from = (reader: BillingReader) => {
    const all = reader.selectFrom("orders").selectAll();
    return status === undefined ? all : all.where("status", "=", status);
  };
  const page = await readPage(core, options, { label: "orders.list", at: "created_at", from, view: (row) => row });
  return { ...page, data: await Promise.all(page.data.map((row) => viewOrder(core, row))) };
}

export async function viewOrder(core: BillingCore, row: OrderRow): Promise<Order> {
  const { payment_intent } = row;
  const mirrored =
    payment_intent === null
      ? undefined
      : await core.sql.read("orders.payment", (reader) =>
          reader.selectFrom("mirror").select("raw").where("id", "=", payment_intent).executeTakeFirst(),
        );
  const raw = mirrored && (JSON.parse(Buffer.from(mirrored.raw).toString("utf8")) as Stripe.PaymentIntent);
  return {
    id: row.id,
    status: row.status,
    total: { amount: row.total, currency: row.currency },
    lines: JSON.parse(row.lines) as OrderLine[],
    customerId: row.customer,
    capture: row.capture,
    amountPaid: row.amount_paid,
    paidCurrency: row.paid_currency,
    amountRefunded: row.amount_refunded,
    lastFailure: row.last_failure === null ? null : (JSON.parse(row.last_failure) as Order["lastFailure"]),
    metadata: JSON.parse(row.metadata) as Record<string, string>,
    createdAt: new Date(row.created_at),
    paidAt: row.paid_at === null ? null : new Date(row.paid_at),
    stripe: { paymentIntentId: payment_intent, paymentIntent: raw ?? null },
  };
}
