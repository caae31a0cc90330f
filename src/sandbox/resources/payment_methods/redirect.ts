// iDEAL and Bancontact: the payer is sent to a bank's page and comes back. Such a method pays once; asked to, it leaves
// a bank account behind that can be debited later. https://docs.stripe.com/payments/ideal

import assert from "node:assert/strict";
import type { Params } from "../../kernel/state/resource.ts";
import type { Unit } from "../../kernel/state/unit.ts";
import { add } from "../../kernel/state/writes.ts";
import { hash, text } from "../../kernel/words/params.ts";
import { type MethodDraft, type PaymentMethod, paymentMethods, shapeWith } from "./payment_method.ts";
import { debitShape } from "./sepa_debit.ts";
import { findTestIbanByScenario } from "./test_ibans.ts";

export type RedirectType = "ideal" | "bancontact";

export function isRedirect(method: PaymentMethod): boolean {
  return method.type === "ideal" || method.type === "bancontact";
}

export function redirectShape(unit: Unit, params: Params, draft: MethodDraft, type: RedirectType): PaymentMethod {
  if (type === "bancontact") return shapeWith(unit, draft, {}, { type, bancontact: {} });
  const bank = text(hash(params, "ideal") ?? {}, "bank") ?? null;
  type Ideal = NonNullable<PaymentMethod["ideal"]>;
  return shapeWith(unit, draft, {}, { type, ideal: { bank, bic: (bank && bics[bank]) ?? null } as Ideal });
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
