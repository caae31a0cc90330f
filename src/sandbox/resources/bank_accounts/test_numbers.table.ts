// American account numbers of test mode, with any routing number of nine digits (110000000 in the documentation), and
// Stripe's ready-made tokens of verified ones. https://docs.stripe.com/testing#ach-direct-debit

export interface TestNumber {
  readonly takesDeposits: boolean;
}

const ordinary: TestNumber = { takesDeposits: true };

export const testNumbers: ReadonlyMap<string, TestNumber> = new Map([
  ["000123456789", ordinary],
  ["000111111113", ordinary],
  ["000000004954", ordinary],
  ["000111111116", ordinary],
  ["000222222227", ordinary],
  ["000333333335", ordinary],
  ["000444444440", ordinary],
  ["000666666661", { takesDeposits: false }],
  ["000555555559", ordinary],
  ["000000000009", ordinary],
  ["000777777771", ordinary],
  ["000888888885", ordinary],
]);

export const readyMadeTokens: ReadonlyMap<string, string> = new Map([
  ["btok_us_verified", "000123456789"],
  ["btok_us_verified_noAccount", "000111111116"],
  ["btok_us_verified_accountClosed", "000111111113"],
  ["btok_us_verified_insufficientFunds", "000222222227"],
  ["btok_us_verified_debitNotAuthorized", "000333333335"],
  ["btok_us_verified_invalidCurrency", "000444444440"],
]);

/** Cents, in ascending order. */
export const depositAmounts: readonly number[] = [32, 45];

/** "There is a limit of 10 failed verification attempts." https://docs.stripe.com/ach-deprecated */
export const wrongGuessesMax = 10;
