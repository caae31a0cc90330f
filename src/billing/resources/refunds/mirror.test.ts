// What Stripe knows of a refund, as the few fields we live by.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Remote } from "../../kernel/contract/reacting.ts";
import { type RefundMirror, refundKind } from "./refunds.ts";

const remote: Remote = {
  id: "re_1",
  object: "refund",
  status: "succeeded",
  amount: 500,
  currency: "eur",
  payment_intent: "pi_1",
  charge: "ch_1",
  reason: "duplicate",
  metadata: { bursar_refund: "r_1", bursar_op: "op_1", bursar_instance: "ins_1" },
};

const rowOf = (more: object = {}) => refundKind.row({ ...remote, ...more }) as RefundMirror;

test("a refund is known by its payment, its amount and whose wish it was", () => {
  assert.deepEqual(rowOf(), {
    id: "re_1",
    customer: null,
    parent: "pi_1",
    instance: "ins_1",
    operation: "op_1",
    isFinal: false,
    status: "succeeded",
    refundId: "r_1",
    amount: 500,
    currency: "eur",
    paymentIntent: "pi_1",
    reason: "duplicate",
    failureReason: null,
  });
});

test("a refund without a payment hangs on its charge, and what Stripe leaves out is nothing", () => {
  const { parent, paymentIntent, reason } = rowOf({ payment_intent: null, reason: null });
  assert.deepEqual([parent, paymentIntent, reason], ["ch_1", null, null]);
});

test("a refund is over when it came back, for the reason that the bank gave, and not before", () => {
  const ends = ["pending", "requires_action", "succeeded", "failed", "canceled"].map((status) => rowOf({ status }));
  assert.deepEqual(
    ends.map(({ isFinal }) => isFinal),
    [false, false, false, true, true],
  );
  assert.equal(rowOf({ failure_reason: "lost_or_stolen_card" }).failureReason, "lost_or_stolen_card");
});

test("a status of a refund is told when it is entered, and not at every look", () => {
  const told = (before: string | null, after: string) =>
    refundKind.facts(before === null ? null : rowOf({ status: before }), rowOf({ status: after }), 2);
  assert.deepEqual(
    told(null, "pending").map(({ type, transition }) => [type, transition]),
    [["refund.changed", "re_1:pending"]],
  );
  assert.equal(told("pending", "succeeded").length, 1);
  assert.deepEqual(told("succeeded", "succeeded"), []);
});
