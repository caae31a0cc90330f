// What Stripe refuses about payouts.
import { invalid, type Refusals, withParam } from "../../kernel/words/refusals.ts";

export const rows = {
  balanceInsufficient: invalid(
    "balance_insufficient",
    "You have insufficient available funds in your Stripe account. Try adding funds directly to your available " +
      "balance by creating Charges using the 4000000000000077 test card. See: " +
      "https://stripe.com/docs/testing#available-balance",
    "observed",
  ),
  // In the tests of stripe.net and of LocalStack's extension, both against Stripe.
  payoutNotCancelable: invalid(null, "Payouts can only be canceled while they are pending.", "observed"),
  payoutAutomatic: invalid(null, "Automatic payouts cannot be canceled.", "memory"),
  // The rule is documented, the words are ours.
  payoutNotWhole: withParam(
    "amount",
    invalid(
      "invalid_charge_amount",
      "Invalid amount. Currency {currency} is paid out without decimals, so the amount must be evenly divisible by " +
        "100. See https://stripe.com/docs/currencies#special-cases for more information.",
      "declarations",
    ),
  ),
  payoutReversed: invalid(null, "The payout {id} is reversed already, by {reversal}.", "memory"),
  payoutIrreversible: invalid(null, "The payout {id} can't be reversed: it is a debit or an Instant Payout.", "docs"),
  payoutReversalTooLate: invalid(
    null,
    "The payout {id} can't be reversed: it was expected to arrive more than 90 days ago.",
    "docs",
  ),
  payoutUnmovable: invalid(null, "You cannot {action} the payout {id} because it is {status}.", "memory"),
} satisfies Refusals;
