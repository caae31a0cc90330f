// The page on which an invoice is paid, as HTML: a pure function. No request, no database.
import { html } from "hono/html";
import { formatMoney } from "#kit/money.ts";
import type { InvoiceLine } from "../../../api/index.ts";
import type { PageInvoice } from "../../core.ts";
import type { Html } from "../layout.ts";
import {
  dateText,
  type EndView,
  type FormView,
  facts,
  formPage,
  paymentElement,
  paymentWaits,
  receipt,
  type SummaryLine,
  summaryOf,
  waitPage,
} from "./frame.ts";

type Shown = PageInvoice["invoice"];

/** The form, or, when the bank is waiting for an answer, the way to the bank. */
export function invoiceFormPage(view: FormView & { readonly invoice: Shown }): Html {
  const { invoice } = view;
  const due = dueOf(invoice);
  return formPage(view, {
    title: `Pay ${due}`,
    intent: "payment",
    isAction: invoice.attempt?.status === "requires_action",
    about: summary(invoice),
    heading: "How to pay",
    asked: "Your bank wants you to confirm this payment. If you cancel there, you can use another card here.",
    failure: invoice.attempt?.failure ?? null,
    fields: html`${paymentElement()}${isFirst(invoice) ? kept : ""}` as Html,
    button: `Pay ${due}`,
  });
}

/** A subscription begins with it: Stripe keeps what pays it. */
function isFirst({ billingReason, collectionMethod }: Shown): boolean {
  return billingReason === "subscription_create" && collectionMethod === "charge_automatically";
}

const kept = html`<p class="note end">What you pay with is kept with Stripe, and pays the renewals too.</p>`;

function dueOf({ amounts, currency }: Shown): string {
  return formatMoney({ amount: amounts.remaining, currency });
}

function summary(invoice: Shown): Html {
  const { amounts, currency } = invoice;
  const price = (amount: number) => formatMoney({ amount, currency });
  const isMore = amounts.remaining !== amounts.total;
  return summaryOf({
    title: "Your invoice",
    number: invoice.number ?? invoice.id,
    lines: [...invoice.lines.map(lineOf), ...sumsOf(invoice)],
    total: price(amounts.total),
    more: isMore ? [["To pay", price(amounts.remaining)]] : [],
  });
}

/** A unit may cost parts of a minor unit, which only Stripe's own page writes out. */
function lineOf({ description, quantity, amount, currency }: InvoiceLine): SummaryLine {
  const text = description ?? "Item";
  const note = quantity === null || quantity === 1 ? "" : `Quantity ${quantity}`;
  return { text, note, amount: formatMoney({ amount, currency }) };
}

function sumsOf({ amounts, currency }: Shown): readonly SummaryLine[] {
  const row = (text: string, amount: number) =>
    amount === 0 ? [] : [{ text, note: "", amount: formatMoney({ amount, currency }) }];
  return [...row("Discount", -amounts.discount), ...row("Shipping", amounts.shipping), ...row("Tax", amounts.tax)];
}

export function invoiceReceiptPage(view: EndView & { readonly invoice: Shown }): Html {
  const { invoice } = view;
  const paid = formatMoney({ amount: invoice.amounts.total, currency: invoice.currency });
  return receipt(view, {
    title: `Paid ${paid}`,
    note: "Your invoice is settled.",
    facts: facts([
      ["Invoice", invoice.number ?? invoice.id],
      ["Date", dateText(invoice.paidAt ?? invoice.createdAt)],
    ]),
    about: summary(invoice),
  });
}

/** The bank takes its time. */
export function invoiceWaitingPage(view: EndView & { readonly invoice: Shown; readonly stateUrl: string }): Html {
  const { invoice, stateUrl } = view;
  return waitPage(view, {
    ...paymentWaits,
    status: "processing",
    stateUrl,
    facts: facts([
      ["Invoice", invoice.number ?? invoice.id],
      ["Amount", dueOf(invoice)],
    ]),
  });
}
