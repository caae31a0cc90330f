// What banks say to cards, and what is said to card details that cannot be right.
import type { Refusal } from "../../kernel/words/refusals.ts";

export interface CardRefusal extends Refusal {
  readonly code: string;
  readonly declineCode: string | null;
  readonly adviceCode: "confirm_card_data" | "do_not_try_again" | "try_again_later" | null;
  /** What the bank says in its network's own words; null when no bank was asked. */
  readonly network: Network | null;
}

/** ISO 8583's answer, and the card scheme's advice where it gives one. */
interface Network {
  readonly declineCode: string;
  readonly adviceCode: string | null;
}

/** Of most declines in test mode. */
const plain: Network = { declineCode: "01", adviceCode: null };

function network(declineCode: string, adviceCode: string | null): Network {
  return { declineCode, adviceCode };
}

const refused = { status: 402, type: "card_error", param: null, network: null } as const;

function decline(
  declineCode: string,
  adviceCode: CardRefusal["adviceCode"],
  more: Partial<Pick<CardRefusal, "evidence" | "message" | "network">> = {},
): CardRefusal {
  const usual = { message: "Your card was declined.", network: plain, evidence: "documented" } as const;
  return { ...refused, code: "card_declined", declineCode, adviceCode, ...usual, ...more };
}

function cardProblem(
  code: string,
  message: string,
  more: Pick<CardRefusal, "evidence"> & Partial<CardRefusal>,
): CardRefusal {
  return { ...refused, code, declineCode: null, message, adviceCode: null, ...more };
}

/**
 * By decline code, or by code where there is none. What the networks say to the test
 * cards was seen in answers of 2026; the advice of all others is inferred.
 */
export const cardRefusals: Readonly<Record<string, CardRefusal>> = {
  generic_decline: decline("generic_decline", "try_again_later", { evidence: "recorded" }),
  insufficient_funds: decline("insufficient_funds", "try_again_later", {
    evidence: "recorded",
    network: network("51", "02"),
    message: "Your card has insufficient funds.",
  }),
  lost_card: decline("lost_card", "do_not_try_again", { evidence: "recorded", network: network("41", "01") }),
  stolen_card: decline("stolen_card", "do_not_try_again", { evidence: "recorded", network: network("43", "01") }),
  card_velocity_exceeded: decline("card_velocity_exceeded", "try_again_later", {
    evidence: "recorded",
    network: network("61", "02"),
    message: "Your card was declined for making repeated attempts too frequently or exceeding its amount limit.",
  }),
  fraudulent: decline("fraudulent", "do_not_try_again", { network: null }),
  do_not_honor: decline("do_not_honor", "try_again_later"),
  call_issuer: decline("call_issuer", "try_again_later"),
  pickup_card: decline("pickup_card", "do_not_try_again"),
  restricted_card: decline("restricted_card", "do_not_try_again"),
  transaction_not_allowed: decline("transaction_not_allowed", "do_not_try_again"),
  try_again_later: decline("try_again_later", "try_again_later"),
  card_not_supported: decline("card_not_supported", "do_not_try_again", {
    evidence: "recorded",
    message: "Your card does not support this type of purchase.",
  }),
  authentication_required: {
    ...decline("authentication_required", null, {
      evidence: "recorded",
      message: "Your card was declined. This transaction requires authentication.",
    }),
    code: "authentication_required",
  },
  authentication_not_handled: {
    ...decline("authentication_not_handled", null, {
      network: null,
      message:
        "This payment required an authentication action to complete, but `error_on_requires_action` was set. When " +
        "you're ready, you can upgrade your integration to handle actions at " +
        "https://stripe.com/docs/payments/payment-intents/upgrade-to-handle-actions.",
    }),
    code: "authentication_required",
  },
  test_mode_live_card: decline("test_mode_live_card", null, {
    network: null,
    evidence: "recorded",
    message:
      "Your card was declined. Your request was in test mode, but used a non test (live) card. For a list of valid " +
      "test " +
      "cards, visit: https://stripe.com/docs/testing.",
  }),
  expired_card: cardProblem("expired_card", "Your card has expired.", {
    param: "exp_month",
    evidence: "recorded",
    declineCode: "expired_card",
    adviceCode: "confirm_card_data",
    network: network("54", "03"),
  }),
  incorrect_cvc: cardProblem("incorrect_cvc", "Your card's security code is incorrect.", {
    param: "cvc",
    evidence: "recorded",
    declineCode: "incorrect_cvc",
    adviceCode: "confirm_card_data",
    network: network("N7", "03"),
  }),
  processing_error: cardProblem(
    "processing_error",
    "An error occurred while processing your card. Try again in a little bit.",
    {
      evidence: "recorded",
      declineCode: "processing_error",
      adviceCode: "try_again_later",
      network: network("06", null),
    },
  ),
  incorrect_number: cardProblem("incorrect_number", "Your card number is incorrect.", {
    param: "number",
    evidence: "recorded",
  }),
  invalid_number: cardProblem("invalid_number", "The card number is not a valid credit card number.", {
    param: "number",
    evidence: "documented",
  }),
  invalid_expiry_month: cardProblem("invalid_expiry_month", "Your card's expiration month is invalid.", {
    param: "exp_month",
    evidence: "recorded",
  }),
  invalid_expiry_year: cardProblem("invalid_expiry_year", "Your card's expiration year is invalid.", {
    param: "exp_year",
    evidence: "recorded",
  }),
  invalid_cvc: cardProblem("invalid_cvc", "Your card's security code is invalid.", {
    param: "cvc",
    evidence: "documented",
  }),
  incorrect_zip: cardProblem(
    "incorrect_zip",
    "Your card could not be authorized using the postal code provided. Please update the postal code, or contact your " +
      "card issuer for further details.",
    { param: "address_zip", evidence: "recorded" },
  ),
  payment_intent_authentication_failure: cardProblem(
    "payment_intent_authentication_failure",
    "We are unable to authenticate your payment method. Please choose a different payment method and try again.",
    { evidence: "recorded" },
  ),
  setup_intent_authentication_failure: cardProblem(
    "setup_intent_authentication_failure",
    "We are unable to authenticate your payment method. Please choose a different payment method and try again.",
    { evidence: "recorded" },
  ),
};
