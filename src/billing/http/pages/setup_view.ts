// The page on which a card or an account is saved, as HTML: a pure function. No request, no database. The mandate of a
// debit is shown by the Payment Element itself, once an account is chosen.
// https://docs.stripe.com/payments/sepa-debit/set-up-payment
import { html } from "hono/html";
import type { PageSetup } from "../core.ts";
import { backButton, failureBox, type Html, layout, testBadge, type View } from "./layout.ts";

interface SetupView extends View {
  readonly shopUrl: string | null;
}

export interface SetupFormView extends SetupView {
  readonly setup: PageSetup;
  readonly publishableKey: string;
  readonly stripeJsUrl: string;
  readonly returnUrl: string;
}

/** The form, or, when the bank is waiting for an answer, the way to the bank. */
export function setupFormPage(view: SetupFormView): Html {
  const { setup } = view;
  const isAction = setup.status === "action_required";
  const head = html`<script src="${view.stripeJsUrl}"></script>`;
  const body = html`<div class="top">
      <h1>Save a way to pay</h1>
      ${testBadge(view)}
    </div>
    <div
      class="columns"
      id="checkout"
      data-publishable-key="${view.publishableKey}"
      data-client-secret="${setup.clientSecret}"
      data-return-url="${view.returnUrl}"
      data-mode="${isAction ? "action" : "form"}"
      data-intent="setup"
    >
      ${promise()}
      <section class="panel" aria-labelledby="save-title">
        <h2 id="save-title">${isAction ? "Confirm with your bank" : "Your card or account"}</h2>
        <noscript>
          <p class="message">This page needs JavaScript: your card goes straight to Stripe, not through the shop.</p>
        </noscript>
        ${failureBox(isAction ? null : setup.failure)}
        <form id="form">
          ${
            isAction
              ? html`<p class="message calm">
                  Your bank wants you to confirm that this is yours. If you cancel there, you can choose something else
                  here.
                </p>`
              : html`<div id="payment-element"></div>`
          }
          <button class="button" id="pay" type="submit" disabled>
            <span class="spinner" id="spinner" hidden></span>
            <span id="label">${isAction ? "Continue to your bank" : "Save"}</span>
          </button>
        </form>
        <p class="note">
          Your payment details go straight to Stripe over an encrypted connection. The shop never sees them.
        </p>
        ${view.shopUrl ? html`<p class="note"><a href="${view.shopUrl}">Back to the shop</a></p>` : ""}
      </section>
    </div>`;
  return layout(view, { title: "Save a way to pay", head: head as Html, body: body as Html });
}

function promise(): Html {
  return html`<section class="panel" aria-labelledby="promise-title">
    <h2 id="promise-title">Nothing is charged now</h2>
    <p>The shop keeps this card or account with Stripe, and charges it later for what you have agreed to there.</p>
    <p class="note">Your bank may ask you to confirm that it is yours.</p>
  </section>` as Html;
}

/** Loading it again saves nothing more. */
export function savedPage(view: SetupView): Html {
  const body = html`<section class="panel single">
    <div class="top">${testBadge(view)}</div>
    <div class="seal" aria-hidden="true">✓</div>
    <h1>Saved</h1>
    <p class="note end">The shop can charge it from now on, for what you have agreed to there. Nothing was charged.</p>
    ${backButton(view.shopUrl)}
  </section>`;
  return layout(view, { title: "Saved", body: body as Html });
}

/** The bank takes its time: the page asks again by itself. */
export function setupWaitingPage(view: SetupView & { readonly stateUrl: string }): Html {
  const { stateUrl } = view;
  const body = html`<section class="panel single" id="waiting" data-state-url="${stateUrl}" data-status="processing">
    <div class="seal wait" aria-hidden="true">…</div>
    <h1>Your bank is being asked</h1>
    <p class="note" id="waiting-note" role="status">
      Some banks need a moment, some need days. This page shows the result by itself; you may close it, all goes on
      without it.
    </p>
    ${backButton(view.shopUrl)}
  </section>`;
  return layout(view, { title: "Your bank is being asked", body: body as Html });
}
