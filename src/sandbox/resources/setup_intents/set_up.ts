// The door of everybody who wants a method set up: a caller's confirm, and whatever happens by itself. Each outcome is
// a value, a refusal too; the routes make an HTTP error of it.
import { assertMay } from "../../kernel/state/machine.ts";
import type { Params } from "../../kernel/state/resource.ts";
import { type Refused, tried } from "../../kernel/state/tried.ts";
import type { Unit } from "../../kernel/state/unit.ts";
import { change, read } from "../../kernel/state/writes.ts";
import { refusal, StripeError } from "../../kernel/words/errors.ts";
import { checkConsent, checkDebitTerms, debitTermsOf, standingMandate } from "../mandates/index.ts";
import {
  checkMethod,
  checkMethodType,
  methodOptions,
  sentMethod,
  type UsualOptions,
  wayBack,
} from "../payment_intents/index.ts";
import { cardTermsOf, isDebit, leavesAccount, type PaymentMethod, paymentMethods } from "../payment_methods/index.ts";
import { type Attempt, attemptSetup } from "./attempt.ts";
import { rows } from "./refusals.table.ts";
import { memoryOf, remembering, type SetupIntent, setupIntentMachine, setupIntents } from "./setup_intent.ts";

/** The intent as it is afterwards. `refused` carries what a caller would be told. */
export type Setup =
  | { readonly outcome: "succeeded" | "action_required"; readonly intent: SetupIntent }
  | (Refused & { readonly intent: SetupIntent });

/**
 * Confirms a setup intent. A decline leaves its attempt and its events; any other refusal leaves nothing.
 * `const { outcome } = setUp(tick, intent, { payment_method: "pm_…" })`.
 */
export function setUp(unit: Unit, before: SetupIntent, params: Params): Setup {
  const done = tried(unit, () => confirm(unit, before, params));
  if (done instanceof StripeError) {
    return { outcome: "refused", intent: read(unit, setupIntents, before.id) ?? before, error: done };
  }
  const { intent, declined } = done;
  if (declined) return { outcome: "refused", intent, error: declined };
  return { outcome: intent.status === "succeeded" ? "succeeded" : "action_required", intent };
}

function confirm(unit: Unit, before: SetupIntent, params: Params): Attempt {
  const method = sentMethod(unit, params, before.customer, "SetupIntent") ?? storedMethod(unit, before);
  if (!method) throw refusal(rows.setupWithoutMethod);
  assertMay(setupIntentMachine, before, "confirm");
  const { mayRedirect } = memoryOf(before);
  const { returnUrl, usesStripeSdk } = wayBack(unit, params, { intent: "SetupIntent", mayRedirect });
  checkMethod(method, before.customer, "SetupIntent");
  checkMethodType(method, before);
  const mandateData = checkConsent(unit, params) ?? null;
  if (!mandateData && needsMandate(unit, method)) throw refusal(rows.setupNeedsMandate);
  const payment_method_options = optionsOf(params, before.payment_method_types, before);
  checkDebitTerms(method, debitTermsOf({ payment_method_options }));
  const changes = {
    ...remembering(before, { returnUrl, mandateData, terms: cardTermsOf(params, memoryOf(before).terms) }),
    payment_method: method.id,
    payment_method_options,
  };
  const intent = change(unit, setupIntents, before, changes, null);
  return attemptSetup(unit, intent, method, { action: "confirm", usesStripeSdk });
}

/** Stripe.js tells of the payer's consent by itself; a server has to. */
function needsMandate(unit: Unit, method: PaymentMethod): boolean {
  if (unit.isPublishable) return false;
  return leavesAccount(method) || (isDebit(method) && !standingMandate(unit, method.id));
}

export function storedMethod(unit: Unit, intent: SetupIntent): PaymentMethod | undefined {
  return intent.payment_method === null ? undefined : read(unit, paymentMethods, intent.payment_method);
}

export function optionsOf(params: Params, types: readonly string[], before?: SetupIntent): Shown {
  return methodOptions(params, types, { usual: usualOptions, ...(before ? { before } : {}) }) as Shown;
}

type Shown = SetupIntent["payment_method_options"];

const usualOptions: UsualOptions = {
  acss_debit: { currency: null, verification_method: "automatic" },
  card: { mandate_options: null, network: null, request_three_d_secure: "automatic" },
  link: { persistent_token: null },
  sepa_debit: {},
  us_bank_account: { verification_method: "automatic" },
};
