// How long refunds are on their way. https://docs.stripe.com/refunds
import { bankingDays, bankWait, days, minutes, type Waits } from "../../kernel/timeline/waits.ts";

export const refundWaits = {
  /** To a bank account, "three to four business days". */
  bankRefundArrives: bankWait(
    "a refund to a bank account succeeds",
    [minutes(1), "inferred"],
    [bankingDays(4), "documented"],
  ),
  /** Of the card whose refunds stay pending. */
  pendingRefundArrives: bankWait(
    "a pending refund to a card succeeds",
    [minutes(1), "inferred"],
    [bankingDays(5), "inferred"],
  ),
  /** Of the card whose refunds fail late: up to thirty days. */
  refundFails: bankWait("a refund fails that had succeeded", [minutes(1), "inferred"], [days(30), "documented"]),
} satisfies Waits;
