// The bank's page of a 3-D Secure challenge, as Stripe shows it in test mode: what is paid, and two buttons; and the
// same with other words for methods that the payer answers for elsewhere, and for accounts that are to be proved. It
// decides nothing itself: a button becomes POST /v1/3ds2/authenticate with the visitor's own client secret, and the
// intent's next state says where to go. In a frame it reports to the page around it, else it leads to return_url.
// https://docs.stripe.com/testing#regulatory-cards
import { html } from "hono/html";
import { formatMoney } from "#kit/money.ts";

import type { PageRequest, PageRoute } from "../kernel/wire/pages.ts";
import { type HtmlPage, htmlResponse } from "./html_page.ts";
import { challengeScript, challengeStyles } from "./three_d_secure.assets.ts";

type IntentKind = "payment_intent" | "setup_intent";

/** Who is asking, from the page's address. */
interface Visitor {
  readonly kind: IntentKind;
  readonly id: string;
  readonly clientSecret: string;
  readonly key: string;
}

/** What the page needs of a PaymentIntent or a SetupIntent. */
interface Intent {
  readonly id: string;
  readonly status: string;
  readonly amount?: number;
  readonly currency?: string;
  readonly description?: string | null;
  readonly next_action?: NextAction | null;
}

interface WayBack {
  readonly return_url?: string | null;
}

interface NextAction {
  readonly alipay_handle_redirect?: WayBack;
  readonly redirect_to_url?: WayBack;
}

type Answer = { readonly intent: Intent } | { readonly refusal: string };

const bodyBytesMax = 1_000; // The form has one field.

export const threeDSecureRoutes: PageRoute[] = [
  { method: "GET", path: "/3d_secure_2/hosted", handle: showChallenge },
  { method: "POST", path: "/3d_secure_2/hosted", handle: decideChallenge },
  { method: "GET", path: "/redirect/authorize", handle: showChallenge },
  { method: "POST", path: "/redirect/authorize", handle: decideChallenge },
];

async function showChallenge(page: PageRequest): Promise<Response> {
  const visitor = visitorOf(page.url);
  if (!visitor) return htmlResponse(errorPage("This link is not complete. Start the payment again from the shop."));
  const answer = await askIntent(page, visitor);
  if ("refusal" in answer) return htmlResponse(errorPage(answer.refusal));
  if (answer.intent.status !== "requires_action") return htmlResponse(donePage(redirectStatus(answer.intent)));
  return htmlResponse(challengePage(answer.intent, wordsOf(page.url)));
}

async function decideChallenge(page: PageRequest): Promise<Response> {
  const visitor = visitorOf(page.url);
  if (!visitor) return htmlResponse(errorPage("This link is not complete. Start the payment again from the shop."));
  const outcome = await readOutcome(page.request);
  if (!outcome) return htmlResponse(errorPage("Choose to complete or to fail the authentication."));
  // Asked before: afterwards the intent no longer has the next action that carries the way back.
  const before = await askIntent(page, visitor);
  if ("refusal" in before) return htmlResponse(errorPage(before.refusal));
  if (before.intent.status === "requires_action") {
    const refusal = await authenticate(page, visitor, outcome);
    if (refusal) return htmlResponse(errorPage(refusal));
  }
  const after = await askIntent(page, visitor);
  if ("refusal" in after) return htmlResponse(errorPage(after.refusal));
  const status = redirectStatus(after.intent);
  const { redirect_to_url, alipay_handle_redirect } = before.intent.next_action ?? {};
  const returnUrl = (redirect_to_url ?? alipay_handle_redirect)?.return_url;
  return returnUrl ? redirectTo(returnUrl, visitor, status) : htmlResponse(donePage(status));
}

function visitorOf(url: URL): Visitor | null {
  const kind: IntentKind = url.searchParams.has("setup_intent") ? "setup_intent" : "payment_intent";
  const id = url.searchParams.get(kind);
  const clientSecret = url.searchParams.get(`${kind}_client_secret`);
  const key = url.searchParams.get("publishable_key");
  if (!id || !clientSecret || !key || !/^[A-Za-z0-9_]+$/.test(id) || !/^pk_test_[A-Za-z0-9_]+$/.test(key)) return null;
  return { kind, id, clientSecret, key };
}

async function readOutcome(request: Request): Promise<"succeeded" | "failed" | null> {
  const text = await request.text();
  const outcome = text.length > bodyBytesMax ? null : new URLSearchParams(text).get("outcome");
  return outcome === "succeeded" || outcome === "failed" ? outcome : null;
}

async function askIntent(page: PageRequest, visitor: Visitor): Promise<Answer> {
  const query = new URLSearchParams({ client_secret: visitor.clientSecret });
  const response = await page.api(`/v1/${visitor.kind}s/${visitor.id}?${query}`, { headers: headersOf(visitor) });
  return response.ok ? { intent: (await response.json()) as Intent } : { refusal: await messageOf(response) };
}

