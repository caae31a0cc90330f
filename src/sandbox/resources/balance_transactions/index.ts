// Balance transactions: every movement of the account's money, and the sum of them. The folder's only door.
import { list } from "../../kernel/answer/lists.ts";
import { defineResource, type Params } from "../../kernel/state/resource.ts";
import type { Unit } from "../../kernel/state/unit.ts";
import { mustRead, readById } from "../../kernel/state/writes.ts";
import { noSuch, refusal } from "../../kernel/words/errors.ts";
import { text } from "../../kernel/words/params.ts";
import { currentBalance } from "./balance.ts";
import { type BalanceTransaction, balanceTransactionMachine, balanceTransactions } from "./balance_transaction.ts";
import { balanceDefaults } from "./defaults.table.ts";
import { payoutOf, settleDay } from "./movements.ts";
import { rows } from "./refusals.table.ts";
import { moneyWaits } from "./waits.table.ts";

export { availableIn, balanceCurrencies } from "./balance.ts";
export {
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
  machine: balanceTransactionMachine,
  defaults: balanceDefaults,
  refusals: rows,
  waits: moneyWaits,
  jobs: {
    settleDay: { run: settleDay, says: "money becomes available" },
  },
  routes: [
    { method: "GET", path: "/v1/balance", run: currentBalance },
    {
      method: "GET",
      path,
      run: (unit, params) => {
        const { source, type, currency } = params;
        const payout = reconciledPayout(unit, params);
        const isIn = (transaction: BalanceTransaction) => payout === undefined || payoutOf(transaction) === payout;
        return list(unit, balanceTransactions, params, { url: path, filters: { source, type, currency }, where: isIn });
      },
    },
    { method: "GET", path: `${path}/:id`, run: (unit, _params, id) => mustRead(unit, balanceTransactions, id) },
  ],
});

/** Only payouts of the schedule know what is in them. https://docs.stripe.com/payouts/reconciliation */
function reconciledPayout(unit: Unit, params: Params): string | undefined {
  const id = text(params, "payout");
  if (id === undefined) return undefined;
  const payout = readById(unit, id) as { object: string; automatic?: boolean } | undefined; // A noun further up.
  if (payout?.object !== "payout") throw noSuch({ label: "payout" }, id, { inPath: false, param: "payout" });
  if (!payout.automatic) throw refusal(rows.payoutByHand);
  return id;
}
