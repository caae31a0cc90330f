// What Stripe believes of a card, and how it asks for the proof of an account.
import { type Defaults, usual } from "../../kernel/words/defaults.ts";

const countries: Readonly<Record<string, string>> = Object.fromEntries(
  `032 AR,036 AU,040 AT,056 BE,076 BR,100 BG,112 BY,124 CA,152 CL,156 CN,158 TW,170 CO,188 CR,191 HR,196 CY,203 CZ,
  208 DK,214 DO,218 EC,222 SV,233 EE,246 FI,250 FR,276 DE,292 GI,300 GR,320 GT,344 HK,348 HU,352 IS,356 IN,360 ID,
  372 IE,376 IL,380 IT,392 JP,404 KE,410 KR,428 LV,438 LI,440 LT,442 LU,458 MY,470 MT,484 MX,492 MC,504 MA,528 NL,
  554 NZ,566 NG,578 NO,591 PA,600 PY,604 PE,608 PH,616 PL,620 PT,642 RO,643 RU,674 SM,682 SA,688 RS,702 SG,703 SK,
  704 VN,705 SI,710 ZA,724 ES,752 SE,756 CH,764 TH,784 AE,792 TR,804 UA,818 EG,826 GB,840 US,858 UY`
    .split(",")
    .map((row) => row.trim().split(" ")),
);

/** By failure code; the codes are documented. https://docs.stripe.com/payments/sepa-debit */
const failureMessages: Readonly<Record<string, string>> = {
  account_closed: "The customer's bank account has been closed.",
  charge_exceeds_transaction_limit: "The payment exceeds the limit of one transaction of this account.",
  charge_exceeds_source_limit: "The payment exceeds the weekly volume limit of this account.",
  charge_exceeds_weekly_limit: "The payment exceeds the weekly number of transactions of this account.",
  debit_not_authorized: "The customer has notified their bank that this payment was unauthorized.",
  insufficient_funds: "The customer's account has insufficient funds to cover this payment.",
  invalid_currency: "The bank was unable to process this payment because of its currency.",
  no_account: "The customer's bank account could not be located.",
};

export const methodDefaults = {
  // https://docs.stripe.com/payments/ach-direct-debit/accept-a-payment#test-microdeposit-amounts-and-descriptor-codes
  depositFailures: usual(
    "wrong answers that end the verification of a bank account",
    { amounts: 3, descriptor_code: 10 },
    "documented",
  ),
  depositWords: usual(
    "what microdeposits of test mode are, as amounts or as a code",
    { verified: ["32 45", "SM11AA"], guessedTooOften: ["10 11", "SM33CC"], timedOut: ["40 41", "SM44DD"] },
    "documented",
  ),
  expiryYears: usual("years that a card is valid at most", 50, "recorded"),
  /** No bank issues cards of this range. */
  countries: usual(
    "ISO 3166 numeric → alpha-2: digits 7 to 9 of test cards 400000CCC… and 400005CCC…",
    countries,
    "documented",
  ),
  debitFailures: usual("what a bank says of a debit that failed", failureMessages, "inferred"),
  debitFailure: usual("the same of any other failure code", "The debit could not be processed.", "inferred"),
} satisfies Defaults;
