// Everything that connects the shop to Stripe. The rest of the shop does not know that Bursar exists.
import { type Billing, type BillingOptions, createBilling, type Ports } from "bursar";
import { currency, type Shop } from "./shop.ts";

export async function connectBilling(shop: Shop, options: BillingOptions, ports?: Ports): Promise<Billing> {
  const billing = await createBilling(options, ports);
  shop.payWith(async (order, returnUrl) => {
    await billing.orders.create({ id: order.id, currency, lines: order.lines });
    return (await billing.orders.checkout(order.id, { returnUrl })).url;
  });
  billing.on("order.paid", (fact) => void shop.fulfil(fact.data.orderId), { id: "shop.fulfil" });
  await billing.start();
  return billing;
}
