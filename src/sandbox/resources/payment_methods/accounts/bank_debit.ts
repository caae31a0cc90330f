// American and Canadian bank accounts: what of one has to be said, how it looks, and what a debit of it comes to. It is
// debited only after its owner has proved that it is theirs; of Stripe's ready-made ones that is done.
// https://docs.stripe.com/payments/ach-direct-debit, https://docs.stripe.com/payments/acss-debit

import assert from "node:assert/strict";
import type { Params } from "../../../kernel/state/resource.ts";
import type { Unit } from "../../../kernel/state/unit.ts";
import { missingParameter, notPlayed, refusal } from "../../../kernel/words/errors.ts";
import { hash, text } from "../../../kernel/words/params.ts";
import {
  fingerprintOf,
  type MethodDraft,
  memoryOf,
  type PaymentMethod,
  remember,
  shapeWith,
} from "../payment_method.ts";
import { rows } from "../refusals.table.ts";
import { readyMadeDetails, sepaOutcome } from "../sepa_debit.ts";
import type { DebitOutcome } from "./debit_outcome.ts";
import { type TestAccount, testAccountTable } from "./test_accounts.table.ts";

type AccountType = TestAccount["type"];

/** `us_bank_account` or `acss_debit` with the particulars that a mandate needs. */
export function accountShape(
  unit: Unit,
  params: Params,
  { common, nested, type }: { common: MethodDraft; nested: (name: string) => string; type: AccountType },
): PaymentMethod {
  const sent = hash(params, type);
  if (!sent) throw missingParameter(nested(type));
  const { name, email } = common.billingDetails;
  if (!name) throw missingParameter(`${nested("billing_details")}[name]`);
  if (type === "acss_debit" && !email) throw missingParameter(`${nested("billing_details")}[email]`);
  if (text(sent, "financial_connections_account")) {
    throw notPlayed("Financial Connections", `${nested(type)}[financial_connections_account]`);
  }
  const needed = (field: string): string => {
    const value = text(sent, field);
    if (value === undefined) throw missingParameter(`${nested(type)}[${field}]`);
    return value;
  };
  const account = testAccountTable.find((row) => row.type === type && row.number === needed("account_number"));
  if (!account) throw refusal(rows.accountNotForTests, {}, { param: `${nested(type)}[account_number]` });
  const places = type === "us_bank_account" ? ["routing_number"] : ["institution_number", "transit_number"];
  for (const place of places) {
    if (!bankPlaces[place]?.test(needed(place)))
      throw refusal(rows.bankUnknown, { field: place }, { param: `${nested(type)}[${place}]` });
  }
  if (type === "us_bank_account") needed("account_holder_type");
  return shapeOf(unit, common, account, { sent, isVerified: false });
}

/** The only bank of test mode. Canadian delays have a branch of their own. */
const bankPlaces: Readonly<Record<string, RegExp>> = {
  routing_number: /^110000000$/,
  institution_number: /^000$/,
  transit_number: /^1100[09]$/,
};

/** `pm_usBankAccount_success` and its likes, verified; undefined for any other id. */
export function readyMadeAccount(unit: Unit, id: string): PaymentMethod | undefined {
  const account = testAccountTable.find(({ readyMade }) => id === readyMade);
  return account && shapeOf(unit, readyMadeDetails("US"), account, { sent: {}, isVerified: true });
}

interface Told {
  readonly sent: Params;
  readonly isVerified: boolean;
}

function shapeOf(unit: Unit, draft: MethodDraft, account: TestAccount, { sent, isVerified }: Told): PaymentMethod {
  const { number, type } = account;
  const known = {
    bank_name: "STRIPE TEST BANK",
    fingerprint: fingerprintOf(unit, `${type}|${number}`),
    last4: /^\d+$/.test(number) ? number.slice(-4) : "6789",
  };
  const block = type === "acss_debit" ? canadianBlock(sent) : americanBlock(sent);
  return shapeWith(unit, draft, { account: number, isVerified }, { type, [type]: { ...known, ...block } });
}

function americanBlock(sent: Params): object {
  return {
    account_holder_type: text(sent, "account_holder_type") ?? "individual",
    account_type: text(sent, "account_type") ?? "checking",
    financial_connections_account: null,
    networks: { preferred: "ach", supported: ["ach"] },
    routing_number: text(sent, "routing_number") ?? "110000000",
    status_details: {},
  };
}

function canadianBlock(sent: Params): object {
  return {
    institution_number: text(sent, "institution_number") ?? "000",
    transit_number: text(sent, "transit_number") ?? "11000",
  };
}

/** Whether its owner has still to prove that it is theirs. */
export function isUnverified(method: PaymentMethod): boolean {
  return testAccountOf(method) !== undefined && memoryOf(method).isVerified !== true;
}

export function markVerified(unit: Unit, method: PaymentMethod): PaymentMethod {
  return isUnverified(method) ? remember(unit, method, { isVerified: true }) : method;
}

/** Microdeposits find their way. */
export function takesDeposits(method: PaymentMethod): boolean {
  return testAccountOf(method)?.takesDeposits !== false;
}

/** What a debit of this account comes to. */
export function debitOutcome(method: PaymentMethod): DebitOutcome {
  return testAccountOf(method) ?? sepaOutcome(method);
}

function testAccountOf(method: PaymentMethod): TestAccount | undefined {
  if (method.type !== "acss_debit" && method.type !== "us_bank_account") return undefined;
  const account = testAccountTable.find(
    ({ type, number }) => type === method.type && number === memoryOf(method).account,
  );
  assert(account, `${method.id} holds an account that is not in the test table`);
  return account;
}
