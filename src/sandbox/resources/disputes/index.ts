// Disputes: charges that a payer had taken back by the bank. The folder's only door.
import { list } from "../../kernel/answer/lists.ts";
import { named, newest } from "../../kernel/state/embeds.ts";
import { on } from "../../kernel/state/reactions.ts";
import { defineResource } from "../../kernel/state/resource.ts";
import type { Unit } from "../../kernel/state/unit.ts";
import { mustRead } from "../../kernel/state/writes.ts";
import { type Charge, chargeMachine, charges } from "../charges/index.ts";
import {
  closeDispute,
  decideDispute,
  endDisputedMandates,
  expectDisputes,
  expireDispute,
  openDisputes,
  updateDispute,
} from "./actions.ts";
import { disputeDefaults } from "./defaults.table.ts";
import { type Dispute, disputeMachine, disputes } from "./dispute.ts";
import { rows } from "./refusals.table.ts";
import { disputeWaits } from "./waits.table.ts";

export { type Dispute, disputeMachine } from "./dispute.ts";

const path = "/v1/disputes";

const afterCharge = (unit: Unit, _before: unknown, charge: Charge) => expectDisputes(unit, charge);

export const disputeResource = defineResource<Dispute>({
  noun: disputes,
  machine: disputeMachine,
  defaults: disputeDefaults,
  refusals: rows,
  waits: disputeWaits,
  jobs: {
    decideDispute: { run: decideDispute, says: "is decided" },
    expireDispute: { run: expireDispute, says: "is lost, if not answered" },
    openDisputes: { run: openDisputes, says: "is disputed" },
  },
  reactions: [
    on(chargeMachine, "create", afterCharge),
    on(chargeMachine, "capture", afterCharge),
    on(chargeMachine, "settle", afterCharge),
    on(disputeMachine, "create", (unit, _before, dispute) => endDisputedMandates(unit, dispute)),
  ],
  embeds: [named(charges, "dispute", { find: newest(disputes, "charge") })],
  routes: [
    {
      method: "GET",
      path,
      run: (unit, params) => {
        const { charge, payment_intent } = params;
        return list(unit, disputes, params, { url: path, filters: { charge, payment_intent } });
      },
    },
    { method: "GET", path: `${path}/:id`, run: (unit, _params, id) => mustRead(unit, disputes, id, "dispute") },
    { method: "POST", path: `${path}/:id`, run: updateDispute },
    { method: "POST", path: `${path}/:id/close`, run: closeDispute },
  ],
});
