// What callers write on an invoice: all that decides no amount.
import { dayMs, secondMs } from "#kit/clock.ts";
import type { Params } from "../../kernel/state/resource.ts";
import type { Unit } from "../../kernel/state/unit.ts";
import { mustRead, mustReadParam } from "../../kernel/state/writes.ts";
import { common } from "../../kernel/words/errors.table.ts";
import { noSuch, notPlayed, refusal } from "../../kernel/words/errors.ts";
import { mergeMetadata } from "../../kernel/words/metadata.ts";
import { given, hash, integer, text, textOrNull } from "../../kernel/words/params.ts";
import { shortDescriptor } from "../../kernel/words/texts.ts";
import { refuseUnplayed, type Unplayed } from "../../kernel/words/unplayed.ts";
import { shippingOf } from "../charges/index.ts";
import { type Customer, customFields, sourceOf } from "../customers/index.ts";
import { chosenTemplate, refuseUnknownVersion, templateRows, templates } from "../invoice_rendering_templates/index.ts";
import { paymentMethods } from "../payment_methods/index.ts";
import { chosenAccountTaxIds } from "../tax_ids/index.ts";
import { chosenRates } from "../tax_rates/index.ts";
import { automaticTax, invoicedTax } from "./billing/automatic_tax.ts";
import { assertDraft, type Invoice } from "./invoice.ts";
import { methodOptions } from "./method_options.ts";
import { rows } from "./refusals.table.ts";
import { emptyRendering } from "./shape.ts";
import { shippingCost } from "./shipping.ts";

const unplayed: Unplayed = [
  ["application_fee_amount", "Connect"],
  ["customer_account", "customers as accounts"],
  ["on_behalf_of", "Connect"],
  ["transfer_data", "Connect"],
];

export function refuseUnplayedTerms(params: Params): void {
  refuseUnplayed(params, unplayed);
  if (text(hash(params, "issuer") ?? {}, "type") === "account") throw notPlayed("Connect", "issuer");
}

/** Once finalized an invoice keeps these. https://docs.stripe.com/invoicing/overview#editing-open-invoices */
const draftOnly = [
  "account_tax_ids",
  "automatic_tax",
  ...["collection_method", "custom_fields", "days_until_due", "description", "due_date", "effective_at", "footer"],
  ...[
    "automatically_finalizes_at",
    "default_tax_rates",
    "discounts",
    "number",
    "shipping_cost",
    "shipping_details",
    "statement_descriptor",
  ],
];

export function refuseOnFinal(invoice: Invoice, params: Params): void {
  if (draftOnly.some((name) => params[name] !== undefined)) assertDraft(invoice);
}

type Written = Pick<
  Invoice,
  | (
      | "account_tax_ids"
      | "automatic_tax"
      | "custom_fields"
      | "default_payment_method"
      | "default_source"
      | "default_tax_rates"
      | "description"
    )
  | ("effective_at" | "footer")
  | ("number" | "payment_settings" | "rendering" | "shipping_cost" | "shipping_details" | "statement_descriptor")
>;

/** Only what was sent. */
export function writtenFields(unit: Unit, params: Params, before: Invoice): Partial<Written> {
  const shipping = hash(params, "shipping_details");
  const rendering = hash(params, "rendering");
  const automatic = automaticTax(params);
  return given({
    account_tax_ids: chosenAccountTaxIds(unit, params),
    automatic_tax: automatic && invoicedTax(automatic),
    custom_fields: customFields(params, "custom_fields"),
    default_payment_method: defaultMethod(unit, params, before.customer),
    default_source: defaultSource(unit, params, before.customer),
    default_tax_rates: chosenRates(unit, params, "default_tax_rates"),
    description: textOrNull(params, "description"),
    effective_at: params.effective_at === null ? null : integer(params, "effective_at"),
    footer: textOrNull(params, "footer"),
    number: textOrNull(params, "number"),
    payment_settings: paymentSettings(params, before),
    rendering: rendering && renderingOf(unit, rendering, before.rendering),
    shipping_cost: shippingCost(unit, params, before.currency),
    shipping_details: shipping ? shippingOf(shipping) : params.shipping_details === null ? null : undefined,
    statement_descriptor: shortDescriptor(params),
  });
}

