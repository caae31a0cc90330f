import { list } from "../../kernel/lists.ts";
import { defineResource } from "../../kernel/resource.ts";
import { mustRead } from "../../kernel/unit.ts";
import type { BalanceTransaction } from "../balance_transactions/index.ts";
import { arrive, cancelPayout, createPayout, payOutDaily, payOutDue, sendOff, updatePayout } from "./actions.ts";
import { type Payout, payouts } from "./payout.ts";
import { readSettings, updateSettings } from "./settings.ts";

export { type Payout, payoutMachine, payouts } from "./payout.ts";

const path = "/v1/payouts";

export const payoutResource = defineResource<Payout>({
  noun: payouts,
  jobs: { arrive, payOutDue, sendOff },
  reactions: {
    // That action moves balance transactions only.
    "balance_transaction.mature": (unit, _before, after) => payOutDaily(unit, after as BalanceTransaction),
  },
  routes: [
    { method: "POST", path, run: createPayout },
    {
      method: "GET",
      path,
      run: (unit, params) => {
        const { destination, status } = params;
        return list(unit, payouts, params, path, { destination, status });
      },
    },
    { method: "GET", path: `${path}/:id`, run: (unit, _params, id) => mustRead(unit, payouts, id, "payout") },
    { method: "POST", path: `${path}/:id`, run: updatePayout },
    { method: "POST", path: `${path}/:id/cancel`, run: cancelPayout },
    { method: "GET", path: "/v1/balance_settings", run: readSettings },
    { method: "POST", path: "/v1/balance_settings", run: updateSettings },
  ],
});
