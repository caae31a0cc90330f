// A shop's server in front of a real billing, in front of a real sandbox:
// `const world = await startHttpWorld({ database })`.
import assert from "node:assert/strict";
import { systemPorts } from "#kit/create_ports.ts";
import { silentLog } from "#kit/log.ts";
import { createSandbox } from "../../sandbox/index.ts";
import type { Billing } from "../api/index.ts";
import { createBilling } from "../index.ts";

export const bootstrapKey = `bk_test_${"bootstrap".repeat(5)}`;
const secretKey = "sk_test_http";
const publishableKey = "pk_test_http";
const apiBase = "http://127.0.0.1:12111";

export interface RestAnswer {
  readonly status: number;
  readonly headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: the tests look into answers of every shape
  readonly body: any;
}

export interface HttpWorld {
  readonly billing: Billing;
  /** A REST call with the bootstrap key, unless another is named; null sends none. */
  rest(
    call: string,
    body?: unknown,
    options?: { key?: string | null; headers?: Record<string, string> },
  ): Promise<RestAnswer>;
  /** What Stripe.js does with the card in a browser. */
  confirm(clientSecret: string, paymentMethod: string): Promise<void>;
  /** From now on Stripe cannot be reached, or can again. */
  cutStripe(isCut: boolean): void;
  close(): Promise<void>;
}

export async function startHttpWorld(options: { database: string }): Promise<HttpWorld> {
  const real = systemPorts({ log: silentLog() });
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
    stripe: { secretKey, publishableKey, webhookSecrets: ["whsec_http"], apiBase, stripeJsUrl: `${apiBase}/v3/` },
    database: options.database,
    publicUrl: "http://127.0.0.1:8080",
    returnOrigins: ["https://shop.test"],
    allowPrivateTargets: true,
    bootstrapKey,
  };
  const billing = await createBilling(settings, ports);
  return {
    billing,
    async rest(call, body, { key = bootstrapKey, headers = {} } = {}) {
      const [method = "GET", path = "/"] = call.split(" ");
      const isText = typeof body === "string";
      const init: RequestInit = {
        method,
        headers: {
          ...(key === null ? {} : { authorization: `Bearer ${key}` }),
          ...(body === undefined ? {} : { "content-type": "application/json" }),
          ...headers,
        },
        ...(body === undefined ? {} : { body: isText ? body : JSON.stringify(body) }),
      };
      const answer = await billing.fetch(new Request(`http://127.0.0.1:8080${path}`, init));
      const text = await answer.text();
      const isJson = answer.headers.get("content-type")?.includes("json") === true;
      return { status: answer.status, headers: answer.headers, body: isJson ? JSON.parse(text) : text };
    },
    async confirm(clientSecret, paymentMethod) {
      const id = clientSecret.split("_secret_")[0];
      const request = new Request(`${apiBase}/v1/payment_intents/${id}/confirm`, {
        method: "POST",
        headers: { authorization: `Bearer ${publishableKey}` },
        body: new URLSearchParams({
          client_secret: clientSecret,
          payment_method: paymentMethod,
          return_url: "https://shop.test/",
        }),
      });
      const answer = await sandbox.fetch(request);
      assert.ok(answer.status === 200 || answer.status === 402, await answer.text());
    },
    cutStripe(isCut) {
      isStripeCut = isCut;
    },
    async close() {
      await billing.close();
      await sandbox.close();
    },
  };
}
