// How long money is held.
import { bankingDays, bankWait, midnights, type Waits } from "../../kernel/timeline/waits.ts";

export const moneyWaits = {
  /** Until money of a charge is available, where `delay_days_override` does not say. An American account's. */
  moneyMatures: bankWait(
    "money of a charge becomes available",
    [midnights(7), "recorded"],
    [bankingDays(2), "documented"],
  ),
} satisfies Waits;
