// Customers: the host's users, each one Customer at Stripe.
import type { Billing } from "../../api/index.ts";
import type { Manifest } from "../../kernel/contract/manifest.ts";
import type { BillingCore } from "../../kernel/core.ts";
import { checkId } from "../input.ts";
import { onCustomerAppeared } from "./appeared.ts";
import { customerKind, onCustomerCurrency } from "./customers.ts";
import { ensure, ensureCustomer, updateCustomer } from "./ensure.ts";
import { onCustomerGone, ownCustomers } from "./gone.ts";
import { link, linkCustomer } from "./link/link.ts";
import { listCustomers, readCustomer, viewCustomer } from "./read.ts";
import { customersTables } from "./tables.ts";
import { update } from "./update.ts";

export type { CustomerMirror } from "./customers.ts";
export { customerKind } from "./customers.ts";
export { ensure, stripeCustomerOf } from "./ensure.ts";
export { link } from "./link/link.ts";
export { judgePlacings, type Placing, placeCustomers } from "./link/place.ts";
export { readCustomer } from "./read.ts";
export type { CustomerRow } from "./tables.ts";
export { linkOf } from "./wishes.ts";

export function createCustomers(core: BillingCore): Billing["customers"] {
  return {
    ensure: (input) => core.command(async () => ensureCustomer(core, input)),
    link: (input) => core.command(async () => linkCustomer(core, input)),
    update: (id, changes) => core.command(async () => updateCustomer(core, id, changes)),
    get: async (id) => viewCustomer(await readCustomer(core, checkId("id", id))),
    list: async (options) => listCustomers(core, options ?? {}),
  };
}

export const customersManifest: Manifest = {
  name: "customers",
  tables: customersTables,
  facts: {},
  kinds: [customerKind],
  events: ["customer.created", "customer.updated", "customer.deleted"],
  verbs: [ensure, link, update],
  reactions: [onCustomerGone, onCustomerAppeared, onCustomerCurrency],
  timers: [],
  ownCustomers,
};
