// What Stripe refuses about the balance and its settings.
import { invalid, type Refusals } from "../../kernel/words/refusals.ts";

export const rows = {
  payoutByHand: invalid(
    null,
    "Balance transaction history can only be filtered on automatic transfers, not manual.",
    "recorded",
  ),
  payoutDayInvalid: invalid(null, "Payout days of a month are between 1 and 31.", "documented"),
  delayDaysInvalid: invalid(null, "The delay of {days} days is not between 0 and {max}.", "documented"),
} satisfies Refusals;
