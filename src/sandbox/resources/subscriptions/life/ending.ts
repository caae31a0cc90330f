// An end that is chosen for later, and taken back. https://docs.stripe.com/billing/subscriptions/cancel
import type { Params } from "../../../kernel/state/resource.ts";
import { secondOf, type Unit } from "../../../kernel/state/unit.ts";
import { common } from "../../../kernel/words/errors.table.ts";
import { refusal } from "../../../kernel/words/errors.ts";
import { boolean, integer } from "../../../kernel/words/params.ts";
import { endAmong } from "../items/ends.ts";
import { rows } from "../refusals.table.ts";
import type { Subscription } from "../subscription.ts";
import { detailsOf } from "./cancel.ts";

type Ending = Pick<Subscription, "cancel_at" | "cancel_at_period_end" | "canceled_at" | "cancellation_details">;

/** What was sent of an end; when it was asked for is remembered, and undone without a trace (recorded). */
export function endingOf(unit: Unit, params: Params, before: Subscription): Partial<Ending> {
  const atPeriodEnd = boolean(params, "cancel_at_period_end");
  if (atPeriodEnd !== undefined && params.cancel_at !== undefined) {
    throw refusal(common.parametersExclusive, { params: "cancel_at, cancel_at_period_end" });
  }
  const isUndone = params.cancel_at === null || (atPeriodEnd === false && before.cancel_at_period_end);
  if (isUndone) {
    const cancellation_details = { ...detailsOf(params, before), reason: null };
    return { cancel_at: null, cancel_at_period_end: false, canceled_at: null, cancellation_details };
  }
  const second = secondOf(unit);
  const at = endAmong(params, atPeriodEnd === true, before.items) ?? integer(params, "cancel_at");
  if (at === undefined) return {};
  if (at < second) throw refusal(rows.cancelPast);
  const cancellation_details = detailsOf(params, before, "cancellation_requested");
  return { cancel_at: at, cancel_at_period_end: atPeriodEnd === true, canceled_at: second, cancellation_details };
}
