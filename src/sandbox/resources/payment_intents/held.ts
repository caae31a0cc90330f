// Money that is authorized and not captured yet.
import assert from "node:assert/strict";
import { move } from "../../kernel/state/machine.ts";
import type { Unit } from "../../kernel/state/unit.ts";
import { read } from "../../kernel/state/writes.ts";
import {
  bookLast,
  type Charge,
  captureCharge,
  capturePart,
  charges,
  expireCharge,
  isReleased,
  releaseCharge,
} from "../charges/index.ts";
import { type PaymentIntent, paymentIntentMachine } from "./payment_intent.ts";

function heldCharge(unit: Unit, intent: PaymentIntent): Charge | undefined {
  const charge = intent.latest_charge === null ? undefined : read(unit, charges, intent.latest_charge);
  return charge?.status === "succeeded" && !charge.captured && !isReleased(charge) ? charge : undefined;
}

export function releaseHeld(unit: Unit, intent: PaymentIntent): void {
  const charge = heldCharge(unit, intent);
  if (charge) releaseCharge(unit, charge);
}

/** The window has passed: the bank gives the money back to the payer. */
export function expireHeld(unit: Unit, intent: PaymentIntent): void {
  const charge = heldCharge(unit, intent);
  if (charge) expireCharge(unit, charge.id);
}

export function mustHold(unit: Unit, intent: PaymentIntent): Charge {
  const charge = heldCharge(unit, intent);
  assert(charge, `${intent.id} requires capture and holds no charge`);
  return charge;
}

/** Answers what books the captured money: `charge.updated` follows what the intent tells. */
export function captureHeld(
  unit: Unit,
  charge: Charge,
  { amount, isLast }: { readonly amount: number; readonly isLast: boolean },
): () => void {
  if (!isLast) return () => capturePart(unit, charge, amount);
  const captured = captureCharge(unit, charge, amount);
  return () => bookLast(unit, captured, amount);
}

/** The rest is let go, and what was captured has been paid. https://docs.stripe.com/payments/multicapture */
export function endInParts(unit: Unit, intent: PaymentIntent, action: "cancel" | "expire"): PaymentIntent {
  captureHeld(unit, mustHold(unit, intent), { amount: 0, isLast: true });
  return move(unit, paymentIntentMachine, intent, action, "succeeded", { amount_capturable: 0 });
}
