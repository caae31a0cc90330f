import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { test } from "node:test";
import fc from "fast-check";
import Stripe from "stripe";
import { secondMs } from "#kit/clock.ts";
import { testPorts } from "#kit/create_ports.ts";
import { draws } from "#kit/testing.ts";
import { encodeForm } from "../../stripe/form.ts";
import { createStripeTime } from "../../stripe/stripe_time.ts";
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

test("a header is read up to 4,096 characters and sixteen signatures, with a time in it", () => {
  const signature = `v1=${"0a".repeat(32)}`;
  const parsed = (header: string) => parseSignatureHeader(header)?.signatures.length;
  const many = (count: number) => ["t=1", ...Array.from({ length: count }, () => signature)].join(",");
  assert.deepEqual([parsed(many(1)), parsed(many(16)), parsed(many(17))], [1, 16, undefined]);
  const long = `${many(1)},`;
  assert.equal(parsed(long.padEnd(4_096, "x")), 1);
  assert.equal(parsed(long.padEnd(4_097, "x")), undefined);
  for (const untimed of [signature, `t=,${signature}`, `t=1e3,${signature}`, `t=${"1".repeat(13)},${signature}`]) {
    assert.equal(parsed(untimed), undefined, untimed);
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

test("we believe exactly what the official SDK believes", () => {
  const stripe = new Stripe("sk_test_x", { telemetry: false });
  const secrets = ["whsec_a", "whsec_b"] as const;
  const t = 1_800_000_000;
  const payload = '{"id":"evt_1","object":"event"}';
  const sign = (secret: string, timestamp: number, text: string) =>
    createHmac("sha256", secret).update(`${timestamp}.${text}`).digest("hex");
  const signature = fc.oneof(
    fc.record({
      secret: fc.constantFrom(...secrets, "whsec_c"),
      timestamp: fc.constantFrom(t, t + 1),
      text: fc.constantFrom(payload, `${payload} `),
    }),
    fc.string({ minLength: 64, maxLength: 64, unit: fc.constantFrom(..."0123456789abcdef") }),
  );
  const part = fc.oneof(
    fc.constantFrom(`t=${t}`, `t=${t + 1}`),
    fc
      .tuple(fc.constantFrom("v1", "v1", "v0"), signature)
      .map(([scheme, made]) =>
        typeof made === "string" ? `${scheme}=${made}` : `${scheme}=${sign(made.secret, made.timestamp, made.text)}`,
      ),
    fc.constantFrom("", "x=y", "=", "v2=00"), // a broken v1 spoils the header for the SDK, not for us
  );
  const believes = (header: string, secret: string) => {
    try {
      return stripe.webhooks.constructEvent(payload, header, secret, 0).id === "evt_1";
    } catch {
      return false;
    }
  };
  const oneOfTwo = fc.array(part, { maxLength: 6 }).map((parts) => parts.join(","));
  fc.assert(
    fc.property(oneOfTwo, (header) => {
      const parsed = parseSignatureHeader(header);
      const ours = parsed !== undefined && isSignedBy(parsed, Buffer.from(payload), secrets);
      assert.equal(
        ours,
        secrets.some((secret) => believes(header, secret)),
      );
    }),
    { numRuns: draws(500, 20_000), seed: 1 },
  );
});
