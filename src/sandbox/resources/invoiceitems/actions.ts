// What callers do with an invoice item: make it, change it, take it away, as long as its invoice lets them.
import { list } from "../../kernel/answer/lists.ts";
import { hidden } from "../../kernel/state/noun.ts";
import { secondOf, type Unit } from "../../kernel/state/unit.ts";
import { add, among, change, erase, mustRead, mustReadParam, read, readById } from "../../kernel/state/writes.ts";
import { checkedCurrency } from "../../kernel/words/amounts.ts";
import { missingParameter, noSuch, refusal } from "../../kernel/words/errors.ts";
import { refuseFractions } from "../../kernel/words/fractions.ts";
import { mergeMetadata } from "../../kernel/words/metadata.ts";
import { boolean, given, hash, type Params, text, textOrNull } from "../../kernel/words/params.ts";
import { bindCurrency, buyerOf, type Customer, customers } from "../customers/index.ts";
import { chosenDiscounts } from "../discounts/index.ts";
import { prices } from "../prices/index.ts";
import { products } from "../products/index.ts";
import { chosenRates } from "../tax_rates/index.ts";
import { invoiceItemDefaults } from "./defaults.table.ts";
import { type InvoiceItem, invoiceItems, pricedBy, priceIdOf, tell } from "./invoiceitem.ts";
import { rows } from "./refusals.table.ts";
import { periodOf, type Terms, termsOf } from "./terms.ts";

const path = "/v1/invoiceitems";

export function createItem(unit: Unit, params: Params): InvoiceItem {
  return billItem(unit, params);
}

/** `at`: how it is called where it stands inside of something, `invoice_items[0]`. */
export function billItem(unit: Unit, params: Params, at?: string): InvoiceItem {
  const invoice = text(params, "invoice");
  const target = invoice === undefined ? undefined : targetOf(unit, invoice);
  const customer = mustReadParam(
    unit,
    customers,
    text(params, "customer") ?? target?.customer ?? missing(),
    "customer",
  );
  const currency = currencyOf(unit, params, customer, target);
  refuseFractions(params, currency);
  const terms = termsOf(unit, params, { currency, ...given({ at }) });
  if (!terms) throw missingParameter(at === undefined ? "amount" : `${at}[amount]`);
  const subscription = subscriptionOf(unit, params, customer.id);
  const placed = { customer: customer.id, currency, invoice: invoice ?? null, terms, ...given({ subscription }) };
  const item = makeItem(unit, params, { ...placed, ...given({ at }) });
  if (invoice === undefined) refuseCrowd(unit, customer.id);
  tell(unit, "create", item, item);
  return item;
}

/** Invoices of other subscriptions pass it over. */
function subscriptionOf(unit: Unit, params: Params, customer: string): string | undefined {
  const id = text(params, "subscription");
  if (id === undefined) return undefined;
  const found = readById(unit, id) as { readonly object: string; readonly customer?: unknown } | undefined;
  if (found?.object === "subscription" && found.customer === customer) return id;
  throw noSuch({ label: "subscription" }, id, { inPath: false, param: "subscription" });
}

function missing(): never {
  throw missingParameter("customer");
}

interface Placed {
  readonly customer: string;
  readonly currency: string;
  readonly invoice: string | null;
  readonly terms: Terms;
  /** It goes on an invoice of this one only. */
  readonly subscription?: string;
  readonly at?: string;
}

/** For whoever has checked where it stands and what it costs. */
export function makeItem(unit: Unit, params: Params, { subscription, terms, ...placed }: Placed): InvoiceItem {
  const second = secondOf(unit);
  bindCurrency(unit, placed.customer, placed.currency);
  const id = unit.world.ids.after("ii_1", 23);
  const item: InvoiceItem = {
    id,
    object: "invoiceitem",
    amount: terms.amount,
    currency: placed.currency,
    customer: placed.customer,
    customer_account: null,
    date: second,
    description: text(params, "description") ?? nameOf(unit, params, terms),
    // Credits are not discounted unless somebody says so. https://docs.stripe.com/api/invoiceitems/create
    discountable: boolean(params, "discountable") ?? terms.amount >= 0,
    discounts: discountsOf(unit, params, { ...placed, id }) ?? [],
    frozen_fields: [],
    invoice: placed.invoice,
    invoicing_rules: [],
    livemode: false,
    metadata: { ...mergeMetadata({}, params.metadata) },
    parent:
      subscription === undefined ? null : { subscription_details: { subscription }, type: "subscription_details" },
    period: periodOf(params, { start: second, end: second }),
    pricing: terms.pricing,
    proration: false,
    quantity: terms.quantity,
    quantity_decimal: terms.quantity_decimal,
    tax_rates: chosenRates(unit, params, "tax_rates") ?? [],
    test_clock: unit.timeline.id,
  };
  return add(unit, invoiceItems, item, "invoiceitem.created");
}

/** As it is, once more, on another invoice. */
export function copyItem(unit: Unit, item: InvoiceItem, invoice: string): InvoiceItem {
  const { [hidden]: _memory, ...shown } = item;
  const copy = { ...shown, id: unit.world.ids.after("ii_1", 23), date: secondOf(unit), invoice };
  return add(unit, invoiceItems, pricedBy(copy, priceIdOf(item)), "invoiceitem.created");
}

