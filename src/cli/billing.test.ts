// `bursar sandbox` and `bursar billing` as two processes that find each other.
import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { test } from "node:test";
import { administer, createTestDatabase, noPostgres } from "#kit/sql/testing.ts";
import { newFolder, startBursar, until } from "./testing.ts";

test("billing registers itself at a sandbox, and its REST key sells there", async (t) => {
  const data = newFolder(t);
  const sandbox = startBursar(t, ["sandbox", "--port", "0"]);
  const stripeBase = await sandbox.find(/local Stripe on (http:\/\/\S+?)\. /);
  const billing = startBursar(t, ["billing", "--port", "0", "--log", "lines", "--data", data], {
    BURSAR_STRIPE_BASE: stripeBase,
  });
  assert.equal(await billing.find(/^(Stripe: the sandbox at \S+)\. /), `Stripe: the sandbox at ${stripeBase}`);
  const url = await billing.find(/Billing on (http:\/\/\S+), /);
  const key = await billing.find(/Bearer (bk_test_[\w-]+)/);
  const order = { id: "order_1", currency: "eur", lines: [{ description: "Tea", quantity: 1, unitAmount: 500 }] };
  const headers = { authorization: `Bearer ${key}`, "content-type": "application/json", "idempotency-key": "one" };
  const made = await fetch(`${url}/v1/orders`, { method: "POST", headers, body: JSON.stringify(order) });
  assert.equal(made.status, 201, await made.text());
  const stream = () => ({ body: new Blob([JSON.stringify(order)]).stream(), duplex: "half" }) as RequestInit;
  const inChunks = await fetch(`${url}/v1/orders`, { method: "POST", headers, ...stream() });
  assert.equal(inChunks.status, 201, "a body without its length");
  const rest = (call: string, by = key) =>
    fetch(url + call.split(" ")[1], {
      method: call.split(" ")[0] ?? "",
      headers: { authorization: `Bearer ${by}` },
    });
  const keys = { name: "till", scopes: ["read"] };
  const granted = await fetch(`${url}/v1/keys`, {
    method: "POST",
    headers: { ...headers, "idempotency-key": "two" },
    body: JSON.stringify(keys),
  });
  const till = (await granted.json()) as { id: string; key: string };
  assert.equal((await rest("GET /v1/orders/order_1", till.key)).status, 200);
  assert.equal((await rest(`DELETE /v1/keys/${till.id}`)).status, 200, "no body at all");
  assert.equal((await rest("GET /v1/orders/order_1", till.key)).status, 401, "and the key opens nothing any more");
  assert.equal((await rest("POST /v1/orders/order_1/cancel")).status, 200);
  const customer = { method: "POST", headers: { authorization: "Bearer sk_test_bursar" } };
  await fetch(`${stripeBase}/v1/customers`, customer);
  await until("the webhook", async () => billing.output().includes("customer.created stored"));

  const second = startBursar(t, ["billing", "--port", "0", "--data", data], { BURSAR_STRIPE_BASE: stripeBase });
  assert.equal(await second.ended, 1);
  assert.match(second.errors(), /^bursar: .*(already|another)/im);
  assert.equal(await billing.end("SIGTERM"), 0);
  assert.equal(await sandbox.end("SIGINT"), 0);
});

test("billing's tables live in the schema that the flag, the variable or the address names", async (t) => {
  const database = await createTestDatabase("postgres", { isEmpty: true });
  if (!database) return t.skip(noPostgres);
  const sandbox = startBursar(t, ["sandbox", "--port", "0"]);
  const env = {
    BURSAR_STRIPE_BASE: await sandbox.find(/local Stripe on (http:\/\/\S+?)\. /),
    DATABASE_URL: database.url,
  };
  const ofUrl = new URL(database.url).searchParams.get("schema") ?? "";
  const common = ["billing", "--port", "0", "--log", "lines", "--data", newFolder(t)];
  for (const [expected, argv, more] of [
    [ofUrl, [], {}],
    [`${ofUrl}_2`, [], { BURSAR_SCHEMA: `${ofUrl}_2` }],
    [`${ofUrl}_3`, ["--schema", `${ofUrl}_3`], { BURSAR_SCHEMA: `${ofUrl}_2` }],
  ] as const) {
    const billing = startBursar(t, [...common, ...argv], { ...env, ...more });
    assert.equal(await billing.find(/Billing on .*\(schema (\w+)\)/), expected);
    assert.equal(await billing.end("SIGTERM"), 0);
    const [orders] = await administer(database.url, `select count(*)::int as rows from ${expected}.orders`);
    assert.deepEqual(orders?.rows, [{ rows: 0 }]);
  }
  assert.equal(await sandbox.end("SIGINT"), 0);
  await database.drop();
});

test("a database that cannot be reached is a refusal that names it without its password", async (t) => {
  const closed = createServer().listen(0, "127.0.0.1");
  await once(closed, "listening");
  const { port } = closed.address() as AddressInfo;
  closed.close();
  const billing = startBursar(t, ["billing", "--port", "0", "--data", newFolder(t)], {
    DATABASE_URL: `postgres://bursar:hunter2@127.0.0.1:${port}/bursar`,
    STRIPE_WEBHOOK_SECRET: "whsec_mine",
  });
  assert.equal(await billing.ended, 1);
  assert.match(billing.errors(), /bursar: .*database/i);
  assert.ok(!billing.errors().includes("hunter2"));
  assert.ok(!billing.errors().includes("    at "), "no stack");
});
