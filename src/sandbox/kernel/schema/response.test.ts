import assert from "node:assert/strict";
import { test } from "node:test";
import { createResponseChecker, objectProblems } from "./response.ts";
import { versionFamilies } from "./schema.ts";

const responseProblems = createResponseChecker([]);

const refund = {
  id: "re_1",
  object: "refund",
  amount: 5,
  balance_transaction: null,
  charge: "ch_1",
  created: 1,
  currency: "eur",
  metadata: {},
  payment_intent: null,
  reason: null,
  receipt_number: null,
  source_transfer_reversal: null,
  status: "succeeded",
  transfer_reversal: null,
};

test("a right answer has no problem under any family", () => {
  for (const family of versionFamilies) {
    const isNew = family === "endive" || family === "dahlia";
    const newer = isNew ? { customer: null, customer_account: null, payment_method: null } : {};
    assert.deepEqual(responseProblems("POST /v1/refunds", { ...refund, ...newer }, family), [], family);
  }
});

test("missing, unknown and wrong fields are named with their path", () => {
  const { charge, ...rest } = refund;
  const problems = responseProblems("POST /v1/refunds", { ...rest, amount: "5", foo: 1, metadata: { a: 1 } }, "basil");
  assert.equal(charge, "ch_1");
  assert.deepEqual(problems.sort(), [
    'amount: should be integer but is "5"',
    "charge: is missing",
    "foo: is not declared",
    "metadata.a: should be string but is 1",
  ]);
});

test("a field that a newer family declares is right in an older one too, with its own type", () => {
  const newer = { ...refund, customer: "cus_1", payment_method: null };
  assert.deepEqual(responseProblems("POST /v1/refunds", newer, "2020-08-27"), []);
  const listed = { object: "list", data: [{ ...newer, foo: 1 }], has_more: false, url: "/v1/refunds" };
  assert.deepEqual(responseProblems("GET /v1/refunds", listed, "2020-08-27"), ["data.0.foo: is not declared"]);
  const older = { ...refund, customer: null, customer_account: null, payment_method: null, charge_id: "ch_1" };
  assert.deepEqual(responseProblems("POST /v1/refunds", older, "endive"), ["charge_id: is not declared"]);
});

test("an expandable field takes the id or the object, and the object's own problems are told", () => {
  const answer = { ...refund, charge: { id: "ch_1", object: "charge" } };
  const problems = responseProblems("GET /v1/refunds/:id", answer, "basil");
  assert.ok(problems.includes("charge.amount: is missing"), problems.join("\n"));
  assert.match(
    responseProblems("GET /v1/refunds/:id", { ...refund, charge: 5 }, "basil")[0] ?? "",
    /^charge: should be/,
  );
});

test("lists and searches are pages", () => {
  const page = { object: "list", data: [refund], has_more: false, url: "/v1/refunds" };
  assert.deepEqual(responseProblems("GET /v1/refunds", page, "basil"), []);
  assert.deepEqual(responseProblems("GET /v1/refunds", { ...page, has_more: 1 }, "basil"), [
    "has_more: should be boolean but is 1",
  ]);
  const found = { object: "search_result", data: [], has_more: false, url: "/v1/charges/search", next_page: null };
  assert.deepEqual(responseProblems("GET /v1/charges/search", found, "endive"), []);
});

test("an event carries any object, and one object is compared by its definition", () => {
  const event = {
    id: "evt_1",
    object: "event",
    api_version: "2026-10-28.endive",
    created: 1,
    data: { object: {} },
    livemode: false,
    pending_webhooks: 0,
    request: { id: null, idempotency_key: null },
    type: "refund.created",
  };
  assert.deepEqual(responseProblems("GET /v1/events/:id", event, "endive"), []);
  assert.deepEqual(objectProblems("Refund", refund, "basil"), []);
  assert.deepEqual(objectProblems("Nonsense", {}, "basil"), ["Nonsense: basil has no such definition"]);
});

const answering = (...value: string[]) => createResponseChecker([{ answers: { value, evidence: "recorded" } }]);

test("what Stripe answers although nobody declares it is named by its object, however deep it stands", () => {
  const odd = { ...refund, metadata: {}, wallet: null, destination_details: { type: "card", color: "red" } };
  const named = answering("refund.wallet", "refund.destination_details.color");
  assert.deepEqual(named("POST /v1/refunds", odd, "basil"), []);
  assert.deepEqual(named("GET /v1/refunds", { object: "list", data: [odd], has_more: false, url: "" }, "basil"), []);
  assert.deepEqual(answering("charge.wallet")("POST /v1/refunds", odd, "basil"), [
    "destination_details.color: is not declared",
    "wallet: is not declared",
  ]);
  const empty = { ...refund, metadata: {}, amount: null };
  assert.deepEqual(answering("refund.amount")("POST /v1/refunds", empty, "basil"), []);
  assert.equal(answering("charge.amount")("POST /v1/refunds", empty, "basil").length, 1);
});

test("what Stripe leaves out although it is declared is named by its object too", () => {
  const { reason: _reason, ...short } = { ...refund, metadata: {} };
  const leavingOut = (field: string) =>
    createResponseChecker([{ leavesOut: { value: [field], evidence: "recorded" } }]);
  assert.deepEqual(leavingOut("refund.reason")("POST /v1/refunds", short, "basil"), []);
  assert.deepEqual(leavingOut("charge.reason")("POST /v1/refunds", short, "basil"), ["reason: is missing"]);
});
