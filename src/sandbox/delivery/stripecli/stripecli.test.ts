// The CLI's protocol without the CLI: what its binary never shows us in a test, and what it must not be able to break.
// test/stripecli.test.ts plays the binary itself.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { type IncomingMessage, request } from "node:http";
import { connect as connectTcp } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { type TestContext, test } from "node:test";
import { WebSocket } from "ws";
import { systemPorts } from "#kit/create_ports.ts";
import { silentLog } from "#kit/log.ts";
import { createSandbox, type Sandbox, type SandboxLine, type SandboxOptions } from "../../index.ts";

interface Session {
  readonly secret: string;
  readonly websocket_id: string;
  readonly websocket_url: string;
}

interface World {
  readonly sandbox: Sandbox;
  readonly lines: SandboxLine[];
  readonly url: string;
  post(path: string, form?: Record<string, string>): Promise<{ status: number; body: Record<string, unknown> }>;
  openSession(form?: Record<string, string>): Promise<Session>;
}

async function startWorld(t: TestContext, options: SandboxOptions = {}): Promise<World> {
  const lines: SandboxLine[] = [];
  const onLine = (line: SandboxLine) => lines.push(line);
  const sandbox = createSandbox({ ...systemPorts({ log: silentLog() }), onLine, ...options });
  t.after(() => sandbox.close());
  const { url } = await sandbox.listen({ port: 0 });
  const post: World["post"] = async (address, form = {}) => {
    const headers = { authorization: "Bearer sk_test_stripecli" };
    const answer = await fetch(url + address, { method: "POST", headers, body: new URLSearchParams(form) });
    return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
  };
  const openSession: World["openSession"] = async (form = { "websocket_features[]": "webhooks" }) =>
    (await post("/v1/stripecli/sessions", { device_name: "laptop", ...form })).body as unknown as Session;
  return { sandbox, lines, url, post, openSession };
}

function connect(session: Session, headers: Record<string, string> = {}): WebSocket {
  const url = `${session.websocket_url}?websocket_feature=webhooks`;
  return new WebSocket(url, "stripecli-devproxy-v1", { headers: { "websocket-id": session.websocket_id, ...headers } });
}

/** The next messages, from before the connection stands: what has waited comes in the same packet. */
function messages(
  socket: WebSocket,
  count: number,
  isWanted: (message: Record<string, unknown>) => boolean = () => true,
): Promise<Record<string, unknown>[]> {
  const found: Record<string, unknown>[] = [];
  return new Promise((resolve) => {
    socket.on("message", (raw) => {
      const message = JSON.parse(String(raw)) as Record<string, unknown>;
      if (isWanted(message)) found.push(message);
      if (found.length === count) resolve(found);
    });
  });
}

/** The status and the text with which a connection was refused. */
async function refusal(socket: WebSocket): Promise<string> {
  const [, answer] = (await once(socket, "unexpected-response")) as [unknown, IncomingMessage];
  const chunks = await answer.toArray();
  return `${answer.statusCode} ${Buffer.concat(chunks)}`;
}

test("what happened before the socket stands waits for it", async (t) => {
  const { post, openSession } = await startWorld(t);
  const session = await openSession();
  const { body } = await post("/v1/customers", { name: "Ada" });
  const [ofAccount, ofNewest] = await messages(connect(session), 2);
  assert.deepEqual(ofAccount?.endpoint, { api_version: null });
  assert.deepEqual(ofNewest?.endpoint, { api_version: "2026-10-28.endive" });
  const event = JSON.parse(String(ofAccount?.event_payload));
  assert.equal(event.data.object.id, body.id);
});

test("an event that is sent again is the same in every version, whatever has happened since", async (t) => {
  const { post, openSession } = await startWorld(t, { defaultVersion: "2020-08-27" });
  const session = await openSession();
  const way = { return_url: "http://localhost/back", payment_method: "pm_card_visa", confirm: "true" };
  const { body } = await post("/v1/payment_intents", { amount: "2000", currency: "eur", ...way });
  const socket = connect(session);
  const first = (await messages(socket, 6)).map((message) => String(message.event_payload));
  await post("/v1/refunds", { payment_intent: String(body.id) });
  const { id, data } = JSON.parse(first[4] ?? "");
  assert.equal(data.object.charges.data[0].refunds.total_count, 0);
  const since = messages(socket, 2, (message) => String(message.event_payload).includes(id));
  await post(`/v1/events/${id}/retry`, { for_stripecli: "true" });
  const again = (await since).map((message) => String(message.event_payload));
  assert.deepEqual(again, first.slice(4));
});

test("events of other accounts are not shown", async (t) => {
  const { url, post, openSession } = await startWorld(t);
  const session = await openSession();
  const headers = { authorization: "Bearer sk_test_other" };
  await fetch(`${url}/v1/customers`, { method: "POST", headers });
  const { body } = await post("/v1/customers");
  const [first] = await messages(connect(session), 1);
  assert.equal(JSON.parse(String(first?.event_payload)).data.object.id, body.id);
});

test("an unknown id is refused in the words that make the CLI open a new session", async (t) => {
  const { openSession } = await startWorld(t);
  const session = await openSession();
  const unknown = { ...session, websocket_id: "cliws_none" };
  assert.equal(await refusal(connect(unknown)), `401 {"error":{"message":"Unknown WebSocket ID."}}`);
  const elsewhere = { ...session, websocket_url: session.websocket_url.replace("/subscribe/", "/v1/") };
  assert.match(await refusal(connect(elsewhere)), /^404 /);
});

