// A change at the end of the period: planned, shown, carried out by Stripe, and taken back.
import assert from "node:assert/strict";
import { dayMs, hourMs, minuteMs } from "#kit/clock.ts";
import { onEachDatabase } from "#kit/sql/testing.ts";
import type { BillingTables } from "../../../kernel/store/tables.ts";
import { having, held, paidBy, startSelling, told } from "../../../testing/changes.ts";

const on = onEachDatabase<BillingTables>;
const basic = { "bursar-basic-month-eur": 1 };

on("a downgrade at the end of the period is planned, told, and there with the next period", async ({ url }) => {
  const selling = await startSelling({ url });
  const { world, price } = selling;
  const { customer, id } = await having(selling, [{ price: price("pro"), quantity: 2 }, price("storage")]);
  const { subscriptions } = world.billing;
  await world.advance(10 * dayMs);
  const wish = { plan: "basic", quantity: 1, addOns: { storage: 0 }, when: "period_end" } as const;
  const preview = await world.run(subscriptions.preview(id, wish));
  assert.deepEqual([preview.due.amount, preview.next.total.amount, preview.lines.length], [0, 1000, 0]);
  const planned = await world.run(subscriptions.change(id, { token: preview.token }));
  assert.equal(planned.outcome, "done");
  const end = planned.value.items[0]?.currentPeriodEnd;
  assert.deepEqual(planned.value.scheduledChange, {
    changesAt: end,
    items: [{ priceId: price("basic"), quantity: 1 }],
  });
  assert.deepEqual(preview.changesAt, end);
  assert.deepEqual(await held(world, id), { "bursar-pro-month-eur": 2, "bursar-storage-month-eur": 1 });
  await world.advance(minuteMs);
  assert.deepEqual(told(world), ["change_scheduled"]);
  const before = await paidBy(world, customer);
  await world.advance(21 * dayMs + 2 * hourMs);
  assert.deepEqual([await held(world, id), (await paidBy(world, customer)) - before], [basic, 1000]);
  const after = await world.run(subscriptions.get(id));
  assert.deepEqual([after.scheduledChange, after.scheduleId], [null, null], "nothing stands in the way of the next");
  assert.deepEqual(told(world), ["change_scheduled", "changed"]);
  const again = await world.run(subscriptions.change(id, { token: preview.token }));
  assert.equal(again.outcome, "done");
  assert.deepEqual((await world.run(world.billing.flags.list())).data, []);
  await world.close();
});

on("what is planned is taken back by itself, by another plan, and by a change now", async ({ url }) => {
  const selling = await startSelling({ url });
  const { world, price } = selling;
  const { id } = await having(selling, [price("pro")]);
  const { subscriptions } = world.billing;
  const later = (wish: string, plan: string) => subscriptions.change(id, { id: wish, plan, when: "period_end" });
  await world.run(later("down", "basic"));
  await world.advance(minuteMs);
  const undone = await world.run(subscriptions.undoChange(id, { id: "undo" }));
  assert.deepEqual([undone.outcome, undone.value.scheduledChange], ["done", null]);
  await world.advance(minuteMs);
  assert.deepEqual(told(world), ["change_scheduled", "change_withdrawn"]);
  await world.run(later("down_2", "basic"));
  const seats = await world.run(subscriptions.change(id, { id: "seats", quantity: 3, when: "period_end" }));
  assert.deepEqual(seats.value.scheduledChange?.items, [{ priceId: price("pro"), quantity: 3 }]);
  const now = await world.run(subscriptions.change(id, { id: "now", quantity: 4 }));
  assert.deepEqual([now.outcome, now.value.scheduledChange], ["done", null]);
  await world.advance(40 * dayMs);
  assert.deepEqual(await held(world, id), { "bursar-pro-month-eur": 4 });
  await world.close();
});

on("a coupon comes with the period that is planned, and what is off already stays off", async ({ url }) => {
  const selling = await startSelling({ url });
  const { world, price } = selling;
  const { id: own } = await world.run(
    world.stripe.coupons.create({ amount_off: 100, currency: "eur", duration: "forever" }).then((made) => made),
  );
  const { customer, id } = await having(selling, [price("basic")], { discounts: [{ coupon: own }] });
  const before = await paidBy(world, customer);
  assert.equal(before, 900);
  const wish = { id: "up", plan: "pro", coupon: "launch", when: "period_end" } as const;
  assert.equal((await world.run(world.billing.subscriptions.change(id, wish))).outcome, "done");
  await world.advance(32 * dayMs);
  assert.equal((await paidBy(world, customer)) - before, (3000 - 100) / 2);
  await world.close();
});

on("a plan that Stripe refuses leaves nothing behind, and the next attempt is made", async ({ url }) => {
  const selling = await startSelling({ url });
  const { world, price } = selling;
  const { id } = await having(selling, [price("pro")]);
  const wish = { id: "down", plan: "basic", when: "period_end" } as const;
  world.fail("POST /v1/subscription_schedules/", 400);
  await assert.rejects(world.run(world.billing.subscriptions.change(id, wish)), { code: "stripe_refused" });
  await world.advance(minuteMs);
  const { schedule } = await world.run(world.stripe.subscriptions.retrieve(id).then((one) => one));
  assert.equal(schedule, null);
  const { outcome } = await world.run(world.billing.subscriptions.change(id, { ...wish, attempt: 2 }));
  assert.equal(outcome, "done");
  await world.close();
});
