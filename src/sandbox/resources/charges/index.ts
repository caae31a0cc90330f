// Charges: one attempt at a payer's money each. The folder's only door.

import { list } from "../../kernel/answer/lists.ts";
import { type SearchFields, searchRoute } from "../../kernel/answer/search.ts";
import { defineResource } from "../../kernel/state/resource.ts";
import { mustRead } from "../../kernel/state/writes.ts";
import { bookLater, updateCharge } from "./actions.ts";
import { type Charge, chargeMachine, charges } from "./charge.ts";
import { chargeDefaults } from "./defaults.table.ts";
import { chargeExtras } from "./extras.table.ts";
import { captureByHand, createCharge, expireCharge, settleDebitedCharge } from "./legacy.ts";
import { rows } from "./refusals.table.ts";
import { chargeVersions } from "./versions.ts";
import { chargeWaits } from "./waits.table.ts";

export {
  addRefunded,
  attemptCharge,
  bookLast,
  captureCharge,
  capturePart,
  cardBehaviour,
  chargesOfIntent,
  isChargedBack,
  isReleased,
  markDisputed,
  raiseHold,
  refundHold,
  releaseCharge,
  settleCharge,
  shippingOf,
  takeRefundBack,
  unrefunded,
} from "./actions.ts";
export { type Charge, type ChargeDraft, captureWindowSeconds, chargeMachine, charges } from "./charge.ts";
export { debitAnswer } from "./debit_answer.ts";
export type { Generated } from "./details.ts";
export { expireCharge } from "./legacy.ts";
export { type Offer, offers } from "./offers.ts";
export { rows as chargeRefusals } from "./refusals.table.ts";

const path = "/v1/charges";

/** https://docs.stripe.com/search#supported-query-fields-for-each-resource */
const searchFields: SearchFields = {
  amount: "number",
  "billing_details.address.postal_code": "text",
  created: "number",
  currency: "text",
  customer: "text",
  disputed: "text",
  "payment_method_details.card.brand": "text",
  "payment_method_details.card.exp_month": "number",
  "payment_method_details.card.exp_year": "number",
  "payment_method_details.card.fingerprint": "text",
  "payment_method_details.card.last4": "text",
  "payment_method_details.sepa_debit.fingerprint": "text",
  "payment_method_details.sepa_debit.last4": "text",
  refunded: "text",
  status: "text",
};

export const chargeResource = defineResource<Charge>({
  noun: charges,
  extras: chargeExtras,
  machine: chargeMachine,
  defaults: chargeDefaults,
  refusals: rows,
  waits: chargeWaits,
  jobs: {
    bookLater: { run: bookLater, says: "is booked" },
    expireCharge: { run: expireCharge, says: "expires, if not captured" },
    settleDebitedCharge: { run: settleDebitedCharge, says: "its bank answers" },
  },
  versions: chargeVersions,
  routes: [
    searchRoute({ path: `${path}/search`, noun: charges, fields: searchFields }),
    { method: "POST", path, run: createCharge },
    {
      method: "GET",
      path,
      run: (unit, params) => {
        const { customer, payment_intent, transfer_group } = params;
        return list(unit, charges, params, { url: path, filters: { payment_intent, customer, transfer_group } });
      },
    },
    { method: "GET", path: `${path}/:id`, run: (unit, _params, id) => mustRead(unit, charges, id) },
    { method: "POST", path: `${path}/:id`, run: updateCharge },
    { method: "POST", path: `${path}/:id/capture`, run: captureByHand },
  ],
});
