import { list } from "../../kernel/lists.ts";
import { defineResource } from "../../kernel/resource.ts";
import { mustRead } from "../../kernel/unit.ts";
import { cancelRefund, createRefund, failRefund, settleRefund, updateRefund } from "./actions.ts";
import { type Refund, refunds } from "./refund.ts";

export { type Refund, refundMachine, refunds } from "./refund.ts";

const path = "/v1/refunds";

export const refundResource = defineResource<Refund>({
  noun: refunds,
  jobs: { failRefund, settleRefund },
  includes: {
    "charge.refunds": {
      make: (unit, { id }) => {
        const url = `/v1/charges/${id}/refunds`;
        return list(unit, refunds, {}, url, { charge: id });
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
  ],
});
