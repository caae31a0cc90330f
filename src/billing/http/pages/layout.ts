// What all hosted pages look like: pure functions of what they show. No request, no database.
import { html } from "hono/html";
import { wordsFor } from "./declines.table.ts";

export type Html = ReturnType<typeof html>;

export interface View {
  readonly base: string;
  readonly isTest: boolean;
  readonly version: string;
}

interface Content {
  readonly title: string;
  readonly head?: Html;
  readonly body: Html;
}

export function layout(view: View, { title, head, body }: Content): Html {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="robots" content="noindex" />
        <title>${title}</title>
        <link rel="icon" href="data:," />
        <link rel="stylesheet" href="${view.base}/pay/assets/pages.css?v=${view.version}" />
        ${head ?? ""}
        <script src="${view.base}/pay/assets/checkout.js?v=${view.version}" defer></script>
      </head>
      <body>
        <main>${body}</main>
      </body>
    </html>` as Html;
}

export const testBadge = (view: View) =>
  view.isTest ? html`<span class="badge">Test mode: no real money moves</span>` : "";

/** Why the last attempt failed, in the payer's words; hidden while there is nothing to say. */
export function failureBox(failure: { readonly code: string; readonly declineCode: string | null } | null): Html {
  const words = failure ? wordsFor(failure) : undefined;
  return html`<div class="message" id="message" role="alert" tabindex="-1" ${words ? "" : "hidden"}>
    ${words ? html`<strong>${words.what}</strong>${words.next}` : ""}
  </div>` as Html;
}

export interface Notice {
  readonly title: string;
  readonly text: string;
  readonly shopUrl?: string | null;
  readonly again?: string;
}

/** Everything that ends here: a link that is over, an order that was canceled, a service that does not answer. */
export function noticePage(view: View & Notice): Html {
  const body = html`<section class="panel single">
    <div class="seal no" aria-hidden="true">!</div>
    <h1>${view.title}</h1>
    <p class="note end">${view.text}</p>
    ${view.again ? html`<a class="button" href="${view.again}">Try again</a>` : backButton(view.shopUrl ?? null)}
  </section>`;
  return layout(view, { title: view.title, body: body as Html });
}

export function backButton(shopUrl: string | null): Html | "" {
  return shopUrl ? (html`<a class="button" href="${shopUrl}">Back to the shop</a>` as Html) : "";
}
