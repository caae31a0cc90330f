// READ FIRST. A card as clients before PaymentMethods know it: `card_…`, made from a token, kept on a customer. Each
// is the older view of a payment method that carries the same id, so the two ways of paying meet. It has no machine.
// https://docs.stripe.com/api/cards
import type Stripe from "stripe";
import { defineNoun, type Stored } from "../../kernel/state/noun.ts";
import { cardOf, checkedBy, type PaymentMethod } from "../payment_methods/index.ts";

export type Card = Stored<Omit<Stripe.Card, "deleted">> & Undeclared;

/** What every version answers, though no SDK says so: seen in answers of 2025 and 2026. */
interface Undeclared {
  readonly email: null;
  readonly phone: null;
  readonly wallet: null;
}

export interface DeletedCard {
  readonly id: string;
  readonly object: "card";
  readonly deleted: true;
}

export const cards = defineNoun<Card>({
  object: "card",
  prefixes: ["card"],
  indices: ["customer"],
  expandable: { customer: "customer" },
  label: "source",
});

/** What stays as it was sent, whatever becomes of the method. */
type Kept = Partial<Pick<Card, "dynamic_last4" | "last4" | "metadata" | "tokenization_method">>;

/** The older view of a payment method. The checks are filled once the bank has looked at it. */
export function viewOf(method: PaymentMethod, kept: Kept = {}): Card {
  const { address, name } = method.billing_details;
  const card = cardOf(method);
  const checks = method.customer === null ? undefined : checkedBy(method, card);
  return {
    id: method.id,
    object: "card",
    address_city: address?.city ?? null,
    address_country: address?.country ?? null,
    address_line1: address?.line1 ?? null,
    address_line1_check: checks?.address_line1_check ?? method.card?.checks?.address_line1_check ?? null,
    address_line2: address?.line2 ?? null,
    address_state: address?.state ?? null,
    address_zip: address?.postal_code ?? null,
    address_zip_check: checks?.address_postal_code_check ?? method.card?.checks?.address_postal_code_check ?? null,
    allow_redisplay: "unspecified",
    brand: brandNames[card.brand] ?? "Unknown",
    country: card.country,
    customer: method.customer,
    cvc_check: checks?.cvc_check ?? method.card?.checks?.cvc_check ?? null,
    dynamic_last4: kept.dynamic_last4 ?? null,
    email: null,
    exp_month: method.card?.exp_month ?? 0,
    exp_year: method.card?.exp_year ?? 0,
    fingerprint: method.card?.fingerprint ?? null,
    funding: card.funding,
    last4: kept.last4 ?? card.number.slice(-4),
    metadata: kept.metadata ?? {},
    name,
    networks: { preferred: null },
    phone: null,
    regulated_status: "unregulated",
    tokenization_method: kept.tokenization_method ?? null,
    wallet: null,
  };
}

const brandNames: Readonly<Record<string, string>> = {
  amex: "American Express",
  diners: "Diners Club",
  discover: "Discover",
  jcb: "JCB",
  mastercard: "MasterCard",
  unionpay: "UnionPay",
  visa: "Visa",
};
