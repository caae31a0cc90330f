// Amounts as Stripe writes them in its messages: "$10.00", "€0.50".
import { formatAmount } from "#kit/money.ts";

const symbols: Readonly<Record<string, string>> = {
  usd: "$",
  eur: "€",
  gbp: "£",
  jpy: "¥",
  aud: "A$",
  cad: "C$",
  nzd: "NZ$",
  hkd: "HK$",
  mxn: "MX$",
  brl: "R$",
  inr: "₹",
};

/** `moneyText(1050, "usd")` is "$10.50"; without a symbol of its own, "10.50 CHF". */
export function moneyText(amount: number, currency: string): string {
  return decimalMoneyText(String(amount), currency);
}

/** The same of an amount with decimals: `decimalMoneyText("3.6", "usd")` is "$0.036". */
export function decimalMoneyText(amount: string, currency: string): string {
  const [whole = "", after = ""] = amount.split(".");
  const coins = formatAmount({ amount: Number(whole), currency });
  const shown = after === "" ? coins : `${coins}${coins.includes(".") ? "" : "."}${after}`;
  const symbol = symbols[currency];
  return symbol ? symbol + shown : `${shown} ${currency.toUpperCase()}`;
}
