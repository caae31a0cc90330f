import assert from "node:assert/strict";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { test } from "node:test";
import { secondMs } from "#kit/clock.ts";
import { createSandbox } from "../../index.ts";
import { secretKey, startWorld } from "../../testing.ts";

const create = "amount=2000&currency=eur";

test("a call that times out before the commit did nothing", async () => {
  const { sandbox, call } = startWorld();
  sandbox.faults.add({ kind: "timeout_before_commit", method: "POST", path: "/v1/payment_intents" });
  await assert.rejects(call("POST", "/v1/payment_intents", create), { name: "TypeError", message: "fetch failed" });
  assert.equal(((await call("GET", "/v1/payment_intents")).json.data as []).length, 0);
  assert.deepEqual(sandbox.faults.list(), []);
});

test("a call that times out after the commit is done, and its key tells", async () => {
  const { sandbox, call } = startWorld();
  sandbox.faults.add({ kind: "timeout_after_commit", method: "post", path: "/v1/payment_intents" });
  const key = { "idempotency-key": "once" };
  await assert.rejects(call("POST", "/v1/payment_intents", { form: create, headers: key }), TypeError);
  const again = await call("POST", "/v1/payment_intents", { form: create, headers: key });
  assert.equal(again.headers.get("idempotent-replayed"), "true");
  assert.equal(((await call("GET", "/v1/payment_intents")).json.data as []).length, 1);
});

test("a 500 is kept under its key, a 429 and a lock timeout are not", async () => {
  const { sandbox, call } = startWorld();
  const key = { "idempotency-key": "k" };
  for (const [kind, code] of [
    ["rate_limit", "rate_limit"],
    ["lock_timeout", "lock_timeout"],
  ] as const) {
    sandbox.faults.add({ kind });
    const refused = await call("POST", "/v1/customers", { form: "name=A", headers: key });
    assert.deepEqual([refused.status, refused.error.code], [429, code]);
  }
  sandbox.faults.add({ kind: "server_error" });
  assert.equal((await call("POST", "/v1/customers", { form: "name=A", headers: key })).status, 500);
  const again = await call("POST", "/v1/customers", { form: "name=A", headers: key });
  assert.deepEqual([again.status, again.headers.get("idempotent-replayed")], [500, "true"]);
  assert.equal((await call("POST", "/v1/customers", "name=A")).status, 200);
});

test("a rule holds for its method, its path and its number of times", async () => {
  const { sandbox, call } = startWorld();
  sandbox.faults.add({ kind: "rate_limit", method: "GET", path: "/v1/customers/:id", times: 2 });
  const { json } = await call("POST", "/v1/customers", "name=A");
  const statuses = [];
  for (const path of ["/v1/customers", `/v1/customers/${json.id}`, "/v1/customers/cus_x", `/v1/customers/${json.id}`]) {
    statuses.push((await call("GET", path)).status);
  }
  assert.deepEqual(statuses, [200, 429, 429, 200]);
});

test("a slow call answers when its time has come", async () => {
  const { sandbox, call, clock } = startWorld();
  sandbox.faults.add({ kind: "slow", ms: 3 * secondMs });
  let isAnswered = false;
  const answer = call("GET", "/v1/customers").then(() => {
    isAnswered = true;
  });
  await clock.advance(2 * secondMs);
  assert.equal(isAnswered, false);
  await clock.advance(secondMs);
  await answer;
});

test("over TCP a timeout ends in silence, and a reset comes in the middle of an answer", async () => {
  const sandbox = createSandbox();
  const { url } = await sandbox.listen({ port: 0 });
  const headers = { authorization: `Bearer ${secretKey}` };
  const codeOf = (work: () => Promise<unknown>) =>
    work().then(
      () => "none",
      (error: Error) => String((error.cause as { code?: string } | undefined)?.code),
    );
  const get = () => fetch(`${url}/v1/customers`, { headers });
  sandbox.faults.add({ kind: "timeout_after_commit" });
  assert.equal(await codeOf(get), "UND_ERR_SOCKET");
  sandbox.faults.add({ kind: "timeout_before_commit", ms: 200 });
  const begun = performance.now();
  assert.equal(await codeOf(get), "UND_ERR_SOCKET");
  assert.ok(performance.now() - begun >= 190);
  sandbox.faults.add({ kind: "connection_reset" });
  const begunToAnswer = await get();
  assert.equal(begunToAnswer.status, 200);
  assert.equal(await codeOf(() => begunToAnswer.text()), "ECONNRESET");
  assert.equal((await get()).status, 200);
  await sandbox.close();
});

test("chance is the seed's: the same calls fail again", async () => {
  const run = async (seed: number) => {
    const { call } = startWorld({ seed, faults: [{ kind: "rate_limit", chance: 0.5 }] });
    const statuses = [];
    for (let i = 0; i < 12; i++) statuses.push((await call("GET", "/v1/customers")).status);
    return statuses.join(" ");
  };
  const first = await run(1);
  assert.match(first, /200.*429|429.*200/);
  assert.equal(await run(1), first);
  assert.notEqual(await run(2), first);
});

test("deliveries are dropped, doubled, delayed and shuffled", async () => {
  const received: string[] = [];
  const server = createServer((request, response) => {
    let body = "";
    request.on("data", (chunk: Buffer) => {
      body += chunk.toString();
    });
    request.on("end", () => {
      received.push((JSON.parse(body) as { data: { object: { name: string } } }).data.object.name);
      response.end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`;
  const { sandbox, call, clock } = startWorld({
    seed: 3,
    webhookEndpoints: [{ key: secretKey, url, secret: "whsec_test" }],
  });
  const make = async (name: string) => call("POST", "/v1/customers", `name=${name}`);
  sandbox.faults.add({ kind: "delivery_dropped", type: "customer.created" });
  await make("dropped");
  sandbox.faults.add({ kind: "delivery_duplicated", type: "customer.*" });
  await make("doubled");
  await clock.advance(secondMs);
  assert.deepEqual(received.splice(0), ["doubled", "doubled"]);
  assert.deepEqual(
    sandbox
      .attempts()
      .map(({ outcome }) => outcome)
      .sort(),
    ["delivered", "delivered", "dropped"],
  );
  sandbox.faults.add({ kind: "delivery_delayed", ms: 5 * secondMs });
  await make("late");
  await make("early");
  await clock.advance(10 * secondMs);
  assert.deepEqual(received.splice(0), ["early", "late"]);
  sandbox.faults.add({ kind: "deliveries_shuffled", ms: secondMs, times: 6 });
  const names = ["a", "b", "c", "d", "e", "f"];
  for (const name of names) await make(name);
  await clock.advance(secondMs);
  assert.deepEqual([...received].sort(), names);
  assert.notDeepEqual(received, names);
  server.close();
  await sandbox.close();
});

test("a rule that cannot be meant is refused", () => {
  const { sandbox } = startWorld();
  assert.throws(() => sandbox.faults.add({ kind: "typo" as "slow" }), /is not a fault/);
  assert.throws(() => sandbox.faults.add({ kind: "slow", times: 0 }), /whole number/);
  assert.throws(() => sandbox.faults.add({ kind: "slow", chance: 2 }), /from 0 to 1/);
});
