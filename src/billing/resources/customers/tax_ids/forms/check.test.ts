// Tax ids as people write them, right and wrong. Beside each rule of check digits stands a second, naive one of another
// making: its arithmetic is done on whole numbers, by trying, or by a table. Both say the same of thousands of numbers.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { isProblem, type Problem } from "#kit/problems.ts";
import { type Random, seededRandom } from "#kit/random.ts";
import { draws } from "#kit/testing.ts";
import { type TaxIdType, taxIdTypes } from "../../../../api/index.ts";
import { checkTaxId, expectedForm, isSameTaxId } from "./index.ts";

const eu = "eu_vat";

/** Real ones, or those by which the rules are published. */
const published: readonly (readonly [type: TaxIdType, written: string, told: string])[] = [
  [eu, "ATU13585627", "ATU13585627"],
  [eu, "be 0428.759.497", "BE0428759497"],
  [eu, "DE 136 695 976", "DE136695976"],
  [eu, "DK13585628", "DK13585628"],
  [eu, "ES B-58378431", "ESB58378431"],
  [eu, "ES54362315K", "ES54362315K"],
  [eu, "ESX2482300W", "ESX2482300W"],
  [eu, "ESM1234567L", "ESM1234567L"],
  [eu, "FI20774740", "FI20774740"],
  [eu, "Fr 40 303 265 045", "FR40303265045"],
  [eu, "FRK7399859412", "FRK7399859412"],
  [eu, "IE6433435F", "IE6433435F"],
  [eu, "IE6433435OA", "IE6433435OA"],
  [eu, "IE8D79739I", "IE8D79739I"],
  [eu, "IT 00743110157", "IT00743110157"],
  [eu, "NL004495445B01", "NL004495445B01"],
  [eu, "NL123456789B13", "NL123456789B13"],
  [eu, "PL8567346215", "PL8567346215"],
  [eu, "PT 501 964 843", "PT501964843"],
  [eu, "SE123456789701", "SE123456789701"],
  [eu, "XI980780684", "XI980780684"],
  ["gb_vat", "GB 980 7806 84", "GB980780684"],
  ["gb_vat", "GBGD001", "GBGD001"],
  ["au_abn", "51 824 753 556", "51824753556"],
  ["ch_vat", "che100155212 mwst", "CHE-100.155.212 MWST"],
  ["ch_uid", "CHE-100.155.212", "CHE-100.155.212"],
  ["li_uid", "CHE-100.155.212", "CHE100155212"],
  ["pl_nip", "856-734-62-15", "8567346215"],
  ["us_ein", "123456789", "12-3456789"],
  ["br_cnpj", "01234456543210", "01.234.456/5432-10"],
  ["cn_tin", " 91 of any kind ", "91 of any kind"],
];

test("however a tax id is written, Stripe is told it in one way", () => {
  for (const [type, value, told] of published)
    assert.deepEqual(checkTaxId({ type, value }, "live"), { type, value: told });
  assert.ok(isSameTaxId({ type: eu, value: "DE 136.695.976" }, { type: eu, value: "de136695976" }));
  assert.ok(!isSameTaxId({ type: "pl_nip", value: "8567346215" }, { type: "hr_oib", value: "8567346215" }));
});

function refusalOf(type: string, value: unknown, mode: "test" | "live" = "live"): Problem {
  try {
    checkTaxId({ type: type as TaxIdType, value: value as string }, mode);
  } catch (error) {
    if (isProblem(error, "invalid_params")) return error;
    throw error;
  }
  return assert.fail(`${type} ${value} was taken`);
}

