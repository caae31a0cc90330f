// The page on which a card or an account is saved, as HTML: a pure function. No request, no database. The mandate of a
// debit is shown by the Payment Element itself, once an account is chosen.
// https://docs.stripe.com/payments/sepa-debit/set-up-payment
import { html } from "hono/html";
import type { PageSetup } from "../../core.ts";
import { backButton, type Html, layout, testBadge } from "../layout.ts";
import { type EndView, type FormView, formPage, paymentElement, waitPage } from "./frame.ts";

export type SetupFormView = Omit<FormView, "clientSecret"> & { readonly setup: PageSetup };

/** The form, or, when the bank is waiting for an answer, the way to the bank. */
export function setupFormPage({ setup, ...view }: SetupFormView): Html {
  return formPage(
    { ...view, clientSecret: setup.clientSecret },
    {
      title: "Save a way to pay",
      intent: "setup",
      isAction: setup.status === "action_required",
      about: promise(),
      heading: "Your card or account",
      asked:
        "Your bank wants you to confirm that this card is yours. If you cancel there, you can use another card here.",
      failure: setup.failure,
      fields: paymentElement(),
      button: "Save",
    },
  );
}

function promise(): Html {
  return html`<section class="panel" aria-labelledby="promise-title">
    <h2 id="promise-title">Nothing is charged now</h2>
    <p>The shop keeps this card or account with Stripe, and charges it later for what you have agreed to there.</p>
    <p class="note">Your bank may ask you to confirm that it is yours.</p>
  </section>` as Html;
}

/** Loading it again saves nothing more. */
export function savedPage(view: EndView): Html {
  const body = html`<section class="panel single">
    <div class="top">${testBadge(view)}</div>
    <div class="seal" aria-hidden="true">✓</div>
    <h1>Saved</h1>
    <p class="note end">The shop can charge it from now on, for what you have agreed to there. Nothing was charged.</p>
    ${backButton(view.shopUrl)}
  </section>`;
  return layout(view, { title: "Saved", body: body as Html });
}

/** The bank takes its time. */
export function setupWaitingPage({ stateUrl, ...view }: EndView & { readonly stateUrl: string }): Html {
  const heading = "Your bank is being asked";
  const note = "This page shows the result by itself; you may close it, all goes on without it.";
  return waitPage(view, { title: heading, heading, note, status: "processing", stateUrl });
}
