import assert from "node:assert/strict";
import { suite, test } from "node:test";
import type Stripe from "stripe";
import { dayMs, hourMs, minuteMs } from "#kit/clock.ts";
import { type SandboxWorld, startWorld } from "../../testing.ts";
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
    const { id, evidence_details } = await disputed(world);
    const dueBy = Number(evidence_details.due_by) * 1000;
    await world.clock.advance(dueBy - world.clock.now() + 1000);
    assert.equal((await world.stripe.disputes.retrieve(id)).status, "needs_response");
    await world.clock.advance(dayMs);
    const lost = await world.stripe.disputes.retrieve(id);
    assert.deepEqual([lost.status, lost.evidence_details.past_due], ["lost", false], "nothing was sent late");
    assert.equal((await world.eventTypes()).at(-1), "charge.dispute.closed");
  });

  test("what comes after the day is passed on as late, and does not win", async () => {
    const world = startWorld();
    const { id, evidence_details } = await disputed(world);
    await world.clock.advance(Number(evidence_details.due_by) * 1000 - world.clock.now() + hourMs);
    const late = await submit(world, id, "winning_evidence");
    assert.deepEqual([late.status, late.evidence_details.past_due], ["under_review", true]);
    await world.clock.advance(61 * dayMs);
    assert.equal((await world.stripe.disputes.retrieve(id)).status, "lost");
  });

  test("evidence is staged field by field, and sent once", async () => {
    const world = startWorld();
    const { id } = await disputed(world);
    const { stripe } = world;
    await stripe.disputes.update(id, { evidence: { customer_name: "Jo" }, submit: false });
    const staged = await stripe.disputes.update(id, { evidence: { product_description: "Tea" }, submit: false });
    assert.deepEqual(
      [staged.status, staged.evidence.customer_name, staged.evidence.product_description],
      ["needs_response", "Jo", "Tea"],
    );
    const { has_evidence, submission_count, submission_method } = staged.evidence_details;
    assert.deepEqual([has_evidence, submission_count, submission_method], [true, 0, "not_submitted"]);
    await stripe.disputes.update(id, { evidence: { uncategorized_text: "winning_evidence" }, submit: false });
    const sent = await stripe.disputes.update(id, { submit: true });
    assert.deepEqual([sent.status, sent.evidence_details.submission_count], ["under_review", 1]);
    await assert.rejects(stripe.disputes.update(id, { submit: true }), /because it is under_review/);
    await world.clock.advance(2 * minuteMs);
    assert.equal((await stripe.disputes.retrieve(id)).status, "won");
  });

  test("more evidence than a bank reads, or of an unknown kind, is refused", async () => {
    const world = startWorld();
    const { id } = await disputed(world);
    const long = world.stripe.disputes.update(id, {
      evidence: { uncategorized_text: "a".repeat(150_000), customer_name: "b" },
    });
    await assert.rejects(long, { param: "evidence", message: /limited to 150000/ });
    const unknown = await world.call("POST", `/v1/disputes/${id}`, "evidence[hearsay]=1");
    assert.equal(unknown.error.param, "evidence[hearsay]");
    assert.equal((await world.stripe.disputes.retrieve(id)).evidence_details.has_evidence, false);
  });

  test("an inquiry that nobody answers lapses; one of a refunded charge cannot be escalated", async () => {
    const world = startWorld();
    const silent = await disputed(world, "createDisputeInquiry");
    const refunded = await disputed(world, "createDisputeInquiry");
    await world.stripe.refunds.create({ charge: String(refunded.charge) });
    await decided(world, refunded.id, "escalate_inquiry_evidence");
    await world.clock.advance(11 * dayMs);
    for (const { id } of [silent, refunded]) {
      const closed = await world.stripe.disputes.retrieve(id);
      assert.deepEqual([closed.status, closed.balance_transactions.length], ["warning_closed", 0]);
    }
    assert.ok(!(await world.eventTypes()).includes("charge.dispute.funds_withdrawn"));
  });

  test("of several disputes one may be won: what the other holds is not refunded", async () => {
    const world = startWorld();
    const { charge } = await disputed(world, "createMultipleDisputes");
    const [first, second] = (await world.stripe.disputes.list({ charge: String(charge) })).data;
    assert.ok(first && second);
    await decided(world, first.id, "winning_evidence");
    await assert.rejects(world.stripe.refunds.create({ charge: String(charge), amount: 1 }), {
      code: "charge_disputed",
    });
    await decided(world, second.id, "winning_evidence");
    assert.equal((await world.stripe.refunds.create({ charge: String(charge), amount: 1 })).status, "succeeded");
  });

  test("the fee is told with the movement, and comes back with it", async () => {
    const world = startWorld();
    const { id } = await disputed(world);
    await decided(world, id, "winning_evidence");
    const { balance_transactions } = await world.stripe.disputes.retrieve(id);
    assert.deepEqual(
      balance_transactions.map(({ amount, fee, fee_details, reporting_category, status }) => [
        amount,
        fee,
        fee_details.map((detail) => [detail.type, detail.amount, detail.description]),
        reporting_category,
        status,
      ]),
      [
        [-5000, 1500, [["stripe_fee", 1500, "Dispute fee"]], "dispute", "available"],
        [5000, -1500, [["stripe_fee", -1500, "Dispute fee refund"]], "dispute_reversal", "available"],
      ],
    );
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
