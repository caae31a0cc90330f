import { list } from "../../kernel/answer/lists.ts";
import { on } from "../../kernel/state/reactions.ts";
import { defineResource } from "../../kernel/state/resource.ts";
import type { Unit } from "../../kernel/state/unit.ts";
import { mustRead } from "../../kernel/state/writes.ts";
import { type Charge, chargeMachine } from "../charges/index.ts";
import {
  closeDispute,
  decideDispute,
  endDisputedMandates,
  expectDisputes,
  expireDispute,
  openDisputes,
  updateDispute,
} from "./actions.ts";
import { type Dispute, disputeMachine, disputes } from "./dispute.ts";
import { rows } from "./refusals.table.ts";

export { type Dispute, disputeMachine, disputes } from "./dispute.ts";

const path = "/v1/disputes";

const afterCharge = (unit: Unit, _before: unknown, charge: Charge) => expectDisputes(unit, charge);

export const disputeResource = defineResource<Dispute>({
  noun: disputes,
  refusals: rows,
  jobs: { decideDispute, expireDispute, openDisputes },
  reactions: [
    on(chargeMachine, "create", afterCharge),
    on(chargeMachine, "capture", afterCharge),
    on(chargeMachine, "settle", afterCharge),
    on(disputeMachine, "create", (unit, _before, dispute) => endDisputedMandates(unit, dispute)),
  ],
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
