// Check digits, where the country's rule is public and certain. A wrong one is a slip of somebody's finger, told before
// Stripe is asked; whether the number is anybody's the tax office says, later. Values are letters and digits alone, of
// the right shape. The rules of the EU's countries are published together by Austria's ministry of finance:
// https://www.bmf.gv.at/dam/jcr:9f9f8d5f-5496-4886-aa4f-81a4e39ba83e/BMF_UID_Konstruktionsregeln.pdf

type Rule = (number: string) => boolean;

const digitsOf = (number: string): readonly number[] => [...number].map(Number);

/** Each digit times its weight, summed. */
function weighted(number: string, weights: readonly number[]): number {
  const digits = digitsOf(number);
  return weights.reduce((sum, weight, at) => sum + weight * (digits[at] ?? 0), 0);
}

/** Every second digit from the right is doubled, and counts by the sum of its digits. ISO/IEC 7812-1 */
function isLuhn(number: string): boolean {
  const values = digitsOf(number).toReversed();
  const sum = values.reduce((all, digit, at) => all + (at % 2 === 0 ? digit : digit * 2 - (digit > 4 ? 9 : 0)), 0);
  return sum % 10 === 0;
}

/** Letters stand for 10 to 35. ISO/IEC 7064, MOD 97-10 */
function isMod97(text: string): boolean {
  const rest = [...text].reduce((left, sign) => {
    const value = Number.parseInt(sign, 36);
    return (left * (value > 9 ? 100 : 10) + value) % 97;
  }, 0);
  return rest === 1;
}

/** The Umsatzsteuer-Identifikationsnummer. ISO/IEC 7064, MOD 11,10 */
function isGerman(number: string): boolean {
  const [check, ...digits] = digitsOf(number).toReversed();
  const product = digits.toReversed().reduce((before, digit) => (((before + digit) % 10 || 10) * 2) % 11, 10);
  return number[0] !== "0" && (11 - product) % 10 === check;
}

/** The key is of the SIREN; one with letters in it is given by no published rule. */
function isFrench(number: string): boolean {
  const [key, siren] = [number.slice(0, 2), Number(number.slice(2))];
  if (/[OI]/.test(key)) return false;
  return /\D/.test(key) || (12 + 3 * (siren % 97)) % 97 === Number(key);
}

/** Of companies the RSIN's check digit; of sole traders, since 2020, the whole with its letters. */
function isDutch(number: string): boolean {
  const rsin = weighted(number, [9, 8, 7, 6, 5, 4, 3, 2]) % 11;
  return rsin === Number(number[8]) || isMod97(`NL${number}`);
}

function isAustrian(number: string): boolean {
  const [check, ...digits] = digitsOf(number).toReversed();
  const sum = digits.toReversed().reduce((all, digit, at) => {
    const product = at % 2 === 0 ? digit : digit * 2;
    return all + (product > 9 ? product - 9 : product);
  }, 4);
  return (10 - (sum % 10)) % 10 === check;
}

function isBelgian(number: string): boolean {
  return /^[01]/.test(number) && 97 - (Number(number.slice(0, 8)) % 97) === Number(number.slice(8));
}

const spanishLetters = "TRWAGMYFPDXBNJZSQVHLCKE";
const companyLetters = "JABCDEFGHI";

/** People by a letter of their number, companies by a digit or by the letter that stands for it. */
function isSpanish(number: string): boolean {
  const [first = "", body, last = ""] = [number[0], number.slice(1, 8), number.slice(8)];
  const letterOf = (digits: string) => spanishLetters[Number(digits) % spanishLetters.length];
  if (/\d/.test(first)) return letterOf(first + body) === last;
  if ("XYZ".includes(first)) return letterOf("XYZ".indexOf(first) + (body ?? "")) === last;
  if ("KLM".includes(first)) return letterOf(body ?? "") === last;
  if (!"ABCDEFGHJNPQRSUVW".includes(first)) return false;
  const check = [...Array(10).keys()].find((digit) => isLuhn(`${body}${digit}`)) ?? 0;
  return last === String(check) || last === companyLetters[check];
}

