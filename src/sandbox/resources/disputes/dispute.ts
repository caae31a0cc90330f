// READ FIRST. A dispute is the payer's bank asking about a charge (an inquiry: `warning_…`) or taking the money back
// (a chargeback). The merchant sends evidence or gives in; the bank decides. https://docs.stripe.com/disputes

import type Stripe from "stripe";
import { defineMachine } from "../../kernel/state/machine.ts";
import { defineNoun, isUpdate, type Stored } from "../../kernel/state/noun.ts";
import { refusal } from "../../kernel/words/errors.ts";
import type { BalanceTransaction } from "../balance_transactions/index.ts";
import { rows } from "./refusals.table.ts";

export type DisputeStatus =
  | "warning_needs_response"
  | "warning_under_review"
  | "warning_closed"
  | "needs_response"
  | "under_review"
  | "won"
  | "lost";

export type Dispute = Omit<Stored<Stripe.Dispute, DisputeStatus>, "balance_transactions"> & {
  readonly balance_transactions: readonly BalanceTransaction[];
};

export const disputes = defineNoun<Dispute>({
  object: "dispute",
  prefixes: ["du", "dp"],
  indices: ["charge", "payment_intent"],
  saysWhatChanged: (event) => isUpdate(event) || event === "charge.dispute.closed", // Recorded.
  expandable: { charge: "charge", payment_intent: "payment_intent" },
});

const open = ["needs_response", "warning_needs_response"] as const;

export const disputeMachine = defineMachine(disputes, ({ id, status }, action) =>
  ["won", "lost", "warning_closed"].includes(status)
    ? refusal(rows.disputeClosed)
    : refusal(rows.disputeSubmitted, { action, id, status }),
)({
  create: {
    from: ["new"],
    to: { needs_response: "charge.dispute.created", warning_needs_response: "charge.dispute.created" },
  },
  /** Evidence that is kept and not sent yet. */
  stage: {
    from: open,
    to: { needs_response: "charge.dispute.updated", warning_needs_response: "charge.dispute.updated" },
  },
  submit: {
    from: open,
    to: { under_review: "charge.dispute.updated", warning_under_review: "charge.dispute.updated" },
  },
  /** The bank is not satisfied with an inquiry's answer and takes the money. */
  escalate: { from: ["warning_under_review"], to: { needs_response: "charge.dispute.updated" } },
  decide: {
    from: ["under_review", "warning_under_review"],
    to: {
      won: "charge.dispute.closed",
      lost: "charge.dispute.closed",
      warning_closed: "charge.dispute.closed",
    },
  },
  /** The merchant gives in, or lets the time for an answer pass. */
  close: { from: open, to: { lost: "charge.dispute.closed", warning_closed: "charge.dispute.closed" } },
  expire: { from: open, to: { lost: "charge.dispute.closed", warning_closed: "charge.dispute.closed" } },
});

export function isInquiry(dispute: Dispute): boolean {
  return dispute.status.startsWith("warning_");
}
