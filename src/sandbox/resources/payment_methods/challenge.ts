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
  const sdk = { source: unit.world.ids.after("src_1", 23), stripe_js: url.href, type: "three_d_secure_redirect" };
  return { type: "use_stripe_sdk", use_stripe_sdk: sdk };
}

/** Where the payer answers for another method: most leave the shop's page for it, with Stripe.js too. */
export function pageAction(unit: Unit, challenge: Challenge, methodType: string) {
  const page = pageUrl(unit, "/redirect/authorize", challenge);
  page.searchParams.set("payment_method_type", methodType);
  const url = page.href;
  const way = { return_url: challenge.returnUrl, url };
  if (methodType === "alipay") {
    return { alipay_handle_redirect: { native_data: null, native_url: null, ...way }, type: "alipay_handle_redirect" };
  }
  if (methodType === "wechat_pay") {
    return { type: "wechat_pay_display_qr_code", wechat_pay_display_qr_code: codeOf(url) };
  }
  return { redirect_to_url: way, type: "redirect_to_url" };
}

/** In test mode the code leads to a page with two buttons. No camera looks at the sandbox: its picture is empty. */
function codeOf(url: string) {
  const image = { image_data_url: `data:image/png;base64,${emptyPng}`, image_url_png: url, image_url_svg: url };
  return { data: url, hosted_instructions_url: url, ...image };
}

const emptyPng = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNkYAAAAAYAAjCB0C8AAAAASUVORK5CYII=";

export function pageUrl(unit: Unit, path: string, { kind, id, clientSecret }: Challenge): URL {
  const url = new URL(path, unit.world.baseUrl());
  url.searchParams.set(kind, id);
  url.searchParams.set(`${kind}_client_secret`, clientSecret);
  url.searchParams.set("publishable_key", unit.publishableKey ?? unit.account.key.replace(/^sk_/, "pk_"));
  return url;
}
