// What createBilling refuses to start with: mistakes that would otherwise show as lost webhooks or real charges. Each
// says what to do.
import { problem } from "#kit/problems.ts";
import type { BillingOptions } from "./api/index.ts";

const stripeHosts = ["api.stripe.com"];
/** 32 bytes as hex or base64. */
const secretPattern = /^([0-9a-f]{64}|[A-Za-z0-9+/_-]{43}=?)$/i;

function isLiveKey(secretKey: string): boolean {
  return /^(sk|rk)_live_/.test(secretKey);
}

export function refuseBadOptions(options: BillingOptions): void {
  const { secretKey, publishableKey, webhookSecrets, apiBase } = options.stripe;
  if (secretKey.startsWith("pk_")) {
    throw problem("invalid_config", "The secret key is a publishable key (pk_…)", {
      hint: "STRIPE_SECRET_KEY takes the key that begins with sk_ or rk_; the pk_ one is STRIPE_PUBLISHABLE_KEY.",
    });
  }
  if (!/^(sk|rk)_(test|live)_\w+$/.test(secretKey)) {
    throw problem(
      "invalid_config",
      "The secret key is none of Stripe's: sk_test_…, rk_test_…, sk_live_… or rk_live_…",
      {
        hint: "Copy it from https://dashboard.stripe.com/apikeys into STRIPE_SECRET_KEY.",
      },
    );
  }
  if (!publishableKey.startsWith("pk_")) {
    throw problem("invalid_config", "The publishable key does not begin with pk_", {
      hint: "A secret key in its place would be sent to every browser. Correct STRIPE_PUBLISHABLE_KEY.",
    });
  }
  if (webhookSecrets.length === 0 || webhookSecrets.some((secret) => secret.trim() === "" || /\s/.test(secret))) {
    throw problem("invalid_config", "A webhook secret is missing, empty or contains white space", {
      hint: "Set STRIPE_WEBHOOK_SECRET to the endpoint's secret (whsec_…); with an empty one anybody could sign.",
    });
  }
  const other = webhookSecrets.find((secret) => !secret.startsWith("whsec_"));
  if (other !== undefined) {
    throw problem("invalid_config", `A webhook secret begins with whsec_, not with ${other.slice(0, 3)}…`, {
      hint: "It is the signing secret that the endpoint shows, not its id (we_…) and not an API key.",
    });
  }
  refuseMixedModes(options, apiBase);
}

function refuseMixedModes(options: BillingOptions, apiBase: string | undefined): void {
  const { secretKey, publishableKey } = options.stripe;
  const isLive = isLiveKey(secretKey);
  const host = URL.parse(apiBase ?? "https://api.stripe.com");
  if (!host) {
    const hint = "Write https://… or http://127.0.0.1:PORT.";
    throw problem("invalid_config", `${apiBase} is not an address`, { hint });
  }
  if (isLive !== publishableKey.startsWith("pk_live_")) {
    throw problem("mode_mismatch", "The secret key and the publishable key are of different modes", {
      hint: "Both are …_test_… or both are …_live_….",
    });
  }
  if (!isLive) return;
  if (!stripeHosts.includes(host.hostname) || host.protocol !== "https:") {
    throw problem("mode_mismatch", `A live key would be sent to ${host.host}`, {
      hint: "With the sandbox use a key that begins with sk_test_. Live keys go to https://api.stripe.com only.",
    });
  }
  if (options.secret === undefined || !secretPattern.test(options.secret)) {
    throw problem("invalid_config", "Live mode needs BURSAR_SECRET: 32 bytes in hex or base64", {
      hint: "Make one with: openssl rand -hex 32. It encrypts endpoint secrets and signs links; keep it like a key.",
    });
  }
  if (!options.publicUrl.startsWith("https://")) {
    throw problem("invalid_config", `Live mode needs https, not ${options.publicUrl}`, {
      hint: "Set the public address of billing's pages to an https:// one.",
    });
  }
  if (options.allowPrivateTargets) {
    throw problem("invalid_config", "Live mode does not call private addresses", {
      hint: "Leave out --allow-private-targets.",
    });
  }
}
