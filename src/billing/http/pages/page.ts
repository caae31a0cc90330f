// What a kind of hosted page can do; routes.ts asks for it by the session's purpose.
import type { Context } from "hono";
import { type Api, type HttpCore, publicUrl } from "../core.ts";
import type { PageSession } from "../links.ts";
import type { RestEnv } from "../rest/context.ts";
import { pageSources } from "./headers.ts";
import type { View } from "./layout.ts";

export interface Pages {
  readonly core: HttpCore;
  readonly api: Api;
  readonly view: View;
}

export interface HostedPage {
  /** Whatever it is now: form, receipt, waiting or notice. */
  show(pages: Pages, c: Context<RestEnv>, session: PageSession): Promise<Response>;
  /** Asks Stripe. True when its visitor has no more to do, and goes back to the shop. */
  isDone(pages: Pages, session: PageSession): Promise<boolean>;
  /** For the page that waits. */
  status(pages: Pages, session: PageSession): Promise<string>;
}

/** What Stripe.js is given on a page with a form. */
export function formOf(pages: Pages, session: PageSession) {
  const { publishableKey } = pages.core.options.stripe;
  const { stripeJsUrl } = pageSources(pages.core.options.stripe);
  return { publishableKey, stripeJsUrl, returnUrl: `${publicUrl(pages.core)}/pay/${session.pageId}/return` };
}

export function stateUrlOf({ view }: Pages, { pageId }: PageSession): string {
  return `${view.base}/pay/${pageId}/state`;
}
