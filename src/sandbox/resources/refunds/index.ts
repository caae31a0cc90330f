import { innerList, list } from "../../kernel/answer/lists.ts";
import type { StripeObject } from "../../kernel/state/noun.ts";
import { defineResource } from "../../kernel/state/resource.ts";
import { later, type Unit } from "../../kernel/state/unit.ts";
import { mustRead } from "../../kernel/state/writes.ts";
import type { BalanceTransaction } from "../balance_transactions/index.ts";
import type { Charge } from "../charges/index.ts";
import { cancelRefund, createRefund, expireRefund, refundReleased, updateRefund } from "./actions.ts";
import { failRefund, isMoneyAwaited, releaseForCharge, releaseForMoney, settleRefund } from "./outcome.ts";
import { type Refund, refunds } from "./refund.ts";

export { failPending } from "./outcome.ts";
export { type Refund, refundMachine, refunds } from "./refund.ts";

const path = "/v1/refunds";

export const refundResource = defineResource<Refund>({
  noun: refunds,
  jobs: { failRefund, releaseForMoney, settleRefund },
  reactions: {
    "balance_transaction.create": releaseFor,
    "balance_transaction.mature": releaseFor,
    // These actions move charges only.
    "charge.expire": (unit, _before, after) => refundReleased(unit, after as Charge, "expired_uncaptured_charge"),
    "charge.give_back": (unit, _before, after) => refundReleased(unit, after as Charge, null),
    "charge.settle": (unit, _before, after) => releaseForCharge(unit, after as Charge),
  },
  includes: {
    "charge.refunds": {
      make: (unit, { id }) => {
        const url = `/v1/charges/${id}/refunds`;
        return innerList(unit, refunds, url, { charge: id });
      },
    },
  },
  routes: [
    { method: "POST", path, run: createRefund },
    {
      method: "GET",
      path,
      run: (unit, params) => {
        const { charge, payment_intent } = params;
        return list(unit, refunds, params, path, { charge, payment_intent });
      },
    },
    { method: "GET", path: `${path}/:id`, run: (unit, _params, id) => mustRead(unit, refunds, id) },
    { method: "POST", path: `${path}/:id`, run: updateRefund },
    { method: "POST", path: `${path}/:id/cancel`, run: cancelRefund },
    { method: "POST", path: "/v1/test_helpers/refunds/:id/expire", run: expireRefund },
  ],
});

/** Money has become available, maybe for a refund that waits for it. Those actions move balance transactions only. */
function releaseFor(unit: Unit, _before: unknown, after: StripeObject): void {
  const { net, status } = after as BalanceTransaction;
  if (status === "available" && net > 0 && isMoneyAwaited(unit)) later(unit, 0, releaseForMoney);
}
