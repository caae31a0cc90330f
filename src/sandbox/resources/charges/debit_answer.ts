// When the bank of a debited account answers.
import type { BankWait } from "../../kernel/timeline/waits.ts";
import { debitOutcome, type PaymentMethod } from "../payment_methods/index.ts";
import { chargeWaits } from "./waits.table.ts";

/** Which wait it is until the bank of a debited account answers; null for one that never does. */
export function debitAnswer(method: PaymentMethod): BankWait | null {
  const { failureCode, isDelayed, isSilent } = debitOutcome(method);
  if (isSilent) return null;
  const { paid, refused, delayedPaid, delayedRefused } = debitWaits(method.type);
  if (isDelayed) return failureCode ? delayedRefused : delayedPaid;
  return failureCode ? refused : paid;
}

/** Those of one type of bank account. */
function debitWaits(type: string): Readonly<Record<"paid" | "refused" | "delayedPaid" | "delayedRefused", BankWait>> {
  const { achPaid, achRefused, acssPaid, acssRefused, delayedAcssPaid, delayedAcssRefused } = chargeWaits;
  const { debitPaid, debitRefused, delayedDebitPaid, delayedDebitRefused } = chargeWaits;
  switch (type) {
    case "us_bank_account":
      return { paid: achPaid, refused: achRefused, delayedPaid: achPaid, delayedRefused: achRefused };
    case "acss_debit":
      return { paid: acssPaid, refused: acssRefused, delayedPaid: delayedAcssPaid, delayedRefused: delayedAcssRefused };
    default:
      return {
        paid: debitPaid,
        refused: debitRefused,
        delayedPaid: delayedDebitPaid,
        delayedRefused: delayedDebitRefused,
      };
  }
}
