// What a new invoice looks like before anything is known of it.
import { secondOf, type Unit } from "../../kernel/state/unit.ts";
import type { Customer } from "../customers/index.ts";
import { taxIdsOf } from "../tax_ids/index.ts";
import { endpointsFor } from "../webhook_endpoints/index.ts";
import type { Invoice } from "./invoice.ts";

type CustomerFields =
  | ("customer_address" | "customer_email" | "customer_name" | "customer_phone" | "customer_shipping")
  | ("customer_tax_exempt" | "customer_tax_ids");

/** What everybody who makes one begins with. */
export function newDraft(unit: Unit, customer: Customer, currency: string): Invoice {
  const created = secondOf(unit);
  return {
    ...blankInvoice,
    id: unit.world.ids.after("in_1", 23),
    account_country: unit.world.home.country,
    created,
    currency,
    customer: customer.id,
    period_end: created,
    period_start: created,
    custom_fields: customer.invoice_settings.custom_fields,
    footer: customer.invoice_settings.footer,
    rendering: usualRendering(customer),
    test_clock: unit.timeline.id,
    // Where nobody listens, nothing is waited for (recorded).
    webhooks_delivered_at: endpointsFor(unit, "invoice.created").length === 0 ? created : null,
    ...fieldsOf(unit, customer),
  };
}

export const emptyRendering: NonNullable<Invoice["rendering"]> = {
  amount_tax_display: null,
  pdf: { page_size: "auto" },
  template: null,
  template_version: null,
};

/** As the customer's invoices are printed; null where nobody has said how. */
export function usualRendering({ invoice_settings: settings }: Customer): Invoice["rendering"] {
  return settings.rendering_options && { ...emptyRendering, ...settings.rendering_options };
}

/** Every field, empty: what is made is this with what is known over it. */
const blankInvoice: Invoice = {
  object: "invoice",
  account_tax_ids: null,
  amount_due: 0,
  amount_overpaid: 0,
  amount_paid: 0,
  amount_remaining: 0,
  amount_shipping: 0,
  application: null,
  attempt_count: 0,
  attempted: false,
  auto_advance: false,
  automatic_tax: { disabled_reason: null, enabled: false, liability: null, provider: null, status: null },
  automatically_finalizes_at: null,
  custom_fields: null,
  customer_account: null,
  default_payment_method: null,
  default_source: null,
  default_tax_rates: [],
  description: null,
  discounts: [],
  due_date: null,
  effective_at: null,
  ending_balance: null,
  footer: null,
  from_invoice: null,
  hosted_invoice_url: null,
  invoice_pdf: null,
  issuer: { type: "self" },
  last_finalization_error: null,
  latest_revision: null,
  livemode: false,
  metadata: {},
  next_payment_attempt: null,
  number: null,
  on_behalf_of: null,
  parent: null,
  payment_settings: { default_mandate: null, payment_method_options: null, payment_method_types: null },
  post_payment_credit_notes_amount: 0,
  pre_payment_credit_notes_amount: 0,
  receipt_number: null,
  shipping_cost: null,
  shipping_details: null,
  starting_balance: 0,
  statement_descriptor: null,
  status_transitions: { finalized_at: null, marked_uncollectible_at: null, paid_at: null, voided_at: null },
  subtotal: 0,
  subtotal_excluding_tax: 0,
  total: 0,
  total_discount_amounts: [],
  total_excluding_tax: 0,
  total_pretax_credit_amounts: [],
  total_taxes: [],
  id: "",
  account_country: null,
  account_name: "Sandbox",
  billing_reason: "manual",
  collection_method: "charge_automatically",
  created: 0,
  currency: "",
  customer: "",
  customer_address: null,
  customer_email: null,
  customer_name: null,
  customer_phone: null,
  customer_shipping: null,
  customer_tax_exempt: "none",
  customer_tax_ids: [],
  period_end: 0,
  period_start: 0,
  rendering: null,
  status: "draft",
  test_clock: null,
  webhooks_delivered_at: null,
};

/** As the customer was when the invoice was made, and again when it is finalized. */
export function fieldsOf(unit: Unit, customer: Customer): Pick<Invoice, CustomerFields> {
  return {
    customer_address: customer.address ?? null,
    customer_email: customer.email,
    customer_name: customer.name ?? null,
    customer_phone: customer.phone ?? null,
    customer_shipping: customer.shipping,
    customer_tax_exempt: customer.tax_exempt ?? "none",
    customer_tax_ids: taxIdsOf(unit, customer.id),
  };
}
