// Early fraud warnings: what a card's issuer suspects before anybody disputes. The folder's only door.
import { list } from "../../kernel/answer/lists.ts";
import { on } from "../../kernel/state/reactions.ts";
import { defineResource } from "../../kernel/state/resource.ts";
import type { Unit } from "../../kernel/state/unit.ts";
import { mustRead } from "../../kernel/state/writes.ts";
import { type Charge, chargeMachine } from "../charges/index.ts";
import { disputeMachine } from "../disputes/index.ts";
import {
  type EarlyFraudWarning,
  earlyFraudWarnings,
  expectWarning,
  settleWarnings,
  warn,
} from "./early_fraud_warning.ts";
import { warningWaits } from "./waits.table.ts";

export type { EarlyFraudWarning } from "./early_fraud_warning.ts";

const path = "/v1/radar/early_fraud_warnings";

const afterCharge = (unit: Unit, _before: unknown, charge: Charge) => expectWarning(unit, charge);

export const earlyFraudWarningResource = defineResource<EarlyFraudWarning>({
  noun: earlyFraudWarnings,
  waits: warningWaits,
  jobs: {
    warn: { run: warn, says: "is warned of" },
  },
  reactions: [
    on(chargeMachine, "create", afterCharge),
    on(chargeMachine, "capture", afterCharge),
    on(chargeMachine, "refund", (unit, { id }) => settleWarnings(unit, id)),
    on(disputeMachine, "create", (unit, _before, { charge }) => settleWarnings(unit, charge)),
  ],
  routes: [
    {
      method: "GET",
      path,
      run: (unit, params) => {
        const { charge, payment_intent } = params;
        return list(unit, earlyFraudWarnings, params, { url: path, filters: { charge, payment_intent } });
      },
    },
    { method: "GET", path: `${path}/:id`, run: (unit, _params, id) => mustRead(unit, earlyFraudWarnings, id) },
  ],
});
