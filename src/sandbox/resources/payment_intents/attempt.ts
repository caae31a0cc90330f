// One attempt to be paid: the card's verdict becomes a charge and a move of the intent. A decline is a value here; who
// called decides whether it is an HTTP 402 (confirm) or just the intent's new state (the 3-D Secure page).
import { cardError, type StripeError } from "../../kernel/errors.ts";
import { move } from "../../kernel/machine.ts";
import { later, read, type Unit } from "../../kernel/unit.ts";
import { attemptCharge, bookCharge, type Charge, captureWindowSeconds } from "../charges/index.ts";
import {
  attachTo,
  authenticationRequired,
  type CardVerdict,
  cardOf,
  type DeclineFields,
  fieldsOf,
  judge,
  memoryOf as methodMemory,
  type PaymentMethod,
  remember,
} from "../payment_methods/index.ts";
import { releaseHeld } from "./held.ts";
import { memoryOf, type PaymentIntent, paymentIntentMachine, paymentIntents, remembering } from "./payment_intent.ts";

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

export function attempt(unit: Unit, intent: PaymentIntent, method: PaymentMethod, options: AttemptOptions): Attempt {
  const request3ds = intent.payment_method_options?.card?.request_three_d_secure;
  const verdict = judge(cardOf(method), {
    isOffSession: options.isOffSession,
    isAuthenticated: options.isAuthenticated,
    isSetUp: methodMemory(method).isSetUp,
    requests3ds: request3ds === "any" || request3ds === "challenge",
  });
  if (verdict.kind === "ask" && options.action === "confirm" && !options.errorOnRequiresAction) {
    return { intent: askPayer(unit, intent, method, options) };
  }
  const final = verdict.kind === "ask" ? authenticationRequired : verdict;
  if (final.kind === "ask") throw new Error("a challenge was asked twice");
  return final.kind === "decline"
    ? decline(unit, intent, method, final, options)
    : { intent: approve(unit, intent, method, final, options) };
}

function askPayer(unit: Unit, intent: PaymentIntent, method: PaymentMethod, options: AttemptOptions): PaymentIntent {
  return move(unit, paymentIntentMachine, intent, "confirm", "requires_action", {
    last_payment_error: null,
    next_action: nextAction(unit, intent, options.usesStripeSdk),
    payment_method: method.id,
  });
}

/** A page of this sandbox, by redirect or inside Stripe.js's frame. */
function nextAction(unit: Unit, intent: PaymentIntent, usesStripeSdk: boolean): PaymentIntent["next_action"] {
  const { returnUrl } = memoryOf(intent);
  const url = new URL("/3d_secure_2/hosted", unit.world.baseUrl());
  url.searchParams.set("payment_intent", intent.id);
  url.searchParams.set("payment_intent_client_secret", intent.client_secret ?? "");
  url.searchParams.set("publishable_key", unit.publishableKey ?? unit.account.key.replace(/^sk_/, "pk_"));
  if (returnUrl !== null && !usesStripeSdk) {
    return { redirect_to_url: { return_url: returnUrl, url: url.href }, type: "redirect_to_url" };
  }
  const sdk = { source: `src_1${unit.world.ids.text(23)}`, stripe_js: url.href, type: "three_d_secure_redirect" };
  return { type: "use_stripe_sdk", use_stripe_sdk: sdk };
}

function approve(
  unit: Unit,
  intent: PaymentIntent,
  method: PaymentMethod,
  verdict: Extract<CardVerdict, { kind: "approve" }>,
  options: AttemptOptions,
): PaymentIntent {
  const saved = saveMethod(unit, intent, method, options.isAuthenticated);
  const isCaptured = intent.capture_method !== "manual";
  const charge = attemptCharge(unit, { ...chargeDraft(intent, saved), isCaptured, verdict });
  const changes = {
    ...remembering(intent, { isAuthenticated: false }),
    last_payment_error: null,
    latest_charge: charge.id,
    next_action: null,
    payment_method: saved.id,
  };
  if (!isCaptured) {
    later(unit, captureWindowSeconds * 1000, (tick) => expireHold(tick, intent.id));
    const held = { ...changes, amount_capturable: intent.amount };
    return move(unit, paymentIntentMachine, intent, options.action, "requires_capture", held);
  }
  const paid = { ...changes, amount_received: intent.amount };
  const after = move(unit, paymentIntentMachine, intent, options.action, "succeeded", paid);
  bookCharge(unit, charge);
  return after;
}