test("over TCP a foreign Host opens no socket", async (t) => {
  const { openSession } = await startWorld(t);
  const session = await openSession();
  assert.match(await refusal(connect(session, { host: "evil.example" })), /^403 /);
});

test("connections that break off while they are refused do no harm", async (t) => {
  const { url, post } = await startWorld(t);
  const port = Number(new URL(url).port);
  for (const headers of ["host: localhost", "host: evil.example", "host: localhost\r\nwebsocket-id: cliws_none"]) {
    const socket = connectTcp(port, "127.0.0.1");
    await once(socket, "connect");
    socket.write(`GET /subscribe/x HTTP/1.1\r\n${headers}\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n`);
    socket.resetAndDestroy();
  }
  assert.equal((await post("/v1/customers")).status, 200);
});

test("the CLI's report of the receiver's answer is told, once", async (t) => {
  const { lines, post, openSession } = await startWorld(t);
  const socket = connect(await openSession());
  const arrived = messages(socket, 1);
  await once(socket, "open");
  await post("/v1/customers");
  const [message] = await arrived;
  const { webhook_id } = message ?? {};
  const report = { type: "webhook_response", webhook_id, status: 500, forward_url: "http://localhost:3000" };
  socket.send(JSON.stringify({ type: "event_ack", webhook_id }));
  socket.send(JSON.stringify(report));
  socket.send(JSON.stringify(report));
  socket.send("not a message");
  const [code] = await once(socket, "close");
  assert.equal(code, 1003);
  const told = lines.filter(({ kind }) => kind === "delivery").map(({ text }) => text);
  assert.deepEqual(told, ["customer.created → stripe listen → http://localhost:3000: failed (500)"]);
});

test("a second socket of a session takes over from the first", async (t) => {
  const { openSession } = await startWorld(t);
  const session = await openSession();
  const first = connect(session);
  await once(first, "open");
  const second = connect(session);
  await once(first, "close");
  assert.equal(second.readyState, WebSocket.OPEN);
});

test("the secret belongs to the device", async (t) => {
  const { openSession } = await startWorld(t);
  const { secret } = await openSession();
  assert.match(secret, /^whsec_[0-9a-f]{64}$/);
  assert.equal((await openSession()).secret, secret);
  assert.notEqual((await openSession({ device_name: "desktop" })).secret, secret);
});

test("sessions without a socket give way; when all are in use, one more is too many", async (t) => {
  const { post, openSession } = await startWorld(t);
  const idle = await openSession();
  const opened: Promise<unknown>[] = [];
  for (let count = 0; count < 64; count++) opened.push(once(connect(await openSession()), "open"));
  await Promise.all(opened);
  assert.match(await refusal(connect(idle)), /^401 /);
  assert.equal((await post("/v1/stripecli/sessions")).status, 429);
});

test("bad sessions and resends are refused as Stripe refuses", async (t) => {
  const { post } = await startWorld(t);
  const message = async (address: string, form: Record<string, string>) => {
    const { status, body } = await post(address, form);
    return `${status} ${(body.error as { message: string }).message}`;
  };
  assert.equal(await message("/v1/stripecli/sessions", { filters: "{" }), "400 Invalid JSON in filters.");
  assert.match(await message("/v1/stripecli/sessions", { "websocket_features[]": "mail" }), /^400 /);
  assert.match(await message("/v1/events/evt_none/retry", { for_stripecli: "true" }), /^404 No such event/);
});

test("a resend needs somebody to send to", async (t) => {
  const { sandbox, post } = await startWorld(t);
  await post("/v1/customers");
  const headers = { authorization: "Bearer sk_test_stripecli" };
  const list = await sandbox.fetch(new Request("http://sandbox/v1/events", { headers }));
  const { data } = (await list.json()) as { data: { id: string }[] };
  const { status, body } = await post(`/v1/events/${data[0]?.id}/retry`);
  assert.equal(status, 400);
  assert.equal((body.error as { param: string }).param, "webhook_endpoint");
});

test("the unix socket answers whatever the Host is, and goes with the sandbox", async (t) => {
  const folder = mkdtempSync(path.join(tmpdir(), "bursar-socket-"));
  t.after(() => rmSync(folder, { recursive: true }));
  const socketPath = path.join(folder, "stripe.sock");
  const sandbox = createSandbox(systemPorts({ log: silentLog() }));
  await sandbox.listen({ port: 0, socketPath });
  const headers = { host: "api.stripe.com", authorization: "Bearer sk_test_stripecli" };
  const asked = request({ socketPath, path: "/v1/customers", headers }).end();
  const [answer] = (await once(asked, "response")) as [IncomingMessage];
  assert.equal(answer.statusCode, 200);
  answer.resume();
  await sandbox.close();
  assert.equal(existsSync(socketPath), false);
});

test("a socket file left by a killed process is replaced, a living one is not", async (t) => {
  const folder = mkdtempSync(path.join(tmpdir(), "bursar-socket-"));
  t.after(() => rmSync(folder, { recursive: true }));
  const socketPath = path.join(folder, "stripe.sock");
  const dying = `require("net").createServer().listen(process.argv[1], () => process.kill(process.pid, "SIGKILL"))`;
  assert.throws(() => execFileSync(process.execPath, ["-e", dying, socketPath]));
  assert.equal(existsSync(socketPath), true);
  const sandbox = createSandbox(systemPorts({ log: silentLog() }));
  t.after(() => sandbox.close());
  await sandbox.listenOnSocket(socketPath);
  const other = createSandbox(systemPorts({ log: silentLog() }));
  t.after(() => other.close());
  await assert.rejects(other.listenOnSocket(socketPath), /Another program listens on/);
});
