// Invoice items: what is to be billed. The folder's only door.
import { referred, until } from "../../kernel/state/embeds.ts";
import { onSignal } from "../../kernel/state/reactions.ts";
import { defineResource } from "../../kernel/state/resource.ts";
import { mustRead } from "../../kernel/state/writes.ts";
import { joinsClock } from "../customers/index.ts";
import { prices } from "../prices/index.ts";
import { taxRates } from "../tax_rates/index.ts";
import { createItem, deleteItem, listItems, updateItem } from "./actions.ts";
import { invoiceItemDefaults } from "./defaults.table.ts";
import { invoiceItemExtras } from "./extras.table.ts";
import { type InvoiceItem, invoiceItems, meanAside } from "./invoiceitem.ts";
import { rows } from "./refusals.table.ts";
import { invoiceItemVersions } from "./versions.ts";

export { billItem, copyItem, makeItem, removeItem, reviseItem } from "./actions.ts";
export {
  type InvoiceItem,
  invoiceItems,
  meanAside,
  type Pricing,
  pendingItems,
  pricedBy,
  priceIdOf,
  release,
  sweep,
  withoutDiscount,
} from "./invoiceitem.ts";
export {
  type Credited,
  creditsOf,
  debitsOf,
  discountsWithin,
  forgetProration,
  makeProrated,
  type Prorated,
  type ProratedDebit,
  type Taking,
} from "./prorated.ts";
export { rows as invoiceItemRefusals } from "./refusals.table.ts";
export { inOtherCurrency, inPricing, termsOf } from "./terms.ts";
export { priced } from "./versions.ts";

const path = "/v1/invoiceitems";

export const invoiceItemResource = defineResource<InvoiceItem>({
  noun: invoiceItems,
  extras: invoiceItemExtras,
  defaults: invoiceItemDefaults,
  refusals: rows,
  versions: invoiceItemVersions,
  reactions: [
    joinsClock(invoiceItems),
    onSignal(prices, "stand_aside", (unit, before, aside) => meanAside(unit, invoiceItems, before.id, aside.id)),
  ],
  // It was shown whole. https://docs.stripe.com/changelog/basil
  embeds: [
    until("basil", referred(invoiceItems, "pricing.price_details.price", prices)),
    referred(invoiceItems, "tax_rates", taxRates),
  ],
  routes: [
    { method: "POST", path, run: createItem },
    { method: "GET", path, run: listItems },
    { method: "GET", path: `${path}/:id`, run: (unit, _params, id) => mustRead(unit, invoiceItems, id) },
    { method: "POST", path: `${path}/:id`, run: updateItem },
    { method: "DELETE", path: `${path}/:id`, run: deleteItem },
  ],
});
