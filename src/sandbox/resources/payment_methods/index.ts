// Payment methods: cards and accounts to pay with, and the test tables that decide what banks say. The only door.

import { list } from "../../kernel/answer/lists.ts";
import { defineResource, type Params } from "../../kernel/state/resource.ts";
import type { Unit } from "../../kernel/state/unit.ts";
import { text } from "../../kernel/words/params.ts";
import { testAccountTable } from "./accounts/test_accounts.table.ts";
import { attach, createPaymentMethod, detach, materialise, updatePaymentMethod } from "./actions.ts";
import { cardRefusals } from "./declines.table.ts";
import { methodDefaults } from "./defaults.table.ts";
import { paymentMethodExtras } from "./extras.table.ts";
import { methodTypeTable } from "./method_types.table.ts";
import { type PaymentMethod, paymentMethods } from "./payment_method.ts";
import { rows } from "./refusals.table.ts";
import { testCardTable } from "./test_cards.table.ts";
import { sepaOutcomeBySuffix, sepaOutcomeTable, testIbanTable } from "./test_ibans.table.ts";
import { methodWaits } from "./waits.table.ts";

export { debitOutcome, isUnverified, markVerified } from "./accounts/bank_debit.ts";
export { depositsAction, depositsWait, judgeDeposits, lapsedDeposits } from "./accounts/microdeposits.ts";
export {
  addressOf,
  attach,
  attachTo,
  billingDetailsOf,
  createPaymentMethod,
  detach,
  materialise,
  readyMadeMethod,
  refuseSpent,
  refuseUnsaved,
} from "./actions.ts";
export {
  authenticationNotHandled,
  authenticationRequired,
  type CardVerdict,
  type DeclineFields,
  declinedOnPurpose,
  fieldsOf,
  judge,
  judgeSetup,
  keptError,
  needsPayer,
} from "./card_behaviour.ts";
export { type CardTerms, cardTermsOf, plainTerms } from "./card_terms.ts";
export { type Challenge, challengeAction, pageAction } from "./challenge.ts";
export {
  currenciesOf,
  isDebit,
  isDecidedOnPage,
  isSaved,
  isThere,
  leavesAccount,
  methodTypes,
  playedType,
  usualMethodTypes,
} from "./method_types.ts";
export {
  cardOf,
  checkedBy,
  failedCheck,
  fingerprintOf,
  looked,
  memoryOf,
  type PaymentMethod,
  paymentMethods,
  remember,
} from "./payment_method.ts";
export { generateDebit } from "./redirect.ts";
export { rows as methodRefusals } from "./refusals.table.ts";
export { debitFailureMessage, debitShape, sentIban } from "./sepa_debit.ts";
export { findTestCardBySuffix } from "./test_cards.ts";
export { findTestIban } from "./test_ibans.ts";
export { type ThreeDSecure, threeDSecureFields } from "./three_d_secure.ts";

const path = "/v1/payment_methods";

export const paymentMethodResource = defineResource<PaymentMethod>({
  noun: paymentMethods,
  extras: paymentMethodExtras,
  defaults: { ...methodDefaults, ...methodTypeTable },
  refusals: { ...rows, ...cardRefusals },
  waits: methodWaits,
  testData: {
    ...Object.fromEntries(testCardTable.map((card) => [[card.number, ...card.suffixes].join(" "), card])),
    ...Object.fromEntries(testIbanTable.map((row) => [`${row.iban} ${row.outcome}`, row])),
    ...Object.fromEntries(sepaOutcomeBySuffix.map((row) => [`IBAN …${row.suffix}`, row])),
    ...Object.fromEntries(Object.entries(sepaOutcomeTable).map(([outcome, row]) => [`SEPA debit: ${outcome}`, row])),
    ...Object.fromEntries(testAccountTable.map((row) => [row.readyMade ?? `${row.type} ${row.number}`, row])),
  },
  routes: [
    { method: "POST", path, publishable: true, run: (unit, params) => createPaymentMethod(unit, params) },
    { method: "GET", path, run: (unit, params) => listPaymentMethods(unit, params) },
    { method: "GET", path: `${path}/:id`, run: retrieve },
    { method: "POST", path: `${path}/:id`, run: updatePaymentMethod },
    { method: "POST", path: `${path}/:id/attach`, run: attach },
    { method: "POST", path: `${path}/:id/detach`, run: detach },
  ],
});

/** Also behind `/v1/customers/:id/payment_methods`. */
export function listPaymentMethods(
  unit: Unit,
  params: Params,
  customer = text(params, "customer"),
  url = path,
): object {
  const { type, allow_redisplay } = params;
  const isAttached = (method: PaymentMethod) => customer !== undefined || method.customer === null;
  return list(unit, paymentMethods, params, { url, filters: { customer, type, allow_redisplay }, where: isAttached });
}

function retrieve(unit: Unit, _params: Params, id: string): PaymentMethod {
  return materialise(unit, id, { inPath: true, param: "payment_method" });
}
