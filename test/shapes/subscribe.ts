// Subscriptions on the way to real bodies, and what they are billed.
import type { Making } from "./shape.ts";

/** Its own method, not its customer's. */
export const asked = "&default_payment_method=";

/** What a program that knows Stripe's objects wants to see of one at once. */
export const expanded = [
  "default_payment_method",
  "discounts",
  "latest_invoice.confirmation_secret",
  "latest_invoice.payments",
  "latest_invoice.total_discount_amounts.discount",
  "pending_setup_intent",
  "schedule",
]
  .map((path) => `&expand[]=${path}`)
  .join("");

interface Subscriber {
  /** None is attached where it is null. */
  readonly card?: string | null;
  readonly email?: string;
  /** What else the customer says of themselves. */
  readonly customer?: string;
  readonly product?: string;
  readonly price?: string;
}

export const named: Subscriber = { customer: "&name=Ada", product: "&unit_label=user", price: "&nickname=Small" };

/** A customer, with a card or without one, who pays ten dollars a month. */
export function subscribed(form = "", subscriber: Subscriber = {}): Making {
  const {
    card = "pm_card_visa",
    email = "a@example.com",
    customer: saying = "",
    product: sold = "",
    price: terms = "",
  } = subscriber;
  return async ({ call }) => {
    const { id: customer } = await call("POST", "/v1/customers", `email=${email}${saying}`);
    const method = card && (await call("POST", `/v1/payment_methods/${card}/attach`, `customer=${customer}`)).id;
    const { id: product } = await call("POST", "/v1/products", `name=Example monthly${sold}`);
    const priced = `product=${product}&currency=usd&unit_amount=1000&recurring[interval]=month${terms}`;
    const { id: price } = await call("POST", "/v1/prices", priced);
    const pays = method === null ? "" : `invoice_settings[default_payment_method]=${method}`;
    await call("POST", `/v1/customers/${customer}`, pays);
    const own = form === asked ? `${form}${method}` : form;
    return call("POST", "/v1/subscriptions", `customer=${customer}&items[0][price]=${price}${own}`);
  };
}

/** With a coupon of ten percent. */
export function discounted(form = ""): Making {
  return async (maker) => {
    await maker.call("POST", "/v1/coupons", "id=10OFF&name=10%25+Off&percent_off=10&duration=forever");
    return subscribed(`&discounts[0][coupon]=10OFF${form}`, named)(maker);
  };
}

/** The same after one call more. */
export function then(making: Making, method: "POST" | "DELETE", end = "", form = ""): Making {
  return async (maker) => {
    const { id } = await making(maker);
    return maker.call(method, `/v1/subscriptions/${id}${end}`, form);
  };
}

/** Its newest invoice. */
export function invoiceOf(making: Making, form = ""): Making {
  return async (maker) => {
    const { latest_invoice: id } = await making(maker);
    return maker.call("GET", `/v1/invoices/${id}`, form);
  };
}
