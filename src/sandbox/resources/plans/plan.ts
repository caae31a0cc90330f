// READ FIRST. A plan is a recurring price under its older name: the price is what is stored, and a plan is made of it
// whenever somebody looks. https://docs.stripe.com/api/plans
import type Stripe from "stripe";
import { defineNoun, type Hidden, hidden, type Stored } from "../../kernel/state/noun.ts";
import type { Price } from "../prices/index.ts";

type Declared = Omit<Stripe.Plan, "amount_decimal" | "deleted" | "metadata" | "tiers">;

export type Plan = Stored<Declared> &
  Hidden & {
    readonly amount_decimal: string | null;
    readonly metadata: Readonly<Record<string, string>>;
  };

/** Its prefix is among those of prices, which hold it. */
export const plans = defineNoun<Plan>({
  object: "plan",
  prefixes: [],
  expandable: { product: "product" },
  madeOf: { object: "price", make: planOf },
});

/** Undefined for what is paid once. */
export function planOf(price: Price): Plan | undefined {
  const { id, recurring, transform_quantity } = price;
  if (!recurring) return undefined;
  return {
    id,
    object: "plan",
    active: price.active,
    amount: price.unit_amount,
    amount_decimal: price.unit_amount_decimal,
    billing_scheme: price.billing_scheme,
    created: price.created,
    currency: price.currency,
    interval: recurring.interval,
    interval_count: recurring.interval_count,
    livemode: false,
    metadata: price.metadata,
    meter: recurring.meter,
    nickname: price.nickname,
    product: price.product,
    tiers_mode: price.tiers_mode,
    transform_usage: transform_quantity,
    trial_period_days: recurring.trial_period_days,
    usage_type: recurring.usage_type,
    [hidden]: { ...price[hidden] },
  };
}

export interface DeletedPlan {
  readonly id: string;
  readonly object: "plan";
  readonly deleted: true;
}
