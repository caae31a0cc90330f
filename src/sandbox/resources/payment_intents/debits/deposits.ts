// A payment from an account whose owner has still to prove that it is theirs: the intent waits for what their bank
// shows of small deposits. https://docs.stripe.com/payments/ach-direct-debit/accept-a-payment

import { move } from "../../../kernel/state/machine.ts";
import type { Params } from "../../../kernel/state/resource.ts";
import type { Unit } from "../../../kernel/state/unit.ts";
import { change, read } from "../../../kernel/state/writes.ts";
import { laterBy } from "../../../kernel/time/settlement.ts";
import { refusal } from "../../../kernel/words/errors.ts";
import type { Refusal } from "../../../kernel/words/refusals.ts";
import { endMandates } from "../../mandates/index.ts";
import {
  type Challenge,
  depositsAction,
  depositsWait,
  judgeDeposits,
  lapsedDeposits,
  markVerified,
  type PaymentMethod,
} from "../../payment_methods/index.ts";
import { checkSecret, mustReadIntent } from "../client_secret.ts";
import { lastError } from "../outcome.ts";
import { storedMethod } from "../params.ts";
import { memoryOf, type PaymentIntent, paymentIntentMachine, paymentIntents, remembering } from "../payment_intent.ts";
import { rows } from "../refusals.table.ts";
import { mandateFor, startDebit } from "./debit.ts";

/** The payer has agreed already; the account has still to be proved. */
export function askForDeposits(
  unit: Unit,
  intent: PaymentIntent,
  method: PaymentMethod,
  challenge: Challenge,
): PaymentIntent {
  const mandate = mandateFor(unit, intent, method).id;
  laterBy(unit, depositsWait(method), endDeposits, intent.id, method.id);
  return move(unit, paymentIntentMachine, intent, "confirm", "requires_action", {
    ...remembering(intent, { mandate, depositFailures: 0 }),
    last_payment_error: null,
    next_action: depositsAction(unit, method, challenge) as PaymentIntent["next_action"],
    payment_method: method.id,
  });
}

/** `POST /v1/payment_intents/:id/verify_microdeposits`. */
export function verifyDeposits(unit: Unit, params: Params, id: string): PaymentIntent {
  const intent = mustReadIntent(unit, paymentIntents, id);
  checkSecret(unit, params, intent);
  const method = storedMethod(unit, intent);
  if (!method || !waitsForDeposits(intent)) throw refusal(rows.intentWithoutDeposits, {}, { payment_intent: intent });
  const failures = memoryOf(intent).depositFailures;
  const verdict = judgeDeposits(params, failures);
  if (verdict.kind === "verified") return startDebit(unit, intent, markVerified(unit, method));
  if (verdict.kind === "wrong") {
    change(unit, paymentIntents, intent, remembering(intent, { depositFailures: failures + 1 }), null);
    throw verdict.error;
  }
  const after = failDeposits(unit, intent, method, verdict.row);
  throw refusal(verdict.row, {}, { keep: true, payment_intent: after });
}

/** They came back, or nobody has told of them. */
export function endDeposits(unit: Unit, id: string, methodId: string): void {
  const intent = read(unit, paymentIntents, id);
  const method = intent && storedMethod(unit, intent);
  if (!method || method.id !== methodId || !waitsForDeposits(intent)) return;
  failDeposits(unit, intent, method, lapsedDeposits(method));
}

export function failDeposits(unit: Unit, intent: PaymentIntent, method: PaymentMethod, row: Refusal): PaymentIntent {
  endMandates(unit, method.id);
  const { code, message } = row;
  return move(unit, paymentIntentMachine, intent, "authenticate", "requires_payment_method", {
    last_payment_error: lastError({ code: code ?? "", message }, method, undefined),
    next_action: null,
    payment_method: null,
  });
}

function waitsForDeposits({ status, next_action }: PaymentIntent): boolean {
  return status === "requires_action" && next_action?.type === "verify_with_microdeposits";
}
