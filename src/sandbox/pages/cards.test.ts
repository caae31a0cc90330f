import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { test } from "node:test";

interface Problem {
  code: string;
  message: string;
}
interface CardRules {
  brandOf(digits: string): { name: string; cvcLength: number };
  formatNumber(text: string): string;
  formatExpiry(text: string): string;
  caretAfterDigits(text: string, digits: number): number;
  numberProblem(text: string, isTyping: boolean): Problem | null;
  expiryProblem(text: string, isTyping: boolean, today: { month: number; year: number }): Problem | null;
  cvcProblem(text: string, isTyping: boolean, brand: unknown): Problem | null;
  postalProblem(text: string, isTyping: boolean, country: string): Problem | null;
}
interface Forms {
  encodeForm(params: Record<string, unknown>): string;
}

// The browser's modules are JavaScript; the interfaces above are what this test knows of them.
const load = createRequire(import.meta.url);
const cards = load("./stripe_js/entry/cards.js") as CardRules;
const { encodeForm } = load("./stripe_js/form.js") as Forms;

const testNumbers: [string, string, string][] = [
  ["4242424242424242", "visa", "4242 4242 4242 4242"],
  ["5555555555554444", "mastercard", "5555 5555 5555 4444"],
  ["2223003122003222", "mastercard", "2223 0031 2200 3222"],
  ["378282246310005", "amex", "3782 822463 10005"],
  ["6011111111111117", "discover", "6011 1111 1111 1117"],
  ["3056930009020004", "diners", "3056 930009 020004"],
  ["36227206271667", "diners", "3622 720627 1667"],
  ["3566002020360505", "jcb", "3566 0020 2036 0505"],
  ["6200000000000005", "unionpay", "6200 0000 0000 0005"],
  ["6205500000000000004", "unionpay", "6205 5000 0000 0000 004"],
];

test("every brand is recognised, grouped and complete", () => {
  for (const [digits, brand, grouped] of testNumbers) {
    assert.equal(cards.brandOf(digits).name, brand, digits);
    assert.equal(cards.formatNumber(digits), grouped);
    assert.equal(cards.numberProblem(grouped, true), null, digits);
  }
  assert.equal(cards.brandOf("9").name, "unknown");
});

test("a wrong digit is an error once the number is full, a missing one only after leaving", () => {
  assert.equal(cards.numberProblem("4242 4242 4242 4241", true)?.code, "invalid_number");
  assert.equal(cards.numberProblem("4242 4242", true), null);
  assert.equal(cards.numberProblem("4242 4242", false)?.message, "Your card number is incomplete.");
  assert.equal(cards.numberProblem("", false)?.code, "incomplete_number");
});

test("an expiry is read in every common spelling", () => {
  const spellings: [string, string][] = [
    ["1", "1"],
    ["5", "05"],
    ["12", "12"],
    ["123", "12 / 3"],
    ["1234", "12 / 34"],
    ["12/2034", "12 / 34"],
    ["12 / 34", "12 / 34"],
    ["1/34", "01 / 34"],
    ["13", "01 / 3"],
    ["534", "05 / 34"],
  ];
  for (const [typed, shown] of spellings) assert.equal(cards.formatExpiry(typed), shown, typed);
});

test("an expiry in the past, this month and far away", () => {
  const today = { month: 11, year: 2026 };
  assert.equal(cards.expiryProblem("11 / 26", false, today), null);
  assert.equal(cards.expiryProblem("10 / 26", true, today)?.code, "invalid_expiry_month_past");
  assert.equal(cards.expiryProblem("12 / 25", true, today)?.code, "invalid_expiry_year_past");
  assert.equal(cards.expiryProblem("12 / 99", true, today)?.code, "invalid_expiry_year");
  assert.equal(cards.expiryProblem("00 / 30", true, today)?.code, "invalid_expiry_month");
  assert.equal(cards.expiryProblem("1", false, today)?.code, "incomplete_expiry");
});

test("a security code has four digits for American Express and three elsewhere", () => {
  const [amex, visa, unknown] = [cards.brandOf("37"), cards.brandOf("4"), cards.brandOf("")];
  assert.equal(cards.cvcProblem("123", false, amex)?.code, "incomplete_cvc");
  assert.equal(cards.cvcProblem("1234", false, amex), null);
  assert.equal(cards.cvcProblem("123", false, visa), null);
  assert.equal(cards.cvcProblem("12", false, unknown)?.code, "incomplete_cvc");
  assert.equal(cards.cvcProblem("12", true, unknown), null);
});

test("a postal code is judged by its country", () => {
  assert.equal(cards.postalProblem("94107", false, "US"), null);
  assert.equal(cards.postalProblem("9410", false, "US")?.message, "Your ZIP is invalid.");
  assert.equal(cards.postalProblem("", false, "US")?.message, "Your ZIP is incomplete.");
  assert.equal(cards.postalProblem("M5T 1T4", false, "CA"), null);
  assert.equal(cards.postalProblem("SW1A 1AA", false, "GB"), null);
  assert.equal(cards.postalProblem("", false, "DE"), null);
  assert.equal(cards.postalProblem("10", false, "")?.code, "incomplete_zip");
});

test("the caret stays behind the digit it was behind", () => {
  assert.equal(cards.caretAfterDigits("4242 4242", 4), 4);
  assert.equal(cards.caretAfterDigits("4242 4242", 5), 6);
  assert.equal(cards.caretAfterDigits("4242", 9), 4);
});

test("parameters are encoded as Stripe reads them", () => {
  const params = { card: { number: "42", cvc: undefined }, tags: ["a", "b c"], on: true, none: null, leer: "ü&=" };
  const text = decodeURIComponent(encodeForm(params));
  assert.equal(text, "card[number]=42&tags[0]=a&tags[1]=b c&on=true&none=&leer=ü&=");
  const circle: Record<string, unknown> = {};
  circle.circle = circle;
  assert.throws(() => encodeForm(circle), /nested too deeply/);
});
