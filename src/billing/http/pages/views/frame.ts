// What the hosted pages have in common: the form in which Stripe.js asks, the end, and the wait for a bank. Each is a
// pure function of what it shows.
import { html } from "hono/html";
import { backButton, failureBox, type Html, layout, testBadge, type View } from "../layout.ts";

export interface EndView extends View {
  readonly shopUrl: string | null;
}

/** What Stripe.js is given. */
export interface FormView extends EndView {
  readonly publishableKey: string;
  readonly clientSecret: string;
  readonly stripeJsUrl: string;
  readonly returnUrl: string;
}

interface Form {
  readonly title: string;
  readonly intent: "payment" | "setup";
  /** The bank is waiting for an answer: the way there takes the place of the fields. */
  readonly isAction: boolean;
  /** Beside the form: what it is about. */
  readonly about: Html;
  readonly heading: string;
  /** What the bank wants. */
  readonly asked: string;
  readonly failure: { readonly code: string; readonly declineCode: string | null } | null;
  readonly fields: Html;
  readonly button: string;
}

export function formPage(view: FormView, form: Form): Html {
  const { title, isAction } = form;
  const head = html`<script src="${view.stripeJsUrl}"></script>`;
  const body = html`<div class="top">
      <h1>${title}</h1>
      ${testBadge(view)}
    </div>
    <div
      class="columns"
      id="checkout"
      data-publishable-key="${view.publishableKey}"
      data-client-secret="${view.clientSecret}"
      data-return-url="${view.returnUrl}"
      data-mode="${isAction ? "action" : "form"}"
      data-intent="${form.intent}"
    >
      ${form.about}
      <section class="panel" aria-labelledby="form-title">
        <h2 id="form-title">${isAction ? "Confirm with your bank" : form.heading}</h2>
        <noscript>
          <p class="message">This page needs JavaScript: your card goes straight to Stripe, not through the shop.</p>
        </noscript>
        ${failureBox(isAction ? null : form.failure)}
        <form id="form">
          ${isAction ? html`<p class="message calm">${form.asked}</p>` : form.fields}
          <button class="button" id="pay" type="submit" disabled>
            <span class="spinner" id="spinner" hidden></span>
            <span id="label">${isAction ? "Continue to your bank" : form.button}</span>
          </button>
        </form>
        <p class="note">
          Your payment details go straight to Stripe over an encrypted connection. The shop never sees them.
        </p>
        ${view.shopUrl ? html`<p class="note"><a href="${view.shopUrl}">Back to the shop</a></p>` : ""}
      </section>
    </div>`;
  return layout(view, { title, head: head as Html, body: body as Html });
}

/** The fields of a form that asks for nothing but a way to pay. */
export const paymentElement = () => html`<div id="payment-element"></div>` as Html;

interface Waiting {
  readonly title: string;
  readonly heading: string;
  readonly note: string;
  readonly status: string;
  readonly stateUrl: string;
  readonly facts?: Html;
}

/** The bank takes its time: the page asks again by itself. */
export function waitPage(view: EndView, waiting: Waiting): Html {
  const { stateUrl, status } = waiting;
  const body = html`<section class="panel single" id="waiting" data-state-url="${stateUrl}" data-status="${status}">
    <div class="seal wait" aria-hidden="true">…</div>
    <h1>${waiting.heading}</h1>
    <p class="note" id="waiting-note" role="status">
      Some banks need a moment, some need days. ${waiting.note}
    </p>
    ${waiting.facts ?? ""} ${backButton(view.shopUrl)}
  </section>`;
  return layout(view, { title: waiting.title, body: body as Html });
}

export const paymentWaits = {
  title: "Payment in progress",
  heading: "Your payment is being processed",
  note:
    "This page shows the result by itself; you may close it, the payment goes on without it. Please do not pay a " +
    "second time.",
} as const;

interface Paid {
  readonly title: string;
  readonly note: string;
  readonly facts: Html;
  readonly about: Html;
}

/** What a payer keeps. Loading it again pays nothing. */
export function receipt(view: EndView, { title, note, facts, about }: Paid): Html {
  const body = html`<div class="top">${testBadge(view)}</div>
    <div class="columns">
      <section class="panel" aria-labelledby="receipt-title">
        <div class="seal" aria-hidden="true">✓</div>
        <h1 id="receipt-title">${title}</h1>
        <p class="note">Thank you. ${note}</p>
        ${facts} ${backButton(view.shopUrl)}
      </section>
      ${about}
    </div>`;
  return layout(view, { title, body: body as Html });
}

/** Names and values, below each other. */
export function facts(rows: readonly (readonly [name: string, value: string])[]): Html {
  return html`<dl class="facts">
    ${rows.map(
      ([name, value]) =>
        html`<dt>${name}</dt>
          <dd>${value}</dd> `,
    )}
  </dl>` as Html;
}

export interface SummaryLine {
  readonly text: string;
  /** `2 × 12.50 EUR`, where there is more than one. */
  readonly note: string;
  readonly amount: string;
}

interface Summary {
  readonly title: string;
  readonly number: string;
  readonly lines: readonly SummaryLine[];
  readonly total: string;
  /** Below the total. */
  readonly more: readonly (readonly [name: string, amount: string])[];
}

export function summaryOf({ title, number, lines, total, more }: Summary): Html {
  return html`<section class="panel" aria-labelledby="summary-title">
    <h2 id="summary-title">${title}</h2>
    <p class="number">Number ${number}</p>
    <ul class="lines">
      ${lines.map(
        ({ text, note, amount }) =>
          html`<li>
            <span class="name">${text}${note === "" ? "" : html`<small>${note}</small>`}</span>
            <span class="amount">${amount}</span>
          </li>`,
      )}
    </ul>
    <p class="total"><span>Total</span> <span class="amount">${total}</span></p>
    ${more.map(
      ([name, amount]) => html`<p class="more"><span>${name}</span> <span class="amount">${amount}</span></p>`,
    )}
  </section>` as Html;
}

export function dateText(date: Date): string {
  const format = new Intl.DateTimeFormat("en-GB", { dateStyle: "long", timeStyle: "short", timeZone: "UTC" });
  return `${format.format(date)} UTC`;
}
