// What is wished of an invoice of the host's own lines, as its operation keeps it, and as Stripe is told it.
import { secondMs } from "#kit/clock.ts";
import { invoiceCollections, invoiceTaxes } from "../../../api/index.ts";
import { integer, listOf, oneOf, orNull, record, type Shaped, text, texts } from "../../../kernel/contract/shape.ts";
import type { OperationView } from "../../../kernel/contract/verb.ts";
import type { FormValue } from "../../../kernel/stripe/form.ts";
import { marks } from "../../marks.ts";

export const followUps = ["nothing", "send", "pay"] as const;
export type FollowUp = (typeof followUps)[number];

const madeLine = record({
  description: orNull(text),
  quantity: integer,
  /** Null: its price says it. */
  unitAmount: orNull(integer),
  /** As it was named. */
  price: orNull(text),
  taxes: listOf(text),
});
export type MadeLine = Shaped<typeof madeLine>;

export const madeWish = record({
  customerId: text,
  stripeCustomerId: text,
  currency: text,
  lines: listOf(madeLine),
  /** Stripe's ids of the prices, by the names that they were given. */
  prices: texts,
  collection: oneOf(invoiceCollections),
  daysUntilDue: orNull(integer),
  /** Milliseconds. */
  dueAt: orNull(integer),
  method: orNull(text),
  memo: orNull(text),
  footer: orNull(text),
  customFields: listOf(record({ name: text, value: text })),
  metadata: texts,
  taxes: oneOf(invoiceTaxes),
  /** What follows once it is final. */
  next: oneOf(followUps),
  validForMs: integer,
});
export type MadeWish = Shaped<typeof madeWish>;

/** The host's own id, among the metadata. */
const ownMark = "bursar_invoice";

/**
 * A draft that does nothing by itself and takes in nothing that waits. What its customer has off elsewhere is not taken
 * off here. https://docs.stripe.com/api/invoices/create
 */
export function draftParams(operation: OperationView<MadeWish>): { [name: string]: FormValue } {
  const { params, subject } = operation;
  const due = params.dueAt === null ? undefined : Math.floor(params.dueAt / secondMs);
  return {
    customer: params.stripeCustomerId,
    currency: params.currency,
    auto_advance: false,
    pending_invoice_items_behavior: "exclude",
    discounts: null,
    collection_method: params.collection === "send" ? "send_invoice" : "charge_automatically",
    days_until_due: params.daysUntilDue ?? undefined,
    due_date: due,
    default_payment_method: params.method ?? undefined,
    description: params.memo ?? undefined,
    footer: params.footer ?? undefined,
    ...(params.customFields.length > 0 && { custom_fields: params.customFields.map((field) => ({ ...field })) }),
    ...(params.taxes === "stripe" && { automatic_tax: { enabled: true } }),
    metadata: marks(operation, { ...params.metadata, [ownMark]: subject }),
  };
}

/** Each bears the mark of its operation: one of them shows that all were added. */
export function lineParams({ id, params }: OperationView<MadeWish>): { [name: string]: FormValue } {
  const { currency, prices } = params;
  return {
    lines: params.lines.map(({ description, quantity, unitAmount, price, taxes }) => ({
      description: description ?? undefined,
      quantity,
      ...(price === null
        ? { price_data: { currency, product_data: { name: description ?? "" }, unit_amount: unitAmount } }
        : { pricing: { price: prices[price] ?? price } }),
      ...(taxes.length > 0 && { tax_rates: [...taxes] }),
      metadata: { [lineMark]: id },
    })),
  };
}

export const lineMark = "bursar_op";
