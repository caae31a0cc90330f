// A change is carried out: what it is billed by is made first, then the subscription is stored as it is afterwards, and
// one event tells of it.

import type { Params } from "../../../kernel/state/resource.ts";
import { secondOf, type Unit } from "../../../kernel/state/unit.ts";
import { mustRead } from "../../../kernel/state/writes.ts";
import { given, text } from "../../../kernel/words/params.ts";
import { pendingItems } from "../../invoiceitems/index.ts";
import { waitingFor } from "../../invoices/index.ts";
import type { Billing } from "../../line_items/index.ts";
import { billOf } from "../billing/bill.ts";
import type { BilledNow, BillNow } from "../billing/first.ts";
import { leftAfter } from "../discounts.ts";
import { addBeside } from "../items/beside.ts";
import { fileTurn } from "../life/turn.ts";
import { holdUpdate } from "../pending/hold.ts";
import { memoryOf, type Subscription, subscriptions } from "../subscription.ts";
import { type Plan, plan } from "./plan.ts";
import { standing } from "./standing.ts";

export interface Changing {
  readonly params: Params;
  /** What is written on the subscription beside. */
  readonly written: Plan["changes"];
  readonly bill: BillNow;
}

const asked: readonly string[] = [
  ...["add_invoice_items", "billing_cycle_anchor", "cancel_at", "cancel_at_period_end", "items"],
  ...["trial_end", "trial_from_plan"],
];

/** Whether a call changes what is billed, or when. */
export function isChanging(params: Params): boolean {
  return asked.some((name) => params[name] !== undefined);
}

export function changeSubscription(
  unit: Unit,
  before: Subscription,
  { params, written, bill }: Changing,
): Subscription {
  const behavior = text(params, "payment_behavior");
  const isPending = behavior === "pending_if_incomplete";
  const waited = isPending ? pendingItems(unit, before.customer).map(({ id }) => id) : undefined;
  addBeside(unit, params, before);
  const { turn, changes, lines } = plan(unit, { ...before, ...written }, params);
  const after = { ...before, ...written, ...changes };
  const made = lines && billFor(unit, after, { before, turn, lines, ...given({ waited }) });
  const done = made && bill(unit, after, made, behavior);
  if (isPending && done?.isPaid === false) return holdUpdate(unit, before, { params, turn, changes, ...done });
  const all = { ...written, ...changes, ...(done && afterBill(unit, after, done)) };
  // What it was billed may have changed it: it is paid up again, or has used a discount.
  const stored = standing(unit, mustRead(unit, subscriptions, before.id), { all, turn, isPaid: done?.isPaid });
  fileTurn(unit, stored);
  return stored;
}

/** A discount that comes with the change and is for once may be used already. */
function afterBill(unit: Unit, after: Subscription, { latest_invoice }: BilledNow): Plan["changes"] {
  return { latest_invoice, ...leftAfter(unit, after, latest_invoice) };
}

interface Billed extends Pick<Plan, "turn"> {
  readonly before: Subscription;
  readonly waited?: readonly string[];
  readonly lines: readonly Billing[];
}

/** From the beginning of the period that runs until now (recorded). Where nothing is to be billed there is none. */
function billFor(unit: Unit, after: Subscription, { before, turn, lines, waited }: Billed) {
  const now = secondOf(unit);
  const period = { start: turn.kind === "none" ? memoryOf(before).periodStart : now, end: now };
  const bill = { ...billOf(unit, after, { reason: "subscription_update", period, lines }), ...given({ waited }) };
  return lines.length === 0 && waitingFor(unit, bill).length === 0 ? null : bill;
}
