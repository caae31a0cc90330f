// One attempt to set a method up. A refusal of the bank is a value here; who called decides whether it is an HTTP 402
// (confirm) or just the intent's new state (the page). https://docs.stripe.com/payments/save-and-reuse

import { move } from "../../kernel/state/machine.ts";
import type { Unit } from "../../kernel/state/unit.ts";
import { read } from "../../kernel/state/writes.ts";
import { laterBy } from "../../kernel/time/settlement.ts";
import { cardError, refusal, type StripeError } from "../../kernel/words/errors.ts";
import { createMandate, debitTermsOf, type Mandate, referencePrefixOf, standingMandate } from "../mandates/index.ts";
import { intentRefusals } from "../payment_intents/index.ts";
import {
  attachTo,
  cardOf,
  challengeAction,
  type DeclineFields,
  depositsAction,
  depositsWait,
  failedCheck,
  fieldsOf,
  generateDebit,
  isDebit,
  isDecidedOnPage,
  isUnverified,
  judgeSetup,
  keptError,
  lapsedDeposits,
  leavesAccount,
  looked,
  markVerified,
  memoryOf as methodMemory,
  type PaymentMethod,
  pageAction,
  paymentMethods,
  remember,
  type ThreeDSecure,
} from "../payment_methods/index.ts";
import {
  beginSetupAttempt,
  finishSetupAttempt,
  nameGenerated,
  type SetupAttempt,
  setupAttempts,
} from "../setup_attempts/index.ts";
import { memoryOf, type SetupIntent, setupIntentMachine, setupIntents } from "./setup_intent.ts";

export interface AttemptOptions {
  readonly action: "confirm" | "authenticate";
  readonly usesStripeSdk: boolean;
}

export interface Attempt {
  readonly intent: SetupIntent;
  readonly declined?: StripeError;
}

export function attemptSetup(unit: Unit, intent: SetupIntent, method: PaymentMethod, options: AttemptOptions): Attempt {
  const isAuthenticated = options.action === "authenticate";
  if (method.type !== "card") return { intent: setUpOther(unit, intent, method, options) };
  const request3ds = intent.payment_method_options?.card?.request_three_d_secure;
  const verdict = judgeSetup(cardOf(method), {
    failedCheck: failedCheck(unit, method),
    isOffSession: false,
    isAuthenticated,
    isSetUp: methodMemory(method).isSetUp,
    terms: memoryOf(intent).terms,
    requests3ds: request3ds === "any" || request3ds === "challenge",
  });
  if (verdict.kind === "ask") {
    return { intent: askPayer(unit, intent, method, challengeAction(unit, challenge(intent, options))) };
  }
  const seen = looked(unit, method);
  if (verdict.kind === "approve")
    return { intent: succeed(unit, intent, seen, { ...options, threeDSecure: verdict.threeDSecure }) };
  const { fields } = verdict;
  const after = fail(unit, intent, fields, { method: seen, action: options.action });
  const declined = cardError({ ...fields, payment_method: seen, setup_intent: after });
  return { intent: after, declined };
}

/** The payer answers on another page; an account has to be proved. */
function setUpOther(unit: Unit, intent: SetupIntent, method: PaymentMethod, options: AttemptOptions): SetupIntent {
  const ended = { ...options, threeDSecure: null };
  if (options.action === "authenticate") return succeed(unit, intent, markVerified(unit, method), ended);
  const asked = challenge(intent, options);
  if (isUnverified(method)) {
    laterBy(unit, depositsWait(method), endDeposits, intent.id, method.id);
    return askPayer(unit, intent, method, depositsAction(unit, method, asked));
  }
  if (!isDecidedOnPage(method)) return succeed(unit, intent, method, ended);
  if (memoryOf(intent).returnUrl === null) throw refusal(intentRefusals.redirectNeedsReturnUrl, { type: method.type });
  return askPayer(unit, intent, method, pageAction(unit, asked, method.type));
}

/** Small deposits came back, or nobody has told of them. */
export function endDeposits(unit: Unit, id: string, methodId: string): void {
  const intent = read(unit, setupIntents, id);
  const method = intent && depositedMethod(unit, intent);
  if (!method || method.id !== methodId) return;
  const { code, message } = lapsedDeposits(method);
  fail(unit, intent, { code: code ?? "", message }, { method, action: "authenticate" });
}

/** The account of a setup that waits to be told of small deposits. */
export function depositedMethod(unit: Unit, intent: SetupIntent): PaymentMethod | undefined {
  const { status, next_action, payment_method } = intent;
  const isWaiting = status === "requires_action" && next_action?.type === "verify_with_microdeposits";
  return isWaiting && payment_method !== null ? read(unit, paymentMethods, payment_method) : undefined;
}

/** The payer failed or gave up. */
export function failAuthentication(unit: Unit, intent: SetupIntent, method: PaymentMethod | undefined): SetupIntent {
  return fail(unit, intent, fieldsOf("setup_intent_authentication_failure"), { method, action: "authenticate" });
}

