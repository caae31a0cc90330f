// An invoice that holds back an update of its subscription until it is paid. Given up, it leaves nothing of what that
// update has made; what had waited before waits again. https://docs.stripe.com/billing/subscriptions/pending-updates
import type { Unit } from "../../../kernel/state/unit.ts";
import { among, change, mustRead, read } from "../../../kernel/state/writes.ts";
import { forgetProration, invoiceItems, release } from "../../invoiceitems/index.ts";
import { itemOf, leaveItem, linesOf, takeBackLine } from "../../line_items/index.ts";
import { type Invoice, invoices, memoryOf, remembering } from "../invoice.ts";
import { closeBill } from "./bill.ts";
import { spendDiscounts } from "./drafts.ts";

export function holdsUpdate(invoice: Invoice): boolean {
  return memoryOf(invoice).waited !== null;
}

/** The newest of a subscription; an older one holds nothing any more. */
export function heldBill(unit: Unit, subscription: string): Invoice | undefined {
  return among(unit, invoices, "parent.subscription_details.subscription", subscription).findLast(holdsUpdate);
}

/** It is owed as any other, and has used what was taken off it. */
export function holdNoMore(unit: Unit, id: string): void {
  const invoice = mustRead(unit, invoices, id);
  spendDiscounts(unit, invoice);
  change(unit, invoices, invoice, remembering(invoice, { waited: null }), null);
}

/** That the items which had waited wait again is inferred. */
export function giveUpBill(unit: Unit, invoice: Invoice): void {
  const waited = memoryOf(invoice).waited ?? [];
  for (const line of linesOf(unit, invoice.id)) {
    const item = read(unit, invoiceItems, itemOf(line) ?? "");
    if (item && waited.includes(item.id)) {
      leaveItem(unit, line);
      release(unit, item);
    } else {
      takeBackLine(unit, line);
      if (item?.proration) forgetProration(unit, item);
    }
  }
  closeBill(unit, invoice.id);
}
