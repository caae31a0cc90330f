// A subscription whose taxes nobody names: that they can be reckoned is known before it is billed.
// https://docs.stripe.com/billing/taxes/collect-taxes
import type { Params } from "../../../kernel/state/resource.ts";
import type { Unit } from "../../../kernel/state/unit.ts";
import { mustRead } from "../../../kernel/state/writes.ts";
import { customers } from "../../customers/index.ts";
import { refuseUnplaced, refuseUntaxable } from "../../invoices/index.ts";
import { prices } from "../../prices/index.ts";
import type { Subscription } from "../subscription.ts";
import { priceAfter } from "./current_trial.ts";

const about = ["add_invoice_items", "automatic_tax", "default_tax_rates", "items"];

/** Of a call that says nothing of it nothing is refused. What follows a trial of an item is taxed too. */
export function refuseUntaxed(unit: Unit, params: Params, subscription: Subscription): void {
  if (!subscription.automatic_tax.enabled || !about.some((name) => params[name] !== undefined)) return;
  const later = subscription.items.map((item) => ({ ...item, price: priceAfter(unit, item).id }));
  refuseUntaxedItems(unit, { ...subscription, items: [...subscription.items, ...later] });
}

interface Billed {
  readonly customer: string;
  readonly default_tax_rates: readonly string[];
  readonly items: readonly { readonly price: string; readonly tax_rates?: readonly string[] | null }[];
}

/** Of a subscription, or of a phase in which there will be one. */
export function refuseUntaxedItems(unit: Unit, { customer, default_tax_rates, items }: Billed): void {
  refuseUnplaced(mustRead(unit, customers, customer));
  refuseUntaxable({
    prices: items.map(({ price }) => mustRead(unit, prices, price)),
    rates: [...default_tax_rates, ...items.flatMap((item) => item.tax_rates ?? [])],
  });
}
