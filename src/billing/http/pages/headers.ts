// What every hosted page sends: nothing may frame it, remember it, learn where the payer came from, or load what it
// does not need. https://docs.stripe.com/security/guide#content-security-policy
import type { Context } from "hono";

/** Origins that Stripe.js and the payment itself need. */
export interface PageSources {
  readonly stripeJs: string;
  readonly api: string;
}

const stripeJsDefault = "https://js.stripe.com/endive/stripe.js";
const apiDefault = "https://api.stripe.com";

export function pageSources(options: {
  stripeJsUrl?: string;
  apiBase?: string;
}): PageSources & { stripeJsUrl: string } {
  const stripeJsUrl = options.stripeJsUrl ?? stripeJsDefault;
  return { stripeJsUrl, stripeJs: new URL(stripeJsUrl).origin, api: new URL(options.apiBase ?? apiDefault).origin };
}

export function contentSecurityPolicy(sources?: PageSources): string {
  const isStripe = sources?.stripeJs === "https://js.stripe.com";
  const scripts = sources ? [sources.stripeJs, ...(isStripe ? ["https://*.js.stripe.com"] : [])] : [];
  const frames = sources ? [...scripts, sources.api, ...(isStripe ? ["https://hooks.stripe.com"] : [])] : [];
  const connects = sources ? [...new Set([sources.api, sources.stripeJs])] : [];
  return [
    "default-src 'none'",
    `script-src ${["'self'", ...scripts].join(" ")}`,
    // Stripe.js sizes its frames with style attributes; no style can carry a secret away under this policy.
    "style-src 'self' 'unsafe-inline'",
    `connect-src ${["'self'", ...connects].join(" ")}`,
    `frame-src ${frames.length > 0 ? [...new Set(frames)].join(" ") : "'none'"}`,
    `img-src 'self' data:${isStripe ? " https://*.stripe.com" : ""}`,
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join("; ");
}

export function pageHeaders(c: Context, options: { sources?: PageSources } = {}): void {
  c.header("Content-Security-Policy", contentSecurityPolicy(options.sources));
  c.header("Referrer-Policy", "no-referrer");
  c.header("Cache-Control", "no-store");
  c.header("X-Frame-Options", "DENY");
}
