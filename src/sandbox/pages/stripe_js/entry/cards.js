// What is known of a card from the digits typed: brand, length, check digit, expiry. No DOM and no clock, so that the
// rules can be tested without a browser. The messages are Stripe's own, because shops compare and translate them.

/**
 * @typedef {{ name: string, label: string, prefix: RegExp, lengths: number[], groups: number[],
 *   cvcLength: number }} Brand
 * @typedef {{ type: "validation_error", code: string, message: string }} FieldProblem
 */

const fourFours = [4, 4, 4, 4, 3];

/** @type {Brand[]} */
const brands = [
  { name: "visa", label: "Visa", prefix: /^4/, lengths: [16], groups: fourFours, cvcLength: 3 },
  {
    name: "mastercard",
    label: "Mastercard",
    prefix: /^(5[1-5]|222[1-9]|22[3-9]|2[3-6]|27[01]|2720)/,
    lengths: [16],
    groups: fourFours,
    cvcLength: 3,
  },
  { name: "amex", label: "American Express", prefix: /^3[47]/, lengths: [15], groups: [4, 6, 5], cvcLength: 4 },
  { name: "discover", label: "Discover", prefix: /^(6011|64[4-9]|65)/, lengths: [16], groups: fourFours, cvcLength: 3 },
  {
    name: "diners",
    label: "Diners Club",
    prefix: /^(30[0-5]|36|3[89])/,
    lengths: [14, 16],
    groups: [4, 6, 6],
    cvcLength: 3,
  },
  { name: "jcb", label: "JCB", prefix: /^35(2[89]|[3-8])/, lengths: [16], groups: fourFours, cvcLength: 3 },
  {
    name: "unionpay",
    label: "UnionPay",
    prefix: /^(62|81)/,
    lengths: [16, 17, 18, 19],
    groups: fourFours,
    cvcLength: 3,
  },
];

/** @type {Brand} */
const unknownBrand = { name: "unknown", label: "", prefix: /^/, lengths: [16], groups: fourFours, cvcLength: 3 };

/** The brand of a card number, from its first digits. @param {string} digits @returns {Brand} */
export function brandOf(digits) {
  return brands.find((brand) => brand.prefix.test(digits)) ?? unknownBrand;
}

/** Luhn's check digit. @param {string} digits */
function hasValidCheckDigit(digits) {
  let sum = 0;
  for (let index = 0; index < digits.length; index += 1) {
    const digit = Number(digits[digits.length - 1 - index]);
    const doubled = index % 2 === 1 ? digit * 2 : digit;
    sum += doubled > 9 ? doubled - 9 : doubled;
  }
  return digits.length > 0 && sum % 10 === 0;
}

/** @param {string} text */
export function onlyDigits(text) {
  return text.replace(/\D/g, "");
}

/** Groups a card number as its brand prints it, without a trailing space. @param {string} text */
export function formatNumber(text) {
  const brand = brandOf(onlyDigits(text));
  const digits = onlyDigits(text).slice(0, Math.max(...brand.lengths));
  const parts = [];
  let start = 0;
  for (const size of brand.groups) {
    if (start < digits.length) parts.push(digits.slice(start, start + size));
    start += size;
  }
  return parts.join(" ");
}

/** "1234", "12/34", "12 / 2034" and "1 34" all become "12 / 34" or "01 / 34". @param {string} text */
export function formatExpiry(text) {
  let digits = onlyDigits(text);
  const lone = /^\s*(\d)\s*[/\-. ]/.exec(text);
  if (lone || Number(digits[0] ?? 0) > 1 || Number(digits.slice(0, 2)) > 12) digits = `0${digits}`;
  const year = digits.length > 4 && digits.slice(2, 4) === "20" ? digits.slice(4, 6) : digits.slice(2, 4);
  return year === "" ? digits.slice(0, 2) : `${digits.slice(0, 2)} / ${year}`;
}

/** Month and four-digit year of a formatted expiry; null while incomplete. @param {string} text */
export function parseExpiry(text) {
  const digits = onlyDigits(text);
  if (digits.length !== 4) return null;
  return { exp_month: Number(digits.slice(0, 2)), exp_year: 2000 + Number(digits.slice(2)) };
}

