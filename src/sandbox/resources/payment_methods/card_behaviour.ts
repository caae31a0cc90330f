// What a test card does when it is charged: a pure function of the card and of the circumstances.
import type { CardBehaviour, CardDecline, TestCard } from "./test_cards.ts";

export interface Circumstances {
  /** The payer is not there and cannot answer a challenge. */
  readonly isOffSession: boolean;
  /** The payer has passed the challenge of this payment. */
  readonly isAuthenticated: boolean;
  /** The card was set up earlier for payments without the payer. */
  readonly isSetUp: boolean;
  /** `payment_method_options[card][request_three_d_secure]`. */
  readonly requests3ds: boolean;
}

export type ThreeDSecureResult = "authenticated" | "attempt_acknowledged" | "not_supported" | "processing_error" | null;

export type CardVerdict =
  | {
      readonly kind: "approve";
      readonly threeDSecure: ThreeDSecureResult;
      readonly riskLevel: "normal" | "elevated" | "highest";
    }
  | { readonly kind: "ask" }
  | { readonly kind: "decline"; readonly fields: DeclineFields; readonly isBlocked: boolean };

export interface DeclineFields {
  readonly code: string;
  readonly decline_code: string | undefined;
  readonly message: string;
  readonly param: string | undefined;
}

export function judge(card: TestCard, now: Circumstances): CardVerdict {
  const { behaviour } = card;
  switch (behaviour.kind) {
    case "decline":
      return decline(behaviour);
    case "threeDSecure":
      return judgeThreeDSecure(behaviour, now);
    case "radar":
      return behaviour.blocked === "never"
        ? approve(now, behaviour.riskLevel)
        : { kind: "decline", fields: blockedFields, isBlocked: true };
    default:
      return approve(now, "normal");
  }
}

type ThreeDSecure = Extract<CardBehaviour, { kind: "threeDSecure" }>;

function judgeThreeDSecure(behaviour: ThreeDSecure, now: Circumstances): CardVerdict {
  if (behaviour.mode === "errorThenDecline") return { kind: "decline", fields: declinedFields, isBlocked: false };
  if (asks(behaviour.mode, now)) return now.isOffSession ? authenticationRequired : { kind: "ask" };
  if (behaviour.afterwards) return decline(behaviour.afterwards);
  const frictionless = behaviour.mode === "frictionless" ? "authenticated" : null;
  const unsupported = behaviour.mode === "notSupported" && now.requests3ds ? "not_supported" : null;
  const failed = behaviour.mode === "errorThenApprove" ? "processing_error" : null;
  const result = now.isAuthenticated ? "authenticated" : (frictionless ?? unsupported ?? failed);
  return { kind: "approve", threeDSecure: result, riskLevel: "normal" };
}

function asks(mode: ThreeDSecure["mode"], now: Circumstances): boolean {
  if (now.isAuthenticated) return false;
  switch (mode) {
    case "always":
    case "required":
      return true;
    case "onSetup":
      return !(now.isOffSession && now.isSetUp);
    case "setUpForOffSession":
      return !now.isOffSession;
    case "challengeByRadar":
      return !now.isOffSession;
    case "optional":
      return now.requests3ds && !now.isOffSession;
    default:
      return false;
  }
}

function approve(now: Circumstances, riskLevel: "normal" | "elevated" | "highest"): CardVerdict {
  const result = now.isAuthenticated ? "authenticated" : now.requests3ds ? "attempt_acknowledged" : null;
  return { kind: "approve", threeDSecure: result, riskLevel };
}

function decline(row: CardDecline): CardVerdict {
  return { kind: "decline", fields: declineFields(row), isBlocked: false };
}

/** Stripe's words for a decline. */
export function declineFields(row: CardDecline): DeclineFields {
  const decline_code = row.declineCode ?? undefined;
  if (row.code !== "card_declined") {
    return { code: row.code, decline_code, message: messages[row.code], param: params[row.code] };
  }
  const message = (decline_code && declineMessages[decline_code]) ?? "Your card was declined.";
  return { code: row.code, decline_code, message, param: undefined };
}

const messages: Readonly<Record<Exclude<CardDecline["code"], "card_declined">, string>> = {
  expired_card: "Your card has expired.",
  incorrect_cvc: "Your card's security code is incorrect.",
  incorrect_number: "Your card number is incorrect.",
  processing_error: "An error occurred while processing your card. Try again in a little bit.",
};

const params: Readonly<Record<string, string | undefined>> = {
  expired_card: "exp_month",
  incorrect_cvc: "cvc",
  incorrect_number: "number",
};

const declineMessages: Readonly<Record<string, string>> = {
  insufficient_funds: "Your card has insufficient funds.",
  card_velocity_exceeded:
    "Your card was declined for making repeated attempts too frequently or exceeding its amount limit.",
};

const declinedFields: DeclineFields = {
  code: "card_declined",
  decline_code: "generic_decline",
  message: "Your card was declined.",
  param: undefined,
};

const blockedFields: DeclineFields = { ...declinedFields, decline_code: "fraudulent" };

export const authenticationRequired: CardVerdict = {
  kind: "decline",
  fields: {
    code: "authentication_required",
    decline_code: "authentication_required",
    message: "Your card was declined. This transaction requires authentication.",
    param: undefined,
  },
  isBlocked: false,
};
