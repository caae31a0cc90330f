// Drafts that wait beside each other for one customer: a discount that is for once is taken off one of them.
// https://docs.stripe.com/billing/subscriptions/coupons
import type { Unit } from "../../../kernel/state/unit.ts";
import { among, change, mustRead, read } from "../../../kernel/state/writes.ts";
import { customers } from "../../customers/index.ts";
import { spendDiscount } from "../../discounts/index.ts";
import { invoiceItems, pendingItems, withoutDiscount } from "../../invoiceitems/index.ts";
import { itemOf, type LineItem, linesOf, setDiscounts } from "../../line_items/index.ts";
import { reckon } from "../amounts.ts";
import { type Invoice, invoices } from "../invoice.ts";

type Spending = Pick<Invoice, "customer" | "id" | "total_discount_amounts">;

/** What was taken off an invoice is used: what is for once is taken off nothing more. */
export function spendDiscounts(unit: Unit, invoice: Spending): void {
  for (const { discount, amount } of invoice.total_discount_amounts ?? []) {
    const id = String(discount);
    if (amount > 0 && spendDiscount(unit, id)) takeFromOthers(unit, invoice, id);
  }
}

/**
 * "The coupon applies only to the first invoice" (documented): which draft that is, the one finalized first decides
 * (inferred). What waits for an invoice has it no more either.
 */
function takeFromOthers(unit: Unit, { customer, id: user }: Spending, discount: string): void {
  for (const item of pendingItems(unit, customer)) {
    if (item.discounts.includes(discount)) withoutDiscount(unit, item, discount);
  }
  for (const draft of among(unit, invoices, "customer", customer)) {
    if (draft.status === "draft" && draft.id !== user) takeFrom(unit, draft, discount);
  }
}

function takeFrom(unit: Unit, draft: Invoice, discount: string): void {
  const lines = linesOf(unit, draft.id).filter(({ discounts }) => discounts.includes(discount));
  if (lines.length === 0 && !draft.discounts.includes(discount)) return;
  for (const line of lines) takeFromLine(unit, line, discount);
  const discounts = draft.discounts.filter((id) => id !== discount);
  const amounts = reckon(unit, { ...draft, discounts }, mustRead(unit, customers, draft.customer));
  change(unit, invoices, draft, { discounts, ...amounts }, "invoice.updated");
}

function takeFromLine(unit: Unit, line: LineItem, discount: string): void {
  const item = read(unit, invoiceItems, itemOf(line) ?? "");
  if (item) withoutDiscount(unit, item, discount);
  setDiscounts(
    unit,
    line,
    line.discounts.filter((id) => id !== discount),
  );
}
