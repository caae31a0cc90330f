import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { startWorld } from "../../testing.ts";
import { months, planning } from "./testing.ts";

const daySeconds = 86_400;
const startPlanning = () => planning(startWorld());

suite("a preview of a schedule", () => {
  test("is the invoice of its next phase, and changes nothing", async () => {
    const { bills, days, gold, plan, schedule, silver, stripe } = await startPlanning();
    const { id } = await plan([
      { items: [{ price: gold }], ...months() },
      { items: [{ price: silver, quantity: 3 }], ...months() },
    ]);
    await days(1);
    const before = await schedule(id);
    assert.equal((await stripe.invoices.createPreview({ schedule: id })).total, 3000);
    assert.equal((await stripe.invoices.createPreview({ subscription: String(before.subscription) })).total, 3000);
    assert.deepEqual(await schedule(id), before);
    await days(30);
    assert.deepEqual(await bills(), ["subscription_create 2000", "subscription_cycle 3000"]);
  });

  test("that has not begun is that of its beginning", async () => {
    const { gold, now, plan, stripe } = await startPlanning();
    const start_date = now() + 5 * daySeconds;
    const { id } = await plan([{ items: [{ price: gold }], ...months() }], { start_date });
    const { lines, total } = await stripe.invoices.createPreview({ schedule: id });
    assert.deepEqual([total, lines.data[0]?.period.start], [2000, start_date]);
  });

  test("says what an update would be billed", async () => {
    const { days, gold, plan, silver, stripe } = await startPlanning();
    const { id, phases } = await plan([{ items: [{ price: gold }], ...months() }]);
    await days(15);
    const start_date = Number(phases[0]?.start_date);
    const proration_behavior = "always_invoice" as const;
    const schedule_details = {
      phases: [{ start_date, items: [{ price: silver }], ...months() }],
      proration_behavior,
    };
    const { total } = await stripe.invoices.createPreview({ schedule: id, schedule_details });
    assert.equal(total, -500);
    await stripe.subscriptionSchedules.update(id, schedule_details);
    const { data } = await stripe.invoices.list({ limit: 1 });
    assert.equal(data[0]?.total, total);
  });

  test("is of one that does not exist, for whoever it may be", async () => {
    const { customer, gold, plan, schedule, silver, stripe } = await startPlanning();
    const { id: known } = await plan([{ items: [{ price: silver }], ...months() }]);
    const start_date = "now" as const;
    const schedule_details = { phases: [{ start_date, items: [{ price: gold, quantity: 2 }], ...months() }] };
    assert.equal((await stripe.invoices.createPreview({ customer, schedule_details })).total, 4000);
    assert.equal((await stripe.invoices.createPreview({ schedule_details })).customer, null);
    assert.equal((await stripe.invoices.createPreview({ schedule_details, preview_mode: "recurring" })).total, 4000);
    const { id: other } = await stripe.customers.create({});
    await assert.rejects(stripe.invoices.createPreview({ customer: other, schedule: known }), { param: "schedule" });
    assert.equal((await schedule(known)).status, "active");
  });
});
