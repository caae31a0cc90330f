// `GET /v1/balance`: the sums of all movements.
import type Stripe from "stripe";
import { collectionOf, type Unit } from "../../kernel/unit.ts";
import { type BalanceTransaction, balanceTransactions } from "./balance_transaction.ts";

interface Sum {
  available: number;
  pending: number;
}

export function currentBalance(unit: Unit): Stripe.Balance {
  const sums = sumsOf(unit);
  if (sums.size === 0) sums.set("usd", { available: 0, pending: 0 });
  const rows = (kind: keyof Sum) =>
    [...sums].map(([currency, sum]) => ({ amount: sum[kind], currency, source_types: { card: sum[kind] } }));
  const available = rows("available");
  return { object: "balance", available, instant_available: available, livemode: false, pending: rows("pending") };
}

export function availableIn(unit: Unit, currency: string): number {
  return sumsOf(unit).get(currency)?.available ?? 0;
}

export function balanceCurrencies(unit: Unit): string[] {
  return [...sumsOf(unit).keys()];
}

/** By currency, in the order of their first movement. */
function sumsOf(unit: Unit): Map<string, Sum> {
  const sums = new Map<string, Sum>();
  for (const item of collectionOf(unit.account, balanceTransactions).items) {
    const transaction = item as BalanceTransaction | undefined; // This collection holds balance transactions only.
    if (!transaction) continue;
    const sum = sums.get(transaction.currency) ?? { available: 0, pending: 0 };
    sum[transaction.status] += transaction.net;
    sums.set(transaction.currency, sum);
  }
  return sums;
}
