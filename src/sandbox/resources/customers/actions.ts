// What happens to a customer: created, updated, deleted, given sources and a default.
import { emit, tellFirst } from "../../kernel/state/emit.ts";
import { hidden } from "../../kernel/state/noun.ts";
import { signal } from "../../kernel/state/reactions.ts";
import type { Params } from "../../kernel/state/resource.ts";
import { secondOf, type Unit } from "../../kernel/state/unit.ts";
import { add, among, change, erase, mustRead, read } from "../../kernel/state/writes.ts";
import { noSuch, refusal } from "../../kernel/words/errors.ts";
import { mergeMetadata } from "../../kernel/words/metadata.ts";
import { given, hash, integer, text, textOrNull, texts } from "../../kernel/words/params.ts";
import { chosenTemplate } from "../invoice_rendering_templates/index.ts";
import {
  addressOf,
  attachTo,
  materialise,
  methodRefusals,
  type PaymentMethod,
  paymentMethods,
  refuseUnsaved,
  remember,
} from "../payment_methods/index.ts";
import { clockParam } from "./clock.ts";
import { customFields } from "./custom_fields.ts";
import { type Customer, customers, type DeletedCustomer, isDeletedCustomer } from "./customer.ts";
import { changedDiscount, redeemed } from "./discount.ts";
import { rows } from "./refusals.table.ts";
import { checkedDefault, dropSources, takeSource } from "./sources.ts";

export function createCustomer(unit: Unit, params: Params): Customer {
  checkEmail(params);
  const customer: Customer = {
    id: unit.world.ids.after("cus_", 14),
    object: "customer",
    address: addressParam(params) ?? null,
    balance: integer(params, "balance") ?? 0,
    ...namesOf(params),
    created: secondOf(unit),
    currency: null,
    customer_account: null,
    default_source: null,
    delinquent: false,
    description: text(params, "description") ?? null,
    discount: null,
    email: text(params, "email") ?? null,
    invoice_prefix: prefixParam(unit, params, null) ?? unit.world.ids.text(8).toUpperCase(),
    invoice_settings: invoiceSettings(unit, params, emptyInvoiceSettings, undefined),
    livemode: false,
    metadata: { ...mergeMetadata({}, params.metadata) },
    name: text(params, "name") ?? null,
    next_invoice_sequence: integer(params, "next_invoice_sequence") ?? 1,
    phone: text(params, "phone") ?? null,
    preferred_locales: [...(texts(params, "preferred_locales") ?? [])],
    shipping: shippingParam(params) ?? null,
    tax_exempt: (text(params, "tax_exempt") ?? "none") as Customer["tax_exempt"],
    test_clock: clockParam(unit, params),
    [hidden]: { ipAddress: ipAddressOf(params) ?? null },
  };
  add(unit, customers, customer, null);
  if (customer.balance !== 0) signal(unit, customers, "openBalance", customer, customer);
  const method = text(params, "payment_method");
  const attached = method ? attachTo(unit, attachable(unit, params, method), customer.id) : null;
  const isSent = (params.source ?? params.card ?? null) !== null;
  const source = isSent ? takeSource(unit, customer, params) : null;
  const discount = redeemed(unit, params, customer) ?? null;
  const invoice_settings = namingAttached(customer, method, attached);
  const settled = { default_source: source, discount, invoice_settings };
  const isAsMade = source === null && discount === null && invoice_settings === customer.invoice_settings;
  const created = isAsMade ? customer : change(unit, customers, customer, settled, null);
  announceFirst(unit, "customer.created", created);
  return created;
}

/** A ready-made id, `pm_card_visa`, is not that of the method which was made of it. */
function namingAttached({ invoice_settings }: Customer, method: string | undefined, attached: PaymentMethod | null) {
  const isNamed = attached !== null && invoice_settings.default_payment_method === method;
  return isNamed ? { ...invoice_settings, default_payment_method: attached.id } : invoice_settings;
}

export function retrieveCustomer(unit: Unit, _params: Params, id: string): Customer | DeletedCustomer {
  if (isDeletedCustomer(unit, id)) return { id, object: "customer", deleted: true };
  return mustRead(unit, customers, id);
}

export function updateCustomer(unit: Unit, params: Params, id: string): Customer {
  const before = mustRead(unit, customers, id);
  checkEmail(params);
  const source = newDefault(unit, params, before);
  const discount = changedDiscount(unit, params, before);
  const or = <T>(sent: T | undefined, kept: T): T => (sent === undefined ? kept : sent);
  const after = change(
    unit,
    customers,
    before,
    {
      address: or(addressParam(params), before.address),
      balance: integer(params, "balance") ?? before.balance,
      ...namesOf(params),
      default_source: source,
      description: or(textOrNull(params, "description"), before.description),
      discount: or(discount, before.discount),
      email: or(textOrNull(params, "email"), before.email),
      invoice_prefix: prefixParam(unit, params, id) ?? before.invoice_prefix,
      invoice_settings: invoiceSettings(unit, params, before.invoice_settings, id),
      metadata: { ...mergeMetadata(before.metadata, params.metadata) },
      name: or(textOrNull(params, "name"), before.name),
      next_invoice_sequence: integer(params, "next_invoice_sequence") ?? before.next_invoice_sequence,
      phone: or(textOrNull(params, "phone"), before.phone),
      preferred_locales:
        params.preferred_locales === null
          ? []
          : (texts(params, "preferred_locales")?.slice() ?? before.preferred_locales),
      shipping: or(shippingParam(params), before.shipping),
      tax_exempt: (textOrNull(params, "tax_exempt") ??
        (params.tax_exempt === null ? "none" : before.tax_exempt)) as Customer["tax_exempt"],
      [hidden]: { ...before[hidden], ...given({ ipAddress: ipAddressOf(params) }) },
    },
    "customer.updated",
  );
  if (after.balance !== before.balance) signal(unit, customers, "setBalance", before, after);
  return after;
}

