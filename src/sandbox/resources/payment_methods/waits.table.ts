// How long it takes to prove that a bank account is one's own.
import { bankingDays, bankWait, days, seconds, type Waits } from "../../kernel/timeline/waits.ts";

export const methodWaits = {
  // https://docs.stripe.com/payments/ach-direct-debit/accept-a-payment: one to two business days to arrive, ten days to
  // be told.
  depositsFail: bankWait(
    "microdeposits come back, from an account that takes none",
    [seconds(2), "inferred"],
    [bankingDays(2), "inferred"],
  ),
  depositsLapse: bankWait(
    "microdeposits that nobody has told of end",
    [days(10), "documented"],
    [days(10), "documented"],
  ),
} satisfies Waits;
