// How a subscription is billed: as before 2025, or flexibly. Who says nothing gets what the version of the call has by
// default. https://docs.stripe.com/billing/subscriptions/billing-mode
import type { Params } from "../../kernel/state/resource.ts";
import { secondOf, type Unit } from "../../kernel/state/unit.ts";
import { change, mustRead } from "../../kernel/state/writes.ts";
import { noSuch, refusal } from "../../kernel/words/errors.ts";
import { hash, text } from "../../kernel/words/params.ts";
import { subscriptionDefaults } from "./defaults.table.ts";
import { rows } from "./refusals.table.ts";
import { isOver, type Subscription, subscriptions } from "./subscription.ts";

type Mode = Subscription["billing_mode"];

export function modeOf(unit: Unit, params: Params): Mode {
  const sent = hash(params, "billing_mode") ?? {};
  const usual = unit.version >= subscriptionDefaults.flexibleSince.value ? "flexible" : "classic";
  const type = text(sent, "type") ?? usual;
  return type === "classic" ? { flexible: null, type } : flexibleMode(unit, sent, "included");
}

/** The only way is to flexible, and from discounts that are included in amounts to those that stand beside them. */
export function migrateSubscription(unit: Unit, params: Params, id: string): Subscription {
  const before = mustRead(unit, subscriptions, id);
  if (isOver(before)) throw noSuch(subscriptions, id, { inPath: true });
  const shown = before.billing_mode.flexible?.proration_discounts ?? "included";
  const billing_mode = flexibleMode(unit, hash(params, "billing_mode") ?? {}, shown);
  const isBack = shown === "itemized" && billing_mode.flexible?.proration_discounts !== "itemized";
  if (isBack) throw refusal(rows.migratesBack);
  return change(unit, subscriptions, before, { billing_mode }, "customer.subscription.updated");
}

function flexibleMode(unit: Unit, sent: Params, usual: string): Mode {
  const proration_discounts = text(hash(sent, "flexible") ?? {}, "proration_discounts") ?? usual;
  return { flexible: { proration_discounts }, type: "flexible", updated_at: secondOf(unit) };
}