/** What invoices of one customer begin with, and of no other; `own`: who may have it already. */
function prefixParam(unit: Unit, params: Params, own: string | null): string | undefined {
  const prefix = text(params, "invoice_prefix");
  if (prefix === undefined) return undefined;
  if (!/^[A-Z0-9]{3,12}$/.test(prefix)) throw refusal(rows.prefixInvalid);
  const holder = among(unit, customers, "invoice_prefix", prefix).find(({ id }) => id !== own);
  if (holder) throw refusal(rows.prefixTaken, { customer: holder.id });
  return prefix;
}

/** Its payment methods are detached with it, and pay no more. */
export function deleteCustomer(unit: Unit, _params: Params, id: string): DeletedCustomer {
  const customer = mustRead(unit, customers, id);
  dropSources(unit, id);
  for (const method of among(unit, paymentMethods, "customer", id)) {
    const spent = remember(unit, method, { isSpent: true });
    const detached = change(unit, paymentMethods, spent, { customer: null }, null);
    signal(unit, paymentMethods, "detach", method, detached);
  }
  erase(unit, customers, customer, "customer.deleted");
  signal(unit, customers, "delete", customer, customer);
  return { id, object: "customer", deleted: true };
}

/** Shown by those only who have them. */
function namesOf(params: Params) {
  const names = { business_name: text(params, "business_name"), individual_name: text(params, "individual_name") };
  return given(names);
}

/** `tax[ip_address]`, which only `tax` shows. */
function ipAddressOf(params: Params): string | null | undefined {
  return textOrNull(hash(params, "tax") ?? {}, "ip_address");
}

/** The customer comes before what was put on it. */
function announceFirst(unit: Unit, type: "customer.created", customer: Customer): void {
  emit(unit, type, customer);
  tellFirst(unit);
}

function newDefault(unit: Unit, params: Params, before: Customer): Customer["default_source"] {
  if ((params.source ?? params.card ?? null) !== null) return takeSource(unit, before, params);
  const named = text(params, "default_source");
  return named ? checkedDefault(unit, before.id, named) : before.default_source;
}

function checkEmail(params: Params): void {
  const email = text(params, "email");
  if (email === undefined || /^[^\s@]+@[^\s@]+$/.test(email)) return;
  throw refusal(rows.emailInvalid, { email });
}

const emptyInvoiceSettings: Customer["invoice_settings"] = {
  custom_fields: null,
  default_payment_method: null,
  footer: null,
  rendering_options: null,
};

function invoiceSettings(
  unit: Unit,
  params: Params,
  before: Customer["invoice_settings"],
  customer: string | undefined,
): Customer["invoice_settings"] {
  const sent = hash(params, "invoice_settings");
  if (!sent) return before;
  const fields = customFields(sent, "invoice_settings[custom_fields]");
  const method = textOrNull(sent, "default_payment_method");
  const footer = textOrNull(sent, "footer");
  if (method) assertMayBeDefault(unit, method, customer, text(params, "payment_method"));
  return {
    custom_fields: fields === undefined ? before.custom_fields : fields,
    default_payment_method: method === undefined ? before.default_payment_method : method,
    footer: footer === undefined ? before.footer : footer,
    rendering_options:
      sent.rendering_options === undefined ? before.rendering_options : renderingOptions(unit, sent, before),
  };
}

function renderingOptions(
  unit: Unit,
  sent: Params,
  { rendering_options: before }: Customer["invoice_settings"],
): Customer["invoice_settings"]["rendering_options"] {
  const options = hash(sent, "rendering_options");
  if (!options) return null;
  const template = text(options, "template") ?? null;
  if (template !== null && template !== before?.template) {
    chosenTemplate(unit, template, "invoice_settings[rendering_options][template]");
  }
  return { amount_tax_display: text(options, "amount_tax_display") ?? null, template };
}

function assertMayBeDefault(
  unit: Unit,
  id: string,
  customer: string | undefined,
  attachedNow: string | undefined,
): void {
  if (id === attachedNow) return;
  const param = "invoice_settings[default_payment_method]";
  const method = read(unit, paymentMethods, id);
  if (!method) throw noSuch(paymentMethods, id, { inPath: false, param });
  if (method.customer === customer && customer !== undefined) return;
  throw refusal(rows.defaultMethodNotAttached, { id });
}

function attachable(unit: Unit, params: Params, id: string) {
  const method = materialise(unit, id, { inPath: false, param: "payment_method" });
  if (method.customer !== null) throw refusal(methodRefusals.methodAlreadyAttached);
  refuseUnsaved(unit, params, method);
  return method;
}

/** Undefined: not sent. Null: unset. */
function addressParam(params: Params): Customer["address"] | undefined {
  if (params.address === undefined) return undefined;
  const sent = hash(params, "address");
  return sent ? addressOf(sent) : null;
}

function shippingParam(params: Params): Customer["shipping"] | undefined {
  if (params.shipping === undefined) return undefined;
  const sent = hash(params, "shipping");
  if (!sent) return null;
  return {
    address: addressOf(hash(sent, "address") ?? {}),
    name: text(sent, "name") ?? "",
    phone: text(sent, "phone") ?? null,
  } as Customer["shipping"];
}
