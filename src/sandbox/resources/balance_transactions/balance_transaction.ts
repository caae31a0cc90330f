// READ FIRST. Every movement of money on the account: `net = amount - fee`, pending until `available_on`.
// https://docs.stripe.com/api/balance_transactions
import type Stripe from "stripe";
import { invalidRequest } from "../../kernel/errors.ts";
import { begin, defineMachine, move } from "../../kernel/machine.ts";
import { defineNoun, type Stored } from "../../kernel/noun.ts";
import { collectionOf, later, read, type Unit } from "../../kernel/unit.ts";

export type BalanceTransaction = Stored<Stripe.BalanceTransaction, "pending" | "available">;

export const balanceTransactions = defineNoun<BalanceTransaction>({
  object: "balance_transaction",
  prefixes: ["txn"],
  indices: ["source", "type"],
  expandable: ["source"],
  label: "balance transaction",
});

export const balanceTransactionMachine = defineMachine(balanceTransactions, (transaction, action) =>
  invalidRequest({ message: `This balance transaction cannot ${action} because it is ${transaction.status}.` }),
)({
  create: { from: ["new"], to: { pending: null, available: null } },
  mature: { from: ["pending"], to: { available: null } },
});

/** Test money of an American account waits a week, then comes at midnight UTC. */
const maturityDays = 7;

export interface Movement {
  readonly amount: number;
  readonly fee: number;
  readonly currency: string;
  readonly description: string | null;
  readonly source: string;
  readonly type: "charge" | "refund" | "refund_failure";
  readonly isAtOnce: boolean;
}

/** Writes a movement; it becomes available by itself. */
export function bookMovement(unit: Unit, movement: Movement): BalanceTransaction {
  const { amount, fee, currency, source, isAtOnce } = movement;
  const day = Math.floor(unit.created / 86_400) + maturityDays;
  const availableOn = isAtOnce ? unit.created : day * 86_400;
  const family = source.includes("_3") ? `txn_3${source.slice(source.indexOf("_3") + 2).slice(0, 16)}` : "txn_1";
  const end = isAtOnce ? "available" : "pending";
  const transaction = begin(
    unit,
    balanceTransactionMachine,
    "create",
    end,
    (status): BalanceTransaction => ({
      id: family + unit.world.ids.text(28 - family.length),
      object: "balance_transaction",
      amount,
      available_on: availableOn,
      balance_type: "payments",
      created: unit.created,
      currency,
      description: movement.description,
      exchange_rate: null,
      fee,
      fee_details:
        fee === 0
          ? []
          : [{ amount: fee, application: null, currency, description: "Stripe processing fees", type: "stripe_fee" }],
      net: amount - fee,
      reporting_category: movement.type,
      source,
      status,
      type: movement.type,
    }),
  );
  if (!isAtOnce) later(unit, availableOn * 1000 - unit.world.clock.now(), (tick) => mature(tick, transaction.id));
  return transaction;
}

function mature(unit: Unit, id: string): void {
  const transaction = read(unit, balanceTransactions, id);
  if (transaction?.status === "pending") move(unit, balanceTransactionMachine, transaction, "mature", "available", {});
}

/** 2.9 % + 30 cents, rounded half up: an American account. */
export function processingFee(amount: number): number {
  return Math.floor((amount * 29 + 500) / 1000) + 30;
}

/** `GET /v1/balance`. */
export function currentBalance(unit: Unit): object {
  const sums = new Map<string, { available: number; pending: number }>();
  for (const item of collectionOf(unit.account, balanceTransactions).items) {
    const transaction = item as BalanceTransaction | undefined; // This collection holds balance transactions only.
    if (!transaction) continue;
    const sum = sums.get(transaction.currency) ?? { available: 0, pending: 0 };
    sum[transaction.status] += transaction.net;
    sums.set(transaction.currency, sum);
  }
  if (sums.size === 0) sums.set("usd", { available: 0, pending: 0 });
  const rows = (kind: "available" | "pending") =>
    [...sums].map(([currency, sum]) => ({ amount: sum[kind], currency, source_types: { card: sum[kind] } }));
  return { object: "balance", available: rows("available"), livemode: false, pending: rows("pending") };
}
