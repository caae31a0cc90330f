// Payment intents: one wish to be paid, through as many attempts as it takes. The folder's only door.

import { list } from "../../kernel/answer/lists.ts";
import { type SearchFields, searchRoute } from "../../kernel/answer/search.ts";
import { listed, newest, referred } from "../../kernel/state/embeds.ts";
import { defineResource } from "../../kernel/state/resource.ts";
import { charges } from "../charges/index.ts";
import { paymentMethods } from "../payment_methods/index.ts";
import { cancelByCall, confirmIntent, createIntent, retrieveIntent, updateIntent } from "./actions.ts";
import { expireHold } from "./attempt.ts";
import { captureIntent, incrementIntent } from "./capture.ts";
import { settleDebit } from "./debits/debit.ts";
import { endDeposits, verifyDeposits } from "./debits/deposits.ts";
import { intentDefaults } from "./defaults.table.ts";
import { paymentIntentExtras } from "./extras.table.ts";
import {
  type PaymentIntent,
  paymentIntentMachine,
  paymentIntents,
  reducedIntent,
  revivedIntent,
} from "./payment_intent.ts";
import { rows } from "./refusals.table.ts";
import { paymentIntentVersions } from "./versions.ts";

export {
  askFor,
  authenticate as authenticatePayment,
  cancelIntent as cancelPaymentIntent,
  createIntentOfInvoice,
  refuseConfirmOnly,
} from "./actions.ts";
export { checkSecret, mustReadIntent } from "./client_secret.ts";
export { checkMethodType, configurationDetails, methodTypesOf } from "./method_types.ts";
export { methodOptions, type UsualOptions } from "./options.ts";
export { automaticMethods, checkedCustomer, checkMethod, sentMethod, wayBack } from "./params.ts";
export { type Payment, payIntent } from "./pay.ts";
export { type PaymentIntent, paymentIntentMachine, paymentIntents } from "./payment_intent.ts";
export { rows as intentRefusals } from "./refusals.table.ts";
export { cardsByDefault, refuseTypesInPreview } from "./versions.ts";

const path = "/v1/payment_intents";

/** https://docs.stripe.com/search#supported-query-fields-for-each-resource */
const searchFields: SearchFields = {
  amount: "number",
  created: "number",
  currency: "text",
  customer: "text",
  status: "text",
};

export const paymentIntentResource = defineResource<PaymentIntent>({
  noun: paymentIntents,
  extras: paymentIntentExtras,
  machine: paymentIntentMachine,
  defaults: intentDefaults,
  refusals: rows,
  jobs: {
    endDeposits: { run: endDeposits, says: "microdeposits lapse" },
    expireHold: { run: expireHold, says: "expires, if not captured" },
    settleDebit: { run: settleDebit, says: "its bank answers" },
  },
  reduced: reducedIntent,
  embeds: [
    referred(paymentIntents, "last_payment_error.payment_method", paymentMethods),
    listed(paymentIntents, "charges", {
      before: "2022-11-15",
      find: newest(charges, "payment_intent"),
      urlOf: (id) => `/v1/charges?payment_intent=${id}`,
    }),
  ],
  versions: paymentIntentVersions,
  revived: revivedIntent,
  routes: [
    searchRoute({ path: `${path}/search`, noun: paymentIntents, fields: searchFields }),
    { method: "POST", path, run: (unit, params) => createIntent(unit, params) },
    {
      method: "GET",
      path,
      run: (unit, params) => list(unit, paymentIntents, params, { url: path, filters: { customer: params.customer } }),
    },
    { method: "GET", path: `${path}/:id`, publishable: true, run: retrieveIntent },
    { method: "POST", path: `${path}/:id`, inlines: paymentIntents, run: updateIntent },
    { method: "POST", path: `${path}/:id/confirm`, publishable: true, inlines: paymentIntents, run: confirmIntent },
    { method: "POST", path: `${path}/:id/capture`, inlines: paymentIntents, run: captureIntent },
    {
      method: "POST",
      path: `${path}/:id/increment_authorization`,
      inlines: paymentIntents,
      run: incrementIntent,
    },
    { method: "POST", path: `${path}/:id/verify_microdeposits`, publishable: true, run: verifyDeposits },
    { method: "POST", path: `${path}/:id/cancel`, inlines: paymentIntents, run: cancelByCall },
  ],
});
