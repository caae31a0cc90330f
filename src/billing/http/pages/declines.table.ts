// What a payer reads after a "no", and what to do next: by decline code first, then by error code. The words never say
// more than the bank may want said (a stolen card is "declined"). https://docs.stripe.com/declines/codes
export interface DeclineWords {
  readonly what: string;
  readonly next: string;
}

const otherCard = "Use another card, or ask your bank why.";

export const declineWordsDefault: DeclineWords = {
  what: "Your bank declined this card.",
  next: `No money was taken. ${otherCard}`,
};

export const declineWords: Readonly<Record<string, DeclineWords>> = {
  insufficient_funds: {
    what: "There is not enough money available on this card.",
    next: "No money was taken. Use another card, or try again when there is.",
  },
  expired_card: { what: "This card has expired.", next: "Check the expiry date, or use another card." },
  incorrect_cvc: {
    what: "The security code (CVC) is not right.",
    next: "Check the code on your card and enter it again.",
  },
  invalid_cvc: {
    what: "The security code (CVC) is not right.",
    next: "Check the code on your card and enter it again.",
  },
  incorrect_number: { what: "The card number is not right.", next: "Check the number and enter it again." },
  invalid_number: { what: "The card number is not right.", next: "Check the number and enter it again." },
  invalid_expiry_month: { what: "The expiry date is not right.", next: "Check the date on your card." },
  invalid_expiry_year: { what: "The expiry date is not right.", next: "Check the date on your card." },
  incorrect_zip: { what: "The postal code does not fit this card.", next: "Enter the one your bank knows." },
  payment_intent_authentication_failure: {
    what: "Your bank could not confirm that it is you.",
    next: "No money was taken. Try again and confirm with your bank, or use another card.",
  },
  setup_intent_authentication_failure: {
    what: "Your bank could not confirm that it is you.",
    next: "Nothing was saved. Try again and confirm with your bank, or use another card.",
  },
  authentication_required: {
    what: "Your bank wants you to confirm this payment.",
    next: "Try again and follow your bank's steps.",
  },
  card_velocity_exceeded: {
    what: "This card has reached its limit.",
    next: "No money was taken. Use another card, or try again tomorrow.",
  },
  card_not_supported: {
    what: "This card cannot be used for this kind of payment.",
    next: "No money was taken. Use another card.",
  },
  currency_not_supported: {
    what: "This card cannot pay in this currency.",
    next: "No money was taken. Use another card.",
  },
  processing_error: {
    what: "The payment could not be processed just now.",
    next: "No money was taken. Try again in a minute.",
  },
  try_again_later: {
    what: "Your bank could not answer just now.",
    next: "No money was taken. Try again in a minute, or use another card.",
  },
};

export function wordsFor(failure: { code: string; declineCode: string | null }): DeclineWords {
  return declineWords[failure.declineCode ?? ""] ?? declineWords[failure.code] ?? declineWordsDefault;
}