async function authenticate(page: PageRequest, visitor: Visitor, outcome: string): Promise<string | null> {
  const form = new URLSearchParams({ source: visitor.id, client_secret: visitor.clientSecret, outcome });
  const headers = { ...headersOf(visitor), "Content-Type": "application/x-www-form-urlencoded" };
  const response = await page.api("/v1/3ds2/authenticate", { method: "POST", headers, body: form.toString() });
  return response.ok ? null : messageOf(response);
}

function headersOf(visitor: Visitor): Record<string, string> {
  return { Authorization: `Bearer ${visitor.key}` };
}

async function messageOf(response: Response): Promise<string> {
  const body = (await response.json()) as { error?: { message?: string } };
  return body.error?.message ?? `The sandbox answered ${response.status}.`;
}

/** `redirect_status`, as Stripe adds it to the return URL. */
function redirectStatus(intent: Intent): "succeeded" | "failed" | "pending" {
  if (["succeeded", "requires_capture", "requires_confirmation"].includes(intent.status)) return "succeeded";
  return intent.status === "processing" ? "pending" : "failed";
}

function redirectTo(returnUrl: string, visitor: Visitor, status: string): Response {
  const url = new URL(returnUrl);
  url.searchParams.set(visitor.kind, visitor.id);
  url.searchParams.set(`${visitor.kind}_client_secret`, visitor.clientSecret);
  url.searchParams.set("redirect_status", status);
  const headers = { Location: url.href, "Cache-Control": "no-store", "Referrer-Policy": "no-referrer" };
  return new Response(null, { status: 303, headers });
}

interface Words {
  readonly title: string;
  readonly lead: string;
  readonly purpose: string;
  readonly yes: string;
  readonly no: string;
}

const challengeWords: Words = {
  title: "3D Secure authentication",
  lead: "The merchant wants to be sure that it is you. This is the sandbox's bank: choose what it answers.",
  purpose: "Save a card for later",
  yes: "Complete authentication",
  no: "Fail authentication",
};

/** Of the methods that are answered for here. */
const pageNames: Readonly<Record<string, string>> = {
  afterpay_clearpay: "Afterpay",
  alipay: "Alipay",
  bancontact: "Bancontact",
  ideal: "iDEAL",
  klarna: "Klarna",
  link: "Link",
  wechat_pay: "WeChat Pay",
};

const verificationWords: Words = {
  title: "Verify your bank account",
  lead: "Small deposits are on their way to your account. This is the sandbox's bank: choose whether they are yours.",
  purpose: "Save an account for later",
  yes: "Verify the account",
  no: "Fail the verification",
};

function wordsOf(url: URL): Words {
  const type = url.searchParams.get("payment_method_type");
  if (type === null) return challengeWords;
  const name = pageNames[type];
  if (!name) return verificationWords;
  return {
    title: `${name} test payment page`,
    lead: "Your bank would ask you here. This is the sandbox's bank: choose what you answer.",
    purpose: "Save an account for later",
    yes: "Authorize test payment",
    no: "Fail test payment",
  };
}

function challengePage(intent: Intent, words: Words): HtmlPage {
  const isPayment = intent.amount !== undefined && intent.currency !== undefined;
  const purpose = isPayment
    ? { term: "Amount", text: formatMoney({ amount: intent.amount ?? 0, currency: intent.currency ?? "" }) }
    : { term: "Purpose", text: words.purpose };
  const body = html`<main>
<header>
<span class="bank" aria-hidden="true">TB</span><span>Test Bank</span><span class="badge">Test mode</span>
</header>
<h1>${words.title}</h1>
<p class="lead">${words.lead}</p>
<dl>
<div><dt>Merchant</dt><dd>Test merchant</dd></div>
<div><dt>${purpose.term}</dt><dd class="amount">${purpose.text}</dd></div>
${intent.description ? html`<div><dt>For</dt><dd>${intent.description}</dd></div>` : ""}
</dl>
<form method="post">
<button class="primary" id="test-source-authorize-3ds" name="outcome" value="succeeded">${words.yes}</button>
<button id="test-source-fail-3ds" name="outcome" value="failed">${words.no}</button>
</form>
</main>`;
  return { title: words.title, styles: challengeStyles, script: challengeScript, body, status: 200 };
}

function donePage(status: "succeeded" | "failed" | "pending"): HtmlPage {
  const texts = {
    succeeded: "The authentication is complete.",
    pending: "The payment is being processed.",
    failed: "The authentication was not completed.",
  };
  const body = html`<main data-status="${status}">
<h1>${texts[status]}</h1>
<p class="lead">You can close this window and go back to the shop.</p>
</main>`;
  return { title: texts[status], styles: challengeStyles, script: challengeScript, body, status: 200 };
}

function errorPage(message: string): HtmlPage {
  const title = "This authentication cannot be shown";
  const body = html`<main><h1>${title}</h1><p class="lead" role="alert">${message}</p></main>`;
  return { title, styles: challengeStyles, script: challengeScript, body, status: 400 };
}
