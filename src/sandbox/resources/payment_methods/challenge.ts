// The way to a page where the payer answers: the bank's 3-D Secure challenge, or the page of a redirect method. The
// page is the sandbox's own; it comes back through POST /v1/3ds2/authenticate.
// https://docs.stripe.com/payments/3d-secure
import type { Unit } from "../../kernel/state/unit.ts";

export interface Challenge {
  readonly kind: "payment_intent" | "setup_intent";
  readonly id: string;
  readonly clientSecret: string;
  readonly returnUrl: string | null;
  readonly usesStripeSdk: boolean;
}

/** By redirect, or inside Stripe.js's frame. */
export function challengeAction(unit: Unit, challenge: Challenge) {
  const url = pageUrl(unit, "/3d_secure_2/hosted", challenge);
  if (challenge.returnUrl !== null && !challenge.usesStripeSdk) {
    const redirect_to_url = { return_url: challenge.returnUrl, url: url.href };
    return { redirect_to_url, type: "redirect_to_url" };
  }
  const sdk = { source: `src_1${unit.world.ids.text(23)}`, stripe_js: url.href, type: "three_d_secure_redirect" };
  return { type: "use_stripe_sdk", use_stripe_sdk: sdk };
}

/** iDEAL, Bancontact: the payer always leaves the shop's page, with Stripe.js too. */
export function redirectAction(unit: Unit, challenge: Challenge, methodType: string) {
  const url = pageUrl(unit, "/redirect/authorize", challenge);
  url.searchParams.set("payment_method_type", methodType);
  return { redirect_to_url: { return_url: challenge.returnUrl, url: url.href }, type: "redirect_to_url" };
}

function pageUrl(unit: Unit, path: string, { kind, id, clientSecret }: Challenge): URL {
  const url = new URL(path, unit.world.baseUrl());
  url.searchParams.set(kind, id);
  url.searchParams.set(`${kind}_client_secret`, clientSecret);
  url.searchParams.set("publishable_key", unit.publishableKey ?? unit.account.key.replace(/^sk_/, "pk_"));
  return url;
}
