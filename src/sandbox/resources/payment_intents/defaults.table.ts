// What PaymentIntents may ask for.
import { type Defaults, usual } from "../../kernel/words/defaults.ts";

export const intentDefaults = {
  // https://docs.stripe.com/payments/sepa-debit
  debitAmount: usual("cents of one SEPA debit", 1_000_000, "documented"),
  // https://docs.stripe.com/payments/multicapture
  capturesMax: usual("captures of one payment before the last", 50, "documented"),
  // https://docs.stripe.com/api/payment_intents/increment_authorization
  incrementsMax: usual("times a payment may ask to hold more, those refused among them", 10, "documented"),
  /** 2022-11-15 was seen to take more, 2023-10-16 to refuse it. */
  suffixOnlySince: usual(
    "the first version whose cards have a suffix of the descriptor only",
    "2023-08-16",
    "recorded",
  ),
  /** On statements in Japan. */
  suffixLengths: usual(
    "characters of the suffix of a card's descriptor",
    { statement_descriptor_suffix_kana: 22, statement_descriptor_suffix_kanji: 17 },
    "declared",
  ),
  debitCalledOff: usual("what is said of a debit that was called off", "The payment was canceled.", "inferred"),
} satisfies Defaults;
