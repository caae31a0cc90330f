// READ FIRST. A payout brings available money to the merchant's bank. Those of the schedule carry all that became
// available and say which movements are in them; those by hand carry an amount; a reversal brings one back.
// https://docs.stripe.com/api/payouts

import type Stripe from "stripe";
import { defineMachine } from "../../kernel/state/machine.ts";
import { defineNoun, type Stored } from "../../kernel/state/noun.ts";
import { refusal } from "../../kernel/words/errors.ts";
import { rows } from "./refusals.table.ts";

type Status = "pending" | "in_transit" | "paid" | "failed" | "canceled";

export type Payout = Stored<Stripe.Payout, Status>;

export const payouts = defineNoun<Payout>({
  object: "payout",
  prefixes: ["po"],
  indices: ["destination"],
  expandable: {
    balance_transaction: "balance_transaction",
    failure_balance_transaction: "balance_transaction",
    original_payout: "payout",
    reversed_by: "payout",
  },
});

export const payoutMachine = defineMachine(payouts, ({ id, status }, action) =>
  action === "cancel" ? refusal(rows.payoutNotCancelable) : refusal(rows.payoutUnmovable, { action, id, status }),
)({
  create: { from: ["new"], to: { pending: "payout.created" } },
  send: { from: ["pending"], to: { in_transit: "payout.updated" } },
  arrive: { from: ["in_transit"], to: { paid: "payout.paid" } },
  /** "Some payouts that fail might initially show as `paid`." */
  fail: { from: ["in_transit", "paid"], to: { failed: "payout.failed" } },
  cancel: { from: ["pending"], to: { canceled: "payout.canceled" } },
  /** The money is asked back; the payout stays what it is. */
  reverse: { from: ["in_transit", "paid"], to: { in_transit: "payout.updated", paid: "payout.updated" } },
});
