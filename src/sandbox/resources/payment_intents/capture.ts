// What callers do with money that is held: take it, at once or in parts, and have more of it held.
// https://docs.stripe.com/payments/multicapture and https://docs.stripe.com/payments/incremental-authorization
import { assertMay, move } from "../../kernel/state/machine.ts";
import type { Params } from "../../kernel/state/resource.ts";
import type { Unit } from "../../kernel/state/unit.ts";
import { change } from "../../kernel/state/writes.ts";
import { common } from "../../kernel/words/errors.table.ts";
import { cardError, refusal } from "../../kernel/words/errors.ts";
import { refuseFractions } from "../../kernel/words/fractions.ts";
import { mergeMetadata } from "../../kernel/words/metadata.ts";
import { boolean, integer } from "../../kernel/words/params.ts";
import { type Charge, chargeRefusals, offers, raiseHold } from "../charges/index.ts";
import { declinedOnPurpose } from "../payment_methods/index.ts";
import { mustReadIntent } from "./client_secret.ts";
import { intentDefaults } from "./defaults.table.ts";
import { captureHeld, mustHold } from "./held.ts";
import { checkedAmount, sentFields } from "./params.ts";
import { memoryOf, type PaymentIntent, paymentIntentMachine, paymentIntents, remembering } from "./payment_intent.ts";
import { rows } from "./refusals.table.ts";

export function captureIntent(unit: Unit, params: Params, id: string): PaymentIntent {
  const intent = mustReadIntent(unit, paymentIntents, id);
  assertMay(paymentIntentMachine, intent, "capture");
  const charge = mustHold(unit, intent);
  refuseFractions(params, intent.currency);
  const taken = takenOf(params, intent, charge);
  const inParts = offers(charge, "multicapture");
  const { captures } = memoryOf(intent);
  const changes = {
    ...remembering(intent, { captures: captures + 1 }),
    amount_capturable: taken.isLast ? 0 : intent.amount_capturable - taken.amount,
    amount_received: intent.amount_received + taken.amount,
    ...sentFields(params, intent),
    metadata: { ...mergeMetadata(intent.metadata, params.metadata) },
  };
  // Where there may be several, each says first how much is left; the last one too.
  const left = inParts ? move(unit, paymentIntentMachine, intent, "capture", "requires_capture", changes) : intent;
  const book = captureHeld(unit, charge, taken);
  const after = taken.isLast ? move(unit, paymentIntentMachine, left, "capture", "succeeded", changes) : left;
  book();
  return after;
}

function takenOf(params: Params, intent: PaymentIntent, charge: Charge): { amount: number; isLast: boolean } {
  const isLast = boolean(params, "final_capture") ?? true;
  const inParts = offers(charge, "multicapture");
  const amount = integer(params, "amount_to_capture") ?? intent.amount_capturable;
  if (amount < 0) throw refusal(rows.captureNegative);
  // The last one may only let the rest go. Stripe names another parameter than the one that was sent.
  const least = isLast && intent.amount_received > 0 ? 0 : 1;
  if (amount < least) throw refusal(common.belowMinimum, { limit: 1 }, { param: "amount" });
  if (amount > intent.amount_capturable) throw refusal(chargeRefusals.captureTooLarge);
  if (isLast) return { amount, isLast };
  if (!inParts) throw refusal(rows.captureOnce);
  const limit = intentDefaults.capturesMax.value;
  if (memoryOf(intent).captures >= limit) throw refusal(rows.capturedTooOften, { limit });
  return { amount, isLast };
}

/** `amount` is the whole that is to be held. A bank that refuses leaves what it holds, and has been asked once more. */
export function incrementIntent(unit: Unit, params: Params, id: string): PaymentIntent {
  const intent = mustReadIntent(unit, paymentIntents, id);
  assertMay(paymentIntentMachine, intent, "increment");
  const charge = mustHold(unit, intent);
  const { increments } = memoryOf(intent);
  const limit = intentDefaults.incrementsMax.value;
  if (!offers(charge, "incremental_authorization")) throw refusal(rows.holdFixed);
  if (intent.amount_received > 0) throw refusal(rows.holdCaptured);
  if (increments >= limit) throw refusal(rows.incrementedTooOften, { limit });
  refuseFractions(params, intent.currency);
  const amount = checkedAmount(params, intent.currency);
  if (amount <= intent.amount) throw refusal(rows.incrementTooSmall, { amount, held: intent.amount });
  const asked = remembering(intent, { increments: increments + 1 });
  if (unit.world.faults.strikeCharge()) {
    const after = change(unit, paymentIntents, intent, asked, null);
    throw cardError({ ...declinedOnPurpose.fields, charge: charge.id, payment_intent: after });
  }
  const after = move(unit, paymentIntentMachine, intent, "increment", "requires_capture", {
    ...asked,
    amount,
    amount_capturable: amount,
    ...sentFields(params, intent),
    metadata: { ...mergeMetadata(intent.metadata, params.metadata) },
  });
  raiseHold(unit, charge, amount);
  return after;
}
