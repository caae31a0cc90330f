// What a subscription is billed when it ends: what is unused is given back where somebody asks for it, and what waits
// goes on a last invoice, stays for another one of the customer's, or goes with it.
// https://docs.stripe.com/api/subscriptions/cancel
import { secondOf, type Unit } from "../../../kernel/state/unit.ts";
import { type InvoiceItem, removeItem } from "../../invoiceitems/index.ts";
import { draftBill, waitingFor } from "../../invoices/index.ts";
import { billOf } from "../billing/bill.ts";
import { memoryOf, type Subscription } from "../subscription.ts";
import { giveBack } from "./prorate.ts";

export interface Final {
  readonly isProrated: boolean;
  readonly isInvoiced: boolean;
}

/** The last invoice's id, a draft for its hour (recorded); null where none is made. */
export function billEnd(unit: Unit, subscription: Subscription, { isProrated, isInvoiced }: Final): string | null {
  const end = secondOf(unit);
  if (isProrated && subscription.status !== "trialing") {
    for (const item of subscription.items) giveBack(unit, subscription, { item, from: end, isLeft: !isInvoiced });
  }
  const period = { start: memoryOf(subscription).periodStart, end };
  const bill = billOf(unit, subscription, { reason: "subscription_cycle", period, lines: [] });
  const waiting = waitingFor(unit, bill);
  if (isInvoiced) return waiting.length === 0 ? null : draftBill(unit, bill).id;
  const isOfIt = ({ parent }: InvoiceItem) => parent?.subscription_details?.subscription === subscription.id;
  if (!isProrated) for (const item of waiting.filter((one) => one.proration && isOfIt(one))) removeItem(unit, item);
  return null;
}
