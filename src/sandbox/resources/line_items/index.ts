// Lines of invoices. The folder's only door; their addresses are those of their invoice.
import { referred, until } from "../../kernel/state/embeds.ts";
import type { StripeObject } from "../../kernel/state/noun.ts";
import { onSignal } from "../../kernel/state/reactions.ts";
import { defineResource } from "../../kernel/state/resource.ts";
import type { Unit } from "../../kernel/state/unit.ts";
import { read } from "../../kernel/state/writes.ts";
import { meanAside } from "../invoiceitems/index.ts";
import { prices } from "../prices/index.ts";
import { reckonedBy, taxRates } from "../tax_rates/index.ts";
import { lineItemExtras } from "./extras.table.ts";
import { type LineItem, lineItems } from "./line_item.ts";
import { lineItemVersions } from "./versions.ts";

export {
  addBilling,
  addLine,
  type Billing,
  followItem,
  followMetadata,
  isForNothing,
  itemOf,
  type LineItem,
  type LineTotals,
  leaveItem,
  lineItems,
  lineOf,
  linesOf,
  namedRates,
  ownMetadata,
  ownRatesOf,
  removeLine,
  setDiscounts,
  setTaxAmounts,
  setTotals,
  type TaxAmount,
  takeBackLine,
  taxAmountsOn,
} from "./line_item.ts";
export { taxAmounts } from "./versions.ts";

export const lineItemResource = defineResource<LineItem>({
  noun: lineItems,
  versions: lineItemVersions,
  extras: lineItemExtras,
  // It was shown whole. https://docs.stripe.com/changelog/basil
  embeds: [
    until("basil", referred(lineItems, "pricing.price_details.price", prices)),
    until("basil", { ...referred(lineItems, "tax_rates", taxRates), find: ratesOf }),
  ],
  reactions: [
    onSignal(prices, "stand_aside", (unit, before, aside) => meanAside(unit, lineItems, before.id, aside.id)),
  ],
  routes: [],
});

/** The rates that it is taxed by, its own or its invoice's; not those that were made for what a caller has reckoned. */
function ratesOf(unit: Unit, line: object): StripeObject[] {
  const { taxes } = line as LineItem; // An embed is asked for objects of its noun.
  return (taxes ?? []).flatMap(({ tax_rate_details: details }) => {
    const rate = read(unit, taxRates, details?.tax_rate ?? "");
    return rate && reckonedBy(rate) === null ? [rate] : [];
  });
}
