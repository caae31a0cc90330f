// READ FIRST. Every movement of money on the account: `net = amount - fee`, pending until `available_on`.
// https://docs.stripe.com/api/balance_transactions

import type Stripe from "stripe";
import { defineMachine } from "../../kernel/state/machine.ts";
import { defineNoun, type Stored } from "../../kernel/state/noun.ts";
import { common } from "../../kernel/words/errors.table.ts";
import { refusal } from "../../kernel/words/errors.ts";

export type BalanceTransaction = Stored<Stripe.BalanceTransaction, "pending" | "available">;

export const balanceTransactions = defineNoun<BalanceTransaction>({
  object: "balance_transaction",
  prefixes: ["txn"],
  indices: ["source", "type", "available_on"],
  expandable: { source: null },
  label: "balance transaction",
});

export const balanceTransactionMachine = defineMachine(balanceTransactions, ({ id, status }, action) =>
  refusal(common.moveImpossible, { action, id, status }),
)({
  create: { from: ["new"], to: { pending: null, available: null } },
  mature: { from: ["pending"], to: { available: null } },
});
