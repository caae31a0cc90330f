import { list } from "../../kernel/answer/lists.ts";
import type { StripeObject } from "../../kernel/state/noun.ts";
import { defineResource } from "../../kernel/state/resource.ts";
import type { Unit } from "../../kernel/state/unit.ts";
import { mustRead } from "../../kernel/state/writes.ts";
import type { Charge } from "../charges/index.ts";
import type { Dispute } from "../disputes/index.ts";
import {
  type EarlyFraudWarning,
  earlyFraudWarnings,
  expectWarning,
  settleWarnings,
  warn,
} from "./early_fraud_warning.ts";

export { type EarlyFraudWarning, earlyFraudWarnings } from "./early_fraud_warning.ts";

const path = "/v1/radar/early_fraud_warnings";

/** Each action moves objects of one kind only. */
const afterCharge = (unit: Unit, _before: unknown, after: StripeObject) => expectWarning(unit, after as Charge);

export const earlyFraudWarningResource = defineResource<EarlyFraudWarning>({
  noun: earlyFraudWarnings,
  jobs: { warn },
  reactions: {
    "charge.create": afterCharge,
    "charge.capture": afterCharge,
    "charge.refund": (unit, _before, after) => settleWarnings(unit, after.id),
    "dispute.create": (unit, _before, after) => settleWarnings(unit, (after as unknown as Dispute).charge),
  },
  routes: [
    {
      method: "GET",
      path,
      run: (unit, params) => {
        const { charge, payment_intent } = params;
        return list(unit, earlyFraudWarnings, params, path, { charge, payment_intent });
      },
    },
    { method: "GET", path: `${path}/:id`, run: (unit, _params, id) => mustRead(unit, earlyFraudWarnings, id) },
  ],
});
