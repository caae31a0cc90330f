import { list } from "../../kernel/lists.ts";
import { defineResource } from "../../kernel/resource.ts";
import { mustRead } from "../../kernel/unit.ts";
import { type BalanceTransaction, balanceTransactions, currentBalance } from "./balance_transaction.ts";

export { type BalanceTransaction, balanceTransactions, bookMovement, processingFee } from "./balance_transaction.ts";

const path = "/v1/balance_transactions";

export const balanceTransactionResource = defineResource<BalanceTransaction>({
  noun: balanceTransactions,
  routes: [
    { method: "GET", path: "/v1/balance", run: currentBalance },
    {
      method: "GET",
      path,
      run: (unit, params) => {
        const { source, type, currency } = params;
        return list(unit, balanceTransactions, params, path, { source, type, currency });
      },
    },
    { method: "GET", path: `${path}/:id`, run: (unit, _params, id) => mustRead(unit, balanceTransactions, id) },
  ],
});
