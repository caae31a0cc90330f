// What a test card does when it is charged: a pure function of the card and of the circumstances.
import assert from "node:assert/strict";
import { given } from "../../kernel/words/params.ts";
import { type CardTerms, plainTerms } from "./card_terms.ts";
import { cardRefusals } from "./declines.table.ts";
import type { PaymentMethod } from "./payment_method.ts";
import type { CardBehaviour, CardDecline, TestCard } from "./test_cards.ts";
import type { ThreeDSecure } from "./three_d_secure.ts";

export interface Circumstances {
  /** The payer is not there and cannot answer a challenge. */
  readonly isOffSession: boolean;
  /** The payer has passed the challenge of this payment. */
  readonly isAuthenticated: boolean;
  /** The card was set up earlier for payments without the payer. */
  readonly isSetUp: boolean;
  /** `payment_method_options[card][request_three_d_secure]`. */
  readonly requests3ds: boolean;
  readonly terms: CardTerms;
  /** What the bank's checks of it come to where the account declines on them: `incorrect_cvc`. */
  readonly failedCheck?: "incorrect_cvc" | "incorrect_zip" | undefined;
  /** `radar_options[skip_rules]`. */
  readonly skipsRules?: boolean;
}

export type CardVerdict =
  | {
      readonly kind: "approve";
      readonly threeDSecure: ThreeDSecure | null;
      readonly riskLevel: "normal" | "elevated" | "highest";
    }
  | { readonly kind: "ask" }
  | { readonly kind: "decline"; readonly fields: DeclineFields; readonly declinedBy: Decliner };

/** The bank, Stripe before it asks the bank, or the account's settings after the bank has approved. */
export type Decliner = "bank" | "risk" | "settings";

export interface DeclineFields {
  readonly code: string;
  readonly decline_code: string | undefined;
  readonly message: string;
  readonly param: string | undefined;
  readonly advice_code: "confirm_card_data" | "do_not_try_again" | "try_again_later" | undefined;
  /** Undefined when the card's network advises nothing. */
  readonly network_advice_code: string | undefined;
  /** The bank's own two characters; undefined when no bank was asked. */
  readonly network_decline_code: string | undefined;
}

export function judge(card: TestCard, given: Circumstances): CardVerdict {
  return afterChecks(judgeByBank(card, given), given);
}

/** What the bank approves the account may still decline. */
function afterChecks(verdict: CardVerdict, { failedCheck }: Circumstances): CardVerdict {
  if (verdict.kind !== "approve" || !failedCheck) return verdict;
  return { kind: "decline", fields: fieldsOf(failedCheck), declinedBy: "settings" };
}

function judgeByBank(card: TestCard, given: Circumstances): CardVerdict {
  const { behaviour } = card;
  const now = underTerms(given);
  switch (behaviour.kind) {
    case "decline":
      return decline(behaviour);
    case "threeDSecure":
      return judgeThreeDSecure(behaviour, now);
    case "radar":
      return behaviour.blocked === "never" || (behaviour.blocked === "byDefaultRule" && now.skipsRules)
        ? approve(now, behaviour.riskLevel)
        : { kind: "decline", fields: fieldsOf("fraudulent"), declinedBy: "risk" };
    default:
      return approve(now, "normal");
  }
}

/** Who cannot be asked is away; what was authenticated elsewhere is authenticated. */
function underTerms(now: Circumstances): Circumstances {
  const { isExempt, imported } = now.terms;
  if (isExempt) return { ...now, isOffSession: true, isSetUp: true };
  return imported ? { ...now, isAuthenticated: true } : now;
}

/** What a card does when it is saved. What it refuses "at the charge" it does not refuse here. */
export function judgeSetup(card: TestCard, now: Circumstances): CardVerdict {
  return afterChecks(judgeSetupByBank(card, now), now);
}

function judgeSetupByBank(card: TestCard, now: Circumstances): CardVerdict {
  const { behaviour } = card;
  if (behaviour.kind === "radar") return approve(now, behaviour.riskLevel);
  if (behaviour.kind === "decline" && behaviour.at === "charge") return approve(now, "normal");
  const verdict = judgeByBank(card, now);
  if (behaviour.kind !== "threeDSecure" || verdict.kind !== "decline" || !behaviour.afterwards) return verdict;
  return behaviour.afterwards.at === "charge" ? approve(now, "normal") : verdict;
}

type Enrolled = Extract<CardBehaviour, { kind: "threeDSecure" }>;

