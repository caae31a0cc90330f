// Refunds: a charge's money on its way back. The folder's only door.
import { list } from "../../kernel/answer/lists.ts";
import { listed, newest } from "../../kernel/state/embeds.ts";
import { on } from "../../kernel/state/reactions.ts";
import { defineResource, type Route } from "../../kernel/state/resource.ts";
import type { Unit } from "../../kernel/state/unit.ts";
import { mustRead } from "../../kernel/state/writes.ts";
import { inWorld, later } from "../../kernel/time/later.ts";
import { noSuch } from "../../kernel/words/errors.ts";
import { type BalanceTransaction, balanceTransactionMachine } from "../balance_transactions/index.ts";
import { chargeMachine, charges } from "../charges/index.ts";
import { cancelRefund, createRefund, expireRefund, refundReleased, updateRefund } from "./actions.ts";
import { refundExtras } from "./extras.table.ts";
import { failRefund, isMoneyAwaited, releaseForCharge, releaseForMoney, settleRefund } from "./outcome.ts";
import { type Refund, refundMachine, refunds } from "./refund.ts";
import { rows } from "./refusals.table.ts";
import { refundWaits } from "./waits.table.ts";

export { refund } from "./actions.ts";
export { failPending } from "./outcome.ts";
export { type Refund, refunds } from "./refund.ts";

const path = "/v1/refunds";

const ofCharge = "/v1/charges/:id/refunds";

/** From before refunds had an address of their own. */
const oldRoutes: readonly Route[] = [
  { method: "POST", path: ofCharge, run: (unit, params, charge) => createRefund(unit, { ...params, charge }) },
  {
    method: "GET",
    path: ofCharge,
    run(unit, params, charge) {
      mustRead(unit, charges, charge);
      return list(unit, refunds, params, { url: `/v1/charges/${charge}/refunds`, filters: { charge } });
    },
  },
  { method: "GET", path: `${ofCharge}/:id`, run: (unit, _params, charge, id) => refundOf(unit, charge, id) },
  {
    method: "POST",
    path: `${ofCharge}/:id`,
    run: (unit, params, charge, id) => updateRefund(unit, params, refundOf(unit, charge, id).id),
  },
  {
    method: "POST",
    path: "/v1/charges/:id/refund",
    undeclared: {
      why: "the oldest way to refund; it answers the charge",
      evidence: "recorded",
      params: {
        object: {
          "amount?": "integer",
          "metadata?": { map: "string" },
          "reason?": { enum: ["duplicate", "fraudulent", "requested_by_customer"] },
          "refund_application_fee?": "boolean",
          "reverse_transfer?": "boolean",
        },
      },
    },
    run(unit, params, charge) {
      createRefund(unit, { ...params, charge });
      return mustRead(unit, charges, charge);
    },
  },
];

function refundOf(unit: Unit, charge: string, id: string): Refund {
  const refund = mustRead(unit, refunds, id);
  if (refund.charge !== charge) throw noSuch(refunds, id, { inPath: true });
  return refund;
}

export const refundResource = defineResource<Refund>({
  noun: refunds,
  extras: refundExtras,
  machine: refundMachine,
  refusals: rows,
  waits: refundWaits,
  jobs: {
    failRefund: { run: failRefund, says: "fails" },
    releaseForMoney: { run: releaseForMoney, says: "waiting refunds leave" },
    settleRefund: { run: settleRefund, says: "arrives" },
  },
  reactions: [
    on(balanceTransactionMachine, "create", releaseFor),
    on(balanceTransactionMachine, "mature", releaseFor),
    on(chargeMachine, "expire", (unit, _before, charge) => refundReleased(unit, charge, "expired_uncaptured_charge")),
    on(chargeMachine, "give_back", (unit, _before, charge) => refundReleased(unit, charge, null)),
    on(chargeMachine, "settle", (unit, _before, charge) => releaseForCharge(unit, charge)),
  ],
  embeds: [
    listed(charges, "refunds", {
      before: "2022-11-15",
      isIncludable: true,
      find: newest(refunds, "charge"),
      urlOf: (id) => `/v1/charges/${id}/refunds`,
    }),
  ],
  routes: [
    { method: "POST", path, run: createRefund },
    {
      method: "GET",
      path,
      run: (unit, params) => {
        const { charge, payment_intent } = params;
        return list(unit, refunds, params, { url: path, filters: { charge, payment_intent } });
      },
    },
    { method: "GET", path: `${path}/:id`, run: (unit, _params, id) => mustRead(unit, refunds, id) },
    { method: "POST", path: `${path}/:id`, run: updateRefund },
    { method: "POST", path: `${path}/:id/cancel`, run: cancelRefund },
    { method: "POST", path: "/v1/test_helpers/refunds/:id/expire", run: expireRefund },
    ...oldRoutes,
  ],
});

/** Money has become available, maybe for a refund that waits for it. */
function releaseFor(unit: Unit, _before: unknown, { net, status }: BalanceTransaction): void {
  if (status === "available" && net > 0 && isMoneyAwaited(unit)) later(inWorld(unit), 0, releaseForMoney);
}
