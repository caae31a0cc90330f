// Who a preview is for: a customer, one with other details, or somebody who is none yet.
import type { Params } from "../../../kernel/state/resource.ts";
import type { Unit } from "../../../kernel/state/unit.ts";
import { change, mustRead, mustReadParam } from "../../../kernel/state/writes.ts";
import { hash, text } from "../../../kernel/words/params.ts";
import { createCustomer, customers, updateCustomer } from "../../customers/index.ts";
import type { Invoice } from "../../invoices/index.ts";
import type { Subscription } from "../subscription.ts";

/** For this preview they are as it says. */
export function payerOf(unit: Unit, params: Params, known: Pick<Subscription, "customer"> | undefined): string {
  const { tax_ids: _ids, ...details } = hash(params, "customer_details") ?? {};
  const named = known?.customer ?? text(params, "customer");
  if (named === undefined) return createCustomer(unit, details).id;
  mustReadParam(unit, customers, named, "customer");
  if (Object.keys(details).length > 0) updateCustomer(unit, details, named);
  if (params.discounts === null) inheritNothing(unit, named);
  return named;
}

/** "Pass an empty string to avoid inheriting any discounts": those of the customer are inherited last (declared). */
function inheritNothing(unit: Unit, id: string): void {
  change(unit, customers, mustRead(unit, customers, id), { discount: null }, null);
}

/** Who is not a customer is not shown as one; tax ids are shown as they were sent. */
export function shownFor(
  params: Params,
  known: Pick<Subscription, "customer"> | undefined,
  invoice: Invoice,
): { readonly id: string } {
  const sent = hash(params, "customer_details")?.tax_ids;
  const customer_tax_ids = Array.isArray(sent) ? (sent as Params[]).map(taxId) : invoice.customer_tax_ids;
  const isNamed = known !== undefined || text(params, "customer") !== undefined;
  const shown = { ...invoice, customer_tax_ids, ...(!isNamed && { customer: null }) };
  return shown;
}

function taxId(sent: Params) {
  return { type: text(sent, "type"), value: text(sent, "value") };
}
