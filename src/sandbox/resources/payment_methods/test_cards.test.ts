import assert from "node:assert/strict";
import { test } from "node:test";
import { cardRefusals } from "./declines.table.ts";
import { testCardTable } from "./test_cards.table.ts";
import { brandOf, cardInputProblem, findTestCard, findTestCardBySuffix, passesLuhn } from "./test_cards.ts";

const november2026 = Date.UTC(2026, 10, 25);

test("every test card passes Luhn except the one that must not", () => {
  for (const card of testCardTable)
    assert.equal(passesLuhn(card.number), card.number !== "4242424242424241", card.number);
});

test("every test card's brand follows from its number", () => {
  for (const card of testCardTable) assert.equal(brandOf(card.number), card.brand, card.number);
});

test("every decline of a test card has its words", () => {
  for (const { behaviour } of testCardTable) {
    if (behaviour.kind !== "decline") continue;
    const row = cardRefusals[behaviour.declineCode ?? behaviour.code];
    assert.equal(row?.code, behaviour.code);
    assert.equal(row?.declineCode ?? behaviour.code, behaviour.declineCode ?? behaviour.code);
  }
});

test("no suffix stands twice and each finds its own row", () => {
  const suffixes = testCardTable.flatMap((card) => card.suffixes);
  assert.equal(new Set(suffixes).size, suffixes.length);
  for (const card of testCardTable) {
    for (const suffix of card.suffixes) assert.equal(findTestCardBySuffix(`pm_card_${suffix}`), card, suffix);
  }
  assert.equal(findTestCardBySuffix("tok_visa")?.number, "4242424242424242");
  assert.equal(findTestCardBySuffix("pm_card_nonsense"), undefined);
});

test("a number that stands twice finds its first row", () => {
  assert.deepEqual(findTestCard("4000000000000341")?.behaviour, {
    kind: "decline",
    code: "card_declined",
    declineCode: "generic_decline",
    at: "charge",
  });
});

test("an unlisted number of Stripe's range takes its country from digits 7 to 9, others are unknown", () => {
  assert.equal(findTestCard("4000 0025 0000 0029")?.country, "FR");
  assert.equal(findTestCard("4111111111111111"), undefined);
});

const typed: [what: string, input: [number: string, month: number, year: number, cvc?: string], code?: string][] = [
  ["a good card", ["4242 4242 4242 4242", 12, 2034, "123"]],
  ["a good card with a two-digit year", ["4242424242424242", 12, 34, "123"]],
  ["this month", ["4242424242424242", 11, 2026, "123"]],
  ["no security code", ["4242424242424242", 12, 2034]],
  ["four digits on American Express", ["378282246310005", 12, 2034, "1234"]],
  ["a wrong checksum", ["4242424242424241", 12, 2034, "123"], "incorrect_number"],
  ["too few digits", ["4242", 12, 2034, "123"], "invalid_number"],
  ["letters", ["4242x24242424242", 12, 2034, "123"], "invalid_number"],
  ["a live card", ["4111111111111111", 12, 2034, "123"], "card_declined"],
  ["month 13", ["4242424242424242", 13, 2034, "123"], "invalid_expiry_month"],
  ["last month", ["4242424242424242", 10, 2026, "123"], "invalid_expiry_month"],
  ["a past year", ["4242424242424242", 12, 2020, "123"], "invalid_expiry_year"],
  ["the year 95", ["4242424242424242", 12, 95, "123"], "invalid_expiry_year"],
  ["two digits of security code", ["4242424242424242", 12, 2034, "99"], "invalid_cvc"],
];

for (const [what, [number, expMonth, expYear, cvc], code] of typed) {
  test(`typed card details: ${what} gives ${code ?? "no problem"}`, () => {
    assert.equal(cardInputProblem({ number, expMonth, expYear, cvc }, november2026)?.code, code);
  });
}

/** What real answers say of them: brand, country, funding, whether 3-D Secure is supported, and the last digits. */
const particulars: readonly (readonly [card: string, ...said: readonly (string | boolean)[]])[] = [
  ["3566002020360505", "jcb", "JP", "credit", "0505"],
  ["6200000000000005", "unionpay", "CN", "credit", "0005"],
  ["6200000000000047", "unionpay", "CN", "debit", "0047"],
  ["6205500000000000004", "unionpay", "US", "debit", "0004"],
  ["36227206271667", "diners", "US", "credit", "1667"],
  ["pm_card_amex", "amex", "US", "credit", "8431"],
  ["pm_card_discover", "discover", "US", "credit", "9424"],
  ["4000003560000123", "visa", "IN", "credit", "0123"],
];

test("cards and their ready-made names are those of real answers", () => {
  for (const [name, ...said] of particulars) {
    const found = name.startsWith("pm_") ? findTestCardBySuffix(name) : findTestCard(name);
    assert.ok(found, name);
    assert.deepEqual([found.brand, found.country, found.funding, found.number.slice(-4)], said, name);
  }
  const without3ds = ["36227206271667", "3056930009020004", "378282246310005"].map(findTestCard);
  for (const one of without3ds) assert.deepEqual(one?.behaviour, { kind: "threeDSecure", mode: "notSupported" });
});
