// Invoices: what their lists are filtered by, their lines, and what ties payments to them. All else that is shown of
// one stands in the mirror.
import type { ColumnTypes } from "#kit/sql/migrate.ts";
import type { CreditStatus } from "../../api/index.ts";
import { books, kept, type RoomTables } from "../../kernel/store/room_tables.ts";
import type { ReadRow } from "../read_once.ts";

declare module "../../kernel/store/tables.ts" {
  interface BillingTables {
    invoices: InvoiceRow;
    invoice_lines: InvoiceLineRow;
    invoice_payments: InvoicePaymentRow;
    invoices_read: ReadRow;
    made_invoices: MadeInvoiceRow;
    invoice_credits: InvoiceCreditRow;
  }
}

export interface InvoiceRow {
  /** Stripe's, as are all ids here. */
  id: string;
  customer: string | null;
  subscription: string | null;
  status: string;
  number: string | null;
  /** Stripe's time in ms, or that of its test clock. */
  created_at: number;
  test_clock: string | null;
  /** What it is being paid with, while it is open and somebody has tried. */
  payment_intent: string | null;
  /** When a first try to pay it failed: ms of its own time. Written once, whatever becomes of it. */
  failed_at: number | null;
}

export interface InvoiceLineRow {
  invoice: string;
  id: string;
  /** From 0, in Stripe's order. */
  position: number;
  /** Minor units, as all amounts here. Before discounts, but for prorations. */
  amount: number;
  currency: string;
  description: string | null;
  quantity: number | null;
  /** Stripe's text: parts of a minor unit are possible. */
  unit_amount_decimal: string | null;
  price: string | null;
  product: string | null;
  subscription: string | null;
  subscription_item: string | null;
  invoice_item: string | null;
  /** 0 or 1. */
  proration: number;
  /** Milliseconds. */
  period_start: number;
  period_end: number;
  subtotal: number;
  discount: number;
  tax: number;
}

/** An invoice that the host has wished under an id of its own. */
export interface MadeInvoiceRow {
  /** The host's. */
  id: string;
  /** The verb: one id is one invoice. */
  maker: string;
  /** The host's id. */
  customer: string;
  /** The latest attempt. */
  operation: string;
  /** Null until it is seen or its call was answered, and after it was taken back. */
  stripe_id: string | null;
  created_at: number;
}

/** What is taken back of an invoice, or was. */
export interface InvoiceCreditRow {
  /** `<invoice>/<the host's id>`; Stripe's of one that was made elsewhere. */
  id: string;
  invoice: string;
  /** The host's id; null of one that was made elsewhere. */
  wish: string | null;
  /** Minor units, taxes included. */
  amount: number;
  currency: string;
  status: CreditStatus;
  stripe_id: string | null;
  number: string | null;
  operation: string | null;
  created_at: number;
}

/** From basil on this alone says which invoice a payment pays. https://docs.stripe.com/changelog/basil */
export interface InvoicePaymentRow {
  id: string;
  invoice: string;
  payment_intent: string | null;
  /** Of a payment that was made without a PaymentIntent. */
  charge: string | null;
  status: string;
}

const invoiceId = kept("Your invoice's id at Stripe", books);
const paymentId = kept("Your payment's id at Stripe", books);
const customer = kept("Your id at Stripe", books);
const subscription = kept("Your subscription's id at Stripe", books);
const amount = kept("What an invoice asks for", books);

