// Money moves: what is booked, when it becomes available, what of it was paid out. All that is due on one midnight
// becomes available in one unit, which says `balance.available` once.

import { dayMs, secondMs } from "#kit/clock.ts";
import { emit } from "../../kernel/state/emit.ts";
import { begin, move } from "../../kernel/state/machine.ts";
import { hidden } from "../../kernel/state/noun.ts";
import type { Unit } from "../../kernel/state/unit.ts";
import { all, among, change, newestAmong } from "../../kernel/state/writes.ts";
import { inWorld, laterAt } from "../../kernel/time/later.ts";
import { dueSecond } from "../../kernel/time/settlement.ts";
import { addToBalance, currentBalance } from "./balance.ts";
import { delayDaysOverride } from "./balance_settings.ts";
import { type BalanceTransaction, balanceTransactionMachine, balanceTransactions } from "./balance_transaction.ts";
import { balanceDefaults } from "./defaults.table.ts";
import { moneyWaits } from "./waits.table.ts";

const daySeconds = dayMs / secondMs;

export type MovementType =
  | "adjustment"
  | "charge"
  | "payment"
  | "payment_failure_refund"
  | "payment_refund"
  | "payout"
  | "payout_cancel"
  | "payout_failure"
  | "payout_minimum_balance_hold"
  | "payout_minimum_balance_release"
  | "refund"
  | "refund_failure";

export interface Movement {
  readonly amount: number;
  readonly fee: number;
  readonly currency: string;
  readonly description: string | null;
  readonly source: string;
  readonly type: MovementType;
  /** What goes out is taken from what is available at once; what comes in waits: as long as usual, or to a midnight. */
  readonly available: "at once" | "as usual" | { readonly on: number };
  /** As the reports call it, where that is not the type: "dispute". */
  readonly reportingCategory?: string;
  readonly feeDescription?: string;
}

/** Writes a movement; it becomes available by itself. */
export function bookMovement(unit: Unit, movement: Movement): BalanceTransaction {
  const { available, source } = movement;
  const isAtOnce = available === "at once";
  const availableOn = isAtOnce ? unit.created : available === "as usual" ? usualDay(unit) : available.on;
  const isFirstOfDay = !isAtOnce && lastOn(unit, availableOn)?.status !== "pending";
  const family = source.includes("_3") ? `txn_3${source.slice(source.indexOf("_3") + 2).slice(0, 16)}` : "txn_1";
  const id = unit.world.ids.after(family, 28 - family.length);
  const end = isAtOnce ? "available" : "pending";
  const transaction = begin(unit, balanceTransactionMachine, "create", end, (status) =>
    shapeOf(unit, movement, { id, availableOn, status }),
  );
  addToBalance(unit, transaction.currency, { [transaction.status]: transaction.net });
  if (isFirstOfDay) laterAt(inWorld(unit), availableOn * 1000, settleDay, availableOn);
  if (isAtOnce && movement.amount > 0) emitBalance(unit);
  return transaction;
}

/** The midnight at which money of today is available. https://docs.stripe.com/payouts#payout-speed */
export function usualDay(unit: Unit): number {
  const days = delayDaysOverride(unit);
  if (days === null) return dueSecond(unit, moneyWaits.moneyMatures);
  return (Math.floor(unit.created / daySeconds) + days) * daySeconds;
}

interface Placed {
  readonly id: string;
  readonly availableOn: number;
  readonly status: BalanceTransaction["status"];
}

function shapeOf(unit: Unit, movement: Movement, { id, availableOn, status }: Placed): BalanceTransaction {
  const { amount, fee, currency, type } = movement;
  const description = movement.feeDescription ?? "Stripe processing fees";
  return {
    id,
    object: "balance_transaction",
    amount,
    available_on: availableOn,
    balance_type: "payments",
    created: unit.created,
    currency,
    description: movement.description,
    exchange_rate: null,
    fee,
    fee_details: fee === 0 ? [] : [{ amount: fee, application: null, currency, description, type: "stripe_fee" }],
    net: amount - fee,
    reporting_category: movement.reportingCategory ?? reportingCategories[type] ?? type,
    source: movement.source,
    status,
    type,
  };
}

const reportingCategories: Readonly<Partial<Record<MovementType, string>>> = {
  payment: "charge",
  payment_failure_refund: "charge_failure",
  payment_refund: "refund",
  payout_cancel: "payout_reversal",
  payout_failure: "payout_reversal",
};

export function settleDay(unit: Unit, midnight: number): void {
  const due = among(unit, balanceTransactions, "available_on", String(midnight)).filter(isPending);
  if (due.length === 0) return;
  for (const transaction of due) {
    const { currency, net } = transaction;
    addToBalance(unit, currency, { pending: -net, available: net });
    move(unit, balanceTransactionMachine, transaction, "mature", "available", {});
  }
  emitBalance(unit);
}

function lastOn(unit: Unit, availableOn: number): BalanceTransaction | undefined {
  return newestAmong(unit, balanceTransactions, "available_on", String(availableOn));
}

function isPending({ status }: BalanceTransaction): boolean {
  return status === "pending";
}

function emitBalance(unit: Unit): void {
  emit(unit, "balance.available", currentBalance(unit));
}

/** Available, and in no automatic payout yet. */
export function unpaid(unit: Unit, currency: string): BalanceTransaction[] {
  return all(unit, balanceTransactions).filter(
    (transaction) =>
      transaction.currency === currency && transaction.status === "available" && payoutOf(transaction) === undefined,
  );
}

/** The payout that brought this movement to the bank. */
export function payoutOf(transaction: BalanceTransaction): string | undefined {
  return transaction[hidden]?.payout as string | undefined; // Written by markPaid only.
}

export function markPaid(unit: Unit, transaction: BalanceTransaction, payout: string): void {
  change(unit, balanceTransactions, transaction, { [hidden]: { payout } }, null);
}

/** Rounded half up: Stripe's list prices where the money is. */
export function processingFee(amount: number, currency: string): number {
  const { perThousand, fixed } = balanceDefaults.fees.value[currency] ?? balanceDefaults.feeOfOthers.value;
  return Math.floor((amount * perThousand + 500) / 1000) + fixed;
}
