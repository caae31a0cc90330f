import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { type TestContext, test } from "node:test";
import express from "express";
import { nodeListener } from "./node.ts";

/** Answers what reached it. */
const echo = {
  fetch: async (request: Request, env?: object) =>
    Response.json({
      path: new URL(request.url).pathname,
      body: request.method === "POST" ? await request.text() : null,
      knowsSocket: env !== undefined && "incoming" in env,
    }),
};

async function serve(t: TestContext, listener: RequestListener): Promise<string> {
  const server = createServer(listener).listen(0, "127.0.0.1");
  await once(server, "listening");
  t.after(() => void server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const body = '{ "bytes":  "as they are" }';
const post = { method: "POST", body, headers: { "content-type": "application/json" } };

test("billing gets the bytes as they came, from node:http and from Express under a prefix", async (t) => {
  const bare = await serve(t, nodeListener(echo));
  const first = await (await fetch(`${bare}/webhooks/stripe`, post)).json();
  assert.deepEqual(first, { path: "/webhooks/stripe", body, knowsSocket: true });
  const app = express();
  app.use("/billing", nodeListener(echo));
  app.use(express.json());
  const mounted = await serve(t, app);
  const second = await (await fetch(`${mounted}/billing/webhooks/stripe`, post)).json();
  assert.deepEqual(second, { path: "/webhooks/stripe", body, knowsSocket: true });
});

test("a body that another middleware has read is refused with what to do, and Stripe comes again", async (t) => {
  const app = express();
  app.use(express.json());
  app.use("/billing", nodeListener(echo));
  const url = await serve(t, app);
  const answer = await fetch(`${url}/billing/webhooks/stripe`, post);
  assert.equal(answer.status, 500);
  const { error } = (await answer.json()) as { error: { code: string; hint: string } };
  assert.equal(error.code, "invalid_config");
  assert.match(error.hint, /before express\.json\(\)/);
  assert.equal((await fetch(`${url}/billing/ready`)).status, 200, "what has no body is answered");
});