export const invoicesTables: RoomTables = {
  migrations: [
    { name: "0020_invoices", statements: firstTables },
    { name: "0021_read_once", statements: readOnce },
    { name: "0028_failed_at", statements: failedAt },
    { name: "0030_made_invoices", statements: madeInvoices },
    { name: "0031_invoice_credits", statements: credits },
  ],
  columns: {
    invoices: {
      id: invoiceId,
      customer,
      subscription,
      status: kept("How your invoice stands", books),
      number: kept("Your invoice's number", books),
      created_at: kept("When your invoice was made", books),
      test_clock: "plain",
      payment_intent: paymentId,
      failed_at: kept("When your invoice could not be paid", books),
    },
    invoice_lines: {
      invoice: invoiceId,
      id: "plain",
      position: "plain",
      amount,
      currency: "plain",
      description: kept("What was sold", books),
      quantity: kept("How much was sold", books),
      unit_amount_decimal: amount,
      price: "plain",
      product: "plain",
      subscription,
      subscription_item: "plain",
      invoice_item: "plain",
      proration: "plain",
      period_start: kept("For which time", books),
      period_end: kept("For which time", books),
      subtotal: amount,
      discount: amount,
      tax: amount,
    },
    invoice_payments: {
      id: "plain",
      invoice: invoiceId,
      payment_intent: paymentId,
      charge: paymentId,
      status: "plain",
    },
    made_invoices: {
      id: kept("What your invoice is called here", books),
      maker: "plain",
      customer,
      operation: "plain",
      stripe_id: invoiceId,
      created_at: kept("When your invoice was wished", books),
    },
    invoice_credits: {
      id: kept("The id of what was credited to you", books),
      invoice: invoiceId,
      wish: kept("The id of what was credited to you", books),
      amount: kept("What was credited to you", books),
      currency: kept("Its currency", books),
      status: kept("How the credit stands", books),
      stripe_id: kept("The credit note's id at Stripe", books),
      number: kept("The credit note's number", books),
      operation: "plain",
      created_at: kept("When it was credited", books),
    },
    invoices_read: { stripe_id: kept("Your id at Stripe", books), read_at: "plain" },
  },
};

function firstTables({ text: t, integer: i }: ColumnTypes): readonly string[] {
  return [
    `create table invoices (id ${t} primary key, customer ${t}, subscription ${t}, status ${t} not null, number ${t},
      created_at ${i} not null, test_clock ${t}, payment_intent ${t})`,
    "create index invoices_created on invoices (created_at, id)",
    "create index invoices_customer on invoices (customer, created_at, id)",
    "create index invoices_subscription on invoices (subscription, created_at, id)",
    "create index invoices_status on invoices (status, created_at, id)",
    "create index invoices_number on invoices (number)",
    "create index invoices_test_clock on invoices (test_clock) where test_clock is not null",
    "create index invoices_payment_intent on invoices (payment_intent) where payment_intent is not null",
    `create table invoice_lines (invoice ${t} not null, id ${t} not null, position ${i} not null, amount ${i} not null,
      currency ${t} not null, description ${t}, quantity ${i}, unit_amount_decimal ${t}, price ${t}, product ${t},
      subscription ${t}, subscription_item ${t}, invoice_item ${t}, proration ${i} not null, period_start ${i} not null,
      period_end ${i} not null, subtotal ${i} not null, discount ${i} not null, tax ${i} not null,
      primary key (invoice, id))`,
    `create table invoice_payments (id ${t} primary key, invoice ${t} not null, payment_intent ${t}, charge ${t},
      status ${t} not null)`,
    "create index invoice_payments_invoice on invoice_payments (invoice)",
    "create index invoice_payments_payment_intent on invoice_payments (payment_intent)",
  ];
}

function readOnce({ text: t, integer: i }: ColumnTypes): readonly string[] {
  return [`create table invoices_read (stripe_id ${t} primary key, read_at ${i} not null)`];
}

function failedAt({ integer: i }: ColumnTypes): readonly string[] {
  return [`alter table invoices add column failed_at ${i}`];
}

function madeInvoices({ text: t, integer: i }: ColumnTypes): readonly string[] {
  return [
    `create table made_invoices (id ${t} primary key, maker ${t} not null, customer ${t} not null,
      operation ${t} not null, stripe_id ${t}, created_at ${i} not null)`,
    "create unique index made_invoices_stripe_id on made_invoices (stripe_id) where stripe_id is not null",
  ];
}

function credits({ text: t, integer: i }: ColumnTypes): readonly string[] {
  return [
    `create table invoice_credits (id ${t} primary key, invoice ${t} not null, wish ${t}, amount ${i} not null,
      currency ${t} not null, status ${t} not null, stripe_id ${t} unique, number ${t}, operation ${t},
      created_at ${i} not null)`,
    "create index invoice_credits_invoice on invoice_credits (invoice, created_at)",
  ];
}
