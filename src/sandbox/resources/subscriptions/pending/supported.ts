// What an update may be asked for that waits until it is paid for.
// https://docs.stripe.com/billing/subscriptions/pending-updates-reference
import type { Params } from "../../../kernel/state/resource.ts";
import type { Unit } from "../../../kernel/state/unit.ts";
import { mustRead, read } from "../../../kernel/state/writes.ts";
import { refusal } from "../../../kernel/words/errors.ts";
import { text } from "../../../kernel/words/params.ts";
import { customers } from "../../customers/index.ts";
import { firstMethod } from "../../invoices/index.ts";
import { isDebit, paymentMethods } from "../../payment_methods/index.ts";
import { rows } from "../refusals.table.ts";
import type { Subscription } from "../subscription.ts";

/** Each with the first version that takes it. */
const supported: Readonly<Record<string, string>> = {
  add_invoice_items: "",
  billing_cycle_anchor: "",
  // https://docs.stripe.com/changelog/endive/2026-09-30/scheduled-subscription-cancellation
  cancel_at_period_end: "2026-09-30",
  expand: "",
  items: "",
  // https://docs.stripe.com/changelog/dahlia/2026-05-27/pending-subscription-update-metadata
  metadata: "2026-05-27",
  payment_behavior: "",
  proration_behavior: "",
  proration_date: "",
  trial_end: "",
  trial_from_plan: "",
};

const supportedOfItems: ReadonlySet<string> = new Set([
  ...["id", "plan", "price", "price_data", "quantity"],
  // It is sent where an item has an address of its own.
  ...["expand", "payment_behavior", "proration_behavior", "proration_date", "subscription"],
]);

export function refuseUnsupported(unit: Unit, subscription: Subscription, params: Params): void {
  if (text(params, "payment_behavior") !== "pending_if_incomplete") return;
  if (subscription.collection_method === "send_invoice") throw refusal(rows.pendingOfSent);
  refuseDebits(unit, subscription);
  const sent = Array.isArray(params.items) ? (params.items as Params[]) : []; // Its schema says so.
  const param =
    named(params).find((name) => supported[name] === undefined || unit.version < supported[name]) ??
    sent.flatMap((one, at) =>
      named(one).flatMap((name) => (supportedOfItems.has(name) ? [] : `items[${at}][${name}]`)),
    )[0];
  if (param !== undefined) throw refusal(rows.pendingUnsupported, { param }, { param });
}

/** Days go by until anybody knows whether a debit has paid. */
function refuseDebits(unit: Unit, subscription: Subscription): void {
  const id = firstMethod(null, subscription, mustRead(unit, customers, subscription.customer));
  const method = read(unit, paymentMethods, id ?? "");
  if (method && isDebit(method)) throw refusal(rows.pendingOfDebits, { type: method.type });
}

function named(params: Params): string[] {
  return Object.keys(params).filter((name) => params[name] !== undefined);
}
