// What cannot be changed as it stands is refused with what to do; what others do meanwhile never makes a wrong charge.
import assert from "node:assert/strict";
import { dayMs, hourMs, minuteMs, secondMs } from "#kit/clock.ts";
import type { Problem } from "#kit/problems.ts";
import { onEachDatabase } from "#kit/sql/testing.ts";
import type { Catalog } from "../../../api/index.ts";
import type { BillingTables } from "../../../kernel/store/tables.ts";
import { having, held, paidBy, shop, startSelling, told } from "../../../testing/changes.ts";
import { monthly, payWith } from "../../../testing/mirrored.ts";

const on = onEachDatabase<BillingTables>;

const wide: Catalog = {
  ...shop,
  plans: {
    ...shop.plans,
    local: { name: "Local", prices: { month: { usd: 500 } } },
    care: { name: "Care", prices: { month: { eur: 400 } }, group: "support" },
  },
  addOns: { ...shop.addOns, setup: { name: "Setup", prices: { once: { eur: 4900 } } } },
};

on("what the catalog does not sell so is named, with what there is", async ({ url }) => {
  const selling = await startSelling({ url }, wide);
  const { world, price } = selling;
  const { id } = await having(selling, [price("basic")]);
  const { subscriptions } = world.billing;
  const rows: readonly (readonly [wish: object, code: string, message: RegExp])[] = [
    [{ plan: "gold" }, "invalid_params", /plan: the catalog has no gold/],
    [{ plan: "care" }, "wrong_state", /has basic, which is of another group than care/],
    [{ plan: "local" }, "wrong_state", /is paid in EUR, in which local has no price/],
    [{ plan: "pro", every: "year" }, "invalid_params", /pro is not paid every year/],
    [{ addOns: { gold: 1 } }, "invalid_params", /addOns\.gold: the catalog has no gold/],
    [{ addOns: { storage: undefined } }, "invalid_params", /is missing, and so is all else/],
    [{ addOns: { setup: 1 } }, "invalid_params", /setup is not paid every month/],
    [{ addOns: { storage: -1 } }, "invalid_params", /addOns\.storage is an integer from 0/],
    [{ quantity: 0 }, "invalid_params", /quantity is an integer from 1/],
    [{}, "invalid_params", /plan is missing/],
    [{ plan: "pro", coupon: "launch", promotionCode: "X" }, "invalid_params", /is given beside a coupon/],
    [{ plan: "pro", when: "period_end", prorate: true }, "invalid_params", /prorate is said of a change now/],
    [{ plan: "pro", when: "soon" }, "invalid_params", /when/],
    [{ plans: "pro" }, "invalid_params", /no field plans/],
    [{ plan: "basic" }, "wrong_state", /is that already/],
  ];
  for (const [wish, code, message] of rows) {
    await assert.rejects(world.run(subscriptions.preview(id, wish)), { code, message }, JSON.stringify(wish));
    await assert.rejects(world.run(subscriptions.change(id, { id: "up", ...wish })), { code, message });
  }
  await assert.rejects(world.run(subscriptions.preview("sub_none", { plan: "pro" })), { code: "not_found" });
  await assert.rejects(world.run(subscriptions.change(id, { token: "preview_none" })), { code: "not_found" });
  await world.close();
});

