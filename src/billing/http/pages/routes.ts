// The hosted pages' routes: of an order's checkout, of an invoice, and of a card that is to be saved.
//   GET /pay/open/<secret>    exchanges the link for a cookie of this page's path, then a clean URL
//   GET /pay/<page>           form, receipt, waiting or notice: whatever it is now
//   GET /pay/<page>/return    asks Stripe how it stands (never only the webhook), then shop, receipt or form
//   GET /pay/<page>/state     the status alone, for the page that waits
// The page has no form that posts to us, so there is nothing to forge; paying is between Stripe.js and Stripe.
import { createHash } from "node:crypto";
import type { Context } from "hono";
import { getCookie, setCookie } from "hono/cookie";
import { type Api, basePath, type HttpCore, modeOf, publicUrl } from "../core.ts";
import { toProblem } from "../errors.ts";
import { exchangeLink, findSession, type PageSession } from "../links.ts";
import type { RestApp, RestEnv } from "../rest/context.ts";
import type { PagePurpose } from "../tables.ts";
import { checkoutPage } from "./checkout.ts";
import { pageHeaders, pageSources } from "./headers.ts";
import { invoicePage } from "./invoice.ts";
import { type Notice, noticePage } from "./layout.ts";
import type { HostedPage, Pages } from "./page.ts";
import { pageScript } from "./page_script.ts";
import { setupPage } from "./setup.ts";
import { pageStyles } from "./styles.ts";

const cookieName = "bursar_page";
const page = "/pay/:page{page_[0-9A-Za-z]+}";

const hosted: Readonly<Record<PagePurpose, HostedPage>> = {
  checkout: checkoutPage,
  setup: setupPage,
  invoice: invoicePage,
};

export function mountPages(app: RestApp, context: { core: HttpCore; api: Api }): void {
  const { core } = context;
  const version = createHash("sha256").update(pageScript).update(pageStyles).digest("hex").slice(0, 12);
  const pages: Pages = { ...context, view: { base: basePath(core), isTest: modeOf(core) === "test", version } };
  const asset = (path: string, type: string, text: string) =>
    app.get(path, (c) => {
      c.header("Cache-Control", "public, max-age=3600");
      return c.body(text, 200, { "Content-Type": `${type}; charset=utf-8` });
    });
  asset("/pay/assets/pages.css", "text/css", pageStyles);
  asset("/pay/assets/checkout.js", "text/javascript", pageScript);
  app.get("/pay/open/:secret", (c) => shown(pages, c, () => openLink(pages, c)));
  app.get(page, (c) => inSession(pages, c, (session) => hosted[session.purpose].show(pages, c, session)));
  app.get(`${page}/return`, (c) => inSession(pages, c, (session) => returnFrom(pages, c, session)));
  app.get(`${page}/state`, (c) =>
    inSession(pages, c, async (session) => c.json({ status: await hosted[session.purpose].status(pages, session) })),
  );
  app.get("/pay/returned", (c) => shown(pages, c, async () => showReturned(pages, c)));
  app.get("/pay/*", (c) => shown(pages, c, async () => showNotice(pages, c, noPage)));
}

/** Payers get words, not JSON, whatever happens. */
async function shown(pages: Pages, c: Context<RestEnv>, work: () => Promise<Response>): Promise<Response> {
  pageHeaders(c, { sources: pageSources(pages.core.options.stripe) });
  try {
    return await work();
  } catch (thrown) {
    const { problem, bug } = toProblem(thrown);
    const fields = { requestId: c.get("requestId"), path: c.req.routePath, code: problem.code };
    pages.core.ports.log[bug ? "error" : "warn"]("page.failed", bug ? { ...fields, error: thrown } : fields);
    const title = "The payment service is not reachable right now";
    const text =
      "If you have just paid, please do not pay again: try this page again in a moment, it shows the result.";
    return c.html(noticePage({ ...pages.view, title, text, again: pageUrl(pages, c) }), 502);
  }
}

function pageUrl(pages: Pages, c: Context<RestEnv>): string {
  const id = c.req.param("page");
  return id === undefined ? `${pages.view.base}${c.req.path}` : `${pages.view.base}/pay/${id}`;
}

function inSession(pages: Pages, c: Context<RestEnv>, work: (session: PageSession) => Promise<Response>) {
  return shown(pages, c, async () => {
    const pageId = c.req.param("page") ?? "";
    await pages.core.ready();
    const session = await findSession(pages.core, { pageId, cookie: getCookie(c, cookieName) });
    return session ? work(session) : showNotice(pages, c, linkOver);
  });
}

/** A cookie that ran out does not say what it was for, nor whether an order was paid meanwhile. */
const linkOver = {
  status: 410,
  title: "This link is no longer open",
  text:
    "It has expired or belongs to another browser. Opening this page charged nothing. In the shop you see how your " +
    "order or your cards stand, and can go on from there.",
} as const;

const noPage = {
  status: 404,
  title: "This link is not complete",
  text: "There is no page at this address, and nothing was charged. Open the link again, as the shop gave it to you.",
} as const;

/**
 * Where a bank sends a payer back to who was charged in the shop's own page. Which order it was is not asked: the
 * address that Stripe sends them to carries a secret, and is left at once.
 */
function showReturned(pages: Pages, c: Context<RestEnv>): Response | Promise<Response> {
  if (new URL(c.req.url).search !== "") return c.redirect(`${pages.view.base}/pay/returned`, 303);
  const title = "You are back from your bank";
  const text = "You can close this page. In the shop you see whether your order is paid.";
  const shopUrl = pages.core.options.returnOrigins?.[0] ?? null;
  return c.html(noticePage({ ...pages.view, title, text, shopUrl }));
}

/** Whose visitor it is cannot be known here; the first shop that this billing serves is the best way on. */
function showNotice(pages: Pages, c: Context<RestEnv>, { status, ...notice }: Notice & { status: 404 | 410 }) {
  const shopUrl = pages.core.options.returnOrigins?.[0] ?? null;
  return c.html(noticePage({ ...pages.view, ...notice, shopUrl }), status);
}

async function openLink(pages: Pages, c: Context<RestEnv>): Promise<Response> {
  await pages.core.ready();
  const opened = await exchangeLink(pages.core, c.req.param("secret") ?? "");
  if (!opened) return showNotice(pages, c, linkOver);
  const path = `${pages.view.base}/pay/${opened.pageId}`;
  setCookie(c, cookieName, opened.cookie, {
    path,
    httpOnly: true,
    sameSite: "Lax",
    secure: publicUrl(pages.core).startsWith("https:"),
    maxAge: Math.floor(opened.maxAgeMs / 1_000),
  });
  return c.redirect(path, 303);
}

async function returnFrom(pages: Pages, c: Context<RestEnv>, session: PageSession): Promise<Response> {
  const isGood = await hosted[session.purpose].isDone(pages, session);
  // Also the way out of the address: Stripe's redirect carries the client secret in its query.
  return c.redirect(isGood && session.returnUrl ? session.returnUrl : `${pages.view.base}/pay/${session.pageId}`, 303);
}
