// Looks cards up in the test table and checks what a payer typed, in Stripe's words.
import { cardRefusals } from "./declines.table.ts";
import { methodDefaults } from "./defaults.table.ts";
import { type CardBrand, type CardFunding, type TestCard, testCardTable } from "./test_cards.table.ts";

export type { CardBehaviour, CardBrand, CardDecline, TestCard } from "./test_cards.table.ts";

/** What is wrong with typed card details: the fields of Stripe's card error. */
export interface CardInputProblem {
  readonly code:
    | "incorrect_number"
    | "invalid_number"
    | "invalid_expiry_month"
    | "invalid_expiry_year"
    | "invalid_cvc"
    | "card_declined";
  readonly declineCode?: string;
  readonly param: "number" | "exp_month" | "exp_year" | "cvc";
  readonly message: string;
}

const cardByNumber: ReadonlyMap<string, TestCard> = new Map(
  [...testCardTable].reverse().map((row) => [row.number, row]),
);
const cardBySuffix: ReadonlyMap<string, TestCard> = new Map(
  testCardTable.flatMap((row) => row.suffixes.map((suffix) => [suffix, row] as const)),
);

/** The card with this number; spaces and hyphens allowed. `findTestCard("4242 4242 4242 4242")?.brand` is "visa". */
export function findTestCard(number: string): TestCard | undefined {
  const digits = digitsOf(number);
  return cardByNumber.get(digits) ?? genericTestCard(digits);
}

/** The card of `pm_card_<suffix>` and `tok_<suffix>`; the prefix may be left on. */
export function findTestCardBySuffix(suffix: string): TestCard | undefined {
  return cardBySuffix.get(suffix) ?? cardBySuffix.get(suffix.replace(/^(?:pm_card_|tok_)/, ""));
}

/** The brand by the leading digits, as Stripe.js shows it while one types. */
export function brandOf(number: string): CardBrand {
  const digits = digitsOf(number);
  if (/^4/.test(digits)) return "visa";
  if (/^3[47]/.test(digits)) return "amex";
  if (/^3(?:0|[689])/.test(digits)) return "diners";
  if (/^35/.test(digits)) return "jcb";
  if (/^(?:6011|64[4-9]|65)/.test(digits)) return "discover";
  if (/^(?:62|81)/.test(digits)) return "unionpay";
  if (/^(?:5[1-5]|222[1-9]|22[3-9]|2[3-6]|27[01]|2720)/.test(digits)) return "mastercard";
  return "unknown";
}

/** Luhn's checksum: `passesLuhn("4242424242424242")` is true. */
export function passesLuhn(number: string): boolean {
  const digits = digitsOf(number);
  let sum = 0;
  for (let place = 0; place < digits.length; place++) {
    const digit = digits.charCodeAt(digits.length - 1 - place) - 48;
    if (digit < 0 || digit > 9) return false;
    const doubled = digit * 2;
    sum += place % 2 === 0 ? digit : doubled > 9 ? doubled - 9 : doubled;
  }
  return digits.length > 0 && sum % 10 === 0;
}

/** The first problem in Stripe's order: number, month, year, security code. `nowMs` is the clock's instant. */
export function cardInputProblem(
  input: { number: string; expMonth: number; expYear: number; cvc?: string | undefined },
  nowMs: number,
): CardInputProblem | undefined {
  const digits = digitsOf(input.number);
  return numberProblem(digits) ?? expiryProblem(input.expMonth, input.expYear, nowMs) ?? cvcProblem(digits, input.cvc);
}

/** Two digits mean this century: `fullYear(34)` is 2034. */
export function fullYear(year: number): number {
  return year >= 0 && year < 100 ? 2000 + year : year;
}

function digitsOf(number: string): string {
  return number.replace(/[\s-]/g, "");
}

/** Stripe's own range carries the country in digits 7 to 9; no bank issues it, so any such number is harmless. */
function genericTestCard(digits: string): TestCard | undefined {
  if (!/^40000[05]\d{10}$/.test(digits) || !passesLuhn(digits)) return undefined;
  const country = methodDefaults.countries.value[digits.slice(6, 9)];
  if (country === undefined) return undefined;
  const funding: CardFunding = digits[5] === "5" ? "debit" : "credit";
  const plain = {
    suffixes: [],
    brand: "visa",
    behaviour: { kind: "approve" },
    checks: {},
    evidence: "inferred",
  } as const;
  return { number: digits, funding, country, ...plain };
}

function numberProblem(digits: string): CardInputProblem | undefined {
  if (!/^\d{12,19}$/.test(digits)) {
    return cardProblem("invalid_number", "number");
  }
  if (!passesLuhn(digits)) return cardProblem("incorrect_number", "number");
  if (findTestCard(digits) !== undefined) return undefined;
  const declineCode = "test_mode_live_card";
  return { ...cardProblem("card_declined", "number", declineCode), declineCode };
}

/** The words stand in the kernel's table, under the decline code where there is one. */
function cardProblem(
  code: CardInputProblem["code"],
  param: CardInputProblem["param"],
  row: string = code,
): CardInputProblem {
  return { code, param, message: cardRefusals[row]!.message }; // Each code above has its row, by the tests.
}

const expiryYearsMax = methodDefaults.expiryYears.value;

function expiryProblem(expMonth: number, expYear: number, nowMs: number): CardInputProblem | undefined {
  const today = new Date(nowMs);
  const year = fullYear(expYear);
  const monthProblem = cardProblem("invalid_expiry_month", "exp_month");
  if (!Number.isInteger(expMonth) || expMonth < 1 || expMonth > 12) return monthProblem;
  const thisYear = today.getUTCFullYear();
  if (!Number.isInteger(year) || year < thisYear || year > thisYear + expiryYearsMax) {
    return cardProblem("invalid_expiry_year", "exp_year");
  }
  return year === thisYear && expMonth < today.getUTCMonth() + 1 ? monthProblem : undefined;
}

function cvcProblem(digits: string, cvc: string | undefined): CardInputProblem | undefined {
  if (cvc === undefined) return undefined;
  // American Express prints four digits and Stripe takes three there too.
  const pattern = brandOf(digits) === "amex" ? /^\d{3,4}$/ : /^\d{3}$/;
  if (pattern.test(cvc)) return undefined;
  return cardProblem("invalid_cvc", "cvc");
}