/** Those of its invoice, or of its customer, may be named for it too. */
function discountsOf(
  unit: Unit,
  params: Params,
  {
    id,
    customer: owner,
    currency,
    invoice,
    discounts: own = [],
    at,
  }: Pick<InvoiceItem, "id" | "currency" | "invoice"> & {
    readonly customer: string;
    readonly discounts?: readonly string[];
    readonly at?: string | undefined;
  },
): readonly string[] | undefined {
  const customer = mustRead(unit, customers, owner);
  const inherited = typeof invoice === "string" ? targetOf(unit, invoice).discounts : [];
  const known = [...own, ...inherited, ...(customer.discount === null ? [] : [customer.discount])];
  const paid = { amount: null, currency };
  return chosenDiscounts(unit, params, { buyer: buyerOf(customer), on: { invoice_item: id }, paid, known, at });
}

/** What is billed by a price is called as its product (recorded). */
function nameOf(unit: Unit, params: Params, { pricing }: Terms): string | null {
  const isNamed = params.pricing !== undefined || params.price_data !== undefined;
  return isNamed ? (read(unit, products, pricing.price_details.product)?.name ?? null) : null;
}

/** What an invoice says that does not stand below this. */
interface Target {
  readonly customer: string;
  readonly currency: string;
  readonly discounts: readonly string[];
}

function targetOf(unit: Unit, id: string): Target {
  const found = readById(unit, id);
  if (found?.object !== "invoice") throw noSuch({ label: "invoice" }, id, { inPath: false, param: "invoice" });
  return found as unknown as Target; // An invoice has all of it.
}

/** As sent; else that of the invoice, of the customer, of the price. */
function currencyOf(
  unit: Unit,
  params: Params,
  customer: Customer,
  target: { readonly currency: string } | undefined,
): string {
  if (params.currency !== undefined) return checkedCurrency(params);
  const price = text(hash(params, "pricing") ?? {}, "price");
  const ofPrice = price === undefined ? undefined : read(unit, prices, price)?.currency;
  const ofData = text(hash(params, "price_data") ?? {}, "currency")?.toLowerCase();
  const known = target?.currency ?? customer.currency ?? ofPrice ?? ofData;
  if (known === undefined) throw missingParameter("currency");
  return known;
}

function refuseCrowd(unit: Unit, customer: string): void {
  const pending = among(unit, invoiceItems, "customer", customer).filter(({ invoice }) => invoice === null);
  const limit = invoiceItemDefaults.pendingMax.value;
  if (pending.length > limit) throw refusal(rows.itemsTooMany, { limit });
}

export function updateItem(unit: Unit, params: Params, id: string): InvoiceItem {
  return reviseItem(unit, params, mustRead(unit, invoiceItems, id));
}

/** For whoever has found it, by its own address or through its line; `at`: how that is called, `lines[0]`. */
export function reviseItem(unit: Unit, params: Params, before: InvoiceItem, at?: string): InvoiceItem {
  refuseFractions(params, before.currency);
  refuseFrozen(params, before, at);
  const changes = {
    ...termsOf(unit, params, { currency: before.currency, before, ...given({ at }) }),
    ...given({
      description: textOrNull(params, "description"),
      discountable: boolean(params, "discountable"),
      discounts: discountsOf(unit, params, { ...before, customer: String(before.customer), at }),
      tax_rates: chosenRates(unit, params, "tax_rates"),
    }),
    metadata: { ...mergeMetadata(before.metadata ?? {}, params.metadata) },
    period: periodOf(params, before.period),
  };
  const after = change(unit, invoiceItems, before, changes, null);
  tell(unit, "change", before, after);
  return after;
}

const frozenBy: Readonly<Record<string, readonly string[]>> = {
  discounts: ["discounts"],
  pricing: ["amount", "price_data", "pricing", "unit_amount", "unit_amount_decimal"],
  quantity: ["quantity", "quantity_decimal"],
};

/** "Attempting to update a frozen field returns an error": what a proration came to stands (declared). */
function refuseFrozen(params: Params, { frozen_fields: frozen = [] }: InvoiceItem, at?: string): void {
  for (const field of frozen) {
    const param = frozenBy[field]?.find((name) => params[name] !== undefined);
    if (param === undefined) continue;
    throw refusal(rows.fieldFrozen, { field }, { param: at === undefined ? param : `${at}[${param}]` });
  }
}

export function deleteItem(unit: Unit, _params: Params, id: string): object {
  removeItem(unit, mustRead(unit, invoiceItems, id));
  return { id, object: "invoiceitem", deleted: true };
}

export function removeItem(unit: Unit, item: InvoiceItem): void {
  tell(unit, "remove", item, item);
  erase(unit, invoiceItems, item, "invoiceitem.deleted");
}

export function listItems(unit: Unit, params: Params): object {
  const { customer, invoice } = params;
  const pending = boolean(params, "pending");
  const where = (item: InvoiceItem) => pending === undefined || pending === (item.invoice === null);
  return list(unit, invoiceItems, params, { url: path, filters: { customer, invoice }, where });
}
