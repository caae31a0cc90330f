// What an event's bytes are as a receipt: whose, about what, in which lane, and whether anybody will work it.
import assert from "node:assert/strict";
import { test } from "node:test";
import { manifests } from "../../resources/index.ts";
import { createRegistry } from "../contract/context.ts";
import { arrivalOf, payloadOf } from "./receipts.ts";

const registry = createRegistry(manifests);
const now = 5_000;

function arrived(body: unknown, mode: "test" | "live" = "test") {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  return arrivalOf(Buffer.from(text), { registry, mode, now });
}

function event(object: object | null, more: object = {}) {
  const about = { type: "payment_intent.succeeded", created: 7, livemode: false, api_version: "2026-08-26.dahlia" };
  return { id: "evt_1", object: "event", ...about, data: { object }, ...more };
}

const payment = { id: "pi_1", object: "payment_intent", customer: "cus_1", client_secret: "pi_1_secret_abc" };

test("an event is a row about its object, in the lane of whoever that is of, with its secret cut", () => {
  const { row, payload } = arrived(event(payment));
  const { sha256, body, ...rest } = row;
  assert.match(sha256, /^[0-9a-f]{64}$/);
  assert.equal(Buffer.from(body as Uint8Array).includes("secret_abc"), false);
  assert.deepEqual(payload, payment);
  assert.equal(payloadOf(row)?.id, "pi_1");
  const about = { id: "evt_1", kind: "event", type: "payment_intent.succeeded", created: 7, livemode: 0 };
  const whose = { lane: "cus_1", object_kind: "payment_intent", object_id: "pi_1", customer: "cus_1", parent: null };
  const fresh = { attempts: 0, repeats: 0, renewed: 0, next_at: now, received_at: now, ended_at: null, error: null };
  assert.deepEqual(rest, {
    ...about,
    ...whose,
    ...fresh,
    api_version: "2026-08-26.dahlia",
    account: null,
    state: "open",
  });
});

test("a lane is of the customer, else of the parent, else of the object, else of the event alone", () => {
  const lane = (object: object) => arrived(event(object)).row.lane;
  const charge = { id: "ch_1", object: "charge", payment_intent: "pi_1" };
  assert.deepEqual([lane({ ...charge, customer: "cus_1" }), lane(charge)], ["cus_1", "pi_1"]);
  assert.deepEqual([lane({ id: "x_1", object: "toy" }), lane({ object: "toy" })], ["x_1", "evt_1"]);
});

test("what is signed and is not an event about an object is kept for a human, in a lane of its own", () => {
  const bodies: readonly (readonly [body: unknown, type: string])[] = [
    ["no JSON", "unreadable"],
    ["[]", "unreadable"],
    ["null", "unreadable"],
    [event(payment, { id: 7 }), "payment_intent.succeeded"],
    [event(payment, { object: "v2.core.event" }), "payment_intent.succeeded"],
    [event(null), "payment_intent.succeeded"],
    [event([]), "payment_intent.succeeded"],
    [event(null, { data: undefined }), "payment_intent.succeeded"],
    [event(payment, { id: 7, type: 7 }), "unreadable"],
  ];
  for (const [body, type] of bodies) {
    const { row, payload } = arrived(body);
    const of = JSON.stringify(body);
    assert.deepEqual([row.state, row.type, row.object_id, payload], ["quarantined", type, null, null], of);
    assert.equal(row.lane, `raw_${row.sha256}`, of);
  }
  assert.deepEqual([arrived("no JSON").row.livemode, arrived("no JSON", "live").row.livemode], [0, 1]);
});

test("nobody works what is another account's, another mode's or of nobody's kind, or what has no id or no time", () => {
  const stateOf = (body: unknown, mode: "test" | "live" = "test") => {
    const { state, error, livemode, account, created } = arrived(body, mode).row;
    return [state, error, livemode, account, created];
  };
  const none = "The event's object has no id, or the event no time";
  assert.deepEqual(stateOf(event(payment, { livemode: true }), "live"), ["open", null, 1, null, 7]);
  assert.deepEqual(stateOf(event(payment), "live"), ["other_mode", "Bursar runs in live mode", 0, null, 7]);
  assert.deepEqual(stateOf(event(payment, { livemode: true }))[0], "other_mode");
  assert.deepEqual(stateOf(event(payment, { account: "acct_1" })).slice(0, 4), [
    "other_account",
    "An event of a connected account",
    0,
    "acct_1",
  ]);
  assert.deepEqual(stateOf(event(payment, { type: "radar.something_new" })).slice(0, 2), ["ignored", null]);
  assert.deepEqual(stateOf(event({ ...payment, object: "toy" })).slice(0, 2), ["ignored", null]);
  assert.deepEqual(stateOf(event({ object: "payment_intent" })).slice(0, 2), ["quarantined", none]);
  assert.deepEqual(stateOf(event(payment, { created: "7" })), ["quarantined", none, 0, null, 0]);
});

test("what is not a text where one belongs is not known", () => {
  const { row } = arrived(event({ ...payment, object: 7 }, { api_version: 7, account: 7 }));
  assert.deepEqual([row.object_kind, row.api_version, row.account, row.state], [null, null, null, "ignored"]);
});

test("a receipt whose body has gone tells nothing of its object", () => {
  assert.equal(payloadOf({ body: null }), null);
  assert.equal(payloadOf({ body: Buffer.from("no JSON") }), null);
  assert.equal(payloadOf({ body: Buffer.from("{}") }), null);
  assert.equal(payloadOf({ body: Buffer.from('{"data":{"object":7}}') }), null);
});
