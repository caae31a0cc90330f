// Takes a planned end back, whoever planned it: the portal by its date, the Dashboard, or a cancel of ours.
// https://docs.stripe.com/billing/subscriptions/cancel#reactivating-canceled-subscriptions
import type { Outcome, Subscription, UndoCancel } from "../../../api/index.ts";
import { flag, record, type Shaped } from "../../../kernel/contract/shape.ts";
import { defineVerb } from "../../../kernel/contract/verb.ts";
import type { BillingCore } from "../../../kernel/core.ts";
import { checkFields, type Fields } from "../../input.ts";
import { plannedEnd } from "../happened.ts";
import {
  aboutSubscription,
  changing,
  checkNamed,
  lookAt,
  ofSubscription,
  outcomeOfWish,
  refuseUnbegun,
  subscriptionLane,
  tellFailed,
} from "../wish.ts";
import { ofSchedule, releasing } from "./schedule.ts";

const fields: Fields<UndoCancel> = { id: true, attempt: true };

export async function undoCancel(
  core: BillingCore,
  subscriptionId: string,
  given: UndoCancel,
): Promise<Outcome<Subscription>> {
  const wish = {
    ...checkNamed(subscriptionId, checkFields("options", given, fields)),
    verb: undo,
    refuse: refuseUnbegun,
    decide: async (known) => {
      // That nobody has told of an end does not mean that none is planned.
      const { id, cancelAt, cancelAtPeriodEnd, schedule } =
        plannedEnd(known) === null ? await lookAt(core, known.id) : known;
      // A schedule that changes it later has planned no end, and stays.
      return { subscriptionId: id, isFlagged: cancelAtPeriodEnd, schedule: cancelAt === null ? null : schedule };
    },
    again: (decided) => decided,
  } satisfies Parameters<typeof outcomeOfWish<Params>>[1];
  return outcomeOfWish(core, wish, `Taking back the end of subscription ${subscriptionId}`);
}

const undoParams = record({
  ...ofSubscription,
  ...ofSchedule,
  /** It was to end with its period, and not at a date: Stripe takes only one of both. */
  isFlagged: flag,
});
type Params = Shaped<typeof undoParams>;

export const undo = defineVerb({
  name: "subscriptions.undo",
  params: undoParams,
  outcome: record({}),
  lane: subscriptionLane,
  about: aboutSubscription,
  steps: [
    releasing,
    changing(({ isFlagged }: Params) => (isFlagged ? { cancel_at_period_end: false } : { cancel_at: null })),
  ],
  answered: async () => ({}),
  refused: tellFailed("undo"),
});
