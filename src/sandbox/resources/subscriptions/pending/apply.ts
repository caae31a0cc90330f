// An update that was pending is paid: the subscription becomes what it showed. Periods begin when it was asked for.
// https://docs.stripe.com/billing/subscriptions/pending-updates
import { emit } from "../../../kernel/state/emit.ts";
import type { Params } from "../../../kernel/state/resource.ts";
import { secondOf, type Unit } from "../../../kernel/state/unit.ts";
import { given } from "../../../kernel/words/params.ts";
import { describeBills, type Invoice } from "../../invoices/index.ts";
import type { SubscriptionItem } from "../../subscription_items/index.ts";
import type { Turn } from "../changes/calendar.ts";
import { standing } from "../changes/standing.ts";
import { leftAfter } from "../discounts.ts";
import { metadataOf } from "../fields.ts";
import { endAmong } from "../items/ends.ts";
import { endingOf } from "../life/ending.ts";
import { fileTrialEnd } from "../life/trial_end.ts";
import { fileTurn } from "../life/turn.ts";
import { holding, type Subscription } from "../subscription.ts";

export function applyUpdate(unit: Unit, before: Subscription, invoice: Invoice): void {
  const { pending_update: update } = before;
  if (!update) return;
  const items = (update.subscription_items ?? before.items) as unknown as readonly SubscriptionItem[]; // Stored so.
  const turn = turnOf(unit, update);
  const changes = {
    ...holding(items),
    ...given({ billing_cycle_anchor: update.billing_cycle_anchor ?? undefined }),
    ...(update.trial_end !== null && { trial_end: update.trial_end }),
    ...(turn.kind === "trial" && { trial_start: before.trial_start ?? secondOf(unit) }),
    pending_update: null,
  };
  const changed = { ...before, ...changes };
  const sent: Params = given({
    cancel_at_period_end: update.cancel_at_period_end ?? undefined,
    metadata: update.metadata ?? undefined,
  });
  const { discounts, items: left } = leftAfter(unit, changed, invoice.id);
  const all = {
    ...changes,
    ...holding(left),
    ...given({ cancel_at: endAmong({}, changed.cancel_at_period_end, changed.items) }),
    ...endingOf(unit, sent, changed),
    discounts,
    metadata: metadataOf(sent, before.metadata),
  };
  const after = standing(unit, before, { all, turn, isPaid: true });
  emit(unit, "customer.subscription.pending_update_applied", after);
  fileTurn(unit, after);
  fileTrialEnd(unit, after);
  if (update.metadata) describeBills(unit, after.id, after.metadata);
}

function turnOf(
  unit: Unit,
  { billing_cycle_anchor: anchor, trial_end: trial }: NonNullable<Subscription["pending_update"]>,
): Turn {
  if (trial !== null) return trial > secondOf(unit) ? { kind: "trial", end: trial } : { kind: "trial_ended" };
  return { kind: anchor === null ? "none" : "reset" };
}
