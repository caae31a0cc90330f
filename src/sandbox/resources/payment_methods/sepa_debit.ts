// Bank accounts for SEPA debits: which IBANs there are, what a payer has to say, and what an account does.
// https://docs.stripe.com/payments/sepa-debit

import assert from "node:assert/strict";
import type { Params } from "../../kernel/state/resource.ts";
import type { Unit } from "../../kernel/state/unit.ts";
import { missingParameter, refusal } from "../../kernel/words/errors.ts";
import { hash, text } from "../../kernel/words/params.ts";
import type { DebitOutcome } from "./accounts/debit_outcome.ts";
import { methodDefaults } from "./defaults.table.ts";
import {
  type BillingDetails,
  fingerprintOf,
  type MethodDraft,
  memoryOf,
  type PaymentMethod,
  shapeWith,
} from "./payment_method.ts";
import { rows } from "./refusals.table.ts";
import { findTestIban, sepaOutcomeTable, type TestIban } from "./test_ibans.ts";

export interface DebitDraft extends MethodDraft {
  readonly iban: TestIban;
}

export function debitShape(
  unit: Unit,
  draft: DebitDraft,
  generated_from: NonNullable<NonNullable<PaymentMethod["sepa_debit"]>["generated_from"]> = {
    charge: null,
    setup_attempt: null,
  },
): PaymentMethod {
  const { iban, country } = draft.iban;
  const [bank, branch] = bankCodeLengths[country] ?? [4, 0];
  return shapeWith(
    unit,
    draft,
    { iban },
    {
      type: "sepa_debit",
      sepa_debit: {
        bank_code: iban.slice(4, 4 + bank),
        branch_code: iban.slice(4 + bank, 4 + bank + branch),
        country,
        fingerprint: fingerprintOf(unit, iban),
        generated_from,
        last4: iban.slice(-4),
      },
    },
  );
}

/** What a debit of this account comes to. */
export function sepaOutcome(method: PaymentMethod): DebitOutcome {
  const iban = findTestIban(memoryOf(method).iban ?? "");
  assert(iban, `${method.id} holds an account that is not an IBAN`);
  return { ...sepaOutcomeTable[iban.outcome], isSilent: false };
}

/** `sepa_debit[iban]` with the name and the e-mail address that a mandate needs. */
export function sentDebit(
  unit: Unit,
  params: Params,
  common: MethodDraft,
  nested: (name: string) => string,
): DebitDraft {
  const iban = sentIban(params, nested("sepa_debit"));
  const { name, email } = common.billingDetails;
  if (!name) throw missingParameter(`${nested("billing_details")}[name]`);
  if (!email) throw missingParameter(`${nested("billing_details")}[email]`);
  checkAddress(unit, iban.country, common.billingDetails, nested("billing_details"));
  return { ...common, iban };
}

/** `sepa_debit[iban]` of an account that can be debited. `at` names the hash in refusals. */
export function sentIban(params: Params, at: string): TestIban {
  const param = `${at}[iban]`;
  const sent = text(hash(params, "sepa_debit") ?? {}, "iban");
  if (!sent) throw missingParameter(param);
  const iban = findTestIban(sent);
  if (!iban || !sepaCountries.has(iban.country)) throw refusal(rows.ibanInvalid, {}, { param });
  if (iban.outcome === "bankNotSupported") throw refusal(rows.bankWithoutDebits, {}, { param });
  if (iban.outcome === "debitsNotSupported") throw refusal(rows.accountWithoutDebits, {}, { param });
  return iban;
}

/** What the bank says with a failure code of an outcome. */
export function debitFailureMessage(code: string): string {
  return methodDefaults.debitFailures.value[code] ?? methodDefaults.debitFailure.value;
}

/** `pm_sepaDebit_success_de` and its likes belong to somebody with all particulars. */
export function readyMadeDebit(iban: TestIban): DebitDraft {
  return { iban, ...readyMadeDetails(iban.country) };
}

export function readyMadeDetails(country: string): MethodDraft {
  const address = { city: "Sandbox", country, line1: "1 Test Street", line2: null, postal_code: "10115", state: null };
  const billingDetails = { address, email: "jenny@example.com", name: "Jenny Rosen", phone: null, tax_id: null };
  return { billingDetails, metadata: {}, allowRedisplay: "unspecified" };
}

/** An update must not take away what the account's country demands. */
export function checkDebitAddress(unit: Unit, method: PaymentMethod, details: BillingDetails): void {
  const country = method.sepa_debit?.country;
  if (country) checkAddress(unit, country, details, "billing_details");
}

/** Outside the European Economic Area a bank wants the address; how much of it has changed with endive. */
function checkAddress(unit: Unit, country: string, details: BillingDetails, at: string): void {
  if (!nonEeaCountries.has(country)) return;
  const needed = unit.family === "endive" ? (["line1", "city", "postal_code", "country"] as const) : olderAddress;
  const lacking = needed.find((field) => !details.address?.[field]);
  if (lacking) throw missingParameter(`${at}[address][${lacking}]`);
}

const olderAddress = ["line1", "country"] as const;

/** Members of SEPA whose banks stand outside the European Economic Area. */
const nonEeaCountries: ReadonlySet<string> = new Set(["AD", "CH", "GB", "GI", "MC", "SM", "VA"]);

const sepaCountries: ReadonlySet<string> = new Set([
  ...nonEeaCountries,
  ..."AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IS IT LI LT LU LV MT NL NO PL PT RO SE SI SK".split(" "),
]);

/** How an IBAN of that country begins after its checksum: digits of the bank, then of the branch. */
const bankCodeLengths: Readonly<Record<string, readonly [bank: number, branch: number]>> = {
  AT: [5, 0],
  BE: [3, 0],
  CH: [5, 0],
  DE: [8, 0],
  EE: [2, 2],
  ES: [4, 4],
  FR: [5, 5],
  GB: [4, 6],
  HR: [7, 0],
  IE: [4, 6],
  LI: [5, 0],
  LT: [5, 0],
  LU: [3, 0],
  PT: [4, 4],
  SE: [3, 0],
};
