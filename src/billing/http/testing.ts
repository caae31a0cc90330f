// A shop's server in front of a real billing, in front of a real sandbox:
// `const world = await startHttpWorld({ database })`, or `onEachDoor("…", async ({ world }) => { … })` for a test that
// is played in this process and over sockets, where a body may come without its length.
import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { once } from "node:events";
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import type { TestContext } from "node:test";
import { systemClock } from "#kit/clock.ts";
import { systemPorts, unitOfTestMaxMs } from "#kit/create_ports.ts";
import { createLog } from "#kit/log.ts";
import type { Fetch } from "#kit/ports.ts";
import { type DatabaseWorld, onEachDatabase } from "#kit/sql/testing.ts";
import { isWholeRun } from "#kit/testing.ts";
import { createSandbox } from "../../sandbox/index.ts";
import type { Billing } from "../api/index.ts";
import { createBilling } from "../index.ts";
import type { BillingTables } from "../kernel/store/tables.ts";
import { nodeListener } from "./node.ts";

export const bootstrapKey = `bk_test_${"bootstrap".repeat(5)}`;
const webhookSecret = "whsec_http";
const secretKey = "sk_test_http";
const publishableKey = "pk_test_http";
const apiBase = "http://127.0.0.1:12111";

/** An event as Stripe sends it, with its signature. Spaces, an umlaut, a line's end: all that is lost in parsing. */
export function signedEvent(id: string): {
  readonly bytes: Buffer;
  readonly headers: Readonly<Record<string, string>>;
} {
  const t = Math.floor(systemClock().now() / 1_000);
  const event = { id, object: "event", type: "plan.created", created: t, livemode: false };
  const bytes = Buffer.from(`${JSON.stringify({ ...event, data: { object: { id: "plan_é" } } }, null, 2)}\n`);
  const v1 = createHmac("sha256", webhookSecret).update(`${t}.`).update(bytes).digest("hex");
  return {
    bytes,
    headers: { "content-type": "application/json; charset=utf-8", "stripe-signature": `t=${t},v1=${v1}` },
  };
}

