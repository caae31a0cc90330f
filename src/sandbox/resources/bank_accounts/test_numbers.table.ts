// American account numbers of test mode, with any routing number of nine digits (110000000 in the documentation), and
// Stripe's ready-made tokens of verified ones. https://docs.stripe.com/testing#ach-direct-debit
import type { Known } from "../../kernel/words/evidence.ts";

interface TestNumber extends Known {
  readonly takesDeposits: boolean;
}

interface ReadyMade extends Known {
  readonly number: string;
}

const ordinary: TestNumber = { takesDeposits: true, evidence: "documented" };

export const testNumbers: ReadonlyMap<string, TestNumber> = new Map([
  ["000123456789", ordinary],
  ["000111111113", ordinary],
  ["000000004954", ordinary],
  ["000111111116", ordinary],
  ["000222222227", ordinary],
  ["000333333335", ordinary],
  ["000444444440", ordinary],
  ["000666666661", { ...ordinary, takesDeposits: false }],
  ["000555555559", ordinary],
  ["000000000009", ordinary],
  ["000777777771", ordinary],
  ["000888888885", ordinary],
]);

const verified = (number: string): ReadyMade => ({ number, evidence: "documented" });

export const readyMadeTokens: ReadonlyMap<string, ReadyMade> = new Map([
  ["btok_us_verified", verified("000123456789")],
  ["btok_us_verified_noAccount", verified("000111111116")],
  ["btok_us_verified_accountClosed", verified("000111111113")],
  ["btok_us_verified_insufficientFunds", verified("000222222227")],
  ["btok_us_verified_debitNotAuthorized", verified("000333333335")],
  ["btok_us_verified_invalidCurrency", verified("000444444440")],
]);
