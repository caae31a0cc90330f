// Hosts that read bodies, and hosts that hand over something of their own: each works with what it keeps, or the
// refusal names its own setting, in the answer and in the log. Their requests are made here as each is documented to
// make them; Express is the real one in node.test.ts.
import assert from "node:assert/strict";
import type { IncomingMessage } from "node:http";
import { after, type TestContext, test } from "node:test";
import { readers, strangers } from "./hosts.table.ts";
import { nodeListener } from "./node.ts";
import { bootstrapKey, serve, signedEvent, startHttpWorld } from "./testing.ts";

const world = await startHttpWorld({ database: "sqlite::memory:" });
after(() => world.close());
const { billing } = world;
const listener = nodeListener(billing);

interface Sent {
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly bytes: Buffer;
}

interface Answer {
  readonly status: number;
  readonly text: string;
}

type Given = Sent & { readonly t: TestContext };

/** Over a socket, to a host that does this to the request before we are given it. */
async function throughNode({ t, path, headers, bytes }: Given, host: (message: IncomingMessage) => unknown) {
  const url = await serve(t, async (message, response) => {
    await host(message);
    await listener(message, response);
  });
  const answer = await fetch(`${url}${path}`, { method: "POST", headers, body: new Uint8Array(bytes) });
  return { status: answer.status, text: await answer.text() };
}

/** The host reads the body, and leaves it parsed, with what else it puts on its request. */
const reads = (fields: (bytes: Buffer) => object) => async (message: IncomingMessage) => {
  const bytes = Buffer.concat(await Array.fromAsync(message));
  Object.assign(message, { body: JSON.parse(bytes.toString()) as unknown }, fields(bytes));
};

async function throughFetch(request: unknown): Promise<Answer> {
  const answer = await billing.fetch(request as Request);
  return { status: answer.status, text: await answer.text() };
}

let events = 0;
function webhook(t: TestContext): Given & { readonly id: string } {
  const id = `evt_${++events}`;
  return { t, id, path: "/webhooks/stripe", ...signedEvent(id) };
}

const requestOf = ({ path, headers, bytes }: Sent) =>
  new Request(`http://shop.test${path}`, { method: "POST", headers, body: new Uint8Array(bytes) });

const withoutRawHeaders = (body: Buffer) => (message: IncomingMessage) =>
  Object.assign(message, { body, rawHeaders: [] });

/** What works as it comes, or with what the host has kept. */
const working: Record<string, (sent: Given) => Promise<Answer>> = {
  // https://firebase.google.com/docs/functions/http-events#read_values_from_the_request
  Firebase: (sent) =>
    throughNode(
      sent,
      reads((rawBody) => ({ rawBody })),
    ),
  // https://docs.nestjs.com/faq/raw-body
  "Nest with rawBody: true": (sent) =>
    throughNode(
      sent,
      reads((rawBody) => ({ rawBody, app: () => undefined, baseUrl: "/billing" })),
    ),
  "Next, under pages/api, with bodyParser: false": (sent) =>
    throughNode(sent, (message) => Object.assign(message, { previewData: false })),
  "Next, under app/": (sent) => throughFetch(Object.assign(requestOf(sent), { nextUrl: {} })),
  // Parsed headers alone: https://github.com/dougmoscrop/serverless-http/blob/master/lib/request.js
  "serverless-http": (sent) => throughNode(sent, withoutRawHeaders(sent.bytes)),
  "Azure Functions": (sent) => throughFetch(Object.assign(requestOf(sent), { params: {}, user: null })),
  "Azure Functions, model 3": ({ path, headers, bytes }) => {
    const req = { url: `http://shop.test${path}`, method: "POST", headers, rawBody: bytes.toString() };
    return throughFetch(new Request(req.url, { method: req.method, headers: req.headers, body: req.rawBody }));
  },
  "AWS Lambda": ({ path, headers, bytes }) => {
    const event = { headers, body: bytes.toString("base64"), isBase64Encoded: true };
    const body = event.body && Buffer.from(event.body, event.isBase64Encoded ? "base64" : "utf8");
    return throughFetch(new Request(`http://shop.test${path}`, { method: "POST", headers: event.headers, body }));
  },
  "Fastify with parseAs: buffer": ({ path, headers, bytes }) => {
    const request = { method: "POST", headers, body: bytes };
    return throughFetch(new Request(`http://shop.test${path}`, { ...request, body: new Uint8Array(request.body) }));
  },
};

for (const [host, send] of Object.entries(working)) {
  test(`${host}: an event is stored`, async (t) => {
    const sent = webhook(t);
    const { status, text } = await send(sent);
    assert.equal(status, 200, text);
    assert.equal((await billing.inbox.get(sent.id)).state, "ignored");
  });
}

