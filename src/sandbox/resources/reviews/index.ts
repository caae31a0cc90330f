import { list } from "../../kernel/answer/lists.ts";
import { defineResource } from "../../kernel/state/resource.ts";
import type { Unit } from "../../kernel/state/unit.ts";
import { mustRead, read } from "../../kernel/state/writes.ts";
import { type Charge, charges, isReleased } from "../charges/index.ts";
import type { Dispute } from "../disputes/index.ts";
import { approveReview, expectReview, openReview, type Review, reviews, settleReview } from "./review.ts";

export { type Review, reviews } from "./review.ts";

const path = "/v1/reviews";

export const reviewResource = defineResource<Review>({
  noun: reviews,
  jobs: { openReview },
  // Each action moves objects of one kind only.
  reactions: {
    "charge.create": (unit, _before, after) => expectReview(unit, after as Charge),
    "charge.expire": (unit, _before, after) => settleReleased(unit, after as Charge),
    "charge.give_back": (unit, _before, after) => settleReleased(unit, after as Charge),
    "charge.let_go": (unit, _before, after) => settleReleased(unit, after as Charge),
    "charge.refund": (unit, _before, after) => {
      const charge = after as Charge;
      const isFraud = charge.fraud_details?.user_report === "fraudulent";
      settleReview(unit, charge, isFraud ? "refunded_as_fraud" : "refunded");
    },
    "dispute.create": (unit, _before, after) => {
      settleReview(unit, read(unit, charges, (after as unknown as Dispute).charge), "disputed");
    },
  },
  routes: [
    { method: "GET", path, run: (unit, params) => list(unit, reviews, params, path, {}, ({ open }) => open) },
    { method: "GET", path: `${path}/:id`, run: (unit, _params, id) => mustRead(unit, reviews, id, "review") },
    { method: "POST", path: `${path}/:id/approve`, run: approveReview },
  ],
});

/** A part that is not captured leaves the question open. */
function settleReleased(unit: Unit, charge: Charge): void {
  if (isReleased(charge)) settleReview(unit, charge, charge.refunded ? "refunded" : "canceled");
}
