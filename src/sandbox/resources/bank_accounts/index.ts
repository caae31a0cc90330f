// Bank accounts of customers, verified by two small deposits. The folder's only door.
import { defineResource } from "../../kernel/state/resource.ts";
import { type BankAccount, bankAccountMachine, bankAccounts } from "./bank_account.ts";
import { bankAccountDefaults } from "./defaults.table.ts";
import { rows } from "./refusals.table.ts";
import { readyMadeTokens, testNumbers } from "./test_numbers.table.ts";

export {
  adoptBankAccount,
  createBankAccount,
  deleteBankAccount,
  isBankAccountSent,
  readyMadeBankAccount,
  updateBankAccount,
  verifyBankAccount,
} from "./actions.ts";
export { type BankAccount, bankAccounts, type DeletedBankAccount } from "./bank_account.ts";

/** Bank accounts have no address of their own: they are reached through their customer and through tokens. */
export const bankAccountResource = defineResource<BankAccount>({
  noun: bankAccounts,
  machine: bankAccountMachine,
  defaults: bankAccountDefaults,
  refusals: rows,
  testData: { ...Object.fromEntries(testNumbers), ...Object.fromEntries(readyMadeTokens) },
  routes: [],
});
