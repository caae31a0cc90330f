// Access: what customers may use, by what is paid. The folder's only door.
import type { Billing } from "../../api/index.ts";
import type { Manifest } from "../../kernel/contract/manifest.ts";
import type { BillingCore } from "../../kernel/core.ts";
import { checkAccess, checkMany, listAccess } from "./check.ts";
import { accessFacts } from "./facts.table.ts";
import * as follow from "./follow.ts";
import { grantAccess, listGrants, revokeAccess } from "./grants.ts";
import { nextChange } from "./reckon.ts";
import { accessTables } from "./tables.ts";
import { onCatalogApplied, wave } from "./waves.ts";

export { keepPolicy } from "./waves.ts";

export function createAccess(core: BillingCore): Billing["access"] {
  return {
    check: async (customerId, feature) => checkAccess(core, customerId, feature),
    checkMany: async (customerIds, feature) => checkMany(core, customerIds, feature),
    list: async (customerId) => listAccess(core, customerId),
    grant: (input) => core.command(async () => grantAccess(core, input)),
    revoke: (grantId, input) => core.command(async () => revokeAccess(core, grantId, input)),
    grants: async (customerId) => listGrants(core, customerId),
  };
}

export const accessManifest: Manifest = {
  name: "access",
  tables: accessTables,
  facts: accessFacts,
  kinds: [],
  events: [],
  verbs: [],
  reactions: [
    follow.onSubscriptionSeen,
    follow.onInvoiceSeen,
    follow.onDisputeChanged,
    follow.onInvoicePayment,
    follow.onRefundChanged,
    follow.onRefundFailed,
    follow.onGone,
    follow.onClockReady,
    onCatalogApplied,
  ],
  timers: [nextChange, follow.quietClock, wave],
};
