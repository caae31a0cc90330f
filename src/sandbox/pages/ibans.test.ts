import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { test } from "node:test";
import { testIbanTable } from "../resources/payment_methods/test_ibans.table.ts";
import { passesMod97 } from "../resources/payment_methods/test_ibans.ts";

interface IbanRules {
  formatIban(text: string): string;
  ibanCountry(text: string): string;
  ibanPlaceholder(country: string): string;
  ibanProblem(text: string, isTyping: boolean): { code: string; message: string } | null;
}

// The browser's modules are JavaScript; the interface above is what this test knows of them.
const load = createRequire(import.meta.url);
const { formatIban, ibanCountry, ibanPlaceholder, ibanProblem } = load("./stripe_js/entry/iban.js") as IbanRules;

test("every test account with right check digits is accepted, grouped or not", () => {
  const valid = testIbanTable.filter(({ iban }) => passesMod97(iban));
  assert.ok(valid.length > 100);
  for (const { iban, country } of valid) {
    assert.equal(ibanProblem(iban, false), null, iban);
    assert.equal(ibanProblem(formatIban(iban.toLowerCase()), true), null, iban);
    assert.equal(ibanCountry(iban), country);
  }
});

test("a wrong digit is an error once the IBAN is full, a missing one only after leaving", () => {
  assert.equal(ibanProblem("DE89 3704 0044 0532 0130 01", true)?.code, "invalid_iban");
  assert.equal(ibanProblem("DE89 3704 0044 0532 0130 0", true), null);
  assert.equal(ibanProblem("DE89 3704 0044 0532 0130 0", false)?.code, "incomplete_iban");
  assert.equal(ibanProblem("", true), null);
  assert.equal(ibanProblem("", false)?.code, "incomplete_iban");
  assert.equal(ibanProblem("D", true), null);
});

test("an IBAN starts with a country, and with one that debits reach", () => {
  assert.equal(ibanProblem("4242", true)?.code, "invalid_iban_start");
  assert.equal(ibanProblem("US12", true)?.code, "invalid_iban_country_code");
  assert.match(ibanProblem("US12", true)?.message ?? "", /“US”/);
});

test("characters beyond a country's length are not taken", () => {
  assert.equal(formatIban("de89370400440532013000999"), "DE89 3704 0044 0532 0130 00");
  assert.equal(ibanPlaceholder("BE"), "BE00 0000 0000 0000");
});
