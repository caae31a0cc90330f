// A subscription as it is, as a phase.
import type { Subscription } from "../../subscriptions/index.ts";
import type { Phase, PhaseDiscount } from "./phase.ts";

type Span = Pick<Phase, "end_date" | "start_date">;

export function phaseAsIs(subscription: Subscription, { end_date, start_date }: Span): Phase {
  const { currency, default_tax_rates, discounts, items, trial_end } = subscription;
  return {
    add_invoice_items: [],
    application_fee_percent: null,
    billing_cycle_anchor: null,
    billing_thresholds: null,
    collection_method: null,
    currency,
    default_payment_method: null,
    default_tax_rates,
    description: null,
    discounts: discounts.map(asNamed),
    end_date,
    invoice_settings: null,
    items: items.map(({ billing_thresholds, discounts: own, metadata, plan, price, quantity, tax_rates }) => ({
      billing_thresholds,
      discounts: own.map(asNamed),
      metadata: metadata,
      plan,
      price,
      ...(quantity !== undefined && { quantity }),
      tax_rates,
    })),
    metadata: {},
    on_behalf_of: null,
    proration_behavior: "create_prorations",
    start_date,
    transfer_data: null,
    trial_end: trial_end !== null && start_date <= trial_end && trial_end <= end_date ? trial_end : null,
  };
}

function asNamed(discount: string): PhaseDiscount {
  return { coupon: null, discount, promotion_code: null };
}