/** Listens on a free port until the test ends; answers the address. */
export async function serve(t: TestContext, listener: RequestListener): Promise<string> {
  const server = createServer(listener).listen(0, "127.0.0.1");
  await once(server, "listening");
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

export interface RestAnswer {
  readonly status: number;
  readonly headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: the tests look into answers of every shape
  readonly body: any;
}

/** How requests come: handed over as values, or over a socket with the body's length in front, or in chunks. */
const doors = ["in this process", "over a socket", "in chunks"] as const;
type Door = (typeof doors)[number];

/** Every test of REST is played at every door; `npm test` plays each at one, always the same. */
export function onEachDoor(
  name: string,
  work: (given: DatabaseWorld<BillingTables> & { world: HttpWorld; door: Door }) => Promise<void>,
): void {
  const sampled = doors[name.length % doors.length];
  for (const door of isWholeRun ? doors : doors.filter((one) => one === sampled)) {
    onEachDatabase<BillingTables>(`${name}, ${door}`, async (database) => {
      const world = await startHttpWorld({ database: database.url, door });
      try {
        await work({ ...database, world, door });
      } finally {
        await world.close();
      }
    });
  }
}

export interface HttpWorld {
  readonly billing: Billing;
  /** Through this world's door. */
  fetch(request: Request): Promise<Response>;
  /** What was logged. */
  readonly log: readonly string[];
  /** A REST call with the bootstrap key, unless another is named; null sends none. */
  rest(
    call: string,
    body?: unknown,
    options?: { key?: string | null; headers?: Record<string, string> },
  ): Promise<RestAnswer>;
  /** What Stripe.js does with the card in a browser. */
  confirm(clientSecret: string, paymentMethod: string): Promise<void>;
  /** What somebody writes at Stripe by hand: `atStripe("customers", { email })` answers the object. */
  atStripe(path: string, fields: Readonly<Record<string, string>>): Promise<{ readonly id: string }>;
  /** From now on Stripe cannot be reached, or can again. */
  cutStripe(isCut: boolean): void;
  close(): Promise<void>;
}

export async function startHttpWorld(options: { database: string; door?: Door }): Promise<HttpWorld> {
  const lines: string[] = [];
  const log = createLog({ clock: systemClock(), write: (line) => void lines.push(line) });
  const real = systemPorts({ log, unitMaxMs: unitOfTestMaxMs });
  const sandbox = createSandbox(real);
  let isStripeCut = false;
  const ports = {
    ...real,
    fetch: (input: string | URL | Request, init?: RequestInit) => {
      const request = new Request(input, init);
      if (isStripeCut) return Promise.reject(new TypeError("fetch failed"));
      return request.url.startsWith(apiBase) ? sandbox.fetch(request) : real.fetch(request);
    },
  };
  const settings = {
    stripe: { secretKey, publishableKey, webhookSecrets: [webhookSecret], apiBase, stripeJsUrl: `${apiBase}/v3/` },
    database: options.database,
    publicUrl: "http://127.0.0.1:8080",
    returnOrigins: ["https://shop.test", "https://shop.example"],
    allowPrivateTargets: true,
    bootstrapKey,
  };
  const billing = await createBilling(settings, ports);
  const entrance = await openEntrance(billing, options.door ?? "in this process", real.fetch);
  return {
    billing,
    fetch: entrance.fetch,
    log: lines,
    async rest(call, body, options) {
      const answer = await entrance.fetch(restRequest(call, body, options));
      const text = await answer.text();
      const isJson = answer.headers.get("content-type")?.includes("json") === true;
      return { status: answer.status, headers: answer.headers, body: isJson ? JSON.parse(text) : text };
    },
    async confirm(clientSecret, paymentMethod) {
      const id = clientSecret.split("_secret_")[0];
      const kind = id?.startsWith("seti_") ? "setup_intents" : "payment_intents";
      const answer = await sandbox.fetch(
        stripeRequest(`${kind}/${id}/confirm`, publishableKey, {
          client_secret: clientSecret,
          payment_method: paymentMethod,
          return_url: "https://shop.test/",
        }),
      );
      assert.ok(answer.status === 200 || answer.status === 402, await answer.text());
    },
    async atStripe(path, fields) {
      const answer = await sandbox.fetch(stripeRequest(path, secretKey, fields));
      const text = await answer.text();
      assert.equal(answer.status, 200, text);
      return JSON.parse(text);
    },
    cutStripe(isCut) {
      isStripeCut = isCut;
    },
    async close() {
      entrance.close();
      await billing.close();
      await sandbox.close();
    },
  };
}

function restRequest(
  call: string,
  body: unknown,
  { key = bootstrapKey, headers = {} }: Parameters<HttpWorld["rest"]>[2] = {},
): Request {
  const [method = "GET", path = "/"] = call.split(" ");
  const isText = typeof body === "string";
  return new Request(`http://127.0.0.1:8080${path}`, {
    method,
    headers: {
      ...(key === null ? {} : { authorization: `Bearer ${key}` }),
      ...(body === undefined ? {} : { "content-type": "application/json" }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: isText ? body : JSON.stringify(body) }),
  });
}

function stripeRequest(path: string, key: string, fields: Readonly<Record<string, string>>): Request {
  return new Request(`${apiBase}/v1/${path}`, {
    method: "POST",
    headers: { authorization: `Bearer ${key}` },
    body: new URLSearchParams(fields),
  });
}

async function openEntrance(
  billing: Billing,
  door: Door,
  send: Fetch,
): Promise<Pick<HttpWorld, "fetch"> & { close(): void }> {
  if (door === "in this process") return { fetch: (request) => billing.fetch(request), close: () => {} };
  const server = createServer(nodeListener(billing)).listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    async fetch(request) {
      const { pathname, search } = new URL(request.url);
      const { method, headers } = request;
      const isBodied = method !== "GET" && method !== "HEAD";
      const bytes = isBodied ? new Uint8Array(await request.arrayBuffer()) : undefined;
      const body =
        door === "in chunks" && bytes ? { body: new Blob([bytes]).stream(), duplex: "half" as const } : { body: bytes };
      const init: RequestInit & { duplex?: "half" } = {
        method,
        headers,
        redirect: "manual",
        ...(isBodied && (door === "in chunks" || bytes?.length) && body),
      };
      return send(`http://127.0.0.1:${port}${pathname}${search}`, init);
    },
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}
