// The end of a trial is told before it comes: by a timer, or where the customer lives by a test clock, when that moves.
import { dayMs, type Instant, secondMs } from "#kit/clock.ts";
import type { Timer } from "../../kernel/contract/manifest.ts";
import type { FiledTimer, News, Reacting } from "../../kernel/contract/reacting.ts";
import { isoOf } from "../instants.ts";
import { ownersOf } from "../owners.ts";
import type { SubscriptionMirror } from "./subscriptions.ts";

/** As Stripe's own event. https://docs.stripe.com/billing/subscriptions/trials */
const noticeMs = 3 * dayMs;

export const trialEnding: Timer = {
  kind: "subscriptions.trial_ending",
  async work({ tx, now }, { subject }) {
    const stored = await tx.selectFrom("mirror").select("row").where("id", "=", subject).executeTakeFirst();
    const row = stored && (JSON.parse(stored.row) as SubscriptionMirror);
    if (!row || !isTrialEnding(row, now)) return [];
    const owners = await ownersOf(tx, [row.customer]);
    return [trialNews(row, owners.get(row.customer)?.id ?? null)];
  },
};

/** Of those whose time is Stripe's. */
export async function fileTrialEnds(
  reacting: Reacting,
  seen: readonly { readonly before: SubscriptionMirror | null; readonly after: SubscriptionMirror }[],
): Promise<void> {
  const real = seen.filter(({ after }) => after.testClock === null);
  const timers = real.flatMap(({ before, after }): FiledTimer[] => {
    const isSame = before !== null && isTrial(before) && before.trialEnd === after.trialEnd;
    return isTrial(after) && !isSame ? [{ ...timerOf(after), dueAt: noticeAt(after) }] : [];
  });
  const over = real.filter(({ before, after }) => before !== null && isTrial(before) && !isTrial(after));
  await reacting.fileTimers(timers);
  await reacting.withdrawTimers(over.map(({ after }) => timerOf(after)));
}

export function isTrialEnding(row: SubscriptionMirror, now: Instant): boolean {
  return isTrial(row) && noticeAt(row) <= now;
}

export function trialNews(row: SubscriptionMirror, customerId: string | null): News<"trial.ending"> {
  const { id, status, trialEnd } = row;
  const data = { subscriptionId: id, customerId, status, trialEnd: isoOf(trialEnd ?? 0) };
  return { type: "trial.ending", subject: id, transition: `${id}:${trialEnd}`, data };
}

function isTrial({ status, trialEnd }: SubscriptionMirror): boolean {
  return status === "trialing" && trialEnd !== null;
}

const timerOf = ({ id }: SubscriptionMirror) => ({ kind: trialEnding.kind, subject: id });

function noticeAt({ trialEnd }: SubscriptionMirror): Instant {
  return (trialEnd ?? 0) * secondMs - noticeMs;
}
