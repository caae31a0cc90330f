// The first phase begins, and with it the subscription. Its first invoice is a draft for an hour like those of later
// periods (documented).
import type { Params } from "../../../kernel/state/resource.ts";
import { secondOf, type Unit } from "../../../kernel/state/unit.ts";
import { billLater, createdBy, type Subscription } from "../../subscriptions/index.ts";
import { discountTerms, itemTerms, termsOf } from "../phases/terms.ts";
import type { Schedule } from "../schedule.ts";

/** As a call would make it. Where the phase began in the past, so did the subscription. */
export function beginSubscription(unit: Unit, schedule: Schedule): Subscription {
  const { billing_mode, customer, id, phases } = schedule;
  const [first] = phases as [Schedule["phases"][number]]; // There is one at least.
  const { type, flexible } = billing_mode;
  const isBehind = first.start_date < secondOf(unit);
  const params: Params = {
    ...termsOf(unit, schedule, first),
    ...(isBehind && { backdate_start_date: first.start_date }),
    billing_mode: type === "flexible" ? { type, flexible } : { type },
    currency: first.currency,
    customer,
    discounts: discountTerms(unit, first.discounts, []) ?? undefined,
    items: first.items.map((item) => itemTerms(unit, item, [])),
  };
  return createdBy(unit, params, { bill: billLater, schedule: id });
}