function judgeThreeDSecure({ mode, afterwards }: Enrolled, now: Circumstances): CardVerdict {
  if (mode === "errorThenDecline") return { kind: "decline", fields: fieldsOf("generic_decline"), declinedBy: "bank" };
  if (asks(mode, now)) return now.isOffSession ? authenticationRequired : { kind: "ask" };
  if (afterwards) return decline(afterwards);
  return { kind: "approve", threeDSecure: triedWith(mode, now), riskLevel: "normal" };
}

/** Nothing was tried unless somebody asked for it, or the bank does it by itself. */
function triedWith(mode: Enrolled["mode"] | "none", now: Circumstances): ThreeDSecure | null {
  if (now.terms.imported) return now.terms.imported;
  if (now.isAuthenticated) return { result: "authenticated", flow: "challenge" };
  if (mode === "frictionless") return { result: "authenticated", flow: "frictionless" };
  if (!now.requests3ds) return null;
  if (mode === "notSupported") return { result: "not_supported", flow: null };
  if (mode === "errorThenApprove") return { result: "processing_error", flow: null };
  return { result: "attempt_acknowledged", flow: null };
}

function asks(mode: Enrolled["mode"], now: Circumstances): boolean {
  if (now.isAuthenticated) return false;
  switch (mode) {
    case "always":
    case "required":
      return true;
    case "onSetup":
      return !(now.isOffSession && now.isSetUp);
    case "setUpForOffSession":
      return !now.isOffSession;
    case "onMandate":
      return now.terms.hasMandate;
    case "challengeByRadar":
      return !now.isOffSession;
    case "optional":
      return now.requests3ds && !now.isOffSession;
    default:
      return false;
  }
}

function approve(now: Circumstances, riskLevel: "normal" | "elevated" | "highest"): CardVerdict {
  return { kind: "approve", threeDSecure: triedWith("none", now), riskLevel };
}

function decline(row: CardDecline): CardVerdict {
  return { kind: "decline", fields: declineFields(row), declinedBy: "bank" };
}

/** Stripe's words for a decline. */
export function declineFields(row: CardDecline): DeclineFields {
  return fieldsOf(row.declineCode ?? row.code);
}

/** By decline code, or by code where there is none. */
export function fieldsOf(name: string): DeclineFields {
  const row = cardRefusals[name] ?? cardRefusals.generic_decline;
  assert(row, "the table of card refusals has lost its generic decline");
  return {
    code: row.code,
    // Codes beyond the table are banks' own; they keep their name.
    decline_code:
      row.code === "card_declined"
        ? cardRefusals[name]
          ? (row.declineCode ?? undefined)
          : name
        : (row.declineCode ?? undefined),
    message: row.message,
    param: row.param ?? undefined,
    advice_code: row.adviceCode ?? undefined,
    network_advice_code: row.network?.adviceCode ?? undefined,
    network_decline_code: row.network?.declineCode,
  };
}

/** The bank says no because a fault was asked for. */
export const declinedOnPurpose: Extract<CardVerdict, { kind: "decline" }> = {
  kind: "decline",
  fields: fieldsOf("generic_decline"),
  declinedBy: "bank",
};

export const authenticationRequired: Extract<CardVerdict, { kind: "decline" }> = {
  kind: "decline",
  fields: fieldsOf("authentication_required"),
  declinedBy: "bank",
};

/** Whether its bank asks the payer, although the payer is not there. */
export function needsPayer(card: TestCard, isSetUp: boolean): boolean {
  const away = { isOffSession: true, isAuthenticated: false, isSetUp, requests3ds: false, terms: plainTerms };
  return judge(card, away) === authenticationRequired;
}

/** `error_on_requires_action`: nobody will answer the challenge, so no bank is asked. */
export const authenticationNotHandled: DeclineFields = fieldsOf("authentication_not_handled");

type KeptFields = Pick<DeclineFields, "code" | "message"> & Partial<DeclineFields>;

/** What an intent and its attempt keep of a refusal: an error without what it does not say. */
export function keptError(fields: KeptFields, method: PaymentMethod | undefined, charge?: string) {
  // The payer's failure is not a card's.
  const isPayers = fields.code.endsWith("_intent_authentication_failure");
  return given({
    advice_code: fields.advice_code,
    charge,
    code: fields.code,
    decline_code: fields.decline_code,
    doc_url: `https://stripe.com/docs/error-codes/${fields.code.replaceAll("_", "-")}`,
    message: fields.message,
    network_advice_code: fields.network_advice_code,
    network_decline_code: fields.network_decline_code,
    param: fields.param,
    payment_method: method?.id, // Shown whole, as it is when somebody looks.
    type: isPayers ? ("invalid_request_error" as const) : ("card_error" as const),
  });
}
