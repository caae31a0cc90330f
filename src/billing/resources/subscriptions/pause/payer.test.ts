// One that rests until it is paid for, with a card whose bank wants to hear the payer: they pay in a page of ours.
import assert from "node:assert/strict";
import { minuteMs } from "#kit/clock.ts";
import { onEachDatabase } from "#kit/sql/testing.ts";
import type { BillingTables } from "../../../kernel/store/tables.ts";
import { startWorld } from "../../../testing/index.ts";
import { payWith } from "../../../testing/mirrored.ts";
import { payWaiting } from "../../../testing/subscribers.ts";
import { pausedSubscriber } from "../../../testing/subscription_verbs.table.ts";

const on = onEachDatabase<BillingTables>;

on("a bank that wants to hear the payer leads to a page, and it goes on once it is paid there", async ({ url }) => {
  const world = await startWorld({ url });
  const { subscriptions } = world.billing;
  const id = await pausedSubscriber(world, "rested");
  const { stripeCustomerId } = await world.run(world.billing.customers.get("user_rested"));
  await payWith(world, stripeCustomerId ?? "", "pm_card_authenticationRequired");
  const asked = await world.run(subscriptions.resume(id, { id: "autumn", returnUrl: "https://shop.test/pro" }));
  assert.ok(asked.outcome === "action_required", asked.outcome);
  assert.match(asked.url, /\/pay\/open\/\w+$/);
  assert.equal(asked.value.status, "paused");
  await payWaiting(world, asked.clientSecret);
  await world.advance(minuteMs);
  const done = await world.run(subscriptions.resume(id, { id: "autumn" }));
  assert.deepEqual([done.outcome, done.value.status], ["done", "active"]);
  await world.close();
});
