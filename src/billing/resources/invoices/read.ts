// Invoices as callers see them.
import type Stripe from "stripe";
import { secondMs } from "#kit/clock.ts";
import { problem } from "#kit/problems.ts";
import { isAmong } from "#kit/sql/many.ts";
import {
  type Invoice,
  type InvoiceLine,
  type InvoiceStatus,
  invoiceStatuses,
  type Page,
  type PageOptions,
} from "../../api/index.ts";
import type { BillingCore } from "../../kernel/core.ts";
import type { BillingReader } from "../../kernel/store/tables.ts";
import { readCustomer } from "../customers/index.ts";
import { checkFields, checkFilter, checkOneOf, type Fields, pageFields } from "../input.ts";
import { dateOrNull } from "../instants.ts";
import { ownersOf, stripeIdsOf } from "../owners.ts";
import { having, readPage } from "../pages.ts";
import { readOnce } from "../read_once.ts";
import { ownIdsOf } from "./one_off/made.ts";
import type { InvoiceMirror } from "./seen/invoices.ts";
import { invoiceKind } from "./seen/kind.ts";
import type { InvoiceLineRow } from "./tables.ts";

type Options = PageOptions & { customerId?: string; status?: InvoiceStatus; subscriptionId?: string; number?: string };
const listFields: Fields<Options> = {
  ...pageFields,
  customerId: true,
  status: true,
  subscriptionId: true,
  number: true,
};

export async function getInvoice(
  core: BillingCore,
  id: string,
): Promise<Invoice & { readonly lines: readonly InvoiceLine[] }> {
  const { row, lines } = await core.sql.read("invoices.get", async (reader) => ({
    row: await reader.selectFrom("invoices").select("id").where("id", "=", id).executeTakeFirst(),
    lines: await reader.selectFrom("invoice_lines").selectAll().where("invoice", "=", id).orderBy("position").execute(),
  }));
  const [found] = row ? await viewAll(core, [id]) : [];
  if (found) return { ...found, lines: lines.map(viewLine) };
  throw problem("not_found", `No invoice ${id} of a customer of yours`, {
    hint: "It is Stripe's id, in_…: `invoices.list({ customerId })` shows those of a customer.",
    details: { id },
  });
}

export async function listInvoices(core: BillingCore, given: Options): Promise<Page<Invoice>> {
  const options = checkFields("options", given, listFields);
  const status = checkOneOf("status", options.status, invoiceStatuses);
  const customerId = checkFilter("customerId", options.customerId);
  const subscription = checkFilter("subscriptionId", options.subscriptionId);
  const number = checkFilter("number", options.number);
  const customers = customerId === undefined ? undefined : await readOf(core, customerId);
  const from = (reader: BillingReader) => {
    const query = having(reader.selectFrom("invoices").selectAll(), { status, subscription, number });
    return customers === undefined ? query : query.where("customer", "in", customers);
  };
  const page = await readPage(core, options, { label: "invoices.list", at: "created_at", from, view: ({ id }) => id });
  return { ...page, data: await viewAll(core, page.data) };
}

/** The Customers at Stripe that the customer has or had, of which all invoices are known by now. */
async function readOf(core: BillingCore, customerId: string): Promise<readonly string[]> {
  const customer = await readCustomer(core, customerId);
  if (customer.stripe_id !== null) {
    const path = `/v1/invoices?customer=${customer.stripe_id}&limit=100`;
    await readOnce(core, customer.stripe_id, { table: "invoices_read", kind: invoiceKind, path });
  }
  return core.sql.read("invoices.customers", (reader) => stripeIdsOf(reader, customer));
}

/** Without its lines. */
export async function viewOne(core: BillingCore, id: string): Promise<Invoice> {
  const [invoice] = await viewAll(core, [id]);
  if (invoice) return invoice;
  throw problem("not_found", `No invoice ${id}`, { details: { id } });
}

/** In their order. */
async function viewAll(core: BillingCore, ids: readonly string[]): Promise<readonly Invoice[]> {
  return core.sql.read("invoices.view", async (reader) => {
    const stored = await reader
      .selectFrom("mirror")
      .select(["id", "row", "raw"])
      .where(isAmong(reader, "id", ids))
      .execute();
    const seen = new Map(stored.map(({ id, row, raw }) => [id, { row: JSON.parse(row) as InvoiceMirror, raw }]));
    const owners = await ownersOf(
      reader,
      [...seen.values()].map(({ row }) => row.customer),
    );
    const ownIds = await ownIdsOf(reader, ids);
    return ids.flatMap((id) => {
      const one = seen.get(id);
      const customerId = owners.get(one?.row.customer ?? null)?.id ?? null;
      return one ? viewInvoice(one.row, one.raw, { customerId, ownId: ownIds.get(id) ?? null }) : [];
    });
  });
}

function viewInvoice(row: InvoiceMirror, raw: Uint8Array, yours: Pick<Invoice, "customerId" | "ownId">): Invoice {
  return {
    id: row.id,
    ...yours,
    subscriptionId: row.subscription,
    status: row.status,
    number: row.number,
    billingReason: row.billingReason,
    currency: row.currency,
    amounts: row.amounts,
    createdAt: new Date(row.created * secondMs),
    dueAt: dateOrNull(row.dueDate),
    periodStart: new Date(row.periodStart * secondMs),
    periodEnd: new Date(row.periodEnd * secondMs),
    finalizedAt: dateOrNull(row.finalizedAt),
    paidAt: dateOrNull(row.paidAt),
    voidedAt: dateOrNull(row.voidedAt),
    markedUncollectibleAt: dateOrNull(row.markedUncollectibleAt),
    attemptCount: row.attemptCount,
    nextPaymentAttempt: dateOrNull(row.nextPaymentAttempt),
    autoAdvance: row.autoAdvance,
    collectionMethod: row.collectionMethod,
    attempt: row.payment,
    lineCount: row.lines.count,
    hostedInvoiceUrl: row.hostedInvoiceUrl,
    invoicePdf: row.invoicePdf,
    testClockId: row.testClock,
    stripe: {
      invoice: JSON.parse(Buffer.from(raw).toString("utf8")) as Omit<Stripe.Invoice, "lines" | "payments">,
    },
  };
}

function viewLine(row: InvoiceLineRow): InvoiceLine {
  return {
    id: row.id,
    amount: row.amount,
    currency: row.currency,
    description: row.description,
    quantity: row.quantity,
    unitAmountDecimal: row.unit_amount_decimal,
    priceId: row.price,
    productId: row.product,
    subscriptionId: row.subscription,
    subscriptionItemId: row.subscription_item,
    invoiceItemId: row.invoice_item,
    isProration: row.proration === 1,
    periodStart: new Date(row.period_start),
    periodEnd: new Date(row.period_end),
    subtotal: row.subtotal,
    discount: row.discount,
    tax: row.tax,
  };
}
