// One attempt to be paid: the card's verdict becomes a charge and a move of the intent. A decline is a value here; who
// called decides whether it is an HTTP 402 (confirm) or just the intent's new state (the 3-D Secure page).

import { move } from "../../kernel/state/machine.ts";
import type { Unit } from "../../kernel/state/unit.ts";
import { read } from "../../kernel/state/writes.ts";
import { inWorld, later } from "../../kernel/time/later.ts";
import { isBefore } from "../../kernel/versions/families.ts";
import { cardError, refusal, type StripeError } from "../../kernel/words/errors.ts";
import { attemptCharge, type Charge, captureWindowSeconds } from "../charges/index.ts";
import {
  authenticationNotHandled,
  authenticationRequired,
  type CardVerdict,
  type Challenge,
  cardOf,
  challengeAction,
  type DeclineFields,
  declinedOnPurpose,
  failedCheck,
  fieldsOf,
  isDebit,
  isDecidedOnPage,
  isSaved,
  isUnverified,
  judge,
  looked,
  markVerified,
  memoryOf as methodMemory,
  methodRefusals,
  type PaymentMethod,
  pageAction,
  remember,
} from "../payment_methods/index.ts";
import { checkDebitConsent, debitForLater, keepDebit, leavesDebit, startDebit } from "./debits/debit.ts";
import { askForDeposits, failDeposits } from "./debits/deposits.ts";
import { endInParts, expireHeld } from "./held.ts";
import { isHeldFirst } from "./options.ts";
import { chargeDraft, lastError, saveMethod, unauthenticated } from "./outcome.ts";
import { memoryOf, type PaymentIntent, paymentIntentMachine, paymentIntents, remembering } from "./payment_intent.ts";
import { rows } from "./refusals.table.ts";

export interface Attempt {
  readonly intent: PaymentIntent;
  readonly declined?: StripeError;
}

export interface AttemptOptions {
  readonly action: "confirm" | "authenticate";
  readonly isAuthenticated: boolean;
  readonly isOffSession: boolean;
  readonly errorOnRequiresAction: boolean;
  readonly usesStripeSdk: boolean;
}

/** What the bank has said to an attempt. */
interface Judged<Kind extends CardVerdict["kind"]> extends AttemptOptions {
  readonly verdict: Extract<CardVerdict, { kind: Kind }>;
}

export function attempt(unit: Unit, intent: PaymentIntent, method: PaymentMethod, options: AttemptOptions): Attempt {
  if (isDebit(method)) return attemptDebit(unit, intent, method, options);
  if (isDecidedOnPage(method)) return attemptOnPage(unit, intent, method, options);
  return attemptCard(unit, intent, method, options);
}

function attemptCard(unit: Unit, intent: PaymentIntent, method: PaymentMethod, options: AttemptOptions): Attempt {
  const request3ds = intent.payment_method_options?.card?.request_three_d_secure;
  const { skipsRules, terms } = memoryOf(intent).particulars;
  const verdict = judge(cardOf(method), {
    failedCheck: failedCheck(unit, method),
    skipsRules,
    terms,
    isOffSession: options.isOffSession,
    isAuthenticated: options.isAuthenticated,
    isSetUp: methodMemory(method).isSetUp,
    requests3ds: request3ds === "any" || request3ds === "challenge",
  });
  if (verdict.kind === "ask") {
    if (options.errorOnRequiresAction) return giveUp(unit, intent, method);
    return { intent: askPayer(unit, intent, method, options) };
  }
  if (verdict.kind === "approve" && unit.world.faults.strikeCharge()) {
    return decline(unit, intent, looked(unit, method), { ...options, verdict: declinedOnPurpose });
  }
  if (verdict.kind === "approve")
    return { intent: approve(unit, intent, looked(unit, method), { ...options, verdict }) };
  return decline(unit, intent, verdict.declinedBy === "risk" ? method : looked(unit, method), { ...options, verdict });
}

/** The bank is asked once the account is known to be the payer's. */
function attemptDebit(unit: Unit, intent: PaymentIntent, method: PaymentMethod, options: AttemptOptions): Attempt {
  if (options.action === "authenticate") return { intent: startDebit(unit, intent, markVerified(unit, method)) };
  if (!isUnverified(method)) return { intent: startDebit(unit, intent, method) };
  if (options.errorOnRequiresAction) return giveUp(unit, intent, method);
  return { intent: askForDeposits(unit, intent, method, challengeOf(intent, options.usesStripeSdk)) };
}

/** The payer answers elsewhere, and has paid then or not; unless they once agreed to be charged without being asked. */
function attemptOnPage(unit: Unit, intent: PaymentIntent, method: PaymentMethod, options: AttemptOptions): Attempt {
  if (options.action === "authenticate" || (isSaved(method) && methodMemory(method).isSetUp)) {
    const verdict = { kind: "approve", threeDSecure: null, riskLevel: "normal" } as const;
    return { intent: approve(unit, intent, method, { ...options, verdict }) };
  }
  if (options.isOffSession) return decline(unit, intent, method, { ...options, verdict: authenticationRequired });
  if (options.errorOnRequiresAction) return giveUp(unit, intent, method);
  if (memoryOf(intent).returnUrl === null && method.type !== "wechat_pay")
    throw refusal(rows.redirectNeedsReturnUrl, { type: method.type });
  if (leavesDebit(intent, method)) checkDebitConsent(unit, intent);
  return { intent: askPayer(unit, intent, method, options) };
}

