// Movements of customers' balances. The folder's only door.
import { onSignal } from "../../kernel/state/reactions.ts";
import { defineResource } from "../../kernel/state/resource.ts";
import { customers } from "../customers/index.ts";
import {
  createTransaction,
  listTransactions,
  recordOpened,
  recordSet,
  retrieveTransaction,
  updateTransaction,
} from "./actions.ts";
import { type CustomerBalanceTransaction, customerBalanceTransactions } from "./customer_balance_transaction.ts";

export { moveBalance } from "./customer_balance_transaction.ts";

const path = "/v1/customers/:id/balance_transactions";

export const customerBalanceTransactionResource = defineResource<CustomerBalanceTransaction>({
  noun: customerBalanceTransactions,
  reactions: [onSignal(customers, "openBalance", recordOpened), onSignal(customers, "setBalance", recordSet)],
  routes: [
    { method: "POST", path, run: createTransaction },
    { method: "GET", path, run: listTransactions },
    { method: "GET", path: `${path}/:id`, run: retrieveTransaction },
    { method: "POST", path: `${path}/:id`, run: updateTransaction },
  ],
});
