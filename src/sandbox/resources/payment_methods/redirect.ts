// Methods that the payer answers for on another page: of a bank, of a wallet, or of who lends the money. iDEAL and
// Bancontact pay once and, asked to, leave a bank account behind that can be debited later; Link stays with a customer;
// the others are used up. https://docs.stripe.com/payments/ideal

import assert from "node:assert/strict";
import type { Params } from "../../kernel/state/resource.ts";
import type { Unit } from "../../kernel/state/unit.ts";
import { add } from "../../kernel/state/writes.ts";
import { hash, text } from "../../kernel/words/params.ts";
import { type MethodDraft, type PaymentMethod, paymentMethods, shapeWith } from "./payment_method.ts";
import { debitShape } from "./sepa_debit.ts";
import { findTestIbanByScenario } from "./test_ibans.ts";

export function pageShape(unit: Unit, params: Params, draft: MethodDraft, type: PaymentMethod["type"]): PaymentMethod {
  return shapeWith(unit, draft, {}, { type, [type]: blockOf(params, draft, type) });
}

/** Of most of them nothing is known but their type. */
function blockOf(params: Params, { billingDetails }: MethodDraft, type: PaymentMethod["type"]): object {
  if (type === "klarna") return { dob: null };
  if (type === "link") return { email: billingDetails.email };
  if (type !== "ideal") return {};
  const bank = text(hash(params, "ideal") ?? {}, "bank") ?? null;
  return { bank, bic: (bank && bics[bank]) ?? null };
}

/** The bank account behind a redirect: what `generated_sepa_debit` names. */
export function generateDebit(
  unit: Unit,
  method: PaymentMethod,
  from: { charge: string | null; setup_attempt: string | null },
): PaymentMethod {
  const iban = findTestIbanByScenario(method.type === "ideal" ? "success_nl" : "success_be");
  assert(iban, "the test table has accounts of both countries");
  const { billing_details: billingDetails } = method;
  const draft = { iban, billingDetails, metadata: {}, allowRedisplay: String(method.allow_redisplay ?? "unspecified") };
  return add(unit, paymentMethods, debitShape(unit, draft, from), null);
}

const bics: Readonly<Record<string, string>> = {
  abn_amro: "ABNANL2A",
  asn_bank: "ASNBNL21",
  bunq: "BUNQNL2A",
  ing: "INGBNL2A",
  knab: "KNABNL2H",
  rabobank: "RABONL2U",
  regiobank: "RBRBNL21",
  revolut: "REVOLT21",
  sns_bank: "SNSBNL2A",
  triodos_bank: "TRIONL2U",
};
