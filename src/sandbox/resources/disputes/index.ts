import { list } from "../../kernel/answer/lists.ts";
import type { StripeObject } from "../../kernel/state/noun.ts";
import { defineResource } from "../../kernel/state/resource.ts";
import type { Unit } from "../../kernel/state/unit.ts";
import { mustRead } from "../../kernel/state/writes.ts";
import type { Charge } from "../charges/index.ts";
import { closeDispute, decideDispute, expectDisputes, expireDispute, openDisputes, updateDispute } from "./actions.ts";
import { type Dispute, disputes } from "./dispute.ts";

export { type Dispute, disputeMachine, disputes } from "./dispute.ts";

const path = "/v1/disputes";

/** These actions move charges only. */
const afterCharge = (unit: Unit, _before: unknown, after: StripeObject) => expectDisputes(unit, after as Charge);

export const disputeResource = defineResource<Dispute>({
  noun: disputes,
  jobs: { decideDispute, expireDispute, openDisputes },
  reactions: { "charge.create": afterCharge, "charge.capture": afterCharge, "charge.settle": afterCharge },
  includes: {
    "charge.dispute": {
      until: "2024-06-20",
      make: (unit, { id }) => list(unit, disputes, {}, path, { charge: id }).data[0]?.id ?? null,
    },
  },
  routes: [
    {
      method: "GET",
      path,
      run: (unit, params) => {
        const { charge, payment_intent } = params;
        return list(unit, disputes, params, path, { charge, payment_intent });
      },
    },
    { method: "GET", path: `${path}/:id`, run: (unit, _params, id) => mustRead(unit, disputes, id, "dispute") },
    { method: "POST", path: `${path}/:id`, run: updateDispute },
    { method: "POST", path: `${path}/:id/close`, run: closeDispute },
  ],
});