on("every status that forbids a change says so, and what to do", async ({ url }) => {
  const selling = await startSelling({ url });
  const { world, price } = selling;
  const { stripe, run } = world;
  const { subscriptions } = world.billing;
  const change = (id: string, more: object = {}) => run(subscriptions.change(id, { id: "up", plan: "pro", ...more }));
  const later = { id: "later", when: "period_end" };
  const refused = (id: string, message: RegExp, more: object = {}) =>
    assert.rejects(change(id, more), { code: "wrong_state", message, hint: /\S/ });
  const over = await having(selling, [price("basic")]);
  await run(stripe.subscriptions.cancel(over.id).then((one) => one));
  await refused(over.id, /is canceled: it is over/);
  const begun = await having(selling, [price("basic")], { user: "user_2", payment_behavior: "default_incomplete" });
  await refused(begun.id, /has not begun/);
  const owing = await having(selling, [price("basic")], { user: "user_3" });
  await payWith(world, owing.customer, "pm_card_chargeCustomerFail");
  await world.advance(31 * dayMs + 2 * hourMs);
  await refused(owing.id, /is past_due: what it costs now is not paid/);
  assert.equal((await change(owing.id, later)).outcome, "done", "at the end of its period it may become smaller");
  const ending = await having(selling, [price("basic")], { user: "user_4" });
  await run(stripe.subscriptions.update(ending.id, { cancel_at_period_end: true }).then((one) => one));
  await refused(ending.id, /will end at/, later);
  assert.equal((await change(ending.id)).outcome, "done");
  const resting = await having(selling, [price("basic")], { user: "user_5" });
  await run(stripe.subscriptions.update(resting.id, { pause_collection: { behavior: "void" } }).then((one) => one));
  await refused(resting.id, /is not collected at the moment, so a change would cost nothing/);
  const paused = await having(selling, [price("basic")], { user: "user_6" });
  await run(stripe.subscriptions.pause(paused.id, { type: "subscription" }).then((one) => one));
  await world.advance(minuteMs);
  await refused(paused.id, /is paused/);
  const planned = await having(selling, [price("basic")], { user: "user_7" });
  await run(stripe.subscriptionSchedules.create({ from_subscription: planned.id }).then((one) => one));
  await refused(planned.id, /is managed by the schedule sub_sched_\w+, which somebody else has made/);
  await run(subscriptions.undoChange(planned.id, { id: "undo" }));
  assert.equal((await change(planned.id)).outcome, "done");
  const foreign = await having(selling, [await monthly(world, 700)], { user: "user_8" });
  await refused(foreign.id, /has no plan of your catalog/);
  const double = await having(selling, [price("basic"), price("pro")], { user: "user_9" });
  await refused(double.id, /has the plans basic and pro/);
  await world.close();
});

on("a preview that no longer holds is refused, and what it was and what it is are said", async ({ url }) => {
  const selling = await startSelling({ url });
  const { world, price } = selling;
  const { stripe, run } = world;
  const { customer, id } = await having(selling, [price("basic")]);
  const { subscriptions } = world.billing;
  await world.advance(dayMs);
  const preview = () => run(subscriptions.preview(id, { plan: "pro" }));
  const refused = (token: string, says: RegExp, reason: string) =>
    assert.rejects(run(subscriptions.change(id, { token })), ({ code, message, details }: Problem) => {
      assert.deepEqual([code, details?.reason], ["wrong_state", reason]);
      assert.match(message, says);
      return true;
    });
  const first = await preview();
  const { data } = await run(stripe.subscriptionItems.list({ subscription: id }).then((list) => list));
  // The Dashboard, while our customer reads.
  const item = data[0]?.id ?? "";
  await run(stripe.subscriptions.update(id, { items: [{ id: item, quantity: 3 }] }).then((one) => one));
  const paid = await paidBy(world, customer);
  await refused(first.token, /there .* EUR are due, by now .* EUR are due/, "differs");
  const second = await preview();
  await world.advance(hourMs);
  await refused(second.token, /is older than an hour/, "expired");
  const own = (await run(subscriptions.get(id))).items[0]?.currentPeriodEnd.getTime() ?? 0;
  await world.advance(own - world.ports.clock.now() - 10 * minuteMs);
  const third = await preview();
  await world.advance(20 * minuteMs);
  await refused(third.token, /is in another period than when its preview/, "other_period");
  const other = await having(selling, [price("basic")], { user: "user_2" });
  await assert.rejects(run(subscriptions.change(other.id, { token: (await preview()).token })), { code: "not_found" });
  assert.deepEqual([await paidBy(world, customer), await held(world, id)], [paid, { "bursar-basic-month-eur": 3 }]);
  await world.close();
});

on("the Dashboard acts while our call is in the air: it is billed as it comes, flagged and told", async ({ url }) => {
  const selling = await startSelling({ url });
  const { world, price } = selling;
  const { stripe, run } = world;
  const { id } = await having(selling, [price("basic")]);
  const { subscriptions } = world.billing;
  await world.advance(dayMs);
  const preview = await run(subscriptions.preview(id, { plan: "pro" }));
  const { data } = await run(stripe.subscriptionItems.list({ subscription: id }).then((list) => list));
  world.fail("POST /v1/subscriptions/", "lost", 1);
  const ours = subscriptions.change(id, { token: preview.token });
  await world.advance(secondMs / 10);
  await stripe.subscriptions.update(id, {
    items: [{ id: data[0]?.id ?? "", quantity: 3 }],
    proration_behavior: "always_invoice",
  });
  const { outcome } = await run(ours);
  assert.equal(outcome, "done");
  await world.advance(minuteMs);
  const { data: flags } = await run(world.billing.flags.list());
  assert.deepEqual(
    flags.map(({ kind, subject }) => [kind, subject]),
    [["change_differs", id]],
  );
  assert.match(String(flags[0]?.detail), /Its preview said that .* are due; then .* are due/);
  assert.ok(told(world).includes("change_differs"));
  await world.close();
});
