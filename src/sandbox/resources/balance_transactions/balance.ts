// `GET /v1/balance`: the sums of all movements, kept up to date with each of them, so that asking costs nothing.
import type Stripe from "stripe";
import { defineNoun, type StripeObject } from "../../kernel/state/noun.ts";
import type { Unit } from "../../kernel/state/unit.ts";
import { add, all, change, read } from "../../kernel/state/writes.ts";

/** One per currency and account; the currency is the id. */
interface Sum extends StripeObject {
  readonly object: "balance_sum";
  readonly available: number;
  readonly pending: number;
}

const sums = defineNoun<Sum>({ object: "balance_sum", prefixes: [] });

export function currentBalance(unit: Unit): Stripe.Balance {
  const kept = all(unit, sums);
  const shown = kept.length > 0 ? kept : [{ id: unit.world.home.currency, available: 0, pending: 0 }];
  const rows = (kind: "available" | "pending") =>
    shown.map((sum) => ({ amount: sum[kind], currency: sum.id, source_types: { card: sum[kind] } }));
  const available = rows("available");
  return { object: "balance", available, instant_available: available, livemode: false, pending: rows("pending") };
}

export function availableIn(unit: Unit, currency: string): number {
  return read(unit, sums, currency)?.available ?? 0;
}

/** In the order of each currency's first movement. */
export function balanceCurrencies(unit: Unit): string[] {
  return all(unit, sums).map(({ id }) => id);
}

export function addToBalance(unit: Unit, currency: string, more: { available?: number; pending?: number }): void {
  const { available = 0, pending = 0 } = more;
  const sum = read(unit, sums, currency);
  if (!sum) {
    add(unit, sums, { id: currency, object: "balance_sum", available, pending }, null);
    return;
  }
  change(unit, sums, sum, { available: sum.available + available, pending: sum.pending + pending }, null);
}