/**
 * Where the caret belongs after formatting: behind as many digits as before.
 * @param {string} text @param {number} digits @param {RegExp} [kind] what counts as a digit
 */
export function caretAfterDigits(text, digits, kind = /\d/) {
  let seen = 0;
  for (let index = 0; index < text.length; index += 1) {
    if (seen === digits) return index;
    if (kind.test(text[index] ?? "")) seen += 1;
  }
  return text.length;
}

/** @param {string} code @param {string} message @returns {FieldProblem} */
export function fieldProblem(code, message) {
  return { type: "validation_error", code, message };
}

/**
 * What is wrong with a card number. While `isTyping`, an incomplete number is not yet an error.
 * @param {string} text @param {boolean} isTyping @returns {FieldProblem | null}
 */
export function numberProblem(text, isTyping) {
  const digits = onlyDigits(text);
  const { lengths } = brandOf(digits);
  if (lengths.includes(digits.length) && hasValidCheckDigit(digits)) return null;
  const isFull = isTyping ? digits.length >= Math.max(...lengths) : lengths.includes(digits.length);
  if (isFull) return fieldProblem("invalid_number", "Your card number is invalid.");
  return isTyping ? null : fieldProblem("incomplete_number", "Your card number is incomplete.");
}

/**
 * @param {string} text @param {boolean} isTyping @param {{ month: number, year: number }} today
 * @returns {FieldProblem | null}
 */
export function expiryProblem(text, isTyping, today) {
  const expiry = parseExpiry(text);
  if (!expiry) {
    return isTyping ? null : fieldProblem("incomplete_expiry", "Your card's expiration date is incomplete.");
  }
  if (expiry.exp_month < 1 || expiry.exp_month > 12) {
    return fieldProblem("invalid_expiry_month", "Your card's expiration date is invalid.");
  }
  if (expiry.exp_year < today.year) {
    return fieldProblem("invalid_expiry_year_past", "Your card's expiration year is in the past.");
  }
  if (expiry.exp_year > today.year + 50) {
    return fieldProblem("invalid_expiry_year", "Your card's expiration year is invalid.");
  }
  const isPast = expiry.exp_year === today.year && expiry.exp_month < today.month;
  return isPast ? fieldProblem("invalid_expiry_month_past", "Your card's expiration date is in the past.") : null;
}

/** @param {string} text @param {boolean} isTyping @param {Brand} brand @returns {FieldProblem | null} */
export function cvcProblem(text, isTyping, brand) {
  const length = onlyDigits(text).length;
  const isComplete = brand.name === "unknown" ? length === 3 || length === 4 : length === brand.cvcLength;
  if (isComplete || isTyping) return null;
  return fieldProblem("incomplete_cvc", "Your card's security code is incomplete.");
}

/** Countries whose postal codes have a shape that can be judged. */
const postalShapes = new Map([
  ["US", /^\d{5}(-?\d{4})?$/],
  ["CA", /^[A-Z]\d[A-Z] ?\d[A-Z]\d$/i],
  ["GB", /^[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}$/i],
]);

/**
 * Whether a card form asks for the postal code: since clover in the United States alone.
 * https://docs.stripe.com/changelog/clover/2025-09-30/postal_code_in_card_form_for_non_us_countries
 * @param {string} country
 */
export function asksPostalCode(country) {
  return country === "US";
}

/** @param {string} text @param {boolean} isTyping @param {string} country @returns {FieldProblem | null} */
export function postalProblem(text, isTyping, country) {
  // The Card Element knows no country: there, anything with three characters may be a postal code.
  const shape = postalShapes.get(country) ?? (country === "" ? /^.{3,}$/ : /^/);
  if (isTyping || shape.test(text.trim())) return null;
  const word = country === "US" ? "ZIP" : "postal code";
  return fieldProblem("incomplete_zip", `Your ${word} is ${text.trim() === "" ? "incomplete" : "invalid"}.`);
}
