// Payment methods: cards and accounts to pay with, and the test tables that decide what banks say. The only door.

import { list } from "../../kernel/answer/lists.ts";
import { defineResource, type Params } from "../../kernel/state/resource.ts";
import type { Unit } from "../../kernel/state/unit.ts";
import { text } from "../../kernel/words/params.ts";
import { attach, createPaymentMethod, detach, materialise, updatePaymentMethod } from "./actions.ts";
import { paymentMethodExtras } from "./extras.table.ts";
import { type PaymentMethod, paymentMethods } from "./payment_method.ts";
import { rows } from "./refusals.table.ts";

export {
  addressOf,
  attach,
  attachTo,
  billingDetailsOf,
  createPaymentMethod,
  detach,
  materialise,
  methodTypes,
  readyMadeMethod,
  refuseSpent,
  refuseUnsaved,
} from "./actions.ts";
export {
  authenticationNotHandled,
  authenticationRequired,
  type CardVerdict,
  type DeclineFields,
  fieldsOf,
  judge,
  judgeSetup,
  keptError,
} from "./card_behaviour.ts";
export { type CardTerms, cardTermsOf, plainTerms } from "./card_terms.ts";
export { challengeAction, redirectAction } from "./challenge.ts";
export { cardRefusals } from "./declines.table.ts";
export {
  cardOf,
  checkedBy,
  fingerprintOf,
  looked,
  memoryOf,
  type PaymentMethod,
  paymentMethods,
  remember,
} from "./payment_method.ts";
export { generateDebit, isRedirect } from "./redirect.ts";
export { rows as methodRefusals } from "./refusals.table.ts";
export { debitFailureMessage, debitOutcome, debitShape, sentIban } from "./sepa_debit.ts";
export { findTestCardBySuffix } from "./test_cards.ts";
export { findTestIban } from "./test_ibans.ts";
export { type ThreeDSecure, threeDSecureFields } from "./three_d_secure.ts";

const path = "/v1/payment_methods";

export const paymentMethodResource = defineResource<PaymentMethod>({
  noun: paymentMethods,
  extras: paymentMethodExtras,
  refusals: rows,
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
  const isAttached = (method: PaymentMethod) => customer !== undefined || method.customer === null;
  return list(unit, paymentMethods, params, { url, filters: { customer, type: params.type }, where: isAttached });
}

function retrieve(unit: Unit, _params: Params, id: string): PaymentMethod {
  return materialise(unit, id, { inPath: true, param: "payment_method" });
}
