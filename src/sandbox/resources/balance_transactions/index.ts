import { list } from "../../kernel/lists.ts";
import { defineResource } from "../../kernel/resource.ts";
import { mustRead } from "../../kernel/unit.ts";
import { currentBalance } from "./balance.ts";
import { type BalanceTransaction, balanceTransactions } from "./balance_transaction.ts";
import { payoutOf, settleDay } from "./movements.ts";

export { availableIn, balanceCurrencies } from "./balance.ts";
export {
  delayDays,
  minimumBalance,
  type PayoutSchedule,
  payoutSchedule,
  payoutTerms,
  readSettings,
  updateSettings,
} from "./balance_settings.ts";
export { type BalanceTransaction, balanceTransactionMachine, balanceTransactions } from "./balance_transaction.ts";
export { bookMovement, type Movement, markPaid, processingFee, unpaid, usualDay } from "./movements.ts";

const path = "/v1/balance_transactions";

export const balanceTransactionResource = defineResource<BalanceTransaction>({
  noun: balanceTransactions,
  jobs: { settleDay },
  routes: [
    { method: "GET", path: "/v1/balance", run: currentBalance },
    {
      method: "GET",
      path,
      run: (unit, params) => {
        const { source, type, currency, payout } = params;
        const isIn = (transaction: BalanceTransaction) => payout === undefined || payoutOf(transaction) === payout;
        return list(unit, balanceTransactions, params, path, { source, type, currency }, isIn);
      },
    },
    { method: "GET", path: `${path}/:id`, run: (unit, _params, id) => mustRead(unit, balanceTransactions, id) },
  ],
});
