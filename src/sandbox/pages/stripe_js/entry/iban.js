// What is known of an IBAN from its characters: country, length, check digits. No DOM, so that the rules can be tested
// without a browser. The messages are Stripe's own, because shops compare and translate them.
import { fieldProblem } from "./cards.js";

/** The countries of the Single Euro Payments Area with the length of an IBAN there. */
const ibanLengths = new Map(
  (
    "AD24 AT20 BE16 BG22 CH21 CY28 CZ24 DE22 DK18 EE20 ES24 FI18 FR27 GB22 GI23 GR27 HR21 HU28 IE22 IS26 IT27 LI21 " +
    "LT20 LU20 LV21 MC27 MT31 NL18 NO15 PL28 PT25 RO24 SE24 SI19 SK24 SM27 VA22"
  )
    .split(" ")
    .map((row) => [row.slice(0, 2), Number(row.slice(2))]),
);

/** Outside the European Economic Area a debit needs the payer's address. */
const addressCountries = new Set(["AD", "CH", "GB", "GI", "MC", "SM", "VA"]);

const ibanLengthMax = 34;

/** Without spaces and signs, in capitals. @param {string} text */
export function plainIban(text) {
  return text.replace(/[^0-9a-z]/gi, "").toUpperCase();
}

/** In groups of four, as banks print it. @param {string} text */
export function formatIban(text) {
  const plain = plainIban(text).slice(0, ibanLengths.get(ibanCountry(text)) ?? ibanLengthMax);
  return plain.replace(/(.{4})(?=.)/g, "$1 ");
}

/** The first two letters; empty while there are none. @param {string} text */
export function ibanCountry(text) {
  return /^[A-Z]{2}/.exec(plainIban(text))?.[0] ?? "";
}

/** @param {string} country */
export function isAddressNeeded(country) {
  return addressCountries.has(country);
}

/** ISO 7064, mod 97-10: the first four characters go last, letters count from ten. @param {string} plain */
function hasValidIbanCheck(plain) {
  let rest = 0;
  for (const character of plain.slice(4) + plain.slice(0, 4)) {
    for (const digit of String(Number.parseInt(character, 36))) rest = (rest * 10 + Number(digit)) % 97;
  }
  return rest === 1;
}

/** An example with the country's length. @param {string} country */
export function ibanPlaceholder(country) {
  const length = ibanLengths.get(country) ?? 22;
  return formatIban((ibanLengths.has(country) ? country : "DE") + "0".repeat(length - 2));
}

/**
 * What is wrong with an IBAN. While `isTyping`, an incomplete one is not yet an error.
 * @param {string} text @param {boolean} isTyping
 */
export function ibanProblem(text, isTyping) {
  const plain = plainIban(text);
  if (!/^([A-Z]|$)([A-Z]|$)/.test(plain)) {
    return fieldProblem("invalid_iban_start", "Your IBAN should start with a two-letter country code.");
  }
  const country = ibanCountry(text);
  const length = ibanLengths.get(country);
  if (country !== "" && length === undefined) {
    const message = `The IBAN you entered is invalid, “${country}” is not a supported country code.`;
    return fieldProblem("invalid_iban_country_code", message);
  }
  if (length === undefined || plain.length < length) {
    return isTyping ? null : fieldProblem("incomplete_iban", "The IBAN you entered is incomplete.");
  }
  return hasValidIbanCheck(plain) ? null : fieldProblem("invalid_iban", "The IBAN you entered is invalid.");
}
