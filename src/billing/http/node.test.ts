// Hosts on node:http, with and without something before us that reads bodies.
import assert from "node:assert/strict";
import { once } from "node:events";
import { request as openRequest, type RequestListener } from "node:http";
import { type TestContext, test } from "node:test";
import express from "express";
import { virtualClock } from "#kit/clock.ts";
import { onEachDatabase } from "#kit/sql/testing.ts";
import { nodeListener } from "./node.ts";
import { type HttpWorld, serve, signedEvent, startHttpWorld } from "./testing.ts";

function post(url: string, id: string): Promise<Response> {
  const { bytes, headers } = signedEvent(id);
  return fetch(`${url}/webhooks/stripe`, { method: "POST", headers, body: new Uint8Array(bytes) });
}

function onEachHost(name: string, work: (given: { world: HttpWorld; t: TestContext }) => Promise<void>): void {
  onEachDatabase(name, async ({ url, sql, t }) => {
    await sql.close();
    const world = await startHttpWorld({ database: url });
    try {
      await work({ world, t });
    } finally {
      await world.close();
    }
  });
}

onEachHost("an event is stored from every host that passes the bytes on, or has kept them", async ({ world, t }) => {
  const billing = nodeListener(world.billing);
  const keep = (req: object, _res: object, bytes: Buffer) => void Object.assign(req, { rawBody: bytes });
  const mounted = (...before: express.RequestHandler[]) => express().use("/billing", ...before, billing);
  const keepsText: express.RequestHandler = (req, _res, next) => {
    Object.assign(req, { rawBody: (req as { rawBody?: Buffer }).rawBody?.toString("utf8") });
    next();
  };
  const hosts: Record<string, RequestListener> = {
    "node:http": billing,
    "Express, before the parser": express().use("/billing", billing).use(express.json()),
    "Express, whose parser keeps the bytes": mounted(express.json({ verify: keep })),
    "a host that keeps text": mounted(express.json({ verify: keep }), keepsText),
    "Stripe's own recipe, express.raw()": mounted(express.raw({ type: "application/json" })),
    "express.text()": mounted(express.text({ type: "application/json" })),
  };
  for (const [name, host] of Object.entries(hosts)) {
    const url = await serve(t, host);
    const id = `evt_${name.replaceAll(/\W/g, "")}`;
    const answer = await post(name === "node:http" ? url : `${url}/billing`, id);
    assert.equal(answer.status, 200, `${name}: ${await answer.text()}`);
    assert.equal((await world.billing.inbox.get(id)).state, "ignored", name);
  }
});

onEachHost("a body that nobody kept is refused, and the host's log says what to do", async ({ world, t }) => {
  const url = await serve(t, express().use(express.json()).use("/billing", nodeListener(world.billing)));
  const answer = await post(`${url}/billing`, "evt_1");
  const { error } = (await answer.json()) as { error: { code: string; hint: string } };
  assert.deepEqual([answer.status, error.code], [500, "invalid_config"]);
  assert.match(error.hint, /before express\.json\(\).*req\.rawBody = bytes.*rawBody: true/);
  assert.doesNotMatch(error.hint, /Fastify/, "the host is known");
  const logged = world.log.map((line) => JSON.parse(line)).find(({ event }) => event === "http.refused");
  assert.deepEqual([logged.level, logged.reason, logged.hint], ["warn", "body_consumed", error.hint]);
  assert.equal((await fetch(`${url}/billing/ready`)).status, 200, "what has no body is answered");
});

onEachHost("a host that leaves no trace of itself is told the way of each", async ({ world, t }) => {
  const url = await serve(t, async (incoming, outgoing) => {
    for await (const _chunk of incoming);
    await nodeListener(world.billing)(incoming, outgoing);
  });
  const answer = await post(url, "evt_1");
  const { error } = (await answer.json()) as { error: { hint: string } };
  assert.equal(answer.status, 500);
  for (const host of ["Express", "Nest", "Next", "Fastify", "Koa"]) assert.match(error.hint, new RegExp(host));
});

/** Sends the beginning of a body and waits for what is answered meanwhile. */
async function half(url: string, headers: Record<string, string>, bytes: number) {
  const sent = openRequest(`${url}/webhooks/stripe`, { method: "POST", headers });
  sent.on("error", () => {}); // It is cut in the middle of its body.
  sent.write(Buffer.alloc(bytes));
  const [answer] = await once(sent, "response");
  answer.resume();
  return answer as { statusCode: number; headers: Record<string, string | undefined> };
}

const looksSigned = { "stripe-signature": `t=1,v1=${"0".repeat(64)}`, "content-length": "900000" };

onEachHost(
  "three hundred who do not sign are refused, and what they send of a body is not kept",
  async ({ world, t }) => {
    const billing = nodeListener(world.billing);
    const isRead: boolean[] = [];
    const url = await serve(t, (incoming, outgoing) => {
      // Afterwards Node throws away what is still on its way.
      outgoing.once("prefinish", () => isRead.push(incoming.readableDidRead));
      return billing(incoming, outgoing);
    });
    const { "stripe-signature": _none, ...unsigned } = looksSigned;
    const answers = await Promise.all(Array.from({ length: 300 }, () => half(url, unsigned, 20_000)));
    assert.deepEqual(
      answers.map(({ statusCode }, n) => [statusCode, isRead[n]]),
      answers.map(() => [400, false]),
    );
  },
);

onEachHost("bodies under way take 32 MB and no more: the next one is told to come back", async ({ world, t }) => {
  const url = await serve(t, nodeListener(world.billing));
  const waiting = Array.from({ length: 60 }, () => half(url, looksSigned, 800_000));
  const refused = await Promise.race(waiting);
  assert.deepEqual([refused.statusCode, refused.headers["retry-after"]], [503, "1"]);
  assert.equal((await fetch(`${url}/health`)).status, 200);
});

test("a body that does not come to its end is ended", async (t) => {
  const clock = virtualClock({ start: 0 });
  const { createBodies } = await import("./bodies.ts");
  const { Hono } = await import("hono");
  const bodies = createBodies(clock);
  const app = new Hono();
  app.post("/", async (c) => {
    await bodies.hold(c as never, { bytesMax: 100, says: "100 bytes" }, async () => {});
    return c.text("whole");
  });
  app.onError((error) => new Response(error.message, { status: (error as { httpStatus?: number }).httpStatus ?? 500 }));
  t.after(() => {});
  const body = new ReadableStream({ start: (controller) => controller.enqueue(new Uint8Array(10)) });
  const answer = app.request("/", { method: "POST", body, duplex: "half" } as RequestInit);
  await clock.advance(19_999);
  assert.equal(await Promise.race([answer, Promise.resolve("waits")]), "waits");
  await clock.advance(1);
  assert.equal((await answer).status, 408);
});
