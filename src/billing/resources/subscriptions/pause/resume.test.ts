// A paused subscription is resumed, and its customer's bank refuses, or asks, or was not asked at all.
import assert from "node:assert/strict";
import type Stripe from "stripe";
import { minuteMs } from "#kit/clock.ts";
import { onEachDatabase } from "#kit/sql/testing.ts";
import type { Outcome, Subscription } from "../../../api/index.ts";
import type { BillingTables } from "../../../kernel/store/tables.ts";
import { startWorld, type World } from "../../../testing/index.ts";
import { payWith } from "../../../testing/mirrored.ts";
import { payWaiting } from "../../../testing/subscribers.ts";
import { pausedSubscriber } from "../../../testing/subscription_verbs.table.ts";

const on = onEachDatabase<BillingTables>;

async function pausedWith(world: World, card: string, mode: "classic" | "flexible"): Promise<string> {
  const id = await pausedSubscriber(world, `${card}_${mode}`, { billing_mode: { type: mode } });
  const { customer } = await atStripe(world, id);
  await payWith(world, String(customer), card);
  return id;
}

async function atStripe({ run, stripe }: World, id: string) {
  const made = await run(stripe.subscriptions.retrieve(id, { expand: ["latest_invoice"] }).then((one) => one));
  return { ...made, invoice: made.latest_invoice as Stripe.Invoice };
}

/** Given, and given again a minute later, when all is told: the same answer, by what stands at Stripe. */
async function resume(
  world: World,
  id: string,
  wish: { id?: string; attempt?: number } = {},
): Promise<Outcome<Subscription>> {
  const give = () => world.run(world.billing.subscriptions.resume(id, { id: "autumn", ...wish }));
  const first = await give();
  await world.advance(minuteMs);
  const again = await give();
  assert.deepEqual({ ...again, url: "" }, { ...first, url: "" }, "given again"); // Each link is another one.
  return first;
}

// Of flexible billing, Stripe charges in the call that resumes; else the invoice is paid by a call of its own.
for (const [mode, unpaid] of [
  ["classic", "past_due"],
  ["flexible", "paused"],
] as const) {
  on(`a paused subscription of ${mode} billing goes on as its bank answers, and once it is paid`, async ({ url }) => {
    const world = await startWorld({ url });
    const poor = await pausedWith(world, "pm_card_chargeCustomerFail", mode);
    const declined = await resume(world, poor);
    assert.ok(declined.outcome === "declined");
    assert.deepEqual([declined.code, declined.value.status], ["card_declined", unpaid]);
    assert.equal((await atStripe(world, poor)).invoice.status, "open");

    const asked = await pausedWith(world, "pm_card_authenticationRequired", mode);
    const waiting = await resume(world, asked);
    assert.ok(waiting.outcome === "action_required");
    assert.equal(waiting.value.status, unpaid);
    assert.match(waiting.url, /\/pay\/open\/\w+$/);
    await payWaiting(world, waiting.clientSecret);
    await world.advance(minuteMs);
    const { outcome, value } = await resume(world, asked);
    assert.deepEqual([outcome, value.status, (await atStripe(world, asked)).status], ["done", "active", "active"]);
    await world.close();
  });
}

on("what nobody pays, and is voided, stays paused, and is resumed by another wish", async ({ url }) => {
  const world = await startWorld({ url });
  const id = await pausedWith(world, "pm_card_chargeCustomerFail", "flexible");
  assert.equal((await resume(world, id)).outcome, "declined");
  const { customer, invoice } = await atStripe(world, id);
  await world.run(world.stripe.invoices.voidInvoice(invoice.id).then((one) => one));
  const late = await resume(world, id);
  assert.ok(late.outcome === "declined");
  assert.deepEqual([late.reason, late.value.status], ["not_paid", "paused"]);
  await payWith(world, String(customer), "pm_card_visa");
  const { outcome, value } = await resume(world, id, { id: "winter" });
  assert.deepEqual([outcome, value.status], ["done", "active"]);
  await world.close();
});

on("a refusal of the call itself is not answered by an invoice from before", async ({ url }) => {
  const world = await startWorld({ url });
  const id = await pausedWith(world, "pm_card_visa", "flexible");
  assert.equal((await atStripe(world, id)).invoice.status, "paid");
  world.fail(`POST /v1/subscriptions/${id}/resume`, 402);
  const declined = await resume(world, id);
  assert.deepEqual([declined.outcome, declined.value.status], ["declined", "paused"]);
  assert.equal((await atStripe(world, id)).status, "paused");
  assert.equal((await resume(world, id, { attempt: 2 })).outcome, "done");
  assert.equal((await atStripe(world, id)).status, "active");
  await world.close();
});
