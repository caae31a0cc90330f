// What a preview may be asked for, and of what.
import type { Params } from "../../../kernel/state/resource.ts";
import type { Unit } from "../../../kernel/state/unit.ts";
import { mustReadParam } from "../../../kernel/state/writes.ts";
import { isBefore } from "../../../kernel/versions/families.ts";
import { checkedCurrency } from "../../../kernel/words/amounts.ts";
import { notPlayed, refusal } from "../../../kernel/words/errors.ts";
import { hash, text } from "../../../kernel/words/params.ts";
import { refuseUnplayed, type Unplayed } from "../../../kernel/words/unplayed.ts";
import { rows } from "../refusals.table.ts";
import { type Subscription, subscriptions } from "../subscription.ts";

const unplayed: Unplayed = [
  ["customer_account", "customers as accounts"],
  ["on_behalf_of", "Connect"],
];

const unplayedDetails: Unplayed = [["billing_schedules", "billing schedules"]];

export function refuseUnplayedPreviews(params: Params): void {
  refuseUnplayed(params, unplayed);
  if (text(hash(params, "issuer") ?? {}, "type") === "account") throw notPlayed("Connect", "issuer");
  refuseUnplayed(detailsOf(params), unplayedDetails);
}

export function detailsOf(params: Params): Params {
  return hash(params, "subscription_details") ?? {};
}

/** Since basil a customer alone is asked for in vain: what of theirs is to be billed must be named. */
export function refuseNothing(unit: Unit, params: Params): void {
  const items = params.invoice_items;
  const isNamed = text(params, "subscription") !== undefined || detailsOf(params).items !== undefined;
  if (isNamed || (Array.isArray(items) && items.length > 0)) return;
  if (!isBefore(unit.family, "basil")) throw refusal(rows.previewOfNothing);
  if (text(params, "customer") === undefined) throw refusal(rows.previewOfNobody);
}

/** The subscription whose next invoice is asked for, if it is there already. */
export function namedSubscription(unit: Unit, params: Params): Subscription | undefined {
  const id = text(params, "subscription");
  if (id === undefined) return undefined;
  const known = mustReadParam(unit, subscriptions, id, "subscription");
  const customer = text(params, "customer") ?? known.customer;
  if (customer !== known.customer) throw refusal(rows.previewOfOther, { subscription: id });
  const currency = params.currency === undefined ? known.currency : checkedCurrency(params);
  if (currency !== known.currency) throw refusal(rows.previewCurrency, { currency, own: known.currency });
  refuseFixed(known, detailsOf(params));
  return known;
}

/** What is said of a subscription when it begins only. */
function refuseFixed({ billing_mode: { type } }: Subscription, details: Params): void {
  if (text(hash(details, "billing_cycle_anchor") ?? {}, "type") === "timestamp") throw refusal(rows.previewAnchor);
  const mode = text(hash(details, "billing_mode") ?? {}, "type") ?? type;
  if (mode !== type) throw refusal(rows.previewMode, { type });
  if (details.start_date !== undefined) throw refusal(rows.previewStart);
}
