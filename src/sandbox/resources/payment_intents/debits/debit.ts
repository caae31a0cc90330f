// Debits of bank accounts: the intent is `processing` until the bank has answered, which the clock brings about. A
// debit rests on a mandate: one that stands from an earlier setup, or a new one from the consent that came with the
// confirmation.
// https://docs.stripe.com/payments/sepa-debit

import { move } from "../../../kernel/state/machine.ts";
import type { Unit } from "../../../kernel/state/unit.ts";
import { change, mustReadParam, read } from "../../../kernel/state/writes.ts";
import { laterBy } from "../../../kernel/time/settlement.ts";
import { common } from "../../../kernel/words/errors.table.ts";
import { refusal } from "../../../kernel/words/errors.ts";
import { moneyText } from "../../../kernel/words/money_text.ts";
import { attemptCharge, type Charge, charges, debitAnswer, type Generated, settleCharge } from "../../charges/index.ts";
import {
  checkDebitTerms,
  createMandate,
  debitTermsOf,
  endedMandate,
  endMandates,
  failuresThatEndMandates,
  type Mandate,
  mandateRefusals,
  mandates,
  referencePrefixOf,
  standingMandate,
} from "../../mandates/index.ts";
import {
  attachTo,
  debitFailureMessage,
  debitOutcome,
  generateDebit,
  leavesAccount,
  type PaymentMethod,
  paymentMethods,
} from "../../payment_methods/index.ts";
import { intentDefaults } from "../defaults.table.ts";
import { futureUsage } from "../options.ts";
import { chargeDraft, lastError, saveMethod } from "../outcome.ts";
import { memoryOf, type PaymentIntent, paymentIntentMachine, paymentIntents, remembering } from "../payment_intent.ts";
import { rows } from "../refusals.table.ts";

const sepaAmountMax = intentDefaults.debitAmount.value;

export function startDebit(unit: Unit, intent: PaymentIntent, method: PaymentMethod): PaymentIntent {
  if (method.type === "sepa_debit" && intent.amount > sepaAmountMax) {
    throw refusal(common.amountTooLarge, { amount: moneyText(sepaAmountMax, intent.currency) });
  }
  const mandate = mandateFor(unit, intent, method);
  const saved = saveMethod(unit, intent, method, true);
  const verdict = { kind: "approve", threeDSecure: null, riskLevel: "normal" } as const;
  const draft = { ...chargeDraft(intent, saved), isCaptured: true, mandate: mandate.id, verdict };
  const charge = attemptCharge(unit, draft);
  const after = move(unit, paymentIntentMachine, intent, "confirm", "processing", {
    ...remembering(intent, { isAuthenticated: false }),
    last_payment_error: null,
    latest_charge: charge.id,
    next_action: null,
    payment_method: saved.id,
  });
  const answer = debitAnswer(method);
  if (answer) laterBy(unit, answer, settleDebit, intent.id);
  return after;
}

export function settleDebit(unit: Unit, id: string): void {
  const intent = read(unit, paymentIntents, id);
  const charge = intent?.latest_charge ? read(unit, charges, intent.latest_charge) : undefined;
  const method = charge?.payment_method ? read(unit, paymentMethods, charge.payment_method) : undefined;
  if (intent?.status !== "processing" || charge?.status !== "pending" || !method) return;
  const { failureCode } = debitOutcome(method);
  if (failureCode) {
    failDebit(unit, failureCode, { intent, charge, method });
    return;
  }
  settleCharge(unit, charge, null);
  move(unit, paymentIntentMachine, intent, "settle", "succeeded", { amount_received: intent.amount });
}

/** Only what its bank has not taken yet can be called off. https://docs.stripe.com/payments/ach-direct-debit */
export function callOffDebit(unit: Unit, intent: PaymentIntent): void {
  const charge = intent.latest_charge ? read(unit, charges, intent.latest_charge) : undefined;
  const method = charge?.payment_method ? read(unit, paymentMethods, charge.payment_method) : undefined;
  if (!charge || !method || !debitOutcome(method).isSilent) {
    throw refusal(rows.debitNotCancelable, {}, { payment_intent: intent });
  }
  settleCharge(unit, charge, { code: "generic_could_not_process", message: intentDefaults.debitCalledOff.value });
}

interface Debit {
  readonly intent: PaymentIntent;
  readonly charge: Charge;
  readonly method: PaymentMethod;
}

function failDebit(unit: Unit, code: string, { intent, charge, method }: Debit): void {
  const message = debitFailureMessage(code);
  const failed = settleCharge(unit, charge, { code, message });
  move(unit, paymentIntentMachine, intent, "settle", "requires_payment_method", {
    last_payment_error: lastError({ code, message }, method, failed),
    payment_method: null,
  });
  if (failuresThatEndMandates.has(code)) endMandates(unit, method.id);
}

export function mandateFor(unit: Unit, intent: PaymentIntent, method: PaymentMethod): Mandate {
  const { mandate: named, mandateData } = memoryOf(intent);
  if (named) {
    const mandate = mustReadParam(unit, mandates, named, "mandate");
    if (mandate.status !== "active") throw refusal(mandateRefusals.mandateInactive, { mandate: named });
    return mandate;
  }
  const standing = mandateData ? undefined : standingMandate(unit, method.id);
  if (standing) return standing;
  const ended = mandateData ? undefined : endedMandate(unit, method.id);
  if (ended) throw refusal(mandateRefusals.mandateInactive, { mandate: ended.id });
  checkDebitConsent(unit, intent);
  return newMandate(unit, intent, method, futureUsage(intent, method.type) === null);
}

/** Stripe.js tells of the payer's consent by itself; a server has to. */
export function checkDebitConsent(unit: Unit, intent: PaymentIntent): void {
  if (!memoryOf(intent).mandateData && !unit.isPublishable) {
    throw refusal(rows.paymentNeedsMandate);
  }
}

function newMandate(unit: Unit, intent: PaymentIntent, method: PaymentMethod, isSingleUse: boolean): Mandate {
  const { amount, currency } = intent;
  const terms = debitTermsOf(intent);
  checkDebitTerms(method, terms);
  return createMandate(unit, {
    method,
    consent: memoryOf(intent).mandateData,
    referencePrefix: referencePrefixOf(intent) ?? "",
    terms,
    singleUse: isSingleUse ? { amount, currency } : null,
  });
}

/** Whether a redirect is to leave an account behind that can be debited later. */
export function leavesDebit(intent: PaymentIntent, method: PaymentMethod): boolean {
  return leavesAccount(method) && futureUsage(intent, method.type) === "off_session" && intent.customer !== null;
}

export function debitForLater(unit: Unit, intent: PaymentIntent, redirect: PaymentMethod): Generated {
  const method = generateDebit(unit, redirect, { charge: null, setup_attempt: null });
  return { method, mandate: newMandate(unit, intent, method, false).id };
}

export function keepDebit(unit: Unit, intent: PaymentIntent, { method }: Generated, charge: Charge): void {
  const sepa_debit = method.sepa_debit && {
    ...method.sepa_debit,
    generated_from: { charge: charge.id, setup_attempt: null },
  };
  const known = change(unit, paymentMethods, method, sepa_debit ? { sepa_debit } : {}, null);
  attachTo(unit, known, intent.customer ?? "");
}
