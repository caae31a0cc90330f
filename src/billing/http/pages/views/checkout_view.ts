// The checkout page as HTML: a pure function of an order and of what the page may do. No request, no database.
import { html } from "hono/html";
import { formatMoney } from "#kit/money.ts";
import type { Order } from "../../../api/index.ts";
import type { Html } from "../layout.ts";
import { type SavedMethod, saveConsent, savedChoices } from "./checkout_saved.ts";
import {
  dateText,
  type EndView,
  type FormView,
  facts,
  formPage,
  paymentWaits,
  receipt,
  summaryOf,
  waitPage,
} from "./frame.ts";

interface OrderView extends EndView {
  readonly order: Order;
}

export interface PayView extends FormView {
  readonly order: Order;
  /** What the order's customer has saved; null where nobody may see it. */
  readonly saved: readonly SavedMethod[] | null;
}

/** The form, or, when the bank is waiting for an answer, the way to the bank. */
export function payPage(view: PayView): Html {
  const { order, saved } = view;
  const total = formatMoney(order.total);
  const fields = html`${savedChoices(saved)}
    <div id="new-method" ${saved?.length ? "hidden" : ""}>
      <div id="payment-element"></div>
      ${saved ? saveConsent() : ""}
    </div>` as Html;
  return formPage(view, {
    title: `Pay ${total}`,
    intent: "payment",
    isAction: order.status === "action_required",
    about: summary(order),
    heading: "How to pay",
    asked: "Your bank wants you to confirm this payment. If you cancel there, you can use another card here.",
    failure: order.lastFailure,
    fields,
    button: `Pay ${total}`,
  });
}

function summary(order: Order): Html {
  const { currency } = order.total;
  const price = (amount: number) => formatMoney({ amount, currency });
  return summaryOf({
    title: "Your order",
    number: order.id,
    lines: order.lines.map(({ description: text, quantity, unitAmount }) => ({
      text,
      note: quantity === 1 ? "" : `${quantity} × ${price(unitAmount)}`,
      amount: price(quantity * unitAmount),
    })),
    total: price(order.total.amount),
    more: order.amountRefunded > 0 ? [["Refunded", price(order.amountRefunded)]] : [],
  });
}

/** Paid or authorized. */
export function receiptPage(view: OrderView): Html {
  const { order } = view;
  const isPaid = order.status === "paid";
  const amount = isPaid ? order.amountPaid : order.total.amount;
  const paid = formatMoney({ amount, currency: order.total.currency });
  return receipt(view, {
    title: isPaid ? `Paid ${paid}` : `${paid} reserved`,
    note: isPaid ? "Your payment is complete." : heldNote(order),
    facts: facts([
      ["Order", order.id],
      ["Date", dateText(order.paidAt ?? order.createdAt)],
    ]),
    about: summary(order),
  });
}

function heldNote({ amountPaid, total }: Order): string {
  if (amountPaid === 0) return "The money is taken when the shop sends your order.";
  const taken = formatMoney({ ...total, amount: amountPaid });
  return `${taken} of it have been taken; the rest is when the shop sends more of your order.`;
}

/** The bank takes its time. */
export function waitingPage(view: OrderView & { stateUrl: string }): Html {
  const { order, stateUrl } = view;
  return waitPage(view, {
    ...paymentWaits,
    status: order.status,
    stateUrl,
    facts: facts([
      ["Order", order.id],
      ["Amount", formatMoney(order.total)],
    ]),
  });
}
