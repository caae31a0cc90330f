// READ FIRST. A refund gives back part or all of one charge. https://docs.stripe.com/api/refunds

import type Stripe from "stripe";
import { defineMachine } from "../../kernel/state/machine.ts";
import { defineNoun, type Stored } from "../../kernel/state/noun.ts";
import { common } from "../../kernel/words/errors.table.ts";
import { refusal } from "../../kernel/words/errors.ts";
import { rows } from "./refusals.table.ts";

type Status = "pending" | "requires_action" | "succeeded" | "failed" | "canceled";

export type Refund = Stored<Stripe.Refund, Status>;

export const refunds = defineNoun<Refund>({
  object: "refund",
  prefixes: ["re", "pyr"],
  saysWhatChanged: () => false, // Its events are always sent bare.
  indices: ["charge", "payment_intent", "pending_reason"],
  expandable: {
    balance_transaction: "balance_transaction",
    charge: "charge",
    customer: "customer",
    failure_balance_transaction: "balance_transaction",
    payment_intent: "payment_intent",
    payment_method: "payment_method",
    source_transfer_reversal: null,
    transfer_reversal: null,
  },
});

export const refundMachine = defineMachine(refunds, (refund, action) =>
  action === "cancel"
    ? refusal(rows.refundNotCancelable)
    : refusal(common.moveImpossible, { action, id: refund.id, status: refund.status }),
)({
  create: {
    from: ["new"],
    to: { succeeded: "refund.created", pending: "refund.created", requires_action: "refund.created" },
  },
  settle: { from: ["pending"], to: { succeeded: "refund.updated" } },
  fail: { from: ["pending", "succeeded"], to: { failed: "refund.failed" } },
  // Only methods that ask the payer where to send the money come into `requires_action`; the sandbox has none of them.
  cancel: { from: ["requires_action"], to: { canceled: "refund.updated" } },
  expire: { from: ["requires_action"], to: { failed: "refund.failed" } },
});
