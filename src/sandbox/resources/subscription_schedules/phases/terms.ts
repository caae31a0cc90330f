// What a phase makes of its subscription, in the words of the calls that begin and change one.
import type { Params } from "../../../kernel/state/resource.ts";
import { secondOf, type Unit } from "../../../kernel/state/unit.ts";
import { mustRead } from "../../../kernel/state/writes.ts";
import { given } from "../../../kernel/words/params.ts";
import { discounts } from "../../discounts/index.ts";
import type { Subscription } from "../../subscriptions/index.ts";
import { lastPhase, type Schedule } from "../schedule.ts";
import type { BesideItem, Phase, PhaseDiscount, PhaseItem } from "./phase.ts";

/** Of a new subscription, and of one that it begins to be of. */
export function termsOf(unit: Unit, schedule: Schedule, phase: Phase): Params {
  const { default_settings: usual } = schedule;
  const settings = phase.invoice_settings ?? usual.invoice_settings;
  const method = phase.collection_method ?? usual.collection_method ?? "charge_automatically";
  const { account_tax_ids, days_until_due: days, custom_fields, description, footer } = settings;
  const isLast = phase === lastPhase(schedule);
  const isAhead = phase.trial_end !== null && phase.trial_end > secondOf(unit);
  return given({
    add_invoice_items: phase.add_invoice_items.map((item) => besideTerms(item, phase)),
    automatic_tax: { enabled: isTaxed(schedule, phase) },
    billing_thresholds: phase.billing_thresholds ?? usual.billing_thresholds,
    cancel_at: isLast && schedule.end_behavior === "cancel" ? phase.end_date : undefined,
    collection_method: method,
    days_until_due: method === "send_invoice" ? (days ?? undefined) : undefined,
    default_payment_method: phase.default_payment_method ?? usual.default_payment_method ?? undefined,
    default_tax_rates: phase.default_tax_rates,
    description: phase.description ?? usual.description ?? undefined,
    // What the phase before said of them ends with it (inferred).
    invoice_settings: { account_tax_ids, custom_fields, description, footer },
    metadata: phase.metadata,
    proration_behavior: phase.proration_behavior,
    trial_end: isAhead ? (phase.trial_end ?? undefined) : undefined,
  });
}

/** Whether its taxes are reckoned by themselves. */
export function isTaxed({ default_settings: usual }: Schedule, phase: Phase): boolean {
  return (phase.automatic_tax ?? usual.automatic_tax)?.enabled ?? false;
}

export function itemTerms(unit: Unit, item: PhaseItem, known: readonly string[]): Params {
  const { billing_thresholds, metadata, price, quantity, tax_rates } = item;
  return {
    billing_thresholds,
    ...given({ quantity }),
    discounts: discountTerms(unit, item.discounts, known),
    metadata,
    price,
    // The schedule took it while it was active, or it was made for this.
    scheduled: true,
    tax_rates,
  };
}

/** What is redeemed already is kept: `known` are the discounts that stand there. */
export function discountTerms(unit: Unit, named: readonly PhaseDiscount[], known: readonly string[]): Params[] | null {
  const standing = known.map((id) => mustRead(unit, discounts, id));
  const terms = named.map(({ coupon, discount, promotion_code }) => {
    const kept = standing.find(({ promotion_code: code, source }) =>
      promotion_code === null ? source.coupon === coupon : code === promotion_code,
    );
    if (discount !== null) return { discount };
    return kept
      ? { discount: kept.id }
      : given({ coupon: coupon ?? undefined, promotion_code: promotion_code ?? undefined });
  });
  return terms.length === 0 ? null : terms;
}

function besideTerms(item: BesideItem, { end_date, start_date }: Phase): Params {
  const { discountable, metadata, period, price, quantity, tax_rates } = item;
  const { end, start } = period;
  const at = (timestamp: number) => ({ type: "timestamp", timestamp });
  return {
    ...given({ discountable: discountable ?? undefined }),
    discounts: item.discounts.map(({ coupon, discount, promotion_code }) =>
      given({
        coupon: coupon ?? undefined,
        discount: discount ?? undefined,
        promotion_code: promotion_code ?? undefined,
      }),
    ),
    metadata,
    period: {
      end: end.type === "phase_end" ? at(end_date) : end,
      start: start.type === "phase_start" ? at(start_date) : start,
    },
    price,
    quantity,
    scheduled: true,
    tax_rates,
  };
}

/** Items of the same price go on; the others come and go. */
export function itemChanges(unit: Unit, { discounts: ofAll, items }: Subscription, phase: Phase): Params[] {
  const goesOn = (price: string) => phase.items.some((item) => item.price === price);
  const gone = items.filter(({ price }) => !goesOn(price)).map(({ id }) => ({ id, deleted: true }));
  const kept = phase.items.map((item) => {
    const held = items.find(({ price }) => price === item.price);
    const { price, ...terms } = itemTerms(unit, item, [...(held?.discounts ?? []), ...ofAll]);
    return held ? { ...terms, id: held.id } : { ...terms, price };
  });
  return [...kept, ...gone];
}
