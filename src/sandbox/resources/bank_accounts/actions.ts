// Only Stripe's own test numbers are taken, as in test mode, and no number is kept: a fingerprint and four digits are.

import { emit } from "../../kernel/state/emit.ts";
import { begin, move } from "../../kernel/state/machine.ts";
import { hidden } from "../../kernel/state/noun.ts";
import type { Params } from "../../kernel/state/resource.ts";
import type { Unit } from "../../kernel/state/unit.ts";
import { among, change, erase } from "../../kernel/state/writes.ts";
import { missingParameter, refusal } from "../../kernel/words/errors.ts";
import { mergeMetadata } from "../../kernel/words/metadata.ts";
import { hash, text, textOrNull } from "../../kernel/words/params.ts";
import { findTestIban, fingerprintOf, methodRefusals } from "../payment_methods/index.ts";
import {
  type BankAccount,
  bankAccountMachine,
  bankAccounts,
  type DeletedBankAccount,
  depositsOf,
} from "./bank_account.ts";
import { bankAccountDefaults } from "./defaults.table.ts";
import { rows } from "./refusals.table.ts";
import { readyMadeTokens, testNumbers } from "./test_numbers.table.ts";

/** `bank_account[…]` of a token, or of `source` with `object=bank_account`. `at` names it in refusals. */
export function createBankAccount(unit: Unit, sent: Params, at: string): BankAccount {
  const country = text(sent, "country");
  const number = text(sent, "account_number")?.replace(/\s/g, "").toUpperCase();
  if (!country) throw missingParameter(`${at}[country]`);
  if (!number) throw missingParameter(`${at}[account_number]`);
  const routing = checkedRouting(country, text(sent, "routing_number"), at);
  const iban = routing === null ? findTestIban(number) : undefined;
  if (routing === null ? iban?.country !== country : !testNumbers.has(number)) {
    throw refusal(
      routing === null ? methodRefusals.ibanInvalid : rows.accountNumberInvalid,
      {},
      { param: `${at}[account_number]` },
    );
  }
  return born(unit, sent, { country, number, routing, status: "new" });
}

/** `btok_us_verified`, whose deposits have been guessed already. */
export function readyMadeBankAccount(unit: Unit, token: string): BankAccount | undefined {
  const account = readyMadeTokens.get(token);
  return account && born(unit, {}, { country: "US", number: account.number, routing: "110000000", status: "verified" });
}

interface Found {
  readonly country: string;
  readonly number: string;
  readonly routing: string | null;
  readonly status: "new" | "verified";
}

function born(unit: Unit, sent: Params, { country, number, routing, status }: Found): BankAccount {
  return begin(unit, bankAccountMachine, "create", status, (status) => ({
    id: unit.world.ids.after("ba_1", 23),
    object: "bank_account",
    account_holder_name: text(sent, "account_holder_name") ?? null,
    account_holder_type: text(sent, "account_holder_type") ?? null,
    account_type: text(sent, "account_type") ?? null,
    bank_name: "STRIPE TEST BANK",
    country,
    currency: text(sent, "currency") ?? (routing === null ? "eur" : "usd"),
    customer: null,
    fingerprint: fingerprintOf(unit, `${routing ?? ""}${number}`),
    last4: number.slice(-4),
    metadata: { ...mergeMetadata({}, sent.metadata) },
    routing_number: routing,
    status,
    [hidden]: { wrongGuesses: 0, arrive: testNumbers.get(number)?.takesDeposits ?? true },
  }));
}

/** Null where an IBAN says all. */
function checkedRouting(country: string, sent: string | undefined, at: string): string | null {
  if (country !== "US") {
    if (sent !== undefined) throw refusal(rows.bankCountryNotPlayed, { country }, { param: `${at}[country]` });
    return null;
  }
  if (sent === undefined) throw missingParameter(`${at}[routing_number]`);
  if (/^\d{9}$/.test(sent)) return sent;
  throw refusal(rows.routingNumberInvalid, {}, { param: `${at}[routing_number]` });
}

/** A customer has each account once. */
export function adoptBankAccount(unit: Unit, account: BankAccount, customer: string): BankAccount {
  const others = among(unit, bankAccounts, "customer", customer);
  if (others.some(({ fingerprint }) => fingerprint === account.fingerprint)) throw refusal(rows.bankAccountExists);
  const adopted = change(unit, bankAccounts, account, { customer }, null);
  emit(unit, "customer.source.created", adopted);
  return adopted;
}

export function updateBankAccount(unit: Unit, params: Params, account: BankAccount): BankAccount {
  const name = textOrNull(params, "account_holder_name");
  const changes = {
    account_holder_name: name === undefined ? account.account_holder_name : name,
    account_holder_type: text(params, "account_holder_type") ?? account.account_holder_type,
    metadata: { ...mergeMetadata(account.metadata ?? {}, params.metadata) },
  };
  return change(unit, bankAccounts, account, changes, "customer.source.updated");
}

export function deleteBankAccount(unit: Unit, account: BankAccount): DeletedBankAccount {
  erase(unit, bankAccounts, account, "customer.source.deleted");
  return { id: account.id, object: "bank_account", currency: account.currency, deleted: true };
}

/** The amounts of the two deposits, in either order. A wrong guess is kept, although it is refused. */
export function verifyBankAccount(unit: Unit, params: Params, account: BankAccount): BankAccount {
  const amounts = params.amounts;
  if (!Array.isArray(amounts)) throw missingParameter("amounts");
  const { arrive, wrongGuesses } = depositsOf(account);
  const isRight =
    [...(amounts as number[])].sort((a, b) => a - b).join() === bankAccountDefaults.depositAmounts.value.join();
  if (account.status !== "new" || (isRight && arrive)) {
    return move(unit, bankAccountMachine, account, "verify", "verified", {});
  }
  const guessed = { [hidden]: { arrive, wrongGuesses: wrongGuesses + 1 } };
  if (arrive && wrongGuesses + 1 < bankAccountDefaults.wrongGuesses.value)
    change(unit, bankAccounts, account, guessed, null);
  else move(unit, bankAccountMachine, account, "fail", "verification_failed", guessed);
  throw refusal(rows.depositsWrong, {}, { keep: true });
}

/** `source[object]=bank_account`. */
export function isBankAccountSent(sent: unknown): sent is Params {
  return typeof sent === "object" && sent !== null && text(hash({ sent }, "sent") ?? {}, "object") === "bank_account";
}
