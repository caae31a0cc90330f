// Customers: the host's users, each one Customer at Stripe.
import type { Billing } from "../../api/index.ts";
import type { Manifest } from "../../kernel/contract/manifest.ts";
import type { BillingCore } from "../../kernel/core.ts";
import { checkId } from "../input.ts";
import { onCustomerAppeared } from "./appeared.ts";
import { customerKind, onCustomerCurrency } from "./customers.ts";
import { ensure, ensureCustomer, updateCustomer } from "./ensure.ts";
import { customersFacts } from "./facts.table.ts";
import { onCustomerGone, ownCustomers } from "./gone.ts";
import { link, linkCustomer } from "./link/link.ts";
import { linked } from "./link/linked.ts";
import { listCustomers } from "./list.ts";
import { showCustomer } from "./read.ts";
import { customersTables } from "./tables.ts";
import { addTaxId } from "./tax_ids/add.ts";
import { giveTaxId, takeTaxId } from "./tax_ids/commands.ts";
import { onTaxIdGone, onTaxIdSeen } from "./tax_ids/follow.ts";
import { removeTaxId } from "./tax_ids/remove.ts";
import { taxIdKind } from "./tax_ids/tax_ids.ts";
import { update } from "./update.ts";

export { refuseOtherCurrency } from "./currency.ts";
export type { CustomerMirror } from "./customers.ts";
export { customerKind } from "./customers.ts";
export { ensure, stripeCustomerOf } from "./ensure.ts";
export { link } from "./link/link.ts";
export { judgePlacings, type Placing, placeCustomers } from "./link/place.ts";
export { readCustomer } from "./read.ts";
export type { CustomerRow } from "./tables.ts";
export { taxIdKind } from "./tax_ids/tax_ids.ts";
export { linkOf } from "./wishes.ts";
export { lockCustomers } from "./write.ts";

export function createCustomers(core: BillingCore): Billing["customers"] {
  return {
    ensure: (input) => core.command(async () => ensureCustomer(core, input)),
    link: (input) => core.command(async () => linkCustomer(core, input)),
    update: (id, changes) => core.command(async () => updateCustomer(core, id, changes)),
    addTaxId: (customerId, input) => core.command(async () => giveTaxId(core, customerId, input)),
    removeTaxId: (customerId, taxIdId, options = {}) =>
      core.command(async () => takeTaxId(core, customerId, taxIdId, options)),
    get: async (id) => showCustomer(core, checkId("id", id)),
    list: async (options) => listCustomers(core, options ?? {}),
  };
}

export const customersManifest: Manifest = {
  name: "customers",
  tables: customersTables,
  facts: customersFacts,
  kinds: [customerKind, taxIdKind],
  events: [
    "customer.created",
    "customer.updated",
    "customer.deleted",
    "customer.tax_id.created",
    "customer.tax_id.updated",
    "customer.tax_id.deleted",
  ],
  verbs: [ensure, link, update, addTaxId, removeTaxId],
  reactions: [onCustomerGone, onCustomerAppeared, onCustomerCurrency, onTaxIdSeen, onTaxIdGone],
  timers: [linked],
  ownCustomers,
};
