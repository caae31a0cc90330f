// READ FIRST. Somebody at the merchant has to look at a payment of elevated risk. A review is open until it is
// approved, or until a refund or a dispute settles the matter. https://docs.stripe.com/api/radar/reviews

import type Stripe from "stripe";
import { defineNoun, type Stored } from "../../kernel/state/noun.ts";
import type { Params } from "../../kernel/state/resource.ts";
import type { Unit } from "../../kernel/state/unit.ts";
import { add, change, mustRead, read } from "../../kernel/state/writes.ts";
import { inWorld, later } from "../../kernel/time/later.ts";
import { refusal } from "../../kernel/words/errors.ts";
import { type Charge, charges } from "../charges/index.ts";
import { paymentIntents } from "../payment_intents/index.ts";
import { rows } from "./refusals.table.ts";

export type Review = Stored<Stripe.Review>;
type ClosedReason = NonNullable<Review["closed_reason"]>;

export const reviews = defineNoun<Review>({
  object: "review",
  prefixes: ["prv"],
  expandable: { charge: "charge", payment_intent: "payment_intent" },
});

/** The default rule asks for a review of elevated risk. */
export function expectReview(unit: Unit, charge: Charge): void {
  if (charge.status !== "succeeded" || charge.outcome?.risk_level !== "elevated") return;
  later(inWorld(unit), 0, openReview, charge.id);
}

export function approveReview(unit: Unit, _params: Params, id: string): Review {
  const review = mustRead(unit, reviews, id, "review");
  if (!review.open) throw refusal(rows.reviewClosed, { id });
  return close(unit, review, "approved");
}

/** What happened to the charge has answered the question. */
export function settleReview(unit: Unit, charge: Charge | undefined, reason: ClosedReason): void {
  const review = charge?.review ? read(unit, reviews, charge.review) : undefined;
  if (review?.open) close(unit, review, reason);
}

function close(unit: Unit, review: Review, reason: ClosedReason): Review {
  return change(unit, reviews, review, { closed_reason: reason, open: false, reason }, "review.closed");
}

export function openReview(unit: Unit, id: string): void {
  const charge = read(unit, charges, id);
  if (!charge) return;
  const review: Review = {
    id: unit.world.ids.after("prv_1", 23),
    object: "review",
    billing_zip: charge.billing_details.address?.postal_code ?? null,
    charge: id,
    closed_reason: null,
    created: unit.created,
    ip_address: null,
    ip_address_location: null,
    livemode: false,
    open: true,
    opened_reason: "rule",
    ...(charge.payment_intent ? { payment_intent: charge.payment_intent } : {}),
    reason: "rule",
    session: null,
  };
  add(unit, reviews, review, "review.opened");
  change(unit, charges, charge, { review: review.id }, null);
  const intent = charge.payment_intent ? read(unit, paymentIntents, charge.payment_intent) : undefined;
  if (intent) change(unit, paymentIntents, intent, { review: review.id }, null);
}
