// READ FIRST. A setup attempt is one try of a setup intent with one payment method; it is only ever listed.
// https://docs.stripe.com/api/setup_attempts

import type Stripe from "stripe";
import { begin, defineMachine, move } from "../../kernel/state/machine.ts";
import { defineNoun, type Stored } from "../../kernel/state/noun.ts";
import type { Unit } from "../../kernel/state/unit.ts";
import { change } from "../../kernel/state/writes.ts";
import { common } from "../../kernel/words/errors.table.ts";
import { refusal } from "../../kernel/words/errors.ts";
import {
  cardOf,
  checkedBy,
  type PaymentMethod,
  type ThreeDSecure,
  threeDSecureFields,
} from "../payment_methods/index.ts";

export type SetupAttempt = Stored<Stripe.SetupAttempt, "requires_action" | "succeeded" | "failed" | "abandoned">;

export const setupAttempts = defineNoun<SetupAttempt>({
  object: "setup_attempt",
  prefixes: ["setatt"],
  indices: ["setup_intent"],
  expandable: {
    application: null,
    customer: "customer",
    on_behalf_of: "account",
    payment_method: "payment_method",
    setup_intent: "setup_intent",
  },
});

export const setupAttemptMachine = defineMachine(setupAttempts, (attempt, action) =>
  refusal(common.moveImpossible, { action, id: attempt.id, status: attempt.status }),
)({
  create: { from: ["new"], to: { requires_action: null, succeeded: null, failed: null } },
  finish: { from: ["requires_action"], to: { succeeded: null, failed: null, abandoned: null } },
});

export interface AttemptDraft {
  readonly customer: string | null;
  readonly flowDirections: SetupAttempt["flow_directions"];
  readonly threeDSecure: ThreeDSecure | null;
  readonly method: PaymentMethod;
  readonly setupError: SetupAttempt["setup_error"];
  readonly setupIntent: string;
  readonly usage: string;
}

export function beginSetupAttempt(
  unit: Unit,
  end: "requires_action" | "succeeded" | "failed",
  draft: AttemptDraft,
): SetupAttempt {
  return begin(unit, setupAttemptMachine, "create", end, (status) => ({
    id: unit.world.ids.after("setatt_1", 23),
    object: "setup_attempt",
    application: null,
    created: unit.created,
    customer: draft.customer,
    customer_account: null,
    flow_directions: draft.flowDirections,
    livemode: false,
    on_behalf_of: null,
    payment_method: draft.method.id,
    payment_method_details: detailsOf(draft.method, draft.threeDSecure),
    setup_error: draft.setupError,
    setup_intent: draft.setupIntent,
    status,
    usage: draft.usage,
  }));
}

/** The payer has answered, or will not any more. */
export function finishSetupAttempt(
  unit: Unit,
  attempt: SetupAttempt,
  end: "succeeded" | "failed" | "abandoned",
  now: {
    method: PaymentMethod | undefined;
    setupError: SetupAttempt["setup_error"];
    threeDSecure: ThreeDSecure | null;
  },
): SetupAttempt {
  const details = now.method ? detailsOf(now.method, now.threeDSecure) : attempt.payment_method_details;
  const changes = { payment_method_details: details, setup_error: now.setupError };
  return move(unit, setupAttemptMachine, attempt, "finish", end, changes);
}

/** The account that a redirect has left behind, and its mandate: an attempt alone names them. */
export function nameGenerated(
  unit: Unit,
  attempt: SetupAttempt,
  generated: { readonly account: string; readonly mandate: string | null },
): SetupAttempt {
  const { type } = attempt.payment_method_details;
  const block = { generated_sepa_debit: generated.account, generated_sepa_debit_mandate: generated.mandate };
  return change(unit, setupAttempts, attempt, { payment_method_details: { [type]: block, type } }, null);
}

function detailsOf(method: PaymentMethod, tried: ThreeDSecure | null): SetupAttempt["payment_method_details"] {
  const { type } = method;
  if (type !== "card") return { [type]: {}, type };
  const card = cardOf(method);
  return {
    card: {
      brand: card.brand,
      checks: checkedBy(method, card),
      country: card.country,
      exp_month: method.card?.exp_month ?? null,
      exp_year: method.card?.exp_year ?? null,
      fingerprint: method.card?.fingerprint ?? null,
      funding: card.funding,
      last4: card.number.slice(-4),
      network: card.brand,
      three_d_secure: tried && threeDSecureFields(tried),
      wallet: null,
    },
    type,
  };
}
