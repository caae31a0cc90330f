// What Stripe refuses about payouts.
import { invalid, type Refusals, withParam } from "../../kernel/words/refusals.ts";

export const rows = {
  balanceInsufficient: invalid(
    "balance_insufficient",
    "You have insufficient funds in your Stripe account for this transfer. Your card balance is too low.  You can use " +
      "the /v1/balance endpoint to view your Stripe balance (for more details, see stripe.com/docs/api#balance).",
    "recorded",
  ),
  payoutTooLargeForInstant: invalid(
    null,
    "Instant Payouts to bank accounts are only supported for amounts less than or equal to {limit}",
    "recorded",
  ),
  // In the tests of stripe.net and of LocalStack's extension, both against Stripe.
  payoutNotCancelable: invalid(null, "Payouts can only be canceled while they are pending.", "recorded"),
  payoutAutomatic: invalid(null, "Automatic payouts cannot be canceled.", "inferred"),
  // The rule is documented, the words are ours.
  payoutNotWhole: withParam(
    "amount",
    invalid(
      "invalid_charge_amount",
      "Invalid amount. Currency {currency} is paid out without decimals, so the amount must be evenly divisible by " +
        "100. See https://stripe.com/docs/currencies#special-cases for more information.",
      "declared",
    ),
  ),
  payoutReversed: invalid(null, "The payout {id} is reversed already, by {reversal}.", "inferred"),
  payoutIrreversible: invalid(
    null,
    "The payout {id} can't be reversed: it is a debit or an Instant Payout.",
    "documented",
  ),
  payoutReversalTooLate: invalid(
    null,
    "The payout {id} can't be reversed: it was expected to arrive more than 90 days ago.",
    "documented",
  ),
  payoutUnmovable: invalid(null, "You cannot {action} the payout {id} because it is {status}.", "inferred"),
} satisfies Refusals;
