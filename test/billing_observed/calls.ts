// The calls that most plays consist of, and the lines that they compare.
import type { Call, Shown, Step } from "./play.ts";

export const day = 86_400;

export interface Priced {
  readonly interval?: "day" | "week" | "month" | "year";
  readonly every?: number;
  /** How a unit is called. */
  readonly label?: string;
  /** What the product is called. */
  readonly name?: string;
  /** More of the form. */
  readonly form?: string;
}

/** A price of a product of its own, called Plan: monthly, if nothing is said. */
export function price(as: string, amount: number | null, priced: Priced = {}): Call {
  const { interval = "month", every = 1, label, name = "Plan", form = "" } = priced;
  const product = `product_data[name]=${name}${label ? `&product_data[unit_label]=${label}` : ""}`;
  const recurring = `recurring[interval]=${interval}&recurring[interval_count]=${every}`;
  const costs = amount === null ? "" : `&unit_amount=${amount}`;
  return { call: "POST /v1/prices", form: `currency=usd&${product}&${recurring}${costs}${form}`, as };
}

/** `subscribe("plan")`, `subscribe(["one", "two"], "trial_period_days=14")`: one of each price. */
export function subscribe(prices: string | readonly string[], form = "", shows: Shown = {}): Call {
  const items = [prices].flat().map((name, at) => `&items[${at}][price]={${name}.id}`);
  const asked = `customer={customer}${items.join("")}${form && `&${form}`}`;
  return { call: "POST /v1/subscriptions", form: asked, as: "subscription", shows };
}

/** Of the subscription. */
export function update(form: string, shows: Shown = {}): Call {
  return { call: "POST /v1/subscriptions/{subscription.id}", form, as: "subscription", shows };
}

/** Its first item becomes this. */
export function change(form: string, shows: Shown = {}): Call {
  return update(`items[0][id]={subscription.items.data.0.id}&items[0]${form}`, shows);
}

/** The subscription as it is now. */
export function subscription(shows: Shown): Call {
  return { call: "GET /v1/subscriptions/{subscription.id}", as: "subscription", shows };
}

/** The newest invoice of the subscription. */
export function invoice(shows: Shown): readonly Step[] {
  return [subscription({}), { call: "GET /v1/invoices/{subscription.latest_invoice}", as: "invoice", shows }];
}

/** What waits for the customer, newest first. */
export function waiting(...lines: readonly Shown[]): Call {
  return { call: "GET /v1/invoiceitems", form: "pending=true&customer={customer}", shows: { data: lines } };
}

export function balance(amount: number): Call {
  return { call: "GET /v1/customers/{customer}", shows: { balance: amount } };
}

/** What a line says: its amount, its text, its period in Stripe's seconds. */
export function line(amount: number, description: string | null, period?: Period, more: Shown = {}): Shown {
  return { amount, description, ...(period && { period: { start: period[0], end: period[1] } }), ...more };
}

export type Period = readonly [start: number, end: number];

export function lines(...data: readonly Shown[]): Shown {
  return { data };
}