/** What a subscription or a schedule writes on its invoices; only what was sent. `at`: how its settings are called. */
export function printedFields(unit: Unit, sent: Params, at: string) {
  return given({
    account_tax_ids: chosenAccountTaxIds(unit, sent, `${at}[account_tax_ids]`),
    custom_fields: customFields(sent, `${at}[custom_fields]`),
  });
}

export function metadataOf(params: Params, before: Invoice["metadata"] = {}): Invoice["metadata"] {
  return { ...mergeMetadata(before ?? {}, params.metadata) };
}

/** A method that its customer has. */
export function defaultMethod(unit: Unit, params: Params, customer: string): string | null | undefined {
  const id = textOrNull(params, "default_payment_method");
  if (!id) return id;
  const method = mustReadParam(unit, paymentMethods, id, "default_payment_method");
  if (method.customer === customer) return id;
  throw noSuch(paymentMethods, id, { inPath: false, param: "default_payment_method" });
}

/** A source that its customer has. */
export function defaultSource(unit: Unit, params: Params, customer: string): string | null | undefined {
  const id = textOrNull(params, "default_source");
  if (!id || sourceOf(unit, customer, id)) return id;
  throw noSuch({ label: "source" }, id, { inPath: false, param: "default_source" });
}

function paymentSettings(params: Params, before: Invoice): Invoice["payment_settings"] | undefined {
  const sent = hash(params, "payment_settings");
  if (!sent) return undefined;
  const fields = given({
    default_mandate: textOrNull(sent, "default_mandate"),
    payment_method_options: methodOptions(sent, before.payment_settings.payment_method_options),
    payment_method_types: sent.payment_method_types,
  });
  return { ...before.payment_settings, ...fields } as Invoice["payment_settings"]; // Checked by its schema.
}

function renderingOf(unit: Unit, sent: Params, before: Invoice["rendering"]): Invoice["rendering"] {
  const size = text(hash(sent, "pdf") ?? {}, "page_size");
  const fields = given({
    amount_tax_display: textOrNull(sent, "amount_tax_display"),
    ...templateOf(unit, sent, before),
  });
  const whole = { ...emptyRendering, ...before, ...fields };
  return (size === undefined ? whole : { ...whole, pdf: { page_size: size } }) as Invoice["rendering"]; // As above.
}

/** Another template begins in no version of its own: null is the latest (inferred). */
function templateOf(unit: Unit, sent: Params, before: Invoice["rendering"]) {
  const named = textOrNull(sent, "template");
  const version = sent.template_version === null ? null : integer(sent, "template_version");
  const template = named === undefined ? (before?.template ?? null) : named;
  const isOther = template !== (before?.template ?? null);
  if (isOther && template !== null) chosenTemplate(unit, template, "rendering[template]");
  if (typeof version === "number") {
    const param = "rendering[template_version]";
    if (template === null) throw refusal(templateRows.templateVersionAlone, {}, { param });
    refuseUnknownVersion(mustRead(unit, templates, template), version, param);
  }
  return { template: named, template_version: isOther ? (version ?? null) : version };
}

type Terms = Pick<Invoice, "collection_method" | "due_date">;

const daySeconds = dayMs / secondMs;

/** How it is collected, and until when. */
export function termsOf(
  unit: Unit,
  params: Params,
  before: Terms & { readonly created: number },
  customer: Customer,
): Terms {
  const method = text(params, "collection_method") ?? before.collection_method;
  const days = integer(params, "days_until_due");
  const date = integer(params, "due_date");
  if (method === "charge_automatically") {
    const unasked = ["days_until_due", "due_date"].find((name) => params[name] !== undefined && params[name] !== null);
    if (unasked) throw refusal(rows.dueDateUnasked, { param: unasked });
    return { collection_method: method, due_date: null };
  }
  if (days !== undefined && date !== undefined) {
    throw refusal(common.parametersExclusive, { params: "days_until_due, due_date" });
  }
  if (days !== undefined && days < 0) throw refusal(common.belowMinimum, { limit: 0 }, { param: "days_until_due" });
  if (date !== undefined && date * 1000 < unit.now) throw refusal(rows.dueDatePast);
  if (customer.email === null) throw refusal(rows.customerWithoutEmail);
  const due = date ?? (days === undefined ? before.due_date : before.created + days * daySeconds);
  if (due === null) throw refusal(rows.dueDateMissing);
  return { collection_method: "send_invoice", due_date: due };
}