test("what cannot be right is refused, with what is expected", () => {
  const shape = refusalOf(eu, "DE12345678");
  assert.equal(shape.message, "value does not look like a eu_vat");
  assert.match(shape.hint ?? "", /^It is written as DE######### \(# is a digit/);
  assert.deepEqual(shape.details, { field: "value", type: eu, reason: "shape" });
  const digits = refusalOf(eu, "DE136695967");
  assert.equal(digits.message, "The check digits of this eu_vat do not fit");
  assert.match(digits.hint ?? "", /^One of its digits may be wrong.*DE#########/);
  assert.match(refusalOf(eu, "GR123456789").hint ?? "", /^It begins with the letters of a country: AT, BE, .*, XI\.$/);
  assert.match(refusalOf("us_ein", "1234").hint ?? "", /##-#######/);
  assert.match(refusalOf("xx_vat", "1").message, /^type is one of ad_nrt, /);
  assert.equal(expectedForm({ type: "cn_tin", value: "1" }), "Compare it with what the tax office has written.");
  for (const value of [undefined, null, 1, "", "x".repeat(61), "nul\0"]) refusalOf(eu, value);
  refusalOf(eu, "DE13669597\u0666"); // a digit of another script
  refusalOf("gb_vat", "GBGD500");
});

test("in test mode a number may ask for what the office will say, in live mode not", () => {
  const asking = ["000000000", "DE111111111", "ES222222222"];
  for (const value of asking) {
    assert.equal(checkTaxId({ type: eu, value }, "test").value, value);
    refusalOf(eu, value);
  }
  refusalOf("us_ein", "DE000000000", "test");
});

test("every type that the SDK declares is known, and no other", () => {
  const declared = readFileSync(new URL("./resources/TaxIds.d.ts", import.meta.resolve("stripe")), "utf8");
  const [, union = ""] = /namespace TaxIdCreateParams \{\s*type Type = ([^;]*);/.exec(declared) ?? [];
  assert.deepEqual([...union.matchAll(/'(\w+)'/g)].map(([, type]) => type).sort(), [...taxIdTypes].sort());
});

const whole = (digits: string) => BigInt(digits);
const pick = (random: Random, from: string) => from[random.integer(0, from.length - 1)] ?? "";
const draw = (random: Random, count: number, from = "0123456789") =>
  Array.from({ length: count }, () => pick(random, from)).join("");
/** The one last sign of these with which a sum comes out. */
const only = (signs: string, fits: (sign: string) => boolean) => [...signs].find(fits) ?? "";
const times = (digits: string, weights: string) =>
  weights.split(" ").reduce((sum, weight, at) => sum + Number(weight) * Number(digits[at]), 0);
const luhn = (digits: string) => {
  const doubled = "0246813579";
  const [odd, even] = [/.(?=(..)*$)/g, /.(?=.(..)*$)/g].map((places) => (digits.match(places) ?? []).join(""));
  const plain = [...(odd ?? "")].reduce((sum, digit) => sum + Number(digit), 0);
  return [...(even ?? "")].reduce((sum, digit) => sum + Number(doubled[Number(digit)]), plain) % 10 === 0;
};
/** Digit by digit, through the states of the standard's table: it ends in 1. */
const mod11_10 = (digits: string) =>
  [...digits].reduce((state, digit) => ((((state || 10) * 2) % 11) + Number(digit)) % 10, 5) === 1;

interface Model {
  readonly type: TaxIdType;
  /** As it is drawn: letters in front, and signs, of which the last ones are all tried. */
  draw(random: Random): string;
  readonly last: string;
  fits(number: string): boolean;
}

const digit = "0123456789";
const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
const vat = (country: string, count: number, fits: (number: string) => boolean, before = ""): Model => ({
  type: eu,
  draw: (random) => `${country}${before}${draw(random, count - 1)}`,
  last: digit,
  fits: (value) => fits(value.slice(2 + before.length)),
});
const spanish = (value: string) => {
  const [first = "", body = "", last = ""] = [value[2], value.slice(3, 10), value[10]];
  const people = "TRWAGMYFPDXBNJZSQVHLCKE";
  const ofPeople = { X: "0", Y: "1", Z: "2", K: "", L: "", M: "" }[first] ?? (/\d/.test(first) ? first : undefined);
  if (ofPeople !== undefined) return people[Number(whole(`${ofPeople}${body}`) % 23n)] === last;
  if (!/[A-HJNP-SU-W]/.test(first)) return false;
  const check = only(digit, (one) => luhn(`${body}${one}`));
  return last === check || last === "JABCDEFGHI"[Number(check)];
};
const irish = (value: string) => {
  const [digits, second] = [
    /^IE\d[A-Z]/.test(value) ? `0${value.slice(4, 9)}${value[2]}` : value.slice(2, 9),
    value[10],
  ];
  const extra = second === undefined || second === "W" ? 0 : letters.indexOf(second) + 1;
  return extra <= 9 && "WABCDEFGHIJKLMNOPQRSTUV"[(times(digits, "8 7 6 5 4 3 2") + 9 * extra) % 23] === value[9];
};
const british = (number: string) => {
  const check = whole(number.slice(7, 9));
  const left = (BigInt(times(number, "8 7 6 5 4 3 2")) + check) % 97n;
  return left === 0n || left === 42n;
};
const swiss = (number: string) =>
  only(digit, (check) => (times(number, "5 4 3 2 7 6 5 4") + Number(check)) % 11 === 0) === number[8];

const models: Readonly<Record<string, Model>> = {
  Austria: vat(
    "AT",
    8,
    (number) => {
      const sum =
        times(number, "1 0 1 0 1 0 1") +
        [1, 3, 5].reduce((all, at) => all + Number("0246813579"[Number(number[at])]), 4);
      return (sum + Number(number[7])) % 10 === 0;
    },
    "U",
  ),
  Belgium: {
    ...vat("BE", 10, (number) => whole(number) > 0n && /^[01]/.test(number) && check97(number)),
    draw: (random) => `BE${pick(random, "0012")}${draw(random, 7)}`,
    last: "two",
  },
  Germany: vat("DE", 9, (number) => number[0] !== "0" && mod11_10(number)),
  Denmark: vat("DK", 8, (number) => number[0] !== "0" && times(number, "2 7 6 5 4 3 2 1") % 11 === 0),
  Finland: vat(
    "FI",
    8,
    (number) => only(digit, (one) => (times(number, "7 9 10 5 8 4 2") + Number(one)) % 11 === 0) === number[7],
  ),
  France: {
    ...vat("FR", 11, (number) => whole(`${number.slice(2)}12`) % 97n === whole(number.slice(0, 2))),
    draw: (random) => `FR${draw(random, 9)}`,
    last: "two",
  },
  Ireland: {
    type: eu,
    draw: (random) =>
      `IE${draw(random, 1)}${draw(random, 1, random.integer(0, 1) === 0 ? digit : letters)}${draw(random, 5)}`,
    last: letters,
    fits: irish,
  },
  "Ireland since 2013": {
    type: eu,
    draw: (random) => `IE${draw(random, 7)}${draw(random, 1, letters.slice(0, 23))}`,
    last: letters,
    fits: irish,
  },
  Italy: vat("IT", 11, luhn),
  Netherlands: {
    type: eu,
    draw: (random) => `NL${draw(random, 9)}B`,
    last: "two",
    fits: (value) => {
      const inWords = whole([...value].map((sign) => Number.parseInt(sign, 36)).join(""));
      const rsin = [...digit].filter((one) => (times(value.slice(2), "9 8 7 6 5 4 3 2") - Number(one)) % 11 === 0);
      return inWords % 97n === 1n || rsin.includes(value[10] ?? "");
    },
  },
  Poland: vat("PL", 10, (number) => BigInt(times(number, "6 5 7 2 3 4 5 6 7")) % 11n === whole(number[9] ?? "")),
  "Poland's NIP": {
    type: "pl_nip",
    draw: (random) => draw(random, 9),
    last: digit,
    fits: (number) => times(number, "6 5 7 2 3 4 5 6 7 10") % 11 === 0,
  },
  Portugal: vat("PT", 9, (number) => {
    const left = times(number, "9 8 7 6 5 4 3 2") % 11;
    return number[8] === (left < 2 ? "0" : String(11 - left));
  }),
  Spain: {
    type: eu,
    draw: (random) => `ES${pick(random, digit + letters)}${draw(random, 7)}`,
    last: digit + letters,
    fits: spanish,
  },
  Sweden: {
    ...vat("SE", 12, (number) => luhn(number.slice(0, 10)) && /(0[1-9]|[1-8]\d|9[0-4])$/.test(number)),
    draw: (random) => `SE${draw(random, 10)}`,
    last: "two",
  },
  Britain: {
    type: "gb_vat",
    draw: (random) => `GB${draw(random, 7)}`,
    last: "two",
    fits: (value) => british(value.slice(2)),
  },
  Australia: {
    type: "au_abn",
    draw: (random) => draw(random, 9),
    last: "two",
    fits: (number) => {
      const less = String(whole(number) - 10_000_000_000n).padStart(11, "0");
      return number[0] !== "0" && BigInt(times(less, "10 1 3 5 7 9 11 13 15 17 19")) % 89n === 0n;
    },
  },
  Switzerland: {
    type: "ch_uid",
    draw: (random) => `CHE${draw(random, 8)}`,
    last: digit,
    fits: (value) => swiss(value.slice(3)),
  },
};

function check97(number: string): boolean {
  const [body, check] = [whole(number.slice(0, 8)), whole(number.slice(8))];
  return check >= 1n && check <= 97n && (body + check) % 97n === 0n;
}

const pairs = Array.from({ length: 100 }, (_, n) => String(n).padStart(2, "0"));

for (const [country, { type, draw: begin, last, fits }] of Object.entries(models)) {
  test(`check digits: ${country}, with all that a number may end in`, () => {
    const random = seededRandom(11, country);
    const ends = last === "two" ? pairs : [...last];
    let good = 0;
    for (let n = 0; n < draws(last === "two" ? 80 : 150, 3_000); n++) {
      const front = begin(random);
      for (const end of ends) {
        const value = `${front}${end}`;
        const isTaken = isWellMade(type, value);
        assert.equal(isTaken, fits(value), value);
        if (isTaken) good++;
      }
    }
    assert.ok(good > 50, `only ${good} were right`);
  });
}

function isWellMade(type: TaxIdType, value: string): boolean {
  try {
    checkTaxId({ type, value }, "live");
    return true;
  } catch (error) {
    if (isProblem(error)) return false;
    throw error;
  }
}
