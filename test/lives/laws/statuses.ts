// How a subscription stands is what its invoices say, and for what has ended nothing more happens.
import assert from "node:assert/strict";
import type { Answer } from "../core.ts";
import { type Seen, subscriptionOf } from "../seen.ts";

export function statuses({ subscriptions, invoices, now, life, planned }: Seen): void {
  for (const subscription of subscriptions) {
    const { id, status, latest_invoice: latest } = subscription;
    const own = invoices.filter((one) => subscriptionOf(one) === id);
    const why = `${id} is ${status}`;
    const newest = own.find((one) => one.id === latest);
    const settled = own.findLast((one) => one.status !== "draft");
    if (latest !== null) assert.ok(newest, `${why}: its latest invoice is one of its own`);
    if (status === "trialing") assert.ok(subscription.trial_end > now, `${why}: its trial is not over`);
    if (status === "incomplete") {
      assert.equal(newest?.status, "open", why);
      assert.ok(now < subscription.created + 82_800, `${why}: not longer than 23 hours`);
    }
    if (status === "incomplete_expired") assert.equal(newest?.status, "void", why);
    // What an unpaid one is billed stays a draft, and its latest alone revives it (documented).
    const owed = status === "unpaid" ? ["open", "uncollectible", "draft"] : ["open", "uncollectible"];
    if (status === "past_due" || status === "unpaid")
      assert.ok(
        own.some((one) => owed.includes(one.status)),
        `${why}: it owes`,
      );
    const isByHand = life.marks.get(id)?.has("by hand") === true;
    if (status === "active" && settled?.status === "open" && !isByHand)
      assert.ok(!hasFailed(settled), `${why}, although ${settled.id} has failed`);
    if (["active", "trialing", "past_due"].includes(status)) holdPeriods(subscription, now);
    if (status === "canceled" || status === "incomplete_expired") holdEnd(subscription, own, now);
  }
  holdPlans(subscriptions, invoices, planned);
}

function hasFailed({ attempt_count: count, collection_method: method }: Answer): boolean {
  return method === "charge_automatically" && count > 0;
}

/** The period that runs is the one that it is in. */
function holdPeriods({ id, items }: Answer, now: number): void {
  for (const { current_period_start: start, current_period_end: end } of items.data)
    assert.ok(start <= now && now < end, `${id}: ${start} ≤ ${now} < ${end}`);
}

function holdEnd({ id, status, ended_at: ended, latest_invoice: latest }: Answer, own: readonly Answer[], now: number) {
  assert.ok(ended !== null && ended <= now, `${id} (${status}) has ended at ${ended}`);
  for (const one of own) {
    if (one.id === latest) continue;
    const isLive = one.status === "draft" || one.status === "open";
    assert.ok(!(isLive && one.auto_advance), `${id}: ${one.id} (${one.status}) is not collected by itself any more`);
    assert.ok(one.created <= ended, `${id}: ${one.id} was made after it had ended`);
  }
}

function holdPlans(subscriptions: readonly Answer[], invoices: readonly Answer[], planned: readonly string[]): void {
  const over = new Set([
    ...subscriptions.filter(({ ended_at }) => ended_at !== null).map(({ id }) => id),
    ...invoices.filter(({ status }) => status === "paid" || status === "void").map(({ id }) => id),
  ]);
  const vain = planned.filter((one) => over.has(one.split(" ")[1] ?? ""));
  assert.deepEqual(vain, [], "nothing is planned for what has ended");
}
