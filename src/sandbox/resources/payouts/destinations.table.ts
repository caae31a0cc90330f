// Where payouts go. A real account's bank accounts are kept in the Dashboard; here every account has one that works and
// one for each failure that Stripe's test numbers stand for, named after it: `destination=ba_account_closed`.
// https://docs.stripe.com/connect/testing#account-numbers and https://docs.stripe.com/api/payouts/failures

export interface PayoutFailure {
  readonly code: string;
  readonly message: string;
}

/** By the id of the destination; the first words are Stripe's numbers, the rest its list of failure codes. */
export const failingDestinations: Readonly<Record<string, PayoutFailure>> = {
  ba_no_account: {
    code: "no_account",
    message:
      "Your bank account details on file are probably incorrect. No bank account could be located with those details.",
  },
  ba_account_closed: { code: "account_closed", message: "The bank account has been closed." },
  ba_insufficient_funds: {
    code: "insufficient_funds",
    message: "Your Stripe account has insufficient funds to cover the payout.",
  },
  ba_debit_not_authorized: {
    code: "debit_not_authorized",
    message:
      "Debit transactions are not approved on your bank account. Stripe requires bank accounts to be set up for both " +
      "credit and debit payouts.",
  },
  ba_invalid_currency: {
    code: "invalid_currency",
    message:
      "The bank was unable to process this payout because of its currency. This is probably because the bank account " +
      "cannot accept payments in that currency.",
  },
};
