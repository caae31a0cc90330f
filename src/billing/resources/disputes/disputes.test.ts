// A payer's bank takes a payment back: a human hears of it, and of how it ended.
import assert from "node:assert/strict";
import { dayMs, minuteMs } from "#kit/clock.ts";
import type { Problem } from "#kit/problems.ts";
import { onEachDatabase } from "#kit/sql/testing.ts";
import type { BillingTables } from "../../kernel/store/tables.ts";
import { createOrder, startWorld, type World } from "../../testing/index.ts";

const on = onEachDatabase<BillingTables>;

for (const [evidence, flags] of [
  ["winning_evidence", ["payment_disputed"]],
  ["losing_evidence", ["payment_disputed", "dispute_lost"]],
] as const) {
  on(`a dispute with ${evidence} is flagged as ${flags.join(" and ")}`, async ({ url }) => {
    const world = await startWorld({ url });
    await createOrder(world, "order_1");
    await world.pay("order_1", "pm_card_createDispute");
    await world.advance(minuteMs);
    const [dispute] = (await world.run(world.stripe.disputes.list())).data;
    assert.ok(dispute);
    const open = async () => (await world.run(world.billing.flags.list({ state: "open" }))).data;
    const [flag] = await open();
    assert.deepEqual([flag?.kind, flag?.subject], ["payment_disputed", dispute.id]);
    assert.equal(flag?.detail, "25.00 EUR of order order_1 are disputed");
    await world.run(
      world.stripe.disputes.update(dispute.id, { evidence: { uncategorized_text: evidence }, submit: true }),
    );
    await world.advance(2 * dayMs);
    assert.deepEqual((await open()).map(({ kind }) => kind).sort(), [...flags].sort());
    await world.close();
  });
}

/** Two orders that are paid, the second by a card whose payments are disputed, of which no event has come. */
async function sell(world: World): Promise<void> {
  world.setWebhooks(false);
  for (const [id, card] of [
    ["order_1", "pm_card_visa"],
    ["order_2", "pm_card_createDispute"],
  ] as const) {
    await createOrder(world, id);
    await world.pay(id, card);
    await world.run(world.billing.orders.settled(id));
  }
}

on("a refund that is refused for a dispute tells of the dispute, though no event of it has come", async ({ url }) => {
  const world = await startWorld({ url });
  await sell(world);
  const refund = (id: string, orderId: string) => world.run(world.billing.refunds.create({ id, orderId }));
  await assert.rejects(refund("r_2", "order_2"), { code: "stripe_refused" });
  const { data: flags } = await world.run(world.billing.flags.list({ state: "open" }));
  assert.deepEqual(
    flags.map(({ kind, detail }) => [kind, detail]),
    [["payment_disputed", "25.00 EUR of order order_2 are disputed"]],
  );
  assert.equal((await refund("r_1", "order_1")).outcome, "done");
  await world.close();
});

on("disputes are asked for after no other refund, and what is not answered leaves the refusal", async ({ url }) => {
  const world = await startWorld({ url, isStarted: false });
  await sell(world);
  const refund = (id: string, orderId: string) => world.run(world.billing.refunds.create({ id, orderId }));
  const asked = () => world.requests.filter((line) => line.startsWith("GET /v1/disputes")).length;
  world.fail("POST /v1/refunds", 400);
  await assert.rejects(refund("r_0", "order_1"), { code: "stripe_refused" });
  assert.equal((await refund("r_1", "order_1")).outcome, "done");
  assert.equal(asked(), 0);
  world.fail("GET /v1/disputes", 403); // a key that may write refunds and not read disputes
  await assert.rejects(refund("r_2", "order_2"), (refusal: Problem) => {
    assert.deepEqual([refusal.code, refusal.details?.code], ["stripe_refused", "charge_disputed"]);
    return true;
  });
  assert.equal(asked(), 1);
  await world.close();
});
