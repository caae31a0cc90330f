import assert from "node:assert/strict";
import { test } from "node:test";
import Stripe from "stripe";
import { secondMs } from "#kit/clock.ts";
import { testPorts } from "#kit/create_ports.ts";
import { encodeForm } from "../stripe/form.ts";
import { createStripeTime } from "../stripe/stripe_time.ts";
import { isSignedBy, parseSignatureHeader } from "./signature.ts";

test("what the official SDK signs is accepted, with any one of the secrets, and not a byte later", () => {
  const stripe = new Stripe("sk_test_x", { telemetry: false });
  const payload = '{"id":"evt_1"}';
  const header = stripe.webhooks.generateTestHeaderString({ payload, secret: "whsec_a", timestamp: 1_800_000_000 });
  const parsed = parseSignatureHeader(header);
  assert.ok(parsed);
  assert.equal(parsed.timestamp, 1_800_000_000);
  assert.ok(isSignedBy(parsed, Buffer.from(payload), ["whsec_b", "whsec_a"]));
  assert.ok(!isSignedBy(parsed, Buffer.from(`${payload} `), ["whsec_a"]));
  assert.ok(!isSignedBy({ ...parsed, timestamp: 1_800_000_001 }, Buffer.from(payload), ["whsec_a"]));
  assert.ok(!isSignedBy(parsed, Buffer.from(payload), ["whsec_b"]));
});

test("headers that are none are none", () => {
  for (const header of [
    null,
    "",
    "t=1",
    "v1=00",
    "t=x,v1=00",
    `t=1,v0=${"0".repeat(64)}`,
    "t=1,v1=zz",
    "=".repeat(5000),
  ]) {
    assert.equal(parseSignatureHeader(header), undefined, String(header));
  }
});

test("Stripe's time is learnt from its answers, and our wall clock does not matter", () => {
  const { clock } = testPorts({ seed: 1 });
  const time = createStripeTime(clock);
  assert.equal(time.isKnown(), false);
  time.learn("not a date", 0);
  assert.equal(time.isKnown(), false);
  time.learn(new Date(clock.now() + 600 * secondMs).toUTCString(), 100);
  assert.ok(Math.abs(time.offsetMs() - 600 * secondMs) <= secondMs);
  const exact = createStripeTime(clock);
  exact.learn(new Date(clock.now() + 300).toUTCString(), 10);
  assert.equal(exact.offsetMs(), 0, "within the header's own second there is no offset");
});

test("parameters are spelt as the SDK spells them", () => {
  assert.equal(
    encodeForm({ name: "A & B", metadata: { a: "1", b: "" }, expand: ["x"], line: { one: null }, no: undefined }),
    "name=A%20%26%20B&metadata[a]=1&metadata[b]=&expand[0]=x&line[one]=",
  );
});
