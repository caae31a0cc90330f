// Amounts as Stripe writes them in its messages and on its invoices: "$1,880.00", "€0.50". Thousands, CHF and BRL are
// as in lines that were recorded: "10 × Solana Full (at $1,880.00 / month)", "(at CHF 25.00 / year)", "(at R$ 197.00 /
// month)"; that other currencies without a symbol are written like CHF is inferred.
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
  brl: "R$ ",
  inr: "₹",
};

/** `moneyText(1050, "usd")` is "$10.50"; without a symbol of its own, "CHF 10.50". */
export function moneyText(amount: number, currency: string): string {
  return decimalMoneyText(String(amount), currency);
}

/** The same of an amount with decimals: `decimalMoneyText("3.6", "usd")` is "$0.036". */
export function decimalMoneyText(amount: string, currency: string): string {
  const [whole = "", after = ""] = amount.split(".");
  const coins = formatAmount({ amount: Number(whole), currency });
  const shown = after === "" ? coins : `${coins}${coins.includes(".") ? "" : "."}${after}`;
  return (symbols[currency] ?? `${currency.toUpperCase()} `) + grouped(shown);
}

/** `grouped("1234567.50")` is "1,234,567.50". */
function grouped(amount: string): string {
  const point = amount.indexOf(".");
  const first = amount.startsWith("-") ? 1 : 0;
  let text = amount;
  for (let at = (point < 0 ? amount.length : point) - 3; at > first; at -= 3)
    text = `${text.slice(0, at)},${text.slice(at)}`;
  return text;
}
