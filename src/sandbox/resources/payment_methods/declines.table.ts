// What banks say to cards, and what is said to card details that cannot be right.
import type { RefusalSource } from "../../kernel/words/refusals.ts";

export interface CardRefusal {
  readonly code: string;
  readonly declineCode: string | null;
  readonly param: string | null;
  readonly message: string;
  readonly adviceCode: "confirm_card_data" | "do_not_try_again" | "try_again_later" | null;
  /** What the bank says in its network's own words; null when no bank was asked. */
  readonly network: Network | null;
  readonly source: RefusalSource;
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

const declinedMessage = "Your card was declined.";

function decline(
  declineCode: string,
  adviceCode: CardRefusal["adviceCode"],
  more: Partial<Pick<CardRefusal, "source" | "message" | "network">> = {},
): CardRefusal {
  const usual = { message: declinedMessage, network: plain, source: "docs" } as const;
  return { code: "card_declined", declineCode, param: null, adviceCode, ...usual, ...more };
}

function cardProblem(
  code: string,
  message: string,
  more: Pick<CardRefusal, "source"> & Partial<CardRefusal>,
): CardRefusal {
  return { code, declineCode: null, param: null, message, adviceCode: null, network: null, ...more };
}

/**
 * HTTP 402, `type: card_error`; by decline code, or by code where there is none. What the networks say to the test
 * cards was seen in answers of 2026; the advice of all others is from memory.
 */
export const cardRefusals: Readonly<Record<string, CardRefusal>> = {
  generic_decline: decline("generic_decline", "try_again_later", { source: "observed" }),
  insufficient_funds: decline("insufficient_funds", "try_again_later", {
    source: "observed",
    network: network("51", "02"),
    message: "Your card has insufficient funds.",
  }),
  lost_card: decline("lost_card", "do_not_try_again", { source: "observed", network: network("41", "01") }),
  stolen_card: decline("stolen_card", "do_not_try_again", { source: "observed", network: network("43", "01") }),
  card_velocity_exceeded: decline("card_velocity_exceeded", "try_again_later", {
    source: "observed",
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
    source: "observed",
    message: "Your card does not support this type of purchase.",
  }),
  authentication_required: {
    ...decline("authentication_required", null, {
      source: "observed",
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
    source: "observed",
    message:
      "Your card was declined. Your request was in test mode, but used a non test (live) card. For a list of valid " +
      "test " +
      "cards, visit: https://stripe.com/docs/testing.",
  }),
  expired_card: cardProblem("expired_card", "Your card has expired.", {
    param: "exp_month",
    source: "observed",
    declineCode: "expired_card",
    adviceCode: "confirm_card_data",
    network: network("54", "03"),
  }),
  incorrect_cvc: cardProblem("incorrect_cvc", "Your card's security code is incorrect.", {
    param: "cvc",
    source: "observed",
    declineCode: "incorrect_cvc",
    adviceCode: "confirm_card_data",
    network: network("N7", "03"),
  }),
  processing_error: cardProblem(
    "processing_error",
    "An error occurred while processing your card. Try again in a little bit.",
    {
      source: "observed",
      declineCode: "processing_error",
      adviceCode: "try_again_later",
      network: network("06", null),
    },
  ),
  incorrect_number: cardProblem("incorrect_number", "Your card number is incorrect.", {
    param: "number",
    source: "observed",
  }),
  invalid_number: cardProblem("invalid_number", "The card number is not a valid credit card number.", {
    param: "number",
    source: "docs",
  }),
  invalid_expiry_month: cardProblem("invalid_expiry_month", "Your card's expiration month is invalid.", {
    param: "exp_month",
    source: "observed",
  }),
  invalid_expiry_year: cardProblem("invalid_expiry_year", "Your card's expiration year is invalid.", {
    param: "exp_year",
    source: "observed",
  }),
  invalid_cvc: cardProblem("invalid_cvc", "Your card's security code is invalid.", { param: "cvc", source: "docs" }),
  incorrect_zip: cardProblem("incorrect_zip", "Your card's zip code failed validation.", {
    param: "address_zip",
    source: "memory",
  }),
  payment_intent_authentication_failure: cardProblem(
    "payment_intent_authentication_failure",
    "We are unable to authenticate your payment method. Please choose a different payment method and try again.",
    { source: "observed" },
  ),
  setup_intent_authentication_failure: cardProblem(
    "setup_intent_authentication_failure",
    "We are unable to authenticate your payment method. Please choose a different payment method and try again.",
    { source: "observed" },
  ),
};