function askPayer(unit: Unit, intent: PaymentIntent, method: PaymentMethod, options: AttemptOptions): PaymentIntent {
  return move(unit, paymentIntentMachine, intent, "confirm", "requires_action", {
    last_payment_error: null,
    next_action: nextAction(unit, intent, method, options.usesStripeSdk),
    payment_method: method.id,
  });
}

function nextAction(
  unit: Unit,
  intent: PaymentIntent,
  method: PaymentMethod,
  usesStripeSdk: boolean,
): PaymentIntent["next_action"] {
  const challenge = challengeOf(intent, usesStripeSdk);
  return isDecidedOnPage(method) ? pageAction(unit, challenge, method.type) : challengeAction(unit, challenge);
}

function challengeOf(intent: PaymentIntent, usesStripeSdk: boolean): Challenge {
  const { client_secret, id, object: kind } = intent;
  return { kind, id, clientSecret: client_secret ?? "", returnUrl: memoryOf(intent).returnUrl, usesStripeSdk };
}

function approve(
  unit: Unit,
  intent: PaymentIntent,
  method: PaymentMethod,
  { action, isAuthenticated, verdict }: Judged<"approve">,
): PaymentIntent {
  const saved = saveMethod(unit, intent, method, isAuthenticated);
  const isCaptured = !isHeldFirst(intent, method.type);
  const generated = leavesDebit(intent, method) ? debitForLater(unit, intent, method) : null;
  const charge = attemptCharge(unit, { ...chargeDraft(intent, saved), generated, isCaptured, verdict });
  if (generated) keepDebit(unit, intent, generated, charge);
  const changes = {
    ...remembering(intent, { isAuthenticated: false }),
    last_payment_error: null,
    latest_charge: charge.id,
    next_action: null,
    payment_method: saved.id,
  };
  if (!isCaptured) {
    later(inWorld(unit), captureWindowSeconds * 1000, expireHold, intent.id);
    const held = { ...changes, amount_capturable: intent.amount };
    return move(unit, paymentIntentMachine, intent, action, "requires_capture", held);
  }
  const paid = { ...changes, amount_received: intent.amount };
  return move(unit, paymentIntentMachine, intent, action, "succeeded", paid);
}

function decline(
  unit: Unit,
  intent: PaymentIntent,
  method: PaymentMethod,
  { action, verdict }: Judged<"decline">,
): Attempt {
  const charge = attemptCharge(unit, { ...chargeDraft(intent, method), isCaptured: false, verdict });
  const isNobodys = intent.customer === null && method.customer === null;
  const used = isNobodys ? remember(unit, method, { isSpent: true }) : method;
  return fail(unit, intent, verdict.fields, { method: used, charge, action });
}

/** `error_on_requires_action`: a challenge that nobody will answer. No charge was made. */
function giveUp(unit: Unit, intent: PaymentIntent, method: PaymentMethod): Attempt {
  return fail(unit, intent, authenticationNotHandled, { method, charge: undefined, action: "confirm" });
}

function fail(
  unit: Unit,
  intent: PaymentIntent,
  fields: DeclineFields,
  { method, charge, action }: { method: PaymentMethod; charge: Charge | undefined; action: AttemptOptions["action"] },
): Attempt {
  const after = move(unit, paymentIntentMachine, intent, action, "requires_payment_method", {
    ...remembering(intent, { isAuthenticated: false }),
    last_payment_error: lastError(fields, method, charge),
    latest_charge: charge?.id ?? intent.latest_charge,
    next_action: null,
    payment_method: null,
  });
  const declined = cardError({ ...fields, charge: charge?.id, payment_intent: after, payment_method: method });
  return { intent: after, declined };
}

/** The payer failed or gave up the challenge: no charge was made. */
export function failAuthentication(
  unit: Unit,
  intent: PaymentIntent,
  method: PaymentMethod | undefined,
): PaymentIntent {
  if (method && isDebit(method)) return failDeposits(unit, intent, method, methodRefusals.depositsNotSent);
  return move(unit, paymentIntentMachine, intent, "authenticate", "requires_payment_method", {
    last_payment_error: lastError(fieldsOf(unauthenticated), method, undefined),
    next_action: null,
    payment_method: null,
  });
}

export function expireHold(unit: Unit, id: string): void {
  const intent = read(unit, paymentIntents, id);
  if (intent?.status !== "requires_capture") return;
  if (intent.amount_received > 0) {
    endInParts(unit, intent, "expire");
    return;
  }
  expireHeld(unit, intent);
  move(unit, paymentIntentMachine, intent, "expire", "canceled", {
    amount_capturable: 0,
    canceled_at: unit.created,
    cancellation_reason: isBefore(unit.family, "basil") ? "automatic" : "expired",
  });
}
