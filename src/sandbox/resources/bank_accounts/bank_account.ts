// READ FIRST. A bank account as clients before PaymentMethods keep it on a customer: made from a token, then verified
// by the amounts of two small deposits. The sandbox does not debit it. https://docs.stripe.com/ach-deprecated

import type Stripe from "stripe";
import { defineMachine } from "../../kernel/state/machine.ts";
import { defineNoun, hidden, type Stored } from "../../kernel/state/noun.ts";
import { refusal } from "../../kernel/words/errors.ts";
import { rows } from "./refusals.table.ts";

type Status = "new" | "verification_failed" | "verified";

export type BankAccount = Stored<Omit<Stripe.BankAccount, "deleted">, Status>;

export interface DeletedBankAccount {
  readonly id: string;
  readonly object: "bank_account";
  readonly currency: string;
  readonly deleted: true;
}

export const bankAccounts = defineNoun<BankAccount>({
  object: "bank_account",
  prefixes: ["ba"],
  indices: ["customer"],
  expandable: { customer: "customer" },
  label: "source",
});

export const bankAccountMachine = defineMachine(bankAccounts, ({ status }) =>
  status === "verified" ? refusal(rows.bankAccountVerified) : refusal(rows.bankAccountUnverifiable),
)({
  create: { from: ["new"], to: { new: null, verified: null } },
  verify: { from: ["new"], to: { verified: "customer.source.updated" } },
  /** After ten wrong guesses, or at a bank that took no deposits. */
  fail: { from: ["new"], to: { verification_failed: "customer.source.updated" } },
});

/** What the two deposits have to do with this account: how often they were guessed wrong, and whether they arrived. */
export interface Deposits {
  readonly wrongGuesses: number;
  readonly arrive: boolean;
}

export function depositsOf(account: BankAccount): Deposits {
  return account[hidden] as unknown as Deposits; // Written by create() and by what follows it.
}