/** The attempt that waits for its payer will not be finished any more. */
export function abandonAttempt(unit: Unit, intent: SetupIntent): void {
  const waiting = waitingAttempt(unit, intent);
  if (waiting)
    finishSetupAttempt(unit, waiting, "abandoned", { method: undefined, setupError: null, threeDSecure: null });
}

function challenge(intent: SetupIntent, { usesStripeSdk }: AttemptOptions) {
  const { returnUrl } = memoryOf(intent);
  return {
    kind: "setup_intent" as const,
    id: intent.id,
    clientSecret: intent.client_secret ?? "",
    returnUrl,
    usesStripeSdk,
  };
}

function askPayer(unit: Unit, intent: SetupIntent, method: PaymentMethod, action: object): SetupIntent {
  abandonAttempt(unit, intent);
  const waiting = beginSetupAttempt(
    unit,
    "requires_action",
    attemptDraft(intent, { method, setupError: null, threeDSecure: null }),
  );
  return move(unit, setupIntentMachine, intent, "confirm", "requires_action", {
    last_setup_error: null,
    latest_attempt: waiting.id,
    next_action: action as SetupIntent["next_action"],
    payment_method: method.id,
  });
}

/** `payment_method.attached` follows `setup_intent.succeeded`. */
function succeed(
  unit: Unit,
  intent: SetupIntent,
  method: PaymentMethod,
  { action, threeDSecure }: Pick<AttemptOptions, "action"> & { readonly threeDSecure: ThreeDSecure | null },
): SetupIntent {
  const attempt = endAttempt(unit, intent, "succeeded", { method, setupError: null, threeDSecure });
  const debited = leavesAccount(method)
    ? generateDebit(unit, method, { charge: null, setup_attempt: attempt.id })
    : method;
  const mandate = isDebit(debited) ? mandateFor(unit, intent, debited) : undefined;
  if (debited !== method) nameGenerated(unit, attempt, { account: debited.id, mandate: mandate?.id ?? null });
  const after = move(unit, setupIntentMachine, intent, action, "succeeded", {
    last_setup_error: null,
    latest_attempt: attempt.id,
    mandate: mandate?.type === "multi_use" ? mandate.id : null,
    next_action: null,
    payment_method: method.id,
  });
  const saved = intent.usage === "off_session" ? remember(unit, debited, { isSetUp: true }) : debited;
  if (saved.customer === null && intent.customer !== null) attachTo(unit, saved, intent.customer);
  return after;
}

function mandateFor(unit: Unit, intent: SetupIntent, method: PaymentMethod): Mandate {
  const { mandateData } = memoryOf(intent);
  const standing = mandateData ? undefined : standingMandate(unit, method.id);
  const referencePrefix = referencePrefixOf(intent) ?? "";
  const terms = debitTermsOf(intent);
  return standing ?? createMandate(unit, { method, consent: mandateData, referencePrefix, terms, singleUse: null });
}

export function fail(
  unit: Unit,
  intent: SetupIntent,
  fields: Pick<DeclineFields, "code" | "message"> & Partial<DeclineFields>,
  { method, action }: Pick<AttemptOptions, "action"> & { readonly method: PaymentMethod | undefined },
): SetupIntent {
  const error = keptError(fields, method) as unknown as SetupAttempt["setup_error"];
  const attempt = method && endAttempt(unit, intent, "failed", { method, setupError: error, threeDSecure: null });
  return move(unit, setupIntentMachine, intent, action, "requires_payment_method", {
    last_setup_error: error as SetupIntent["last_setup_error"],
    latest_attempt: attempt?.id ?? intent.latest_attempt,
    next_action: null,
    payment_method: null,
  });
}

/** The waiting attempt ends, or one begins that is over at once. */
function endAttempt(unit: Unit, intent: SetupIntent, end: "succeeded" | "failed", now: Ending): SetupAttempt {
  const waiting = waitingAttempt(unit, intent);
  if (waiting?.payment_method === now.method.id) return finishSetupAttempt(unit, waiting, end, now);
  abandonAttempt(unit, intent);
  return beginSetupAttempt(unit, end, attemptDraft(intent, now));
}

interface Ending {
  readonly method: PaymentMethod;
  readonly setupError: SetupAttempt["setup_error"];
  readonly threeDSecure: ThreeDSecure | null;
}

function waitingAttempt(unit: Unit, intent: SetupIntent): SetupAttempt | undefined {
  const latest = intent.latest_attempt === null ? undefined : read(unit, setupAttempts, intent.latest_attempt);
  return latest?.status === "requires_action" ? latest : undefined;
}

function attemptDraft(intent: SetupIntent, now: Ending) {
  const { customer, flow_directions, id, usage } = intent;
  return { ...now, customer, flowDirections: flow_directions ?? null, setupIntent: id, usage };
}
