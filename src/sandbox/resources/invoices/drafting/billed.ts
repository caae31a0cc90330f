// An invoice that a caller makes for a subscription: of what waits for that, beside its regular ones.
// https://docs.stripe.com/api/invoices/create#create_invoice-subscription
import type { Params } from "../../../kernel/state/resource.ts";
import type { Unit } from "../../../kernel/state/unit.ts";
import { readById } from "../../../kernel/state/writes.ts";
import { noSuch, refusal } from "../../../kernel/words/errors.ts";
import { given, text } from "../../../kernel/words/params.ts";
import type { Customer } from "../../customers/index.ts";
import type { InvoiceItem } from "../../invoiceitems/index.ts";
import type { Invoice } from "../invoice.ts";
import { rows } from "../refusals.table.ts";

/** What a subscription says, which stands above invoices: so it is found by its id. */
interface Billed {
  readonly id: string;
  readonly object: string;
  readonly collection_method: Invoice["collection_method"];
  readonly currency: string;
  readonly customer: string;
  readonly days_until_due: number | null;
  readonly default_tax_rates: readonly string[];
  readonly discounts: readonly string[];
  readonly metadata: Invoice["metadata"];
}

export function billedOf(unit: Unit, params: Params): Billed | undefined {
  const id = text(params, "subscription");
  if (id === undefined) return undefined;
  if (params.pending_invoice_items_behavior !== undefined) throw refusal(rows.pendingOfSubscription);
  const found = readById(unit, id) as Billed | undefined;
  if (found?.object === "subscription") return found;
  throw noSuch({ label: "subscription" }, id, { inPath: false, param: "subscription" });
}

export function refuseOfOther(billed: Billed | undefined, { id }: Customer): void {
  if (!billed || billed.customer === id) return;
  throw noSuch({ label: "subscription" }, billed.id, { inPath: false, param: "subscription" });
}

export function isOf({ id }: Billed, { parent }: InvoiceItem): boolean {
  return parent?.subscription_details?.subscription === id;
}

/** It is collected as its subscription is, where nobody says otherwise. */
export function termsParams(billed: Billed, params: Params): Params {
  const { collection_method, days_until_due, default_tax_rates } = billed;
  if (params.collection_method !== undefined) return { default_tax_rates };
  const days = params.due_date === undefined ? (days_until_due ?? undefined) : undefined;
  return { collection_method, default_tax_rates, ...given({ days_until_due: days }) };
}

/** That it is called an update is inferred: `manual` is unrelated to a subscription (declared). */
export function billing({ id, metadata }: Billed): Pick<Invoice, "billing_reason" | "parent"> {
  const subscription_details = { metadata, subscription: id };
  const parent: Invoice["parent"] = { quote_details: null, subscription_details, type: "subscription_details" };
  return { billing_reason: "subscription_update", parent };
}
