import assert from "node:assert/strict";
import { test } from "node:test";
import { type StartSettings, startRefusal } from "./refusals.ts";

const inSandbox: StartSettings = {
  stripe: "sandbox",
  stripeBase: "http://127.0.0.1:12111",
  secretKey: "sk_test_mine",
  publishableKey: "pk_test_mine",
  webhookSecrets: [],
  publicUrl: "http://127.0.0.1:12112",
  secret: undefined,
  allowPrivateTargets: true,
};
const live: StartSettings = {
  stripe: "api",
  stripeBase: "https://api.stripe.com",
  secretKey: "sk_live_mine",
  publishableKey: "pk_live_mine",
  webhookSecrets: ["whsec_mine"],
  publicUrl: "https://billing.example.com",
  secret: "ab".repeat(32),
  allowPrivateTargets: false,
};
const inTestMode: StartSettings = {
  ...live,
  secretKey: "rk_test_mine",
  publishableKey: "pk_test_mine",
  publicUrl: "http://127.0.0.1:12112",
  secret: undefined,
};

test("a sandbox, Stripe's test mode and a complete live mode are started", () => {
  for (const settings of [inSandbox, inTestMode, live, { ...live, secret: Buffer.alloc(32, 1).toString("base64") }]) {
    assert.equal(startRefusal(settings), undefined);
  }
});

const refusals: readonly (readonly [name: string, settings: StartSettings, message: RegExp])[] = [
  ["no secret key", { ...inTestMode, secretKey: "" }, /no secret key/],
  ["a publishable key for a secret one", { ...inSandbox, secretKey: "pk_test_mine" }, /publishable key \(pk_…\)/],
  ["something that is not a key", { ...inSandbox, secretKey: "hunter2" }, /does not look like a key/],
  [
    "a live key at a sandbox",
    { ...inSandbox, secretKey: "sk_live_x" },
    /live key, and billing would talk to the sandbox/,
  ],
  ["no publishable key", { ...inTestMode, publishableKey: "" }, /STRIPE_PUBLISHABLE_KEY is missing/],
  ["keys of two modes", { ...live, publishableKey: "pk_test_mine" }, /different modes/],
  ["the real Stripe, unasked", { ...inSandbox, stripeBase: "https://api.stripe.com" }, /--stripe api was not given/],
  ["the real Stripe that is a sandbox", { ...inTestMode, stripeBase: inSandbox.stripeBase }, /is not Stripe/],
  ["live mode through somebody else", { ...live, stripeBase: "https://proxy.example.com" }, /is not Stripe/],
  ["Stripe without https", { ...inTestMode, stripeBase: "http://api.stripe.com" }, /only reached by https/],
  ["no webhook secret", { ...live, webhookSecrets: [] }, /STRIPE_WEBHOOK_SECRET is empty/],
  ["a webhook secret that is none", { ...inSandbox, webhookSecrets: ["sk_test_x"] }, /is not a signing secret/],
  ["live mode without BURSAR_SECRET", { ...live, secret: undefined }, /needs BURSAR_SECRET/],
  ["a short BURSAR_SECRET", { ...live, secret: "too short" }, /not 32 bytes/],
  ["live mode without https", { ...live, publicUrl: "http://billing.example.com" }, /needs https/],
  ["live mode with private targets", { ...live, allowPrivateTargets: true }, /private addresses/],
];

for (const [name, settings, message] of refusals) {
  test(`billing is not started with ${name}`, () => {
    const refusal = startRefusal(settings);
    assert.match(refusal?.message ?? "", message);
    assert.ok(refusal?.hint, "says what to do");
    assert.ok(!`${refusal.message}${refusal.hint}`.includes("hunter2"), "repeats no key");
  });
}
