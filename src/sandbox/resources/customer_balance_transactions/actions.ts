// What callers do with a customer's balance: credit it, debit it, describe what was done.
import { list } from "../../kernel/answer/lists.ts";
import type { Params } from "../../kernel/state/resource.ts";
import type { Unit } from "../../kernel/state/unit.ts";
import { change, mustRead } from "../../kernel/state/writes.ts";
import { checkedCurrency } from "../../kernel/words/amounts.ts";
import { missingParameter, noSuch } from "../../kernel/words/errors.ts";
import { mergeMetadata } from "../../kernel/words/metadata.ts";
import { integer, text, textOrNull } from "../../kernel/words/params.ts";
import { type Customer, customers } from "../customers/index.ts";
import {
  type CustomerBalanceTransaction,
  customerBalanceTransactions,
  moveBalance,
  record,
} from "./customer_balance_transaction.ts";

export function createTransaction(unit: Unit, params: Params, customerId: string): CustomerBalanceTransaction {
  const customer = mustRead(unit, customers, customerId);
  const amount = integer(params, "amount");
  if (amount === undefined) throw missingParameter("amount");
  const currency = checkedCurrency(params);
  return moveBalance(unit, customer, {
    amount,
    currency,
    type: "adjustment",
    description: text(params, "description") ?? null,
    metadata: mergeMetadata({}, params.metadata),
  });
}

export function listTransactions(unit: Unit, params: Params, customerId: string): object {
  mustRead(unit, customers, customerId);
  const filters = { customer: customerId, invoice: params.invoice };
  return list(unit, customerBalanceTransactions, params, {
    url: `/v1/customers/${customerId}/balance_transactions`,
    filters,
  });
}

export function retrieveTransaction(unit: Unit, _params: Params, customerId: string, id: string) {
  mustRead(unit, customers, customerId);
  const transaction = mustRead(unit, customerBalanceTransactions, id, "transaction");
  if (transaction.customer === customerId) return transaction;
  throw noSuch(customerBalanceTransactions, id, { inPath: true, param: "transaction" });
}

export function updateTransaction(unit: Unit, params: Params, customerId: string, id: string) {
  const before = retrieveTransaction(unit, params, customerId, id);
  const description = textOrNull(params, "description");
  return change(
    unit,
    customerBalanceTransactions,
    before,
    {
      description: description === undefined ? before.description : description,
      metadata: { ...mergeMetadata(before.metadata ?? {}, params.metadata) },
    },
    null,
  );
}

/** A balance that a customer is made with is written down as its first movement. */
export function recordOpened(unit: Unit, _before: Customer, customer: Customer): void {
  record(unit, customer, {
    amount: customer.balance,
    currency: customer.currency ?? unit.world.home.currency,
    type: "initial",
  });
}

/** One that is set later is the movement that leads there. */
export function recordSet(unit: Unit, before: Customer, after: Customer): void {
  const amount = after.balance - before.balance;
  record(unit, after, { amount, currency: after.currency ?? unit.world.home.currency, type: "adjustment" });
}
