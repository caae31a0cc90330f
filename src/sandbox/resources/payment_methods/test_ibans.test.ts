import assert from "node:assert/strict";
import { test } from "node:test";
import { testIbanTable } from "./test_ibans.table.ts";
import { findTestIban, findTestIbanByScenario, passesMod97, sepaOutcomeTable } from "./test_ibans.ts";

test("every test IBAN passes its checksum and begins with its country", () => {
  assert.equal(testIbanTable.length, 162);
  for (const row of testIbanTable) assert.ok(passesMod97(row.iban), row.iban);
});

test("an IBAN is found by number, with spaces, and by scenario", () => {
  assert.equal(findTestIban("DE89 3704 0044 0532 0130 00")?.outcome, "success");
  assert.equal(findTestIban("DE62370400440532013001")?.outcome, "failed");
  assert.equal(findTestIbanByScenario("pm_sepaDebit_insufficientFunds_at")?.iban, "AT981904300002222227");
  assert.equal(findTestIbanByScenario("success")?.country, "DE");
  assert.equal(findTestIbanByScenario("nonsense_de"), undefined);
});

test("a number printed twice takes the earlier column", () => {
  assert.equal(findTestIban("NL55RABO0300065267")?.outcome, "successDelayed");
  assert.equal(findTestIban("NO0586010343434")?.outcome, "exceedsWeeklyVolumeLimit");
});

test("an unlisted IBAN is judged by checksum and last digits", () => {
  assert.equal(findTestIban("DE75512108001245126199")?.outcome, "success");
  assert.equal(findTestIban("DE75512108001245126198"), undefined);
  assert.equal(findTestIban("nonsense"), undefined);
});

test("every outcome says what it does", () => {
  for (const row of testIbanTable) assert.ok(sepaOutcomeTable[row.outcome]);
});
