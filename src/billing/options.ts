// What createBilling refuses to start with: mistakes that would otherwise show as lost webhooks or real charges. Each
// says what to do.
import * as option from "#kit/options/options.ts";
import { problem } from "#kit/problems.ts";
import type { AccessPolicy, BillingOptions } from "./api/index.ts";

const stripeHosts = ["api.stripe.com"];
/** 32 bytes as hex or base64. */
const secretPattern = /^([0-9a-f]{64}|[A-Za-z0-9+/_-]{43}=?)$/i;

const webhookSecretPattern = /^whsec_[A-Za-z0-9+/=_-]+$/;

function isLiveKey(secretKey: string): boolean {
  return /^(sk|rk)_live_/.test(secretKey);
}

const stripeOptions: option.OptionTable<BillingOptions["stripe"]> = {
  secretKey: option.required(option.text),
  publishableKey: option.required(option.text),
  webhookSecrets: option.required(option.texts),
  apiBase: option.address,
  stripeJsUrl: option.address,
};

const billingOptions: option.OptionTable<BillingOptions> = {
  stripe: option.required(option.object),
  database: option.required(option.text),
  schema: option.text,
  publicUrl: option.required(option.address),
  returnOrigins: option.texts,
  secret: option.text,
  allowPrivateTargets: option.flag,
  bootstrapKey: option.text,
  access: option.object,
};

/** A year of grace is a gift, and not a grace. */
const graceDaysMax = 365;

const accessOptions: option.OptionTable<AccessPolicy> = {
  graceDays: option.integer(0, graceDaysMax),
  whileProcessing: option.flag,
  whilePaused: option.flag,
  whileDisputed: option.flag,
};

const adoptOptions: option.OptionTable<Pick<BillingOptions, "database" | "schema"> & { as: string }> = {
  database: option.required(option.text),
  schema: option.text,
  as: option.required(option.oneOf("moved", "copy")),
};

export function refuseBadAdoption(options: unknown): void {
  option.checkOptions("adoptDatabase", options, adoptOptions);
}

export function refuseBadOptions(options: BillingOptions): void {
  option.checkOptions("createBilling", options, billingOptions);
  option.checkOptions("createBilling's stripe", options.stripe, stripeOptions);
  option.checkOptions("createBilling's access", options.access ?? {}, accessOptions);
  refuseBadKeys(options.stripe);
  for (const origin of options.returnOrigins ?? []) {
    if (URL.parse(origin)?.origin === origin) continue;
    throw problem("invalid_config", "An entry of `returnOrigins` is not an origin", {
      hint: "Write scheme, host and port alone, such as https://shop.example, without a slash at the end.",
      details: { option: "returnOrigins" },
    });
  }
  refuseMixedModes(options, options.stripe.apiBase);
}

function refuseBadKeys({ secretKey, publishableKey, webhookSecrets }: BillingOptions["stripe"]): void {
  if (secretKey.startsWith("pk_")) {
    throw problem("invalid_config", "The secret key is a publishable key (pk_…)", {
      hint: "The key that begins with sk_ or rk_ is `secretKey`; the pk_ one is `publishableKey`.",
    });
  }
  if (!/^(sk|rk)_(test|live)_\w+$/.test(secretKey)) {
    throw problem(
      "invalid_config",
      "The secret key is none of Stripe's: sk_test_…, rk_test_…, sk_live_… or rk_live_…",
      {
        hint: "Copy it from https://dashboard.stripe.com/apikeys into `secretKey`.",
      },
    );
  }
  if (!publishableKey.startsWith("pk_")) {
    throw problem("invalid_config", "The publishable key does not begin with pk_", {
      hint: "A secret key in its place would be sent to every browser. Correct `publishableKey`.",
    });
  }
  if (webhookSecrets.length > 0 && webhookSecrets.every((secret) => webhookSecretPattern.test(secret))) return;
  const other = webhookSecrets.find((secret) => /^(sk|rk|pk|we)_/.test(secret));
  const isEmpty = webhookSecrets.length === 0;
  const what = other
    ? `begins with ${other.slice(0, 3)}`
    : "is empty, has white space in it or does not begin with whsec_";
  throw problem("invalid_config", isEmpty ? "There is no webhook secret" : `A webhook secret ${what}`, {
    hint:
      "Give the signing secret of the endpoint (whsec_…), from its page in the Dashboard or from `stripe listen`, as " +
      "`webhookSecrets`. With another one every webhook is refused.",
    details: { option: "webhookSecrets" },
  });
}

function refuseMixedModes(options: BillingOptions, apiBase: string | undefined): void {
  const { secretKey, publishableKey } = options.stripe;
  const isLive = isLiveKey(secretKey);
  const host = new URL(apiBase ?? "https://api.stripe.com");
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
    throw problem("invalid_config", "Live mode needs `secret`: 32 bytes in hex or base64", {
      hint: "Make one with: openssl rand -hex 32. It encrypts endpoint secrets and signs links; keep it like a key.",
    });
  }
  if (!options.publicUrl.startsWith("https://")) {
    throw problem("invalid_config", `Live mode needs https, not ${options.publicUrl}`, {
      hint: "Set `publicUrl`, the address of billing's pages, to an https:// one.",
    });
  }
  if (options.allowPrivateTargets) {
    throw problem("invalid_config", "Live mode does not call private addresses", {
      hint: "Leave out `allowPrivateTargets`.",
    });
  }
}
