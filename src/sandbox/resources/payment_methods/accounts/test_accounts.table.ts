// The American and Canadian test accounts, and what a debit of each comes to once the account is verified.
// https://docs.stripe.com/payments/ach-direct-debit/accept-a-payment#test-account-numbers
// https://docs.stripe.com/payments/acss-debit/accept-a-payment#test-account-numbers

import type { Known } from "../../../kernel/words/evidence.ts";
import type { DebitOutcome } from "./debit_outcome.ts";

export interface TestAccount extends DebitOutcome, Known {
  readonly type: "acss_debit" | "us_bank_account";
  readonly number: string;
  /** `pm_usBankAccount_success`, or null. */
  readonly readyMade: string | null;
  /** Microdeposits arrive on it. */
  readonly takesDeposits: boolean;
}

type Row = readonly [number: string, scenario: string | null, differs?: Partial<TestAccount>];

const ordinary = {
  evidence: "documented",
  failureCode: null,
  isDelayed: false,
  isDisputed: false,
  isSilent: false,
  takesDeposits: true,
} as const;
const fails = (failureCode: string) => ({ failureCode });

const american: readonly Row[] = [
  ["000123456789", "success"],
  ["000111111113", "accountClosed", fails("account_closed")],
  ["000111111116", "noAccount", fails("no_account")],
  ["000222222227", "insufficientFunds", fails("insufficient_funds")],
  ["000333333335", "debitNotAuthorized", fails("debit_not_authorized")],
  ["000444444440", "invalidCurrency", fails("invalid_currency")],
  ["000666666661", "failMicrodeposits", { takesDeposits: false }],
  ["000555555559", "dispute", { isDisputed: true }],
  ["000000000009", "processing", { isSilent: true }],
  ["000777777771", "weeklyLimitExceeded", { ...fails("charge_exceeds_weekly_limit"), evidence: "inferred" }],
  ["000888888885", null, { ...fails("charge_exceeds_transaction_limit"), evidence: "inferred" }],
];

/** Some ready-made ids have no number on Stripe's page: what stands here instead is ours, and nobody can type it. */
const canadian: readonly Row[] = [
  ["000123456789", "success"],
  ["900123456789", null, { isDelayed: true }],
  ["000222222227", "insufficientFunds", fails("insufficient_funds")],
  ["900222222227", null, { ...fails("insufficient_funds"), isDelayed: true }],
  ["000666666661", null, { takesDeposits: false }],
  ["000777777771", null, fails("charge_exceeds_weekly_limit")],
  ["000888888881", null, fails("charge_exceeds_transaction_limit")],
  ["noAccount", "noAccount", fails("no_account")],
  ["accountClosed", "accountClosed", fails("account_closed")],
  ["debitNotAuthorized", "debitNotAuthorized", fails("debit_not_authorized")],
  ["dispute", "dispute", { isDisputed: true }],
];

function accountsOf(type: TestAccount["type"], prefix: string, rows: readonly Row[]): readonly TestAccount[] {
  return rows.map(([number, scenario, differs]) => {
    return { ...ordinary, type, number, readyMade: scenario && prefix + scenario, ...differs };
  });
}

export const testAccountTable: readonly TestAccount[] = [
  ...accountsOf("us_bank_account", "pm_usBankAccount_", american),
  ...accountsOf("acss_debit", "pm_acssDebit_", canadian),
];
