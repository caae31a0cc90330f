// What a machine's clock says decides nothing of a change, and who lives by a test clock is billed by that.
import assert from "node:assert/strict";
import { dayMs, minuteMs, secondMs } from "#kit/clock.ts";
import { onEachDatabase } from "#kit/sql/testing.ts";
import type { BillingTables } from "../../../kernel/store/tables.ts";
import { having, held, paidBy, startSelling, told } from "../../../testing/changes.ts";
import { startMachine } from "../../../testing/machine.ts";
import { payWith, subscribe } from "../../../testing/mirrored.ts";

const on = onEachDatabase<BillingTables>;

for (const [first, second] of [
  [-3, 30],
  [30, -3],
] as const) {
  on(
    `previewed by a process ${first} s off and made by one ${second} s off, it is billed as shown`,
    async ({ url }) => {
      const selling = await startSelling({ url, isStarted: false });
      const { world, price } = selling;
      const { customer, id } = await having(selling, [price("basic")]);
      await world.run(world.billing.tick({ maxMs: 10 * secondMs }));
      const [one, other] = [
        await startMachine(world, { url, aheadMs: first * secondMs }),
        await startMachine(world, { url, aheadMs: second * secondMs }),
      ];
      // In the first seconds of its period, and in the middle of it.
      for (const [n, quantity] of [2, 3].entries()) {
        const before = await paidBy(world, customer);
        const preview = await world.run(one.billing.subscriptions.preview(id, { plan: "pro", quantity }));
        const made = await world.run(other.billing.subscriptions.change(id, { token: preview.token }));
        assert.equal(made.outcome, "done");
        assert.equal((await paidBy(world, customer)) - before, preview.due.amount, `change ${n}`);
        await world.advance(5 * dayMs);
      }
      assert.deepEqual(await held(world, id), { "bursar-pro-month-eur": 3 });
      assert.deepEqual((await world.run(world.billing.flags.list())).data, []);
      await one.close();
      await other.close();
      await world.close();
    },
  );
}

on("who lives by a test clock pays for the rest of that clock's period, now and with the next one", async ({ url }) => {
  const { world, price } = await startSelling({ url });
  const { stripe, run, billing } = world;
  const frozenTime = Date.UTC(2030, 3, 1) / secondMs;
  const clock = await run(stripe.testHelpers.testClocks.create({ frozen_time: frozenTime }).then((made) => made));
  const customer = await run(stripe.customers.create({ test_clock: clock.id }).then((made) => made.id));
  await payWith(world, customer, "pm_card_visa");
  await run(billing.customers.link({ id: "user_1", stripeCustomerId: customer }));
  const { id } = await subscribe(world, customer, { items: [{ price: price("basic") }] });
  await world.advance(minuteMs);
  const moveTo = async (frozen_time: number) => {
    await run(stripe.testHelpers.testClocks.advance(clock.id, { frozen_time }).then((moved) => moved));
    await world.advance(minuteMs);
  };
  await moveTo(frozenTime + (15 * dayMs) / secondMs);
  const preview = await run(billing.subscriptions.preview(id, { plan: "pro" }));
  assert.deepEqual(
    [preview.due.amount, preview.prorationDate],
    [1000, new Date(Date.UTC(2030, 3, 16))],
    "half a month",
  );
  assert.equal((await run(billing.subscriptions.change(id, { token: preview.token }))).outcome, "done");
  const later = await run(billing.subscriptions.change(id, { id: "down", plan: "basic", when: "period_end" }));
  assert.deepEqual(later.value.scheduledChange?.changesAt, new Date(Date.UTC(2030, 4, 1)));
  await moveTo(Date.UTC(2030, 4, 2) / secondMs);
  await world.advance(10 * minuteMs);
  assert.deepEqual(await held(world, id), { "bursar-basic-month-eur": 1 });
  assert.deepEqual(told(world), ["changed", "change_scheduled", "changed"]);
  await world.close();
});
