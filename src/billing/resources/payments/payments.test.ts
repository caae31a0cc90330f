// What is kept of Stripe's objects, and what happened between two looks.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { MirroredRow, MirrorKind } from "../../kernel/contract/manifest.ts";
import type { Remote } from "../../kernel/contract/reacting.ts";
import { paymentsManifest } from "./index.ts";

function kindOf(name: string): MirrorKind {
  const kind = paymentsManifest.kinds.find(({ kind }) => kind === name);
  assert.ok(kind);
  return kind;
}

function rowOf(name: string, more: object): Record<string, unknown> {
  const remote: Remote = { id: "it_1", object: name, status: "processing", currency: "eur", amount: 2500, ...more };
  return kindOf(name).row(remote) as unknown as Record<string, unknown>;
}

function told(name: string, before: object | null, after: object): (readonly [string, string])[] {
  const row = (more: object) => rowOf(name, more) as unknown as MirroredRow;
  const news = kindOf(name).facts(before && row(before), row(after), 2);
  return news.map(({ type, transition }) => [type, transition]);
}

test("what Stripe leaves out of a PaymentIntent is nothing, and what it says is kept", () => {
  assert.deepEqual(rowOf("payment_intent", {}), {
    instance: null,
    operation: null,
    id: "it_1",
    customer: null,
    parent: null,
    isFinal: false,
    status: "processing",
    orderId: null,
    amount: 2500,
    amountReceived: 0,
    amountCapturable: 0,
    currency: "eur",
    latestCharge: null,
    failure: null,
    cancellationReason: null,
  });
  const full = rowOf("payment_intent", {
    status: "succeeded",
    customer: { id: "cus_1", object: "customer" },
    metadata: { bursar_instance: "ins_1", bursar_op: "op_1", bursar_order: "order_1" },
    amount_received: 2400,
    amount_capturable: 100,
    latest_charge: "ch_1",
    last_payment_error: { code: "card_declined", decline_code: "fraudulent", message: "No" },
    cancellation_reason: "abandoned",
  });
  const { instance, operation, orderId, customer, amountReceived, amountCapturable, latestCharge } = full;
  assert.deepEqual([instance, operation, orderId, customer], ["ins_1", "op_1", "order_1", "cus_1"]);
  assert.deepEqual([amountReceived, amountCapturable, latestCharge, full.isFinal], [2400, 100, "ch_1", true]);
  assert.deepEqual(full.failure, { code: "card_declined", declineCode: "fraudulent", message: "No" });
  assert.equal(full.cancellationReason, "abandoned");
  assert.equal(rowOf("payment_intent", { status: "canceled" }).isFinal, true);
  const unsaid = rowOf("payment_intent", { last_payment_error: {} }).failure;
  assert.deepEqual(unsaid, { code: "unknown", declineCode: null, message: "" });
});

test("of a PaymentIntent is told what we live by, and nothing else", () => {
  const news = [["payment.changed", "it_1@2"]];
  assert.deepEqual(told("payment_intent", null, {}), news, "it is new");
  assert.deepEqual(told("payment_intent", {}, {}), []);
  assert.deepEqual(told("payment_intent", {}, { amount_capturable: 5, customer: "cus_1" }), []);
  assert.deepEqual(told("payment_intent", {}, { status: "succeeded" }), news);
  assert.deepEqual(told("payment_intent", {}, { latest_charge: "ch_1" }), news);
  assert.deepEqual(told("payment_intent", {}, { amount_received: 1 }), news);
  assert.deepEqual(told("payment_intent", {}, { amount: 2600 }), news);
  const failed = (code: string) => ({ last_payment_error: { code } });
  assert.deepEqual(told("payment_intent", {}, failed("a")), news);
  assert.deepEqual(told("payment_intent", failed("a"), failed("b")), news);
  assert.deepEqual(told("payment_intent", failed("a"), failed("a")), []);
});

test("a charge belongs to its payment, and what it failed for is kept", () => {
  const failure = { failure_code: "card_declined", failure_message: "No", outcome: { reason: "fraudulent" } };
  const charge = rowOf("charge", { status: "failed", payment_intent: "pi_1", customer: "cus_1", ...failure });
  assert.deepEqual([charge.parent, charge.customer, charge.paymentIntent], ["pi_1", "cus_1", "pi_1"]);
  assert.deepEqual(charge.failure, { code: "card_declined", declineCode: "fraudulent", message: "No" });
  assert.equal(charge.isFinal, true);
  const paid = rowOf("charge", {
    status: "succeeded",
    amount_captured: 5,
    amount_refunded: 3,
    outcome: { reason: null },
  });
  assert.deepEqual([paid.isFinal, paid.failure, paid.amountCaptured, paid.amountRefunded], [false, null, 5, 3]);
  const silent = rowOf("charge", { status: "failed", failure_code: "processing_error", outcome: null });
  assert.deepEqual(silent.failure, { code: "processing_error", declineCode: null, message: "" });
});

test("of what the card of a charge offers is kept what is available", () => {
  const offersOf = (card: object) => rowOf("charge", { payment_method_details: { type: "card", card } }).offers;
  const [available, unavailable] = [{ status: "available" }, { status: "unavailable" }];
  assert.deepEqual(offersOf({ multicapture: available, incremental_authorization: unavailable }), ["multicapture"]);
  assert.deepEqual(offersOf({ incremental_authorization: available }), ["incremental_authorization"]);
  assert.deepEqual([rowOf("charge", {}).offers, offersOf({})], [[], []]);
});

test("a failed charge is told once, and no other charge at all", () => {
  const failed = { status: "failed" };
  assert.deepEqual(told("charge", null, failed), [["charge.failed", "it_1"]]);
  assert.deepEqual(told("charge", { status: "pending" }, failed), [["charge.failed", "it_1"]]);
  assert.deepEqual(told("charge", failed, failed), []);
  assert.deepEqual(told("charge", null, { status: "succeeded" }), []);
});
