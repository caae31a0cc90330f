// READ FIRST. The payer's bank says that a charge may be fraud, before any dispute. It can be acted on until the
// charge is refunded or disputed. https://docs.stripe.com/api/radar/early_fraud_warnings
import type Stripe from "stripe";
import { defineNoun, type Stored } from "../../kernel/state/noun.ts";
import type { Unit } from "../../kernel/state/unit.ts";
import { add, among, change, read } from "../../kernel/state/writes.ts";
import { laterBy } from "../../kernel/time/settlement.ts";
import { type Charge, cardBehaviour, charges } from "../charges/index.ts";
import { warningWaits } from "./waits.table.ts";

export type EarlyFraudWarning = Stored<Stripe.Radar.EarlyFraudWarning>;

export const earlyFraudWarnings = defineNoun<EarlyFraudWarning>({
  object: "radar.early_fraud_warning",
  prefixes: ["issfr"],
  indices: ["charge", "payment_intent"],
  expandable: { charge: "charge", payment_intent: "payment_intent" },
  label: "early_fraud_warning",
});

/** The bank of the test card warns right after the payment. */
export function expectWarning(unit: Unit, charge: Charge): void {
  if (charge.status !== "succeeded" || !charge.captured) return;
  const behaviour = cardBehaviour(unit, charge);
  if (behaviour?.kind === "dispute" && behaviour.form === "earlyFraudWarning") {
    laterBy(unit, warningWaits.fraudWarned, warn, charge.id);
  }
}

/** There is nothing left to do about it. */
export function settleWarnings(unit: Unit, charge: string): void {
  for (const warning of among(unit, earlyFraudWarnings, "charge", charge)) {
    if (!warning.actionable) continue;
    change(unit, earlyFraudWarnings, warning, { actionable: false }, "radar.early_fraud_warning.updated");
  }
}

export function warn(unit: Unit, id: string): void {
  const charge = read(unit, charges, id);
  if (!charge) return;
  const warning: EarlyFraudWarning = {
    id: unit.world.ids.after("issfr_1", 23),
    object: "radar.early_fraud_warning",
    actionable: !charge.refunded && !charge.disputed,
    charge: id,
    created: unit.created,
    fraud_type: "unauthorized_use_of_card",
    livemode: false,
    ...(charge.payment_intent ? { payment_intent: charge.payment_intent } : {}),
  };
  add(unit, earlyFraudWarnings, warning, "radar.early_fraud_warning.created");
}