function decline(
  unit: Unit,
  intent: PaymentIntent,
  method: PaymentMethod,
  verdict: Extract<CardVerdict, { kind: "decline" }>,
  options: AttemptOptions,
): Attempt {
  const charge = attemptCharge(unit, { ...chargeDraft(intent, method), isCaptured: false, verdict });
  const after = move(unit, paymentIntentMachine, intent, options.action, "requires_payment_method", {
    ...remembering(intent, { isAuthenticated: false }),
    last_payment_error: lastError(verdict.fields, method, charge),
    latest_charge: charge.id,
    next_action: null,
    payment_method: null,
  });
  const declined = cardError({
    ...verdict.fields,
    charge: charge.id,
    payment_intent: after,
    payment_method: method,
  });
  return { intent: after, declined };
}

/** The payer failed or gave up the challenge: no charge was made. */
export function failAuthentication(
  unit: Unit,
  intent: PaymentIntent,
  method: PaymentMethod | undefined,
): PaymentIntent {
  return move(unit, paymentIntentMachine, intent, "authenticate", "requires_payment_method", {
    last_payment_error: lastError(fieldsOf("payment_intent_authentication_failure"), method, undefined),
    next_action: null,
    payment_method: null,
  });
}

function lastError(
  fields: DeclineFields,
  method: PaymentMethod | undefined,
  charge: Charge | undefined,
): PaymentIntent["last_payment_error"] {
  const error = {
    advice_code: fields.advice_code,
    charge: charge?.id,
    code: fields.code,
    decline_code: fields.decline_code,
    doc_url: `https://stripe.com/docs/error-codes/${fields.code.replaceAll("_", "-")}`,
    message: fields.message,
    param: fields.param,
    payment_method: method,
    type: charge ? ("card_error" as const) : ("invalid_request_error" as const),
  };
  const present = Object.entries(error).filter(([, value]) => value !== undefined);
  return Object.fromEntries(present) as unknown as PaymentIntent["last_payment_error"];
}

/** On success, and when it was asked for, the method stays with the customer; else it has been used up. */
function saveMethod(unit: Unit, intent: PaymentIntent, method: PaymentMethod, isAuthenticated: boolean): PaymentMethod {
  const isForLater = intent.setup_future_usage !== null;
  const isSetUp = methodMemory(method).isSetUp || (isForLater && isAuthenticated);
  if (method.customer !== null) return isSetUp ? remember(unit, method, { isSetUp }) : method;
  if (intent.customer === null || !isForLater) return remember(unit, method, { isSpent: true, isSetUp });
  return attachTo(unit, remember(unit, method, { isSetUp }), intent.customer);
}

function chargeDraft(intent: PaymentIntent, method: PaymentMethod) {
  return {
    amount: intent.amount,
    currency: intent.currency,
    customer: intent.customer,
    description: intent.description,
    method,
    metadata: intent.metadata,
    paymentIntent: intent.id,
    receiptEmail: intent.receipt_email,
    shipping: intent.shipping as Charge["shipping"],
    statementDescriptorSuffix: intent.statement_descriptor_suffix,
    transferGroup: intent.transfer_group,
  };
}

function expireHold(unit: Unit, id: string): void {
  const intent = read(unit, paymentIntents, id);
  if (intent?.status !== "requires_capture") return;
  releaseHeld(unit, intent);
  move(unit, paymentIntentMachine, intent, "expire", "canceled", {
    amount_capturable: 0,
    canceled_at: unit.created,
    cancellation_reason: "automatic",
  });
}
