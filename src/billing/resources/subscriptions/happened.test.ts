// What happened between two looks: every status before × every status after, and what else may be different.
import assert from "node:assert/strict";
import { test } from "node:test";
import { type SubscriptionStatus, subscriptionStatuses } from "../../api/index.ts";
import { whatHappened } from "./happened.ts";
import { type SubscriptionMirror, subscriptionRow } from "./subscriptions.ts";

const second = 1_790_000_000;

function subscription(more: Partial<SubscriptionMirror> = {}): SubscriptionMirror {
  const item = { id: "si_1", price: { id: "price_1", lookup_key: "gold", product: "prod_1" }, quantity: 1 };
  const period = { current_period_start: second, current_period_end: second + 86_400, created: second };
  const items = { object: "list", data: [{ ...item, ...period }], has_more: false };
  const row = subscriptionRow({ id: "sub_1", object: "subscription", status: "active", customer: "cus_1", items });
  assert.ok(row);
  return { ...row, ...more };
}

function told(before: SubscriptionMirror | null, after: SubscriptionMirror): string {
  const facts = whatHappened(before, after, "sub_1@2");
  return facts.map(({ type }) => type.replace("subscription.", "")).join(" ");
}

const began = { trialing: "started", active: "started activated", past_due: "started past_due" };
const beginning = { ...began, unpaid: "started past_due", paused: "started paused" };
const ending = { canceled: "ended", incomplete_expired: "ended" };
const owing = { past_due: "past_due", unpaid: "past_due" };

/** What is not named is nothing. Where Stripe has no such way, a look may have jumped over one. */
const table: Readonly<Record<SubscriptionStatus | "unknown", Partial<Record<SubscriptionStatus, string>>>> = {
  unknown: beginning,
  incomplete: beginning,
  incomplete_expired: beginning,
  canceled: beginning,
  trialing: { active: "activated", ...owing, paused: "paused", ...ending },
  active: { ...owing, paused: "paused", ...ending },
  past_due: { active: "recovered", trialing: "recovered", unpaid: "past_due", paused: "paused", ...ending },
  unpaid: { active: "recovered", trialing: "recovered", past_due: "past_due", paused: "paused", ...ending },
  paused: {
    active: "resumed",
    trialing: "resumed",
    past_due: "past_due resumed",
    unpaid: "past_due resumed",
    ...ending,
  },
};

test("from every status to every status what happened is told", () => {
  for (const [from, expected] of Object.entries(table)) {
    for (const status of subscriptionStatuses) {
      const before = from === "unknown" ? null : subscription({ status: from as SubscriptionStatus });
      if (from === "canceled" && status !== "canceled") continue; // It never comes back.
      if (from === "incomplete_expired" && status !== "incomplete_expired") continue;
      const facts = from === status ? "" : (expected[status] ?? "");
      assert.equal(told(before, subscription({ status })), facts, `${from} to ${status}`);
    }
  }
});

test("other items are a change, a renewal and an order of items are none", () => {
  const before = subscription();
  const [item] = before.items;
  assert.ok(item);
  const other = { ...item, id: "si_2", price: "price_2" };
  const changed = (...items: (typeof item)[]) => told(before, { ...before, items });
  assert.equal(changed({ ...item, quantity: 2 }), "changed");
  assert.equal(changed({ ...item, price: "price_2" }), "changed");
  assert.equal(changed(item, other), "changed");
  assert.equal(changed(), "changed");
  assert.equal(changed({ ...item, currentPeriodEnd: item.currentPeriodEnd + 1 }), "");
  assert.equal(changed({ ...item, lookupKey: null }), "", "the key moved to another price");
  assert.equal(told({ ...before, items: [other, item] }, { ...before, items: [item, other] }), "");
  assert.equal(told(subscription({ status: "incomplete" }), { ...before, items: [other] }), "started activated");
});

test("an end is planned by its date or its flag, moves, and is withdrawn", () => {
  const none = subscription();
  const [item] = none.items;
  const byDate = subscription({ cancelAt: second + 1_000 });
  const byFlag = subscription({ cancelAtPeriodEnd: true });
  assert.equal(told(none, byDate), "cancel_scheduled");
  assert.equal(told(none, byFlag), "cancel_scheduled");
  assert.equal(told(byDate, { ...byDate, cancelAt: second + 2_000 }), "cancel_scheduled");
  assert.equal(told(byFlag, { ...byFlag, cancelAt: item?.currentPeriodEnd ?? 0 }), "", "the same instant");
  assert.equal(told(byDate, none), "cancel_withdrawn");
  assert.equal(told(byDate, subscription({ cancelAt: null, status: "canceled" })), "ended");
  assert.equal(told(null, byDate), "started activated cancel_scheduled");
  assert.equal(told(subscription({ status: "incomplete", cancelAt: second }), { ...byDate, status: "incomplete" }), "");
});

test("a pause of the collection is a pause, whatever it does with invoices, until it is taken away", () => {
  const none = subscription();
  const paused = subscription({ pauseCollection: { behavior: "void", resumesAt: null } });
  assert.equal(told(none, paused), "paused");
  assert.equal(told(paused, { ...paused, pauseCollection: { behavior: "keep_as_draft", resumesAt: second } }), "");
  assert.equal(told(paused, none), "resumed");
  assert.equal(told(paused, { ...paused, status: "canceled" }), "ended");
  assert.equal(told(paused, { ...paused, status: "paused" }), "", "it rested before");
});

test("what happens once is the same however often it is seen, what may come again is not", () => {
  const key = (seen: string) =>
    whatHappened(null, subscription({ cancelAt: second }), seen).map((one) => one.transition);
  assert.deepEqual(key("sub_1@2"), ["sub_1", "sub_1", "sub_1@2"]);
});
