import assert from "node:assert/strict";
import { test } from "node:test";
import { decimalMoneyText, moneyText } from "./money_text.ts";

test("an amount is written with its sign, its thousands and all the decimals that it has", () => {
  const rows = [
    [moneyText(1050, "usd"), "$10.50"],
    [moneyText(188_000, "usd"), "$1,880.00"],
    [moneyText(123_456_789, "eur"), "€1,234,567.89"],
    [moneyText(1800, "jpy"), "¥1,800"],
    [moneyText(175_000, "chf"), "CHF 1,750.00"],
    [moneyText(19_700, "brl"), "R$ 197.00"],
    [decimalMoneyText("3.6", "usd"), "$0.036"],
    [decimalMoneyText("123456.125", "gbp"), "£1,234.56125"],
  ];
  for (const [text, wanted] of rows) assert.equal(text, wanted);
});
