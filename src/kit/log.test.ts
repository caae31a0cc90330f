import assert from "node:assert/strict";
import { test } from "node:test";
import { createLog, silentLog } from "./log.ts";
import { problem } from "./problems.ts";

const now = () => Date.UTC(2026, 10, 25, 12);

function lines(): { written: string[]; log: ReturnType<typeof createLog> } {
  const written: string[] = [];
  return { written, log: createLog({ clock: { now }, write: (line) => written.push(line) }) };
}

test("a line is an event with fields, stamped by the clock, and nothing of the machine", () => {
  const { written, log } = lines();
  log.child({ orderId: "order_9001" }).info("order.created", { amount: 2000 });
  log.warn("order.slow");
  log.error("order.broken", { error: problem("not_found", "No order order_1") });
  assert.deepEqual(written, [
    '{"level":"info","time":"2026-11-25T12:00:00.000Z","orderId":"order_9001","amount":2000,"event":"order.created"}\n',
    '{"level":"warn","time":"2026-11-25T12:00:00.000Z","event":"order.slow"}\n',
    '{"level":"error","time":"2026-11-25T12:00:00.000Z",' +
      '"error":{"name":"Problem","code":"not_found","message":"No order order_1"},"event":"order.broken"}\n',
  ]);
});

test("a level keeps lesser lines back, and the silent log keeps all", () => {
  const written: string[] = [];
  const log = createLog({ clock: { now }, write: (line) => written.push(line), level: "warn" });
  log.info("quiet");
  log.warn("heard");
  silentLog().child({ a: 1 }).error("never");
  assert.equal(written.length, 1);
});

/** Built from pieces, so that no scanner takes this file for a leak. */
const secrets = {
  "a secret key": ["sk_", "test_51AbCdEfGhIjKl"],
  "a live key": ["sk_", "live_51AbCdEfGhIjKl"],
  "a restricted key": ["rk_", "test_51AbCdEfGhIjKl"],
  "our REST key": ["bk_", "live_AbCdEfGhIjKl012345"],
  "an endpoint's secret": ["whsec", "_AbCdEfGhIjKl/+=="],
  "a client secret": ["pi_3Abc_secret", "_XyZ0123456789"],
  "a setup's client secret": ["seti_1Abc_secret", "_XyZ0123456789"],
  "a card number": ["42424242", "42424242"],
  "a card number in groups": ["4242 4242", " 4242 4242"],
  "a card number with dashes": ["4000-0025", "-0000-3155"],
  "an Amex number": ["378282", "246310005"],
  "an IBAN": ["DE8937040044", "0532013000"],
  "an IBAN in groups": ["DE89 3704 0044", " 0532 0130 00"],
  "a Dutch IBAN": ["NL39RABO", "0300065264"],
  "an e-mail address": ["jenny.rosen+1@", "example.co.uk"],
  "an encoded e-mail address": ["jenny.rosen%40", "example.com"],
  "a bearer token": ["Bearer ", "abcdefgh12345678"],
} as const;

test("no secret reaches the log, wherever it hides", () => {
  for (const [what, [head, tail]] of Object.entries(secrets)) {
    const secret = head + tail;
    const places: Record<string, unknown>[] = [
      { text: secret },
      { text: `before ${secret} after` },
      { body: `a=1&number=${secret}&b=2` },
      { nested: { list: [{ deep: secret }] } },
      { error: new Error(`Stripe said ${secret}`) },
      { error: new Error("outer", { cause: new Error(secret) }) },
      { json: JSON.stringify({ value: secret }) },
      { [secret]: 1 },
    ];
    for (const fields of places) {
      const { written, log } = lines();
      log.info("test", fields);
      log.child(fields).info("test");
      const line = written.join("");
      assert.ok(!line.includes(tail), `${what} in ${line}`);
      assert.match(line, /\[redacted\]/);
    }
  }
});

test("fields named after a secret are cut whatever they hold", () => {
  const names = "clientSecret client_secret apiKey api_key secretKey password authorization Cookie cvc email".split(
    " ",
  );
  for (const name of [...names, "customerEmail", "iban", "cardNumber", "webhookSecret"]) {
    const { written, log } = lines();
    log.info("test", { [name]: "tiny", nested: { [name]: { inner: "tiny" } } });
    assert.ok(!written[0]!.includes("tiny"), name); // one line was logged
  }
});

test("a card number that came as a number is cut, an instant, an amount and an id stay", () => {
  const { written, log } = lines();
  const fields = {
    instant: 1_795_608_000_000,
    amount: 424_242,
    eventId: "evt_1QAbCdEfGhIjKlMnOpQrStUv",
    requestId: "req_4242424242",
    path: "/v1/payment_intents/pi_3Abc",
    order: "order_9001",
    token: "tok_visa",
    none: null,
    ok: true,
  };
  log.info("test", { ...fields, pan: 1, number: Number("4242424242424242") });
  const line = JSON.parse(written[0]!); // one line was logged
  for (const [name, value] of Object.entries(fields)) assert.deepEqual(line[name], value, name);
  assert.equal(line.number, "[redacted]");
});

test("the id before a client secret stays, so that the line can be followed", () => {
  const { written, log } = lines();
  log.info("test", { text: secrets["a client secret"].join("") });
  assert.match(written[0]!, /"pi_3Abc_secret_\[redacted\]"/); // one line was logged
});

test("bytes, cycles and monsters become short", () => {
  const { written, log } = lines();
  const cycle: Record<string, unknown> = {};
  cycle.self = cycle;
  log.info("test", { bytes: new Uint8Array(3), cycle, long: "x".repeat(100_000), many: Array(5_000).fill(1) });
  assert.match(written[0]!, /"bytes":"\[3 bytes\]"/); // one line was logged
  assert.ok(written[0]!.length < 6_000);
});
