// How long payouts are on their way. https://docs.stripe.com/payouts
import { bankingDays, bankWait, days, midnights, minutes, type Waits } from "../../kernel/timeline/waits.ts";

export const payoutWaits = {
  payoutLeaves: bankWait("a payout leaves", [midnights(1), "inferred"], [bankingDays(1), "inferred"]),
  payoutArrives: bankWait("a payout arrives, from then on", [days(1), "inferred"], [bankingDays(1), "documented"]),
  instantPayoutLeaves: bankWait("an instant payout leaves", [minutes(1), "inferred"], [minutes(1), "inferred"]),
  /** "Typically within 30 minutes". */
  instantPayoutArrives: bankWait(
    "an instant payout arrives, from then on",
    [minutes(29), "documented"],
    [minutes(29), "documented"],
  ),
  /** A bank that does not know the account sends the money back, maybe after the payout was called paid. */
  payoutReturns: bankWait(
    "a payout that fails comes back, from then on",
    [days(1), "inferred"],
    [bankingDays(5), "documented"],
  ),
} satisfies Waits;
