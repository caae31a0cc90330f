// How a subscription is billed: as before 2025, or flexibly. Who says nothing gets what the version of the call has by
// default. https://docs.stripe.com/billing/subscriptions/billing-mode
import type { Params } from "../../kernel/state/resource.ts";
import { secondOf, type Unit } from "../../kernel/state/unit.ts";
import { hash, text } from "../../kernel/words/params.ts";
import { subscriptionDefaults } from "./defaults.table.ts";
import type { Subscription } from "./subscription.ts";

export function modeOf(unit: Unit, params: Params): Subscription["billing_mode"] {
  const sent = hash(params, "billing_mode") ?? {};
  const usual = unit.version >= subscriptionDefaults.flexibleSince.value ? "flexible" : "classic";
  const type = text(sent, "type") ?? usual;
  if (type === "classic") return { flexible: null, type };
  const discounts = text(hash(sent, "flexible") ?? {}, "proration_discounts") ?? "included";
  return { flexible: { proration_discounts: discounts }, type, updated_at: secondOf(unit) };
}
