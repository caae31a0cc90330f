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
  const shown = formatAmount({ amount, currency });
  const symbol = symbols[currency];
  return symbol ? symbol + shown : `${shown} ${currency.toUpperCase()}`;
}
