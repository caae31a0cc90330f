// All that a customer may use, as its one event tells of it. It has no id, and no call reads it.
// https://docs.stripe.com/billing/entitlements
import type Stripe from "stripe";
import { hidden } from "../../kernel/state/noun.ts";
import { commonDefaults } from "../../kernel/words/defaults.table.ts";
import type { ActiveEntitlement } from "./active_entitlement.ts";

const listedMax = commonDefaults.listedInside.value;

/** `all`: newest first. The address is the one that Stripe was seen to write, although nothing answers there. */
export function summaryOf(
  customer: string,
  all: readonly ActiveEntitlement[],
): Stripe.Entitlements.ActiveEntitlementSummary {
  const data = all.slice(0, listedMax).map(({ [hidden]: _memory, ...shown }) => shown);
  const url = `/v1/customer/${customer}/entitlements`;
  return {
    object: "entitlements.active_entitlement_summary",
    customer,
    entitlements: { object: "list", data, has_more: all.length > listedMax, url },
    livemode: false,
  };
}
