// Proving that an account is one's own: by the amounts of two small deposits, or by the code that stands beside one.
// https://docs.stripe.com/payments/ach-direct-debit/accept-a-payment#test-microdeposit-amounts-and-descriptor-codes

import { dayMs } from "#kit/clock.ts";
import type { Params } from "../../../kernel/state/resource.ts";
import type { Unit } from "../../../kernel/state/unit.ts";
import type { BankWait } from "../../../kernel/timeline/waits.ts";
import { missingParameter, refusal, type StripeError } from "../../../kernel/words/errors.ts";
import { text } from "../../../kernel/words/params.ts";
import type { Refusal } from "../../../kernel/words/refusals.ts";
import { type Challenge, pageUrl } from "../challenge.ts";
import { methodDefaults } from "../defaults.table.ts";
import type { PaymentMethod } from "../payment_method.ts";
import { rows } from "../refusals.table.ts";
import { methodWaits } from "../waits.table.ts";
import { takesDeposits } from "./bank_debit.ts";

/** Until they come back, or have been waited for too long. */
export function depositsWait(method: PaymentMethod): BankWait {
  return takesDeposits(method) ? methodWaits.depositsLapse : methodWaits.depositsFail;
}

/** What is said then. */
export function lapsedDeposits(method: PaymentMethod): Refusal {
  return takesDeposits(method) ? rows.depositsTimedOut : rows.depositsNotSent;
}

type Kind = "amounts" | "descriptor_code";

/** Canadian banks show two amounts, American ones a code. */
export function depositsAction(unit: Unit, method: PaymentMethod, challenge: Challenge): object {
  const url = pageUrl(unit, "/redirect/authorize", challenge);
  url.searchParams.set("payment_method_type", method.type);
  const microdeposit_type: Kind = method.type === "acss_debit" ? "amounts" : "descriptor_code";
  const arrival_date = unit.created + (2 * dayMs) / 1000;
  return {
    type: "verify_with_microdeposits",
    verify_with_microdeposits: { arrival_date, hosted_verification_url: url.href, microdeposit_type },
  };
}

/** What an owner's answer comes to. `spent` ends the verification, and says why. */
export type DepositVerdict =
  | { readonly kind: "verified" }
  | { readonly kind: "wrong"; readonly error: StripeError }
  | { readonly kind: "spent"; readonly row: Refusal };

/** @param failures wrong answers so far */
export function judgeDeposits(params: Params, failures: number): DepositVerdict {
  const amounts = params.amounts as readonly number[] | undefined; // By the schema.
  const code = text(params, "descriptor_code");
  if (!amounts && !code) throw missingParameter("amounts");
  const said = code ?? [...(amounts ?? [])].sort((a, b) => a - b).join(" ");
  const { guessedTooOften, timedOut, verified } = methodDefaults.depositWords.value;
  if (verified.includes(said)) return { kind: "verified" };
  if (timedOut.includes(said)) return { kind: "spent", row: rows.depositsTimedOut };
  const left = methodDefaults.depositFailures.value[code ? "descriptor_code" : "amounts"] - failures - 1;
  if (left <= 0 || guessedTooOften.includes(said)) return { kind: "spent", row: rows.depositsGuessedTooOften };
  return {
    kind: "wrong",
    error: refusal(code ? rows.depositCodeWrong : rows.depositAmountsWrong, { left }, { keep: true }),
  };
}
