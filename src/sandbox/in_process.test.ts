// The sandbox without a port, as a program's own tests use it.
import assert from "node:assert/strict";
import { test } from "node:test";
import Stripe from "stripe";
import { createSandbox } from "./index.ts";
import type { SandboxOptions } from "./options.ts";

test("the official SDK takes the sandbox's fetch as it is", async () => {
  const sandbox = createSandbox();
  const httpClient = Stripe.createFetchHttpClient(sandbox.fetch);
  const stripe = new Stripe("sk_test_in_process", { httpClient, telemetry: false });
  const intent = await stripe.paymentIntents.create({
    amount: 2000,
    currency: "eur",
    payment_method: "pm_card_visa",
    confirm: true,
    automatic_payment_methods: { enabled: true, allow_redirects: "never" },
  });
  assert.equal(intent.status, "succeeded");
  assert.equal((await stripe.paymentIntents.list()).data[0]?.id, intent.id);
  await sandbox.close();
});

test("options that nobody could use are refused when the sandbox is made, with what they are about", () => {
  const endpoint = { key: "sk_test_a", url: "http://127.0.0.1:9/hook", secret: "whsec_a" };
  const wrong: readonly (readonly [SandboxOptions, RegExp, RegExp])[] = [
    [{ defaultVersion: "2026-01-01" }, /Invalid Stripe API version: 2026-01-01/, /tolerateUnknownVersions/],
    [{ webhookEndpoints: [{ ...endpoint, api_version: "2026-01-01" }] }, /2026-01-01/, /tolerateUnknownVersions/],
    [{ webhookEndpoints: [{ ...endpoint, url: "127.0.0.1/hook" }] }, /Invalid URL/, /127\.0\.0\.1\/hook/],
    [{ webhookEndpoints: [{ ...endpoint, key: "shop" }] }, /Invalid API Key/, /webhook endpoint http/],
    [{ faults: [{ kind: "slow", times: 0 }] }, /times is a whole number/, /\/-\/faults/],
  ];
  for (const [options, message, hint] of wrong) assert.throws(() => createSandbox(options), { message, hint });
  createSandbox({ webhookEndpoints: [{ ...endpoint, api_version: "2026-01-01" }], tolerateUnknownVersions: true });
});
