// Orders as callers see them.
import type Stripe from "stripe";
import { problem } from "#kit/problems.ts";
import { execute } from "#kit/sql/statement.ts";
import {
  type Order,
  type OrderFilter,
  type OrderLine,
  orderStatuses,
  type Page,
  type PageOptions,
} from "../../api/index.ts";
import type { BillingCore } from "../../kernel/core.ts";
import type { BillingReader } from "../../kernel/store/tables.ts";
import { checkAmountFilter, checkFields, checkFilter, checkOneOf, type Fields, pageFields } from "../input.ts";
import { having, isText, readPage } from "../pages.ts";
import type { OrderRow } from "./tables.ts";

export async function readOrder(core: BillingCore, id: string): Promise<OrderRow> {
  return core.sql.read("orders.get", (reader) => orderIn(reader, id));
}

/** The same, in a read that reads more than that. */
export async function orderIn(reader: BillingReader, id: string): Promise<OrderRow> {
  const { rows } = await execute(reader, byId, { id });
  const [row] = rows;
  if (row) return row;
  throw problem("not_found", `No order ${id}`, { hint: "Call `orders.create()` first.", details: { id } });
}

function byId(reader: BillingReader, { id }: { id: string }) {
  return reader.selectFrom("orders").selectAll().where("id", "=", id);
}

const listFields: Fields<PageOptions & OrderFilter> = {
  ...pageFields,
  status: true,
  customerId: true,
  email: true,
  stripeId: true,
  amount: true,
  currency: true,
};

export async function listOrders(core: BillingCore, given: PageOptions & OrderFilter): Promise<Page<Order>> {
  const options = checkFields("options", given, listFields);
  const status = checkOneOf("status", options.status, orderStatuses);
  const customer = checkFilter("customerId", options.customerId);
  const currency = checkFilter("currency", options.currency)?.toLowerCase();
  const total = checkAmountFilter("amount", options.amount);
  const email = checkFilter("email", options.email);
  const stripeId = checkFilter("stripeId", options.stripeId);
  const from = (reader: BillingReader) => {
    let query = having(reader.selectFrom("orders").selectAll(), { status, customer, currency, total });
    if (email !== undefined) {
      const named = reader.selectFrom("customers").select("id").where(isText("email", email));
      query = query.where("customer", "in", named);
    }
    return stripeId === undefined ? query : query.where("id", "in", namedAtStripe(reader, stripeId));
  };
  const page = await readPage(core, options, { label: "orders.list", at: "created_at", from, view: (row) => row });
  return { ...page, data: await Promise.all(page.data.map((row) => viewOrder(core, row))) };
}

/** The payment itself, what hangs on it, or whose it is: each found by an index of its own. */
function namedAtStripe(reader: BillingReader, stripeId: string) {
  const orders = () => reader.selectFrom("orders").select("orders.id");
  return orders()
    .where("payment_intent", "=", stripeId)
    .union(orders().innerJoin("mirror", "mirror.parent", "payment_intent").where("mirror.id", "=", stripeId))
    .union(orders().innerJoin("customers", "customers.id", "customer").where("stripe_id", "=", stripeId));
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
    multicapture: row.multicapture === 1,
    incrementalAuthorization: row.incremental_authorization === 1,
    amountCapturable: raw?.status === "requires_capture" ? raw.amount_capturable : 0,
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
