// A bank account is set up once its owner has told what its bank shows of two small deposits.
// https://docs.stripe.com/payments/ach-direct-debit/set-up-payment

import type { Params } from "../../kernel/state/resource.ts";
import type { Unit } from "../../kernel/state/unit.ts";
import { change } from "../../kernel/state/writes.ts";
import { refusal } from "../../kernel/words/errors.ts";
import { checkSecret, mustReadIntent } from "../payment_intents/index.ts";
import { judgeDeposits } from "../payment_methods/index.ts";
import { attemptSetup, depositedMethod, fail } from "./attempt.ts";
import { rows } from "./refusals.table.ts";
import { memoryOf, remembering, type SetupIntent, setupIntents } from "./setup_intent.ts";

/** `POST /v1/setup_intents/:id/verify_microdeposits`. */
export function verifyDeposits(unit: Unit, params: Params, id: string): SetupIntent {
  const intent = mustReadIntent(unit, setupIntents, id);
  checkSecret(unit, params, intent);
  const method = depositedMethod(unit, intent);
  if (!method) throw refusal(rows.setupWithoutDeposits, {}, { setup_intent: intent });
  const failures = memoryOf(intent).depositFailures;
  const verdict = judgeDeposits(params, failures);
  if (verdict.kind === "verified") {
    return attemptSetup(unit, intent, method, { action: "authenticate", usesStripeSdk: false }).intent;
  }
  if (verdict.kind === "wrong") {
    change(unit, setupIntents, intent, remembering(intent, { depositFailures: failures + 1 }), null);
    throw verdict.error;
  }
  const { code, message } = verdict.row;
  const after = fail(unit, intent, { code: code ?? "", message }, { method, action: "authenticate" });
  throw refusal(verdict.row, {}, { keep: true, setup_intent: after });
}
