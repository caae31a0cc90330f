// The hosted checkout page of an order.
import type { Order } from "../../api/index.ts";
import type { PageSession } from "../links.ts";
import { type Notice, noticePage } from "./layout.ts";
import { formOf, type HostedPage, type Pages, stateUrlOf } from "./page.ts";
import { payableWith } from "./views/checkout_saved.ts";
import { payPage, receiptPage, waitingPage } from "./views/checkout_view.ts";

export const checkoutPage: HostedPage = {
  async show(pages, c, session) {
    const order = await currentOrder(pages, session.subject);
    const shopUrl = session.returnUrl;
    const end = { ...pages.view, order, shopUrl };
    switch (order.status) {
      case "paid":
      case "authorized":
      case "partially_captured":
        return c.html(receiptPage(end));
      case "processing":
        return c.html(waitingPage({ ...end, stateUrl: stateUrlOf(pages, session) }));
      case "canceled":
      case "mispaid":
        return c.html(noticePage({ ...pages.view, ...overNotice(order), shopUrl }));
      default: {
        const clientSecret = await clientSecretOf(pages, order.id);
        const saved = await savedMethodsOf(pages, session, order);
        return c.html(payPage({ ...end, ...formOf(pages, session), clientSecret, saved }));
      }
    }
  },
  async isDone(pages, { subject }) {
    const { status } = await pages.api.orders.settled(subject);
    return status === "paid" || status === "authorized" || status === "partially_captured";
  },
  status: async (pages, { subject }) => (await pages.api.orders.get(subject)).status,
};

/** Only where the host has said so when it made the link; null: nobody's are shown, and none is saved. */
async function savedMethodsOf({ api }: Pages, { savedMethods }: PageSession, order: Order) {
  if (!savedMethods || order.customerId === null) return null;
  return payableWith(await api.methods.list(order.customerId), order);
}

function overNotice({ status, amountPaid }: Order): Notice {
  if (status === "mispaid") {
    const text = "Please do not pay again: the shop has been told, and decides what becomes of your payment.";
    return { title: "Your payment is not what this order costs", text };
  }
  const text = amountPaid > 0 ? "What you paid goes back to you by itself." : "Nothing was charged.";
  return { title: "This order was canceled", text: `It cannot be paid any more. ${text}` };
}

/** An order that once met Stripe is asked for there: after a reload the webhook may still be on its way. */
async function currentOrder(pages: Pages, orderId: string): Promise<Order> {
  const order = await pages.api.orders.get(orderId);
  const isOver = order.status === "paid" || order.status === "canceled";
  return isOver || order.stripe.paymentIntentId === null ? order : pages.api.orders.settled(orderId);
}

async function clientSecretOf(pages: Pages, orderId: string): Promise<string> {
  const made = pages.core.paymentSecret
    ? await pages.core.paymentSecret(orderId)
    : await pages.api.orders.checkout(orderId);
  return made.clientSecret;
}
