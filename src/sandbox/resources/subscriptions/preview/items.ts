// The invoice items of a preview: they wait for the next invoice, as they would if they had been made; and those that
// wait already may be changed.
import type { Params } from "../../../kernel/state/resource.ts";
import type { Unit } from "../../../kernel/state/unit.ts";
import { mustReadParam } from "../../../kernel/state/writes.ts";
import { common } from "../../../kernel/words/errors.table.ts";
import { refusal } from "../../../kernel/words/errors.ts";
import { given, text } from "../../../kernel/words/params.ts";
import { billItem, type InvoiceItem, inPricing, invoiceItems, reviseItem } from "../../invoiceitems/index.ts";
import type { Invoice } from "../../invoices/index.ts";
import { itemOf, linesOf } from "../../line_items/index.ts";
import { subscriptionDefaults } from "../defaults.table.ts";
import { rows } from "../refusals.table.ts";

export interface For {
  readonly customer: string;
  /** Undefined: that of the customer, or of what the item is billed by. */
  readonly currency: string | undefined;
}

/** Those that were sent, in their order. */
export function previewedItems(unit: Unit, params: Params, { customer, currency }: For): InvoiceItem[] {
  const sent = Array.isArray(params.invoice_items) ? (params.invoice_items as Params[]) : []; // Its schema says so.
  const limit = subscriptionDefaults.previewedItemsMax.value;
  const param = "invoice_items";
  if (sent.length > limit) throw refusal(common.listTooLong, { param, limit }, { param });
  return sent.map(({ invoiceitem, ...one }, nth) => {
    const at = `${param}[${nth}]`;
    const id = text({ invoiceitem }, "invoiceitem");
    if (id === undefined) return billItem(unit, { ...given({ currency }), ...inPricing(one), customer }, at);
    const { currency: _currency, ...revision } = inPricing(one);
    return reviseItem(unit, revision, mustReadParam(unit, invoiceItems, id, `${at}[invoiceitem]`), at);
  });
}

/** Nothing that was sent is left out in silence. */
export function refuseElsewhere(unit: Unit, items: readonly InvoiceItem[], { id }: Invoice): void {
  const billed = linesOf(unit, id).map(itemOf);
  const nth = items.findIndex((item) => !billed.includes(item.id));
  if (nth >= 0) throw refusal(rows.previewedElsewhere, {}, { param: `invoice_items[${nth}]` });
}
