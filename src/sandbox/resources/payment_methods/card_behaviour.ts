// What a test card does when it is charged: a pure function of the card and of the circumstances.
import { cardRefusalTable } from "../../kernel/errors.table.ts";
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
  readonly advice_code: "confirm_card_data" | "do_not_try_again" | "try_again_later" | undefined;
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
        : { kind: "decline", fields: fieldsOf("fraudulent"), isBlocked: true };
    default:
      return approve(now, "normal");
  }
}

/** What a card does when it is saved. What it refuses "at the charge" it does not refuse here. */
export function judgeSetup(card: TestCard, now: Circumstances): CardVerdict {
  const { behaviour } = card;
  if (behaviour.kind === "radar") return approve(now, behaviour.riskLevel);
  if (behaviour.kind === "decline" && behaviour.at === "charge") return approve(now, "normal");
  const verdict = judge(card, now);
  if (behaviour.kind !== "threeDSecure" || verdict.kind !== "decline" || !behaviour.afterwards) return verdict;
  return behaviour.afterwards.at === "charge" ? approve(now, "normal") : verdict;
}

type ThreeDSecure = Extract<CardBehaviour, { kind: "threeDSecure" }>;

function judgeThreeDSecure(behaviour: ThreeDSecure, now: Circumstances): CardVerdict {
  if (behaviour.mode === "errorThenDecline")
    return { kind: "decline", fields: fieldsOf("generic_decline"), isBlocked: false };
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
  return fieldsOf(row.declineCode ?? row.code);
}

/** By decline code, or by code where there is none. */
export function fieldsOf(name: string): DeclineFields {
  const row = cardRefusalTable[name] ?? cardRefusalTable.generic_decline;
  if (!row) throw new Error("the table of card refusals has lost its generic decline");
  return {
    code: row.code,
    // Codes beyond the table are banks' own; they keep their name.
    decline_code:
      row.code === "card_declined"
        ? cardRefusalTable[name]
          ? (row.declineCode ?? undefined)
          : name
        : (row.declineCode ?? undefined),
    message: row.message,
    param: row.param ?? undefined,
    advice_code: row.adviceCode ?? undefined,
  };
}

export const authenticationRequired: Extract<CardVerdict, { kind: "decline" }> = {
  kind: "decline",
  fields: fieldsOf("authentication_required"),
  isBlocked: false,
};
