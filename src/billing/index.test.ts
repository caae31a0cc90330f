import assert from "node:assert/strict";
import { test } from "node:test";
import { testPorts } from "#kit/create_ports.ts";
import { isProblem } from "#kit/problems.ts";
import { createTestDatabase } from "#kit/sql/testing.ts";
import { type BillingOptions, createBilling } from "./index.ts";
import { optionsFor } from "./testing/index.ts";

const good = optionsFor("sqlite::memory:");
const live = { ...good.stripe, secretKey: "sk_live_1", publishableKey: "pk_live_1", apiBase: "https://api.stripe.com" };
const secret = "0123456789abcdef".repeat(4);

const refusals: [string, Partial<BillingOptions>, string][] = [
  ["a publishable key as the secret key", { stripe: { ...good.stripe, secretKey: "pk_test_1" } }, "invalid_config"],
  ["no key of Stripe's", { stripe: { ...good.stripe, secretKey: "hello" } }, "invalid_config"],
  [
    "a secret key as the publishable key",
    { stripe: { ...good.stripe, publishableKey: "sk_test_1" } },
    "invalid_config",
  ],
  ["an empty webhook secret", { stripe: { ...good.stripe, webhookSecrets: [""] } }, "invalid_config"],
  ["an API key as the webhook secret", { stripe: { ...good.stripe, webhookSecrets: ["sk_test_x"] } }, "invalid_config"],
  ["an endpoint's id as it", { stripe: { ...good.stripe, webhookSecrets: ["whsec_a", "we_1"] } }, "invalid_config"],
  ["no webhook secret", { stripe: { ...good.stripe, webhookSecrets: [] } }, "invalid_config"],
  [
    "a live key with a sandbox host",
    { stripe: { ...live, apiBase: "http://127.0.0.1:12111" }, secret, publicUrl: "https://shop.test" },
    "mode_mismatch",
  ],
  ["keys of two modes", { stripe: { ...good.stripe, publishableKey: "pk_live_1" } }, "mode_mismatch"],
  ["live mode without BURSAR_SECRET", { stripe: live, publicUrl: "https://shop.test" }, "invalid_config"],
  ["live mode without https", { stripe: live, secret }, "invalid_config"],
  ["a database that nobody knows", { database: "mysql://x" }, "invalid_config"],
  ["a database that does not answer", { database: "postgres://root@127.0.0.1:1/none" }, "database_unreachable"],
];

for (const [what, options, code] of refusals) {
  test(`billing refuses to start with ${what}, and says what to do`, async () => {
    const ports = testPorts({ seed: 1 });
    await assert.rejects(createBilling({ ...good, ...options }, ports), (error: unknown) => {
      assert.ok(isProblem(error), String(error));
      assert.equal(error.code, code);
      assert.ok((error.hint ?? "").length > 10, "it says what to do");
      return true;
    });
  });
}

test("a second worker on one SQLite file is refused by name", async () => {
  const database = await createTestDatabase("sqlite");
  assert.ok(database);
  const refuse = () => Promise.reject(new TypeError("fetch failed"));
  const first = await createBilling(optionsFor(database.url), testPorts({ seed: 1, fetch: refuse }));
  const second = await createBilling(optionsFor(database.url), testPorts({ seed: 2, fetch: refuse }));
  await first.start();
  await assert.rejects(second.start(), { code: "second_worker" });
  await second.close();
  await first.close();
  await database.drop();
});
