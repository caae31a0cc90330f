import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { type SandboxWorld, startWorld } from "../../testing.ts";

const pay = async (world: SandboxWorld, card: string) => {
  const intent = await world.stripe.paymentIntents.create({
    amount: 5000,
    currency: "eur",
    confirm: true,
    payment_method: `pm_card_${card}`,
    automatic_payment_methods: { enabled: true, allow_redirects: "never" },
  });
  return { id: intent.id, charge: String(intent.latest_charge) };
};

suite("reviews", () => {
  test("a payment of elevated risk is reviewed, and approved once", async () => {
    const world = startWorld();
    const { id, charge } = await pay(world, "riskLevelElevated");
    const [review] = (await world.stripe.reviews.list({ expand: ["data.charge"] })).data;
    assert.ok(review);
    assert.deepEqual([review.open, review.reason, review.payment_intent], [true, "rule", id]);
    assert.equal((await world.stripe.paymentIntents.retrieve(id)).review, review.id);
    assert.equal((await world.stripe.charges.retrieve(charge)).review, review.id);
    const approved = await world.stripe.reviews.approve(review.id);
    assert.deepEqual([approved.open, approved.closed_reason, approved.reason], [false, "approved", "approved"]);
    await assert.rejects(world.stripe.reviews.approve(review.id), /closed already/);
    const types = (await world.eventTypes()).filter((type) => type.startsWith("review."));
    assert.deepEqual(types, ["review.opened", "review.closed"]);
    assert.equal((await world.stripe.reviews.list()).data.length, 0);
  });

  test("a refund closes it", async () => {
    const world = startWorld();
    const { charge } = await pay(world, "riskLevelElevated");
    const [review] = (await world.stripe.reviews.list()).data;
    await world.stripe.refunds.create({ charge, reason: "fraudulent" });
    assert.equal((await world.stripe.reviews.retrieve(String(review?.id))).closed_reason, "refunded_as_fraud");
    assert.deepEqual((await world.stripe.charges.retrieve(charge)).fraud_details, { user_report: "fraudulent" });
  });
});

suite("early fraud warnings", () => {
  test("one follows the payment, and a refund leaves nothing to do", async () => {
    const world = startWorld();
    const { id, charge } = await pay(world, "createIssuerFraudRecord");
    const [warning] = (await world.stripe.radar.earlyFraudWarnings.list({ charge })).data;
    assert.ok(warning);
    assert.deepEqual([warning.actionable, warning.payment_intent], [true, id]);
    await world.stripe.refunds.create({ charge });
    assert.equal((await world.stripe.radar.earlyFraudWarnings.retrieve(warning.id)).actionable, false);
    const types = (await world.eventTypes()).filter((type) => type.startsWith("radar."));
    assert.deepEqual(types, ["radar.early_fraud_warning.created", "radar.early_fraud_warning.updated"]);
    await pay(world, "visa");
    assert.equal((await world.stripe.radar.earlyFraudWarnings.list()).data.length, 1);
  });
});
