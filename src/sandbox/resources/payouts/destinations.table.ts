// Where payouts go. A real account's bank accounts are kept in the Dashboard; here every account has one that works and
// one for each failure that Stripe's test numbers stand for, named after it: `destination=ba_account_closed`.
// https://docs.stripe.com/connect/testing#account-numbers and https://docs.stripe.com/api/payouts/failures

import type { Known } from "../../kernel/words/evidence.ts";

interface PayoutFailure extends Known {
  readonly code: string;
  readonly message: string;
}

const failing = (code: string, message: string): PayoutFailure => ({ code, message, evidence: "documented" });

/** By the id of the destination; the first words are Stripe's numbers, the rest its list of failure codes. */
export const failingDestinations: Readonly<Record<string, PayoutFailure>> = {
  ba_no_account: failing(
    "no_account",
    "Your bank account details on file are probably incorrect. No bank account could be located with those details.",
  ),
  ba_account_closed: failing("account_closed", "The bank account has been closed."),
  ba_insufficient_funds: failing(
    "insufficient_funds",
    "Your Stripe account has insufficient funds to cover the payout.",
  ),
  ba_debit_not_authorized: failing(
    "debit_not_authorized",
    "Debit transactions are not approved on your bank account. Stripe requires bank accounts to be set up for both " +
      "credit and debit payouts.",
  ),
  ba_invalid_currency: failing(
    "invalid_currency",
    "The bank was unable to process this payout because of its currency. This is probably because the bank account " +
      "cannot accept payments in that currency.",
  ),
};
