import assert from "node:assert/strict";
import { appendFileSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { test } from "node:test";
import { dayMs, secondMs } from "#kit/clock.ts";
import { secretKey, startWorld } from "./sandbox_world.test.ts";

type Json = Record<string, unknown>;

const payment = "amount=2000&currency=eur&payment_method=pm_card_visa&confirm=true&return_url=http://localhost/back";

function withFolder(work: (folder: string) => Promise<void>): () => Promise<void> {
  return async () => {
    const folder = mkdtempSync(path.join(tmpdir(), "bursar-"));
    try {
      await work(folder);
    } finally {
      rmSync(folder, { recursive: true });
    }
  };
}

test(
  "what was answered is there after a kill: objects, events, kept answers, deletions",
  withFolder(async (dataFolder) => {
    const first = startWorld({ dataFolder });
    const { json: ada } = await first.call("POST", "/v1/customers", "name=Ada&email=a@example.com");
    const { json: bob } = await first.call("POST", "/v1/customers", "name=Bob");
    await first.call("DELETE", `/v1/customers/${String(bob.id)}`);
    const key = { "idempotency-key": "pay" };
    const { json: paid } = await first.call("POST", "/v1/payment_intents", payment, key);
    const events = await first.eventTypes();
    // Not closed: a kill.
    const second = startWorld({ dataFolder, seed: 8 });
    assert.deepEqual((await second.call("GET", `/v1/customers/${String(ada.id)}`)).json, ada);
    assert.equal((await second.call("GET", `/v1/customers/${String(bob.id)}`)).json.deleted, true);
    assert.deepEqual((await second.call("GET", `/v1/payment_intents/${String(paid.id)}`)).json, paid);
    assert.deepEqual(await second.eventTypes(), events);
    const again = await second.call("POST", "/v1/payment_intents", payment, key);
    assert.deepEqual([again.json.id, again.headers.get("idempotent-replayed")], [paid.id, "true"]);
    const found = await second.call("GET", "/v1/customers", "email=a@example.com");
    assert.equal((found.json.data as Json[]).length, 1);
    const refund = await second.call("POST", "/v1/refunds", `payment_intent=${String(paid.id)}`);
    assert.equal(refund.json.status, "succeeded");
  }),
);

test(
  "a unit that was cut off by a kill is not there at all",
  withFolder(async (dataFolder) => {
    const first = startWorld({ dataFolder });
    await first.call("POST", "/v1/customers", "name=Ada");
    const file = path.join(dataFolder, "sandbox.journal");
    const whole = readFileSync(file).length;
    await first.call("POST", "/v1/payment_intents", payment);
    const written = readFileSync(file);
    for (const length of [whole + 1, whole + 40, Math.floor((whole + written.length) / 2), written.length - 2]) {
      writeFileSync(file, written);
      truncateSync(file, length);
      const next = startWorld({ dataFolder, seed: length });
      assert.deepEqual(await next.eventTypes(), ["customer.created"], `cut at ${length}`);
      assert.equal(((await next.call("GET", "/v1/charges")).json.data as Json[]).length, 0);
      await next.call("POST", "/v1/customers", "name=Bob");
      assert.equal((await startWorld({ dataFolder }).eventTypes()).length, 2);
    }
    appendFileSync(file, "00 {}\n");
    assert.equal((await startWorld({ dataFolder }).eventTypes()).length, 2);
  }),
);

test(
  "deliveries and settlements that were due go on after a kill",
  withFolder(async (dataFolder) => {
    const received: string[] = [];
    const answers = [500, 200, 200, 200, 200, 200, 200, 200, 200, 200, 200, 200];
    const fetch = async (_url: unknown, init?: RequestInit) => {
      received.push((JSON.parse(String(init?.body)) as { type: string }).type);
      return new Response(null, { status: answers.shift() ?? 200 });
    };
    const webhookEndpoints = [{ key: secretKey, url: "http://127.0.0.1:1/hook", secret: "whsec_test" }];
    const first = startWorld({ dataFolder, webhookEndpoints, fetch });
    await first.call("POST", "/v1/customers", "name=Ada");
    await first.clock.advance(secondMs);
    assert.deepEqual(received.splice(0), ["customer.created"]);
    await first.call("POST", "/v1/payment_intents", payment);
    const { json: held } = await first.call("POST", "/v1/payment_intents", `${payment}&capture_method=manual`);
    const second = startWorld({ dataFolder, webhookEndpoints, fetch, seed: 9 });
    assert.equal(((await second.call("GET", "/v1/webhook_endpoints")).json.data as Json[]).length, 1);
    await second.clock.advance(dayMs);
    assert.ok(received.includes("customer.created"), "the failed one is tried again");
    assert.ok(received.includes("payment_intent.succeeded"), "the one that was due is sent");
    await second.clock.advance(30 * dayMs);
    const { json } = await second.call("GET", "/v1/balance");
    assert.ok((json.available as { amount: number }[]).length > 0);
    const { json: transactions } = await second.call("GET", "/v1/balance_transactions", "type=charge");
    assert.deepEqual(
      (transactions.data as Json[]).map(({ status }) => status),
      ["available"],
    );
    assert.equal((await second.call("GET", `/v1/payment_intents/${String(held.id)}`)).json.status, "canceled");
    await second.sandbox.close();
  }),
);

test("a snapshot is gone back to, as often as one likes", async () => {
  const { sandbox, call, eventTypes } = startWorld();
  const { json: ada } = await call("POST", "/v1/customers", "name=Ada");
  const snapshot = sandbox.snapshot();
  for (let round = 0; round < 2; round++) {
    await call("POST", `/v1/customers/${String(ada.id)}`, "name=Eve");
    await call("POST", "/v1/payment_intents", payment);
    sandbox.restore(snapshot);
    assert.deepEqual((await call("GET", `/v1/customers/${String(ada.id)}`)).json, ada);
    assert.deepEqual(await eventTypes(), ["customer.created"]);
  }
  assert.equal(sandbox.snapshot(), snapshot);
});

test("a seed is an object under a chosen id, as whole as any other", async () => {
  const { sandbox, call, stripe } = startWorld();
  sandbox.seed({ key: secretKey, path: "/v1/customers", id: "cus_ada", params: { name: "Ada", email: "a@b.example" } });
  sandbox.seed({
    key: secretKey,
    path: "/v1/payment_intents",
    id: "pi_first",
    params: {
      amount: "2000",
      currency: "eur",
      customer: "cus_ada",
      payment_method: "pm_card_visa",
      confirm: "true",
      return_url: "http://localhost/back",
    },
  });
  assert.equal((await stripe.customers.retrieve("cus_ada")).id, "cus_ada");
  const intent = await stripe.paymentIntents.retrieve("pi_first", { expand: ["latest_charge"] });
  assert.equal((intent.latest_charge as { payment_intent?: string } | null)?.payment_intent, "pi_first");
  assert.match(String(intent.client_secret), /^pi_first_secret_/);
  assert.equal((await call("GET", "/v1/customers", "email=a@b.example")).status, 200);
  assert.equal((await stripe.refunds.create({ payment_intent: "pi_first" })).status, "succeeded");
  const again = { key: secretKey, path: "/v1/customers", id: "cus_ada" };
  assert.throws(() => sandbox.seed(again), /there already/);
  assert.throws(() => sandbox.seed({ ...again, id: "pi_x" }), /no id of a customer/);
});
