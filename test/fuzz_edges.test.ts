// The edges of the sandbox under wrong input: its pages, and its port under what is not HTTP at all.
import assert from "node:assert/strict";
import { once } from "node:events";
import { connect } from "node:net";
import { test } from "node:test";
import { systemPorts } from "#kit/create_ports.ts";
import { silentLog } from "#kit/log.ts";
import { type Random, seededRandom } from "#kit/random.ts";
import { createSandbox } from "../src/sandbox/index.ts";
import { startWorld } from "../src/sandbox/testing.ts";

const pageRequests = 1_500;

test("no page answers 5xx to a broken address, query or body", async () => {
  const random = seededRandom(11, "pages");
  const { sandbox } = startWorld();
  for (let count = 0; count < pageRequests; count++) {
    const method = pick(random, ["GET", "GET", "GET", "POST", "PUT", "DELETE", "HEAD", "OPTIONS"]);
    const path = pick(random, pages).replace(/:\w+/g, () => pick(random, segments));
    const query = random.next() < 0.7 ? `?${pick(random, queries)}` : "";
    const hasBody = method === "POST" || method === "PUT";
    const headers: Record<string, string> = random.next() < 0.3 ? { "content-type": pick(random, types) } : {};
    const body = hasBody ? pick(random, bodies)(random) : undefined;
    const response = await sandbox.fetch(new Request(`http://localhost${path}${query}`, { method, headers, body }));
    const text = await response.text();
    assert.ok(response.status < 500, `${method} ${path}${query}: ${response.status} ${text.slice(0, 300)}`);
    assert.doesNotMatch(text, /<script>alert/, `${method} ${path}${query} shows what it was sent`);
  }
});

const pages = [
  "/",
  "/v3",
  "/v3/",
  "/:a/stripe.js",
  "/3d_secure_2/hosted",
  "/redirect/authorize",
  "/-",
  "/-/",
  "/-/:a",
  "/-/objects",
  "/-/objects/:a",
  "/-/objects/:a.json",
  "/-/events",
  "/-/events/:a",
  "/-/events/:a/replay",
  "/-/machines",
  "/-/machines/:a",
  "/-/time",
  "/-/time/advance",
  "/-/faults",
  "/-/faults/remove",
  "/-/coverage",
  "/-/coverage.json",
  "/-/evidence",
  "/-/evidence.json",
  "/:a/:b/:c",
];

const segments = [
  "x",
  "%FF",
  "%",
  "%zz",
  "%00",
  "__proto__",
  "constructor",
  "..%2F..%2Fetc",
  "pi_x",
  "payment_intent",
  "a".repeat(4_000),
  "<script>alert(1)<%2Fscript>",
];

const queries = [
  "payment_intent=pi_x&payment_intent_client_secret=pi_x_secret_y&publishable_key=pk_test_x",
  "payment_intent=%FF&payment_intent_client_secret=%&publishable_key=pk_test_x",
  "setup_intent=seti_x&setup_intent_client_secret=x&publishable_key=pk_live_x",
  "payment_intent=<script>alert(1)</script>&payment_intent_client_secret=a&publishable_key=pk_test_x",
  "account=acct_x&type=<script>alert(1)</script>",
  "account[]=1&account[a]=2",
  "page=-1&limit=99999999999999999999",
  "after=__proto__&before=constructor",
  "%",
  "=&&=",
  `q=${"x".repeat(8_000)}`,
];

const types = ["application/json", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "nonsense"];

const bodies: readonly ((random: Random) => string | Uint8Array<ArrayBuffer>)[] = [
  () => "",
  () => "{",
  () => "null",
  () => '{"__proto__":{"a":1}}',
  () => '{"ms":1e309,"kind":{"a":[]},"days":"x"}',
  () => "outcome=succeeded",
  () => "outcome=%FF&outcome[]=x",
  () => "x".repeat(100_000),
  () => `${"[".repeat(50_000)}`,
  (random) => Uint8Array.from({ length: 200 }, () => random.integer(0, 255)),
];

const connections = 60;

test("what is not HTTP is refused, and the port goes on serving", async () => {
  const random = seededRandom(12, "port");
  const sandbox = createSandbox({ ...systemPorts({ log: silentLog() }) });
  const { port, url } = await sandbox.listen({ port: 0 });
  try {
    for (let count = 0; count < connections; count++) {
      const socket = connect({ port, host: "127.0.0.1" });
      socket.on("error", () => socket.destroy()); // A refused connection may be reset: that is an answer too.
      const closed = once(socket, "close");
      const answer: Buffer[] = [];
      socket.on("data", (chunk: Buffer) => answer.push(chunk));
      socket.end(pick(random, noise)(random));
      await closed;
      const text = Buffer.concat(answer).toString("latin1");
      assert.doesNotMatch(text, /^HTTP\/1\.1 5(?!01)/, text.slice(0, 300));
    }
    const headers = { authorization: "Bearer sk_test_edges" };
    const alive = await fetch(`${url}/v1/customers`, { method: "POST", headers, body: "name=still here" });
    assert.equal(alive.status, 200);
  } finally {
    await sandbox.close();
  }
});

const head = "Host: 127.0.0.1\r\nAuthorization: Bearer sk_test_edges\r\nConnection: close\r\n";

const noise: readonly ((random: Random) => string | Uint8Array)[] = [
  (random) => Uint8Array.from({ length: 500 }, () => random.integer(0, 255)),
  () => "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", // Somebody speaks TLS.
  () => "GET / HTTP/9.9\r\n\r\n",
  () => "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
  () => `GET /v1/customers HTTP/1.1\r\n${"X: y\r\n".repeat(5_000)}\r\n`,
  () => `GET /v1/${"x".repeat(30_000)} HTTP/1.1\r\n${head}\r\n`,
  () => `GET /v1/customers%zz?%ff[=] HTTP/1.1\r\n${head}\r\n`,
  () => `GET http://[/v1/customers HTTP/1.1\r\n${head}\r\n`,
  () => `POST /v1/customers HTTP/1.1\r\n${head}Content-Length: 5\r\n\r\n\xff\xfe\xfd\xfc\xfb`,
  () => `POST /v1/customers HTTP/1.1\r\n${head}Content-Length: 500\r\n\r\nname=cut`,
  () => `POST /v1/customers HTTP/1.1\r\n${head}Transfer-Encoding: chunked\r\n\r\nzz\r\nname=a\r\n0\r\n\r\n`,
  () => `GET /%zz/%ff HTTP/1.1\r\n${head}\r\n`,
  () => `GET //v1//customers HTTP/1.1\r\n${head}\r\n`,
  () => `GET /v1/stripecli/sessions HTTP/1.1\r\n${head}Upgrade: websocket\r\n\r\n`,
];

function pick<T>(random: Random, from: readonly T[]): T {
  return from[random.integer(0, from.length - 1)]!; // Callers pass no empty list.
}
