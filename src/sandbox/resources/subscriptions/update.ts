// What callers change of a subscription that runs.
import { signal } from "../../kernel/state/reactions.ts";
import type { Params } from "../../kernel/state/resource.ts";
import type { Unit } from "../../kernel/state/unit.ts";
import { change, mustRead } from "../../kernel/state/writes.ts";
import { refusal } from "../../kernel/words/errors.ts";
import { refuseFractions } from "../../kernel/words/fractions.ts";
import { given } from "../../kernel/words/params.ts";
import { describeBills } from "../invoices/index.ts";
import { type BillNow, billNow } from "./billing/first.ts";
import { changeSubscription, isChanging } from "./changes/change.ts";
import { changedDiscounts } from "./discounts.ts";
import { metadataOf, refuseUnplayedTerms, termsOf, writtenFields } from "./fields.ts";
import { inItems } from "./items/shorthand.ts";
import { refuseUntaxed } from "./items/taxed.ts";
import { detailsOf } from "./life/cancel.ts";
import { endingOf } from "./life/ending.ts";
import { fileResumption, pauseOf } from "./life/pause_collection.ts";
import { filePending, pendingOf } from "./life/pending.ts";
import { endWithoutMethod, fileTrialEnd } from "./life/trial_end.ts";
import { fileTurn } from "./life/turn.ts";
import { dropUpdate } from "./pending/hold.ts";
import { refuseUnsupported } from "./pending/supported.ts";
import { rows } from "./refusals.table.ts";
import { isOver, type Subscription, subscriptions } from "./subscription.ts";

export function updateSubscription(unit: Unit, params: Params, id: string): Subscription {
  const before = mustRead(unit, subscriptions, id);
  refuseScheduled(before, params);
  const after = updatedBy(unit, params, id, billNow);
  signal(unit, subscriptions, "revise", before, after);
  return mustRead(unit, subscriptions, id);
}

/** When it ends is for its schedule to say. */
function refuseScheduled({ schedule }: Subscription, params: Params): void {
  const isAboutEnd = params.cancel_at !== undefined || params.cancel_at_period_end !== undefined;
  if (isAboutEnd && schedule !== null) throw refusal(rows.endOfScheduled, { schedule: String(schedule) });
}

/** `bill`: how what is due at once is billed; a preview does it in another way. */
export function updatedBy(unit: Unit, sent: Params, id: string, bill: BillNow): Subscription {
  const known = mustRead(unit, subscriptions, id);
  const params = inItems(sent, known.items);
  refuseFractions(params, known.currency);
  refuseFixed(known, params);
  refuseUnplayedTerms(params);
  refuseUnsupported(unit, known, params);
  const before = isChanging(params) ? dropUpdate(unit, known) : known;
  const changes = {
    ...writtenFields(unit, params, before),
    ...(isAboutTerms(params) && termsOf(params, before)),
    ...given({ pause_collection: pauseOf(unit, params, before.pause_collection) }),
    cancellation_details: detailsOf(params, before),
    ...endingOf(unit, params, before),
    ...pendingOf(unit, params),
    ...given({ discounts: changedDiscounts(unit, params, before) }),
    metadata: metadataOf(params, before.metadata),
  };
  const ended = endWithoutMethod(unit, before, params);
  if (ended) return ended;
  const after = isChanging(params)
    ? changeSubscription(unit, before, { params, written: changes, bill })
    : change(unit, subscriptions, before, changes, "customer.subscription.updated");
  refuseUntaxed(unit, params, after);
  fileTurn(unit, after);
  fileTrialEnd(unit, after);
  filePending(unit, after);
  fileResumption(unit, after);
  if (params.metadata !== undefined) describeBills(unit, id, after.metadata);
  return mustRead(unit, subscriptions, id);
}

function isAboutTerms({ collection_method: method, days_until_due: days }: Params): boolean {
  return method !== undefined || days !== undefined;
}

const always: readonly string[] = ["expand", "metadata"];
const whenOver: readonly string[] = [...always, "cancellation_details"];
const whenIncomplete: readonly string[] = [...always, "default_payment_method", "default_source", "description"];

/** What is over, or not begun yet, hardly changes. */
function refuseFixed(subscription: Subscription, params: Params): void {
  const isOther = (allowed: readonly string[]) =>
    Object.entries(params).some(([name, value]) => value !== undefined && !allowed.includes(name));
  if (isOver(subscription) && isOther(whenOver)) throw refusal(rows.canceledFixed);
  if (subscription.status === "incomplete" && isOther(whenIncomplete)) throw refusal(rows.incompleteFixed);
}
