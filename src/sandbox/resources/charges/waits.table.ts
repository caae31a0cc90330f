// How long the banks take that charges hear of.
import { atOnce, bankingDays, bankWait, minutes, seconds, type Waits } from "../../kernel/timeline/waits.ts";

export const chargeWaits = {
  // SEPA debits. https://docs.stripe.com/payments/sepa-debit: funds after six banking days, a refusal within five; and
  // https://support.stripe.com/questions/sepa-direct-debit-payments: up to fourteen in bad cases. In test mode the
  // accounts called "delayed" answer after three minutes at least, the others "quickly".
  debitTaken: bankWait(
    "a SEPA debit is taken from the account (expected_debit_date)",
    [atOnce, "ours"],
    [bankingDays(2), "ours"],
  ),
  debitPaid: bankWait("a SEPA debit is paid", [seconds(2), "ours"], [bankingDays(6), "docs"]),
  debitRefused: bankWait("a SEPA debit is refused", [seconds(2), "ours"], [bankingDays(5), "docs"]),
  delayedDebitPaid: bankWait(
    "a SEPA debit of a delayed account is paid",
    [minutes(3), "docs"],
    [bankingDays(14), "docs"],
  ),
  delayedDebitRefused: bankWait(
    "a SEPA debit of a delayed account is refused",
    [minutes(3), "docs"],
    [bankingDays(14), "docs"],
  ),

  // The balance transaction of an asynchronous capture follows the charge: within an hour at the latest, says
  // https://docs.stripe.com/payments/payment-intents/asynchronous-capture; after two or three seconds, say logs.
  captureBooked: bankWait(
    "the balance transaction of an asynchronous capture",
    [seconds(2), "seen"],
    [seconds(2), "seen"],
  ),
} satisfies Waits;
