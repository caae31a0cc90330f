// What billing refuses to start with, decided before anything is opened. The real Stripe is reached only when
// `--stripe api` says so, and real money only with everything that real money needs.
import { type Problem, problem } from "#kit/problems.ts";
import { isLoopback } from "./addresses.ts";

/** Which Stripe, and by which key. */
export interface StripeAccess {
  readonly stripe: "sandbox" | "api";
  readonly stripeBase: string;
  readonly secretKey: string;
}

export interface StartSettings extends StripeAccess {
  readonly publishableKey: string;
  readonly webhookSecrets: readonly string[];
  readonly publicUrl: string;
  /** BURSAR_SECRET, as given. */
  readonly secret: string | undefined;
  readonly allowPrivateTargets: boolean;
}

export const stripeApiBase = "https://api.stripe.com";
const secretBytes = 32;

/** The first reason not to start, or undefined. No message repeats a key. */
export function startRefusal(settings: StartSettings): Problem | undefined {
  return (
    secretKeyRefusal(settings) ??
    publishableKeyRefusal(settings) ??
    baseRefusal(settings) ??
    webhookRefusal(settings) ??
    secretRefusal(settings) ??
    liveRefusal(settings)
  );
}

/** The same of what a command needs that is over when it has ended. */
export function accessRefusal(access: StripeAccess): Problem | undefined {
  return secretKeyRefusal(access) ?? baseRefusal(access);
}

export const isLiveKey = (key: string): boolean => /^(sk|rk)_live_/.test(key);

function secretKeyRefusal({ stripe, secretKey }: StripeAccess): Problem | undefined {
  if (!secretKey) {
    return problem("invalid_config", "There is no secret key for Stripe.", {
      hint: "Set STRIPE_SECRET_KEY, from https://dashboard.stripe.com/apikeys.",
    });
  }
  if (secretKey.startsWith("pk_")) {
    return problem(
      "invalid_config",
      "STRIPE_SECRET_KEY holds a publishable key (pk_…), which may not charge anybody.",
      {
        hint: "Use the secret key (sk_…) or a restricted key (rk_…) of the same account.",
      },
    );
  }
  if (!/^(sk|rk)_(test|live)_\S+$/.test(secretKey)) {
    return problem("invalid_config", "STRIPE_SECRET_KEY does not look like a key of Stripe.", {
      hint: "It begins with sk_test_, sk_live_, rk_test_ or rk_live_ and has no spaces.",
    });
  }
  if (isLiveKey(secretKey) && stripe === "sandbox") {
    return problem("mode_mismatch", "STRIPE_SECRET_KEY is a live key, and billing would talk to the sandbox.", {
      hint: "Use a test key here. For the real Stripe say --stripe api (BURSAR_STRIPE=api).",
    });
  }
  return undefined;
}

function publishableKeyRefusal({ secretKey, publishableKey }: StartSettings): Problem | undefined {
  if (!/^pk_(test|live)_\S+$/.test(publishableKey)) {
    return problem("invalid_config", "STRIPE_PUBLISHABLE_KEY is missing or no publishable key.", {
      hint: "It begins with pk_test_ or pk_live_ and belongs to the same account as the secret key.",
    });
  }
  if (isLiveKey(secretKey) !== publishableKey.startsWith("pk_live_")) {
    return problem("mode_mismatch", "The secret key and the publishable key are of different modes.", {
      hint: "Both test or both live.",
    });
  }
  return undefined;
}

function baseRefusal({ stripe, stripeBase, secretKey }: StripeAccess): Problem | undefined {
  const { hostname, protocol } = new URL(stripeBase);
  const isStripe = hostname === "stripe.com" || hostname.endsWith(".stripe.com");
  if (stripe === "sandbox" && isStripe) {
    return problem("mode_mismatch", `${stripeBase} is the real Stripe, and --stripe api was not given.`, {
      hint: "Say --stripe api (BURSAR_STRIPE=api) if that is meant, else leave --stripe-base out.",
    });
  }
  if (stripe === "api" && !isStripe && (isLiveKey(secretKey) || isLoopback(hostname))) {
    return problem("mode_mismatch", `--stripe api, but ${stripeBase} is not Stripe.`, {
      hint: "Leave --stripe-base out for the real Stripe, or use --stripe sandbox with a test key.",
    });
  }
  if (stripe === "api" && protocol !== "https:") {
    return problem("invalid_config", "Stripe is only reached by https.", { hint: `Use ${stripeApiBase}.` });
  }
  return undefined;
}

function webhookRefusal({ stripe, webhookSecrets }: StartSettings): Problem | undefined {
  if (webhookSecrets.length === 0 && stripe === "api") {
    return problem("invalid_config", "STRIPE_WEBHOOK_SECRET is empty, so nobody's webhook could be believed.", {
      hint: "Set the signing secret (whsec_…) of the endpoint; several, separated by commas, while one is rolled.",
    });
  }
  if (webhookSecrets.some((secret) => !/^whsec_\S+$/.test(secret))) {
    return problem("invalid_config", "STRIPE_WEBHOOK_SECRET holds something that is not a signing secret.", {
      hint: "Each begins with whsec_; several are separated by commas.",
    });
  }
  return undefined;
}

function secretRefusal({ secret, secretKey }: StartSettings): Problem | undefined {
  if (secret === undefined && !isLiveKey(secretKey)) return undefined;
  if (secret !== undefined && secretLength(secret) === secretBytes) return undefined;
  const what =
    secret === undefined ? "Live mode needs BURSAR_SECRET, and it is not set." : "BURSAR_SECRET is not 32 bytes.";
  return problem("invalid_config", what, {
    hint: "Make one with `openssl rand -hex 32` and keep it: it encrypts endpoint secrets and signs links.",
  });
}

function liveRefusal({ secretKey, publicUrl, allowPrivateTargets }: StartSettings): Problem | undefined {
  if (!isLiveKey(secretKey)) return undefined;
  if (new URL(publicUrl).protocol !== "https:") {
    return problem("invalid_config", `Live mode needs https, and the public address is ${publicUrl}.`, {
      hint: "Set --public-url (BURSAR_PUBLIC_URL) to the https address under which browsers reach billing.",
    });
  }
  if (allowPrivateTargets) {
    return problem("invalid_config", "Live mode does not deliver to private addresses.", {
      hint: "Leave --allow-private-targets (BURSAR_ALLOW_PRIVATE_TARGETS) out.",
    });
  }
  return undefined;
}

function secretLength(secret: string): number {
  return /^[0-9a-f]{64}$/i.test(secret) ? secretBytes : Buffer.from(secret, "base64").length;
}
