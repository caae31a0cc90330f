// Everything that connects the shop to Stripe; its club is connected by club/desk.ts. The rest of the shop does not
// know that Bursar exists.
import { type Billing, type BillingOptions, createBilling, type OrderStatus, type Ports } from "bursar";
import { openDesk } from "./club/desk.ts";
import { currency, type PaymentState, type Shop, type ShopOrder } from "./shop.ts";

export async function connectBilling(shop: Shop, options: BillingOptions, ports?: Ports): Promise<Billing> {
  const billing = await createBilling(options, ports);
  /** Told again and again, an order stays one, and so does who has placed it. */
  const tell = async ({ id, lines, customer: customerId }: ShopOrder) => {
    await billing.customers.ensure({ id: customerId });
    await billing.orders.create({ id, currency, lines, customerId });
  };
  shop.payWith({
    async pay(order, returnUrl) {
      await tell(order);
      // Whoever holds the session's cookie has placed the order: they see the cards that they have saved.
      return (await billing.orders.checkout(order.id, { returnUrl, savedMethods: true })).url;
    },
    async state(order) {
      await tell(order);
      return states[(await billing.orders.settled(order.id)).status];
    },
  });
  billing.on("order.paid", (fact) => void shop.fulfil(fact.data.orderId), { id: "shop.fulfil" });
  shop.openClub(openDesk(billing));
  await billing.start();
  return billing;
}

/** What each of Bursar's means to the shop's customers. */
const states: Readonly<Record<OrderStatus, PaymentState>> = {
  created: "unpaid",
  action_required: "unpaid", // The bank's question was left unanswered; the same payment is gone on with.
  failed: "declined",
  processing: "underway",
  authorized: "underway",
  partially_captured: "underway",
  paid: "paid",
  mispaid: "over", // Somebody looks into it.
  canceled: "over",
};