test("serverless-http: REST is told what the body is, although no raw header says it", async (t) => {
  const bytes = Buffer.from(JSON.stringify({ id: "user_1" }));
  const headers = { "content-type": "application/json", authorization: `Bearer ${bootstrapKey}` };
  const { status, text } = await throughNode({ t, path: "/v1/customers", headers, bytes }, withoutRawHeaders(bytes));
  assert.equal(status, 200, text);
});

/** What has read the body and kept nothing of it, or handed over what is not a Request. */
const hinted: Record<string, { send(sent: Given): Promise<Answer>; readonly says: RegExp }> = {
  "Next, under pages/api": {
    send: (sent) =>
      throughNode(
        sent,
        reads(() => ({ previewData: false, draftMode: false })),
      ),
    says: /^Next, under pages\/api: .*bodyParser: false \} \}\.$/,
  },
  "Next, under app/": {
    async send(sent) {
      const request = Object.assign(requestOf(sent), { nextUrl: {} });
      await request.text();
      return throughFetch(request);
    },
    says: /^Next, under app\/: .*request\.clone\(\)\.$/,
  },
  "Express and Nest": {
    send: (sent) =>
      throughNode(
        sent,
        reads(() => ({ app: () => undefined, baseUrl: "/billing" })),
      ),
    says: /^Express: .*req\.rawBody = bytes.* Nest: .*rawBody: true \}\)\.$/,
  },
  "Azure Functions": {
    async send(sent) {
      const request = Object.assign(requestOf(sent), { params: {}, user: null });
      await request.text();
      return throughFetch(request);
    },
    says: /^Azure Functions: billing\.fetch\(request\) before request\.text\(\)/,
  },
  "Fastify, Koa and all others": {
    send: (sent) =>
      throughNode(
        sent,
        reads(() => ({})),
      ),
    says: /Fastify: .*removeAllContentTypeParsers.* Koa: .*ctx\.respond = false/,
  },
};

for (const [host, { send, says }] of Object.entries(hinted)) {
  test(`${host}: the refusal names what to set there, in the answer and in the log`, async (t) => {
    const before = world.log.length;
    const { status, text } = await send(webhook(t));
    const { hint } = (JSON.parse(text) as { error: { hint: string } }).error;
    assert.equal(status, 500, "Stripe sends it again");
    const [, own] = /^Stripe signs the bytes, so they must reach Bursar as they came\. (.*)$/.exec(hint) ?? [];
    assert.match(own ?? "", says);
    const logged = world.log
      .slice(before)
      .map((line) => JSON.parse(line))
      .find(({ event }) => event === "http.refused");
    assert.deepEqual([logged?.level, logged?.reason, logged?.hint], ["warn", "body_consumed", hint]);
  });
}

const given: Record<string, { readonly request: object; readonly says: RegExp }> = {
  "AWS Lambda": {
    request: { requestContext: {}, rawPath: "/", headers: {}, isBase64Encoded: false },
    says: /event\.isBase64Encoded/,
  },
  Fastify: { request: { raw: {}, routeOptions: {}, url: "/", method: "POST", headers: {} }, says: /parseAs: "buffer"/ },
  Koa: {
    request: { req: {}, res: {}, app: {}, url: "/", method: "POST", headers: {} },
    says: /\(ctx\.req, ctx\.res\)/,
  },
  Express: {
    request: { pipe: () => undefined, url: "/", method: "POST", headers: {} },
    says: /nodeListener\(billing\)\(req/,
  },
  "Azure Functions, model 3": {
    request: { rawBody: "{}", url: "http://x.test/", method: "POST", headers: {} },
    says: /body: req\.rawBody/,
  },
  nobody: { request: { url: "/" }, says: /new Request\(url, \{ method, headers, body \}\)/ },
};

for (const [host, { request, says }] of Object.entries(given)) {
  test(`what ${host} hands over is refused with the way to make a Request of it`, async () => {
    await assert.rejects(billing.fetch(request as Request), { code: "invalid_params", hint: says });
  });
}

test("every host of the tables is recognised, or is one of those that nobody recognises", () => {
  const leavesNoTrace = readers.filter(({ isHere }) => !isHere.toString().includes("given"));
  assert.deepEqual(
    leavesNoTrace.map(({ hint }) => hint.split(":")[0]),
    ["Fastify", "Koa", "Elsewhere"],
  );
  for (const { hint } of strangers)
    assert.ok(
      Object.values(given).some(({ says }) => says.test(hint)),
      hint,
    );
});
