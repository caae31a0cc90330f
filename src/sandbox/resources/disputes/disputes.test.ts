import assert from "node:assert/strict";
import { suite, test } from "node:test";
import type Stripe from "stripe";
import { dayMs, minuteMs } from "#kit/clock.ts";
import { type SandboxWorld, startWorld } from "../../sandbox_world.test.ts";
import { type DisputeStatus, disputeMachine } from "./dispute.ts";

async function disputed(world: SandboxWorld, card = "createDispute"): Promise<Stripe.Dispute> {
  const charge = await world.stripe.charges.create({ amount: 5000, currency: "usd", source: `tok_${card}` });
  const [dispute] = (await world.stripe.disputes.list({ charge: charge.id })).data;
  assert.ok(dispute);
  return dispute;
}

const submit = ({ stripe }: SandboxWorld, id: string, words: string) =>
  stripe.disputes.update(id, { evidence: { uncategorized_text: words }, submit: true });

/** How a dispute comes into each status. */
const roads: Readonly<Record<DisputeStatus, (world: SandboxWorld) => Promise<string>>> = {
  needs_response: async (world) => (await disputed(world)).id,
  warning_needs_response: async (world) => (await disputed(world, "createDisputeInquiry")).id,
  under_review: async (world) => (await submit(world, await roads.needs_response(world), "It was sent.")).id,
  warning_under_review: async (world) => (await submit(world, await roads.warning_needs_response(world), "Sent.")).id,
  won: async (world) => decided(world, await roads.needs_response(world), "winning_evidence"),
  lost: async (world) => decided(world, await roads.needs_response(world), "losing_evidence"),
  warning_closed: async (world) => decided(world, await roads.warning_needs_response(world), "winning_evidence"),
};

async function decided(world: SandboxWorld, id: string, words: string): Promise<string> {
  await submit(world, id, words);
  await world.clock.advance(2 * minuteMs);
  return id;
}

const calls: Readonly<Record<string, (id: string) => [path: string, form: string]>> = {
  stage: (id) => [`/v1/disputes/${id}`, "evidence[customer_name]=Jo&submit=false"],
  submit: (id) => [`/v1/disputes/${id}`, "evidence[customer_name]=Jo"],
  close: (id) => [`/v1/disputes/${id}/close`, ""],
};

suite("disputes: every status, every action", () => {
  for (const [status, go] of Object.entries(roads)) {
    for (const [action, callOf] of Object.entries(calls)) {
      const { from, to } = disputeMachine.actions[action as keyof typeof disputeMachine.actions];
      const isAllowed = (from as readonly string[]).includes(status);
      test(`${status} ${isAllowed ? "takes" : "refuses"} ${action}`, async () => {
        const world = startWorld();
        const id = await go(world);
        assert.equal((await world.stripe.disputes.retrieve(id)).status, status);
        const before = await world.eventTypes();
        const answer = await world.call("POST", ...callOf(id));
        const after = await world.stripe.disputes.retrieve(id);
        if (isAllowed) {
          assert.equal(answer.status, 200, JSON.stringify(answer.json));
          assert.ok(Object.keys(to).includes(after.status), `${action} ends in ${after.status}`);
          return;
        }
        assert.equal(answer.status, 400);
        assert.equal(after.status, status);
        assert.deepEqual(await world.eventTypes(), before);
      });
    }
  }
});

suite("disputes", () => {
  test("a chargeback takes the money with a fee; winning brings both back", async () => {
    const world = startWorld();
    const { stripe } = world;
    const dispute = await disputed(world);
    assert.deepEqual([dispute.reason, dispute.amount, dispute.is_charge_refundable], ["fraudulent", 5000, false]);
    assert.deepEqual(
      dispute.balance_transactions.map(({ net, type, reporting_category }) => [net, type, reporting_category]),
      [[-6500, "adjustment", "dispute"]],
    );
    assert.deepEqual((await world.eventTypes()).slice(1), [
      "charge.dispute.created",
      "charge.dispute.funds_withdrawn",
      "charge.updated",
    ]);
    const charge = String(dispute.charge);
    assert.equal((await stripe.charges.retrieve(charge)).disputed, true);
    await assert.rejects(stripe.refunds.create({ charge }), { code: "charge_disputed" });
    await stripe.disputes.update(dispute.id, { metadata: { a: "1" } });
    await decided(world, dispute.id, "winning_evidence");
    const won = await stripe.disputes.retrieve(dispute.id);
    assert.equal(won.status, "won");
    assert.equal(won.evidence_details.submission_count, 1);
    assert.equal(
      won.balance_transactions.reduce((sum, { net }) => sum + net, 0),
      0,
    );
    assert.deepEqual((await world.eventTypes()).slice(4), [
      "charge.dispute.updated",
      "charge.dispute.updated",
      "balance.available",
      "charge.dispute.closed",
      "charge.dispute.funds_reinstated",
    ]);
    assert.equal((await stripe.refunds.create({ charge })).status, "succeeded");
  });

  test("an inquiry takes no money, until it is escalated", async () => {
    const world = startWorld();
    const inquiry = await disputed(world, "createDisputeInquiry");
    assert.deepEqual([inquiry.status, inquiry.is_charge_refundable], ["warning_needs_response", true]);
    assert.equal(inquiry.balance_transactions.length, 0);
    await decided(world, inquiry.id, "escalate_inquiry_evidence");
    const escalated = await world.stripe.disputes.retrieve(inquiry.id);
    assert.deepEqual([escalated.status, escalated.balance_transactions.length], ["needs_response", 1]);
    assert.equal(escalated.payment_method_details?.card?.case_type, "chargeback");
    assert.ok((await world.eventTypes()).includes("charge.dispute.funds_withdrawn"));
  });

  test("who does not answer in time loses", async () => {
    const world = startWorld();
    const { id } = await disputed(world);
    await world.clock.advance(10 * dayMs);
    const lost = await world.stripe.disputes.retrieve(id);
    assert.deepEqual([lost.status, lost.evidence_details.past_due], ["lost", true]);
  });

  test("each dispute card does what it is named for", async () => {
    const world = startWorld();
    assert.equal((await disputed(world, "createDisputeProductNotReceived")).reason, "product_not_received");
    const several = await disputed(world, "createMultipleDisputes");
    const all = await world.stripe.disputes.list({ charge: String(several.charge) });
    assert.equal(
      all.data.reduce((sum, { amount }) => sum + amount, 0),
      5000,
    );
    assert.equal(all.data.length, 2);
    const compliance = await disputed(world, "createMastercardComplianceDispute");
    assert.deepEqual(compliance.enhanced_eligibility_types, ["mastercard_compliance"]);
    const eligible = await disputed(world, "createCe3EligibleDispute");
    assert.equal(eligible.evidence_details.enhanced_eligibility.visa_compelling_evidence_3?.status, "requires_action");
  });

  test("a held charge is disputed once it is captured; a payment intent is named", async () => {
    const world = startWorld();
    const held = await world.stripe.paymentIntents.create({
      amount: 5000,
      currency: "eur",
      capture_method: "manual",
      confirm: true,
      payment_method: "pm_card_createDispute",
      automatic_payment_methods: { enabled: true, allow_redirects: "never" },
    });
    assert.equal((await world.stripe.disputes.list({ payment_intent: held.id })).data.length, 0);
    await world.stripe.paymentIntents.capture(held.id);
    assert.equal((await world.stripe.disputes.list({ payment_intent: held.id })).data.length, 1);
  });
});
