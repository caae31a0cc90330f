// How long the banks take that charges hear of.
import { atOnce, bankingDays, bankWait, minutes, seconds, type Waits } from "../../kernel/timeline/waits.ts";

export const chargeWaits = {
  // SEPA debits. https://docs.stripe.com/payments/sepa-debit: funds after six banking days, a refusal within five; and
  // https://support.stripe.com/questions/sepa-direct-debit-payments: up to fourteen in bad cases. In test mode the
  // accounts called "delayed" answer after three minutes at least, the others "quickly".
  debitTaken: bankWait(
    "a SEPA debit is taken from the account (expected_debit_date)",
    [atOnce, "inferred"],
    [bankingDays(2), "inferred"],
  ),
  debitPaid: bankWait("a SEPA debit is paid", [seconds(2), "inferred"], [bankingDays(6), "documented"]),
  debitRefused: bankWait("a SEPA debit is refused", [seconds(2), "inferred"], [bankingDays(5), "documented"]),
  delayedDebitPaid: bankWait(
    "a SEPA debit of a delayed account is paid",
    [minutes(3), "documented"],
    [bankingDays(14), "documented"],
  ),
  delayedDebitRefused: bankWait(
    "a SEPA debit of a delayed account is refused",
    [minutes(3), "documented"],
    [bankingDays(14), "documented"],
  ),

  // https://docs.stripe.com/payments/ach-direct-debit: four business days until the money or the refusal.
  achPaid: bankWait("an ACH debit is paid", [seconds(2), "inferred"], [bankingDays(4), "documented"]),
  achRefused: bankWait("an ACH debit is refused", [seconds(2), "inferred"], [bankingDays(4), "documented"]),

  // https://docs.stripe.com/payments/acss-debit: five business days; test accounts "with a three-minute delay".
  acssPaid: bankWait("a Canadian debit is paid", [seconds(2), "inferred"], [bankingDays(5), "documented"]),
  acssRefused: bankWait("a Canadian debit is refused", [seconds(2), "inferred"], [bankingDays(5), "documented"]),
  delayedAcssPaid: bankWait(
    "a Canadian debit of a delayed account is paid",
    [minutes(3), "documented"],
    [bankingDays(5), "documented"],
  ),
  delayedAcssRefused: bankWait(
    "a Canadian debit of a delayed account is refused",
    [minutes(3), "documented"],
    [bankingDays(5), "documented"],
  ),

  // The balance transaction of an asynchronous capture follows the charge: within an hour at the latest, says
  // https://docs.stripe.com/payments/payment-intents/asynchronous-capture; after two or three seconds, say logs.
  captureBooked: bankWait(
    "the balance transaction of an asynchronous capture",
    [seconds(2), "recorded"],
    [seconds(2), "recorded"],
  ),
} satisfies Waits;
