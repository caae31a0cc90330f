// Reviews: payments that a human at the shop shall look at. The folder's only door.
import { list } from "../../kernel/answer/lists.ts";
import { on } from "../../kernel/state/reactions.ts";
import { defineResource } from "../../kernel/state/resource.ts";
import type { Unit } from "../../kernel/state/unit.ts";
import { mustRead, read } from "../../kernel/state/writes.ts";
import { type Charge, chargeMachine, charges, isReleased } from "../charges/index.ts";
import { disputeMachine } from "../disputes/index.ts";
import { rows } from "./refusals.table.ts";
import { approveReview, expectReview, openReview, type Review, reviews, settleReview } from "./review.ts";

export type { Review } from "./review.ts";

const path = "/v1/reviews";

export const reviewResource = defineResource<Review>({
  noun: reviews,
  refusals: rows,
  jobs: {
    openReview: { run: openReview, says: "is put under review" },
  },
  reactions: [
    on(chargeMachine, "create", (unit, _before, charge) => expectReview(unit, charge)),
    on(chargeMachine, "expire", settleReleased),
    on(chargeMachine, "give_back", settleReleased),
    on(chargeMachine, "let_go", settleReleased),
    on(chargeMachine, "refund", (unit, _before, charge) => {
      const isFraud = charge.fraud_details?.user_report === "fraudulent";
      settleReview(unit, charge, isFraud ? "refunded_as_fraud" : "refunded");
    }),
    on(disputeMachine, "create", (unit, _before, { charge }) => {
      settleReview(unit, read(unit, charges, charge), "disputed");
    }),
  ],
  routes: [
    {
      method: "GET",
      path,
      run: (unit, params) => list(unit, reviews, params, { url: path, where: ({ open }) => open }),
    },
    { method: "GET", path: `${path}/:id`, run: (unit, _params, id) => mustRead(unit, reviews, id, "review") },
    { method: "POST", path: `${path}/:id/approve`, run: approveReview },
  ],
});

/** A part that is not captured leaves the question open. */
function settleReleased(unit: Unit, _before: Charge, charge: Charge): void {
  if (isReleased(charge)) settleReview(unit, charge, charge.refunded ? "refunded" : "canceled");
}
