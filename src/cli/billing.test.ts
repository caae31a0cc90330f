// `bursar sandbox` and `bursar billing` as two processes that find each other.
import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { test } from "node:test";
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
  const customer = { method: "POST", headers: { authorization: "Bearer sk_test_bursar" } };
  await fetch(`${stripeBase}/v1/customers`, customer);
  await until("the webhook", async () => billing.output().includes("customer.created stored"));

  const second = startBursar(t, ["billing", "--port", "0", "--data", data], { BURSAR_STRIPE_BASE: stripeBase });
  assert.equal(await second.ended, 1);
  assert.match(second.errors(), /^bursar: .*(already|another)/im);
  assert.equal(await billing.end("SIGTERM"), 0);
  assert.equal(await sandbox.end("SIGINT"), 0);
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
