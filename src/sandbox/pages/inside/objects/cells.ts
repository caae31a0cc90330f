// How one object is told from another in a list.
import { formatMoney } from "#kit/money.ts";
import type { StripeObject } from "../../../kernel/state/noun.ts";
import { badge, type Html, timeHtml } from "../layout.ts";

const summaryLengthMax = 80;

export function statusBadge(object: StripeObject): Html | string {
  return "status" in object && typeof object.status === "string" ? badge(object.status) : "";
}

export function createdHtml(object: StripeObject): Html | string {
  const created = createdOf(object);
  return created > 0 ? timeHtml(created * 1000) : "";
}

/** In seconds; 0 for what does not say it. */
export function createdOf(object: StripeObject): number {
  return "created" in object && typeof object.created === "number" ? object.created : 0;
}

/** By what a person knows it again: its amount, its card, its name. */
export function summaryOf(object: StripeObject): string {
  const { amount, currency, ...named } = object as StripeObject & Readonly<Record<string, unknown>>;
  const money = typeof amount === "number" && typeof currency === "string" ? formatMoney({ amount, currency }) : "";
  const { card = named.card } = (named.payment_method_details ?? {}) as { card?: unknown };
  const names = [named.name, named.email, named.url, named.description, card ? "" : named.type];
  const name = names.find((one) => typeof one === "string" && one !== "");
  const parts = [money, cardText(card), name ?? ""].filter((part) => part !== "");
  return parts.join(" · ").slice(0, summaryLengthMax);
}

function cardText(card: unknown): string {
  const { brand, last4 } = (card ?? {}) as { brand?: unknown; last4?: unknown };
  return typeof last4 === "string" ? `${brand} ${last4}` : "";
}
