// The checkout page as HTML: a pure function of an order and of what the page may do. No request, no database.
import { html } from "hono/html";
import { formatMoney } from "#kit/money.ts";
import type { Order } from "../../api/index.ts";
import { type SavedMethod, saveConsent, savedChoices } from "./checkout_saved.ts";
import { backButton, failureBox, type Html, layout, testBadge, type View } from "./layout.ts";

export interface PayView extends View {
  readonly order: Order;
  readonly publishableKey: string;
  readonly clientSecret: string;
  readonly stripeJsUrl: string;
  readonly returnUrl: string;
  readonly shopUrl: string | null;
  /** What the order's customer has saved; null where nobody may see it. */
  readonly saved: readonly SavedMethod[] | null;
}

/** The form, or, when the bank is waiting for an answer, the way to the bank. */
export function payPage(view: PayView): Html {
  const { order } = view;
  const total = formatMoney(order.total);
  const isAction = order.status === "action_required";
  const head = html`<script src="${view.stripeJsUrl}"></script>`;
  const body = html`<div class="top">
      <h1>Pay ${total}</h1>
      ${testBadge(view)}
    </div>
    <div
      class="columns"
      id="checkout"
      data-publishable-key="${view.publishableKey}"
      data-client-secret="${view.clientSecret}"
      data-return-url="${view.returnUrl}"
      data-mode="${isAction ? "action" : "form"}"
      data-intent="payment"
    >
      ${summary(order)}
      <section class="panel" aria-labelledby="pay-title">
        <h2 id="pay-title">${isAction ? "Confirm with your bank" : "How to pay"}</h2>
        <noscript>
          <p class="message">This page needs JavaScript: your card goes straight to Stripe, not through the shop.</p>
        </noscript>
        ${failure(order)}
        <form id="form">
          ${
            isAction
              ? html`<p class="message calm">
                  Your bank wants you to confirm this payment. If you cancel there, you can use another card here.
                </p>`
              : html`${savedChoices(view.saved)}
                  <div id="new-method" ${view.saved?.length ? "hidden" : ""}>
                    <div id="payment-element"></div>
                    ${view.saved ? saveConsent() : ""}
                  </div>`
          }
          <button class="button" id="pay" type="submit" disabled>
            <span class="spinner" id="spinner" hidden></span>
            <span id="label">${isAction ? "Continue to your bank" : `Pay ${total}`}</span>
          </button>
        </form>
        <p class="note">
          Your payment details go straight to Stripe over an encrypted connection. The shop never sees them.
        </p>
        ${view.shopUrl ? html`<p class="note"><a href="${view.shopUrl}">Back to the shop</a></p>` : ""}
      </section>
    </div>`;
  return layout(view, { title: `Pay ${total}`, head: head as Html, body: body as Html });
}

function failure(order: Order): Html {
  return failureBox(order.status === "action_required" ? null : order.lastFailure);
}

function summary(order: Order): Html {
  const { currency } = order.total;
  const price = (amount: number) => formatMoney({ amount, currency });
  return html`<section class="panel" aria-labelledby="order-title">
    <h2 id="order-title">Your order</h2>
    <p class="number">Number ${order.id}</p>
    <ul class="lines">
      ${order.lines.map(
        (line) =>
          html`<li>
            <span class="name"
              >${line.description}${
                line.quantity === 1 ? "" : html`<small>${line.quantity} × ${price(line.unitAmount)}</small>`
              }</span
            >
            <span class="amount">${price(line.quantity * line.unitAmount)}</span>
          </li>`,
      )}
    </ul>
    <p class="total"><span>Total</span> <span class="amount">${price(order.total.amount)}</span></p>
    ${
      order.amountRefunded > 0
        ? html`<p class="more"><span>Refunded</span> <span class="amount">${price(order.amountRefunded)}</span></p>`
        : ""
    }
  </section>` as Html;
}

export interface EndView extends View {
  readonly order: Order;
  readonly shopUrl: string | null;
}

/** Paid or authorized: what a payer keeps. Loading it again pays nothing. */
export function receiptPage(view: EndView): Html {
  const { order } = view;
  const isPaid = order.status === "paid";
  const amount = isPaid ? order.amountPaid : order.total.amount;
  const paid = formatMoney({ amount, currency: order.total.currency });
  const body = html`<div class="top">${testBadge(view)}</div>
    <div class="columns">
      <section class="panel" aria-labelledby="receipt-title">
        <div class="seal" aria-hidden="true">✓</div>
        <h1 id="receipt-title">${isPaid ? `Paid ${paid}` : `${paid} reserved`}</h1>
        <p class="note">
          Thank you. ${isPaid ? "Your payment is complete." : heldNote(order)}
        </p>
        <dl class="facts">
          <dt>Order</dt>
          <dd>${order.id}</dd>
          <dt>Date</dt>
          <dd>${dateText(order.paidAt ?? order.createdAt)}</dd>
        </dl>
        ${backButton(view.shopUrl)}
      </section>
      ${summary(order)}
    </div>`;
  return layout(view, { title: isPaid ? `Paid ${paid}` : `${paid} reserved`, body: body as Html });
}

function heldNote({ amountPaid, total }: Order): string {
  if (amountPaid === 0) return "The money is taken when the shop sends your order.";
  const taken = formatMoney({ ...total, amount: amountPaid });
  return `${taken} of it have been taken; the rest is when the shop sends more of your order.`;
}

/** The bank takes its time: the page asks again by itself. */
export function waitingPage(view: EndView & { stateUrl: string }): Html {
  const { order, stateUrl } = view;
  const { status } = order;
  const body = html`<section class="panel single" id="waiting" data-state-url="${stateUrl}" data-status="${status}">
    <div class="seal wait" aria-hidden="true">…</div>
    <h1>Your payment is being processed</h1>
    <p class="note" id="waiting-note" role="status">
      Some banks need a moment, some need days. This page shows the result by itself; you may close it, the payment
      goes on without it. Please do not pay a second time.
    </p>
    <dl class="facts">
      <dt>Order</dt>
      <dd>${order.id}</dd>
      <dt>Amount</dt>
      <dd>${formatMoney(order.total)}</dd>
    </dl>
    ${backButton(view.shopUrl)}
  </section>`;
  return layout(view, { title: "Payment in progress", body: body as Html });
}

function dateText(date: Date): string {
  const format = new Intl.DateTimeFormat("en-GB", { dateStyle: "long", timeStyle: "short", timeZone: "UTC" });
  return `${format.format(date)} UTC`;
}