function isPolish(number: string): boolean {
  return weighted(number, [6, 5, 7, 2, 3, 4, 5, 6, 7]) % 11 === Number(number[9]);
}

function isDanish(number: string): boolean {
  return number[0] !== "0" && weighted(number, [2, 7, 6, 5, 4, 3, 2, 1]) % 11 === 0;
}

/** The number of the organisation, then 01 to 94. */
function isSwedish(number: string): boolean {
  const part = Number(number.slice(10));
  return isLuhn(number.slice(0, 10)) && part >= 1 && part <= 94;
}

function isFinnish(number: string): boolean {
  return weighted(number, [7, 9, 10, 5, 8, 4, 2, 1]) % 11 === 0;
}

function isPortuguese(number: string): boolean {
  const check = 11 - (weighted(number, [9, 8, 7, 6, 5, 4, 3, 2]) % 11);
  return (check > 9 ? 0 : check) === Number(number[8]);
}

const irishLetters = "WABCDEFGHIJKLMNOPQRSTUV";

/** Until 2013 a company's second sign could be a letter, which counts nothing; since then another one may follow. */
function isIrish(number: string): boolean {
  const isOld = /^\d[A-Z]/.test(number);
  const digits = isOld ? `0${number.slice(2, 7)}${number[0]}` : number.slice(0, 7);
  const second = number.length > 8 ? irishLetters.indexOf(number[8] ?? "") : 0;
  const sum = weighted(digits, [8, 7, 6, 5, 4, 3, 2]) + 9 * second;
  return second >= 0 && second <= 9 && irishLetters[sum % 23] === number[7];
}

/** Nine digits, or twelve of which the last three name a branch; departments (GD) and hospitals (HA) have a range. */
function isBritish(number: string): boolean {
  if (number.startsWith("GD")) return Number(number.slice(2)) < 500;
  if (number.startsWith("HA")) return Number(number.slice(2)) >= 500;
  const sum = weighted(number, [8, 7, 6, 5, 4, 3, 2]) + Number(number.slice(7, 9));
  return sum % 97 === 0 || (sum + 55) % 97 === 0; // the second since 2010
}

/** https://abr.business.gov.au/Help/AbnFormat */
function isAustralian(number: string): boolean {
  const weights = [10, 1, 3, 5, 7, 9, 11, 13, 15, 17, 19];
  return number[0] !== "0" && (weighted(number, weights) - 10) % 89 === 0;
}

/** https://www.ech.ch/de/ech/ech-0097 */
function isSwiss(number: string): boolean {
  return weighted(number, [5, 4, 3, 2, 7, 6, 5, 4, 1]) % 11 === 0;
}

/** By the letters in front of an EU VAT number. */
const euVatRules: Readonly<Record<string, Rule>> = {
  AT: (number) => isAustrian(number.slice(1)), // it begins with a U
  BE: isBelgian,
  DE: isGerman,
  DK: isDanish,
  ES: isSpanish,
  FI: isFinnish,
  FR: isFrench,
  IE: isIrish,
  IT: isLuhn,
  NL: isDutch,
  PL: isPolish,
  PT: isPortuguese,
  SE: isSwedish,
  XI: isBritish,
};

const rules: Readonly<Record<string, Rule>> = {
  au_abn: isAustralian,
  ch_uid: (value) => isSwiss(value.slice(3)),
  ch_vat: (value) => isSwiss(value.slice(3)),
  es_cif: isSpanish,
  eu_vat: (value) => euVatRules[value.slice(0, 2)]?.(value.slice(2)) ?? true,
  gb_vat: (value) => isBritish(value.slice(2)),
  li_uid: (value) => isSwiss(value.slice(3)),
  pl_nip: isPolish,
};

/** @param bare letters and digits alone, of the right shape. True where no rule is known. */
export function fitsCheckDigits(type: string, bare: string): boolean {
  return rules[type]?.(bare) ?? true;
}
