// Money that is authorized and not captured yet.
import assert from "node:assert/strict";
import type { Unit } from "../../kernel/state/unit.ts";
import { read } from "../../kernel/state/writes.ts";
import {
  bookCharge,
  type Charge,
  captureCharge,
  charges,
  expireCharge,
  isReleased,
  releaseCharge,
} from "../charges/index.ts";
import type { PaymentIntent } from "./payment_intent.ts";

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

/** Answers what books the captured money: `charge.updated` follows `payment_intent.succeeded`. */
export function captureHeld(unit: Unit, intent: PaymentIntent, amount: number): () => void {
  const charge = heldCharge(unit, intent);
  assert(charge, `${intent.id} requires capture and holds no charge`);
  const captured = captureCharge(unit, charge, amount);
  return () => bookCharge(unit, captured);
}
