// Payouts: the balance on its way to the account's own bank. The folder's only door.
import { list, rangeOf } from "../../kernel/answer/lists.ts";
import { on } from "../../kernel/state/reactions.ts";
import type { Params } from "../../kernel/state/resource.ts";
import { defineResource } from "../../kernel/state/resource.ts";
import type { Unit } from "../../kernel/state/unit.ts";
import { mustRead } from "../../kernel/state/writes.ts";
import { isWithin } from "../../kernel/store/store.ts";
import { inWorld } from "../../kernel/time/later.ts";
import {
  type BalanceTransaction,
  balanceTransactionMachine,
  readSettings,
  updateSettings,
} from "../balance_transactions/index.ts";
import { arrive, cancelPayout, createPayout, failPayout, reversePayout, sendOff, updatePayout } from "./actions.ts";
import { payoutDefaults } from "./defaults.table.ts";
import { failingDestinations } from "./destinations.table.ts";
import { type Payout, payoutMachine, payouts } from "./payout.ts";
import { rows } from "./refusals.table.ts";
import { awaitMaturing, payOutDue, planPayout } from "./schedule.ts";
import { payoutWaits } from "./waits.table.ts";

export { payOut } from "./actions.ts";
export type { Payout } from "./payout.ts";

const path = "/v1/payouts";

export const payoutResource = defineResource<Payout>({
  noun: payouts,
  machine: payoutMachine,
  defaults: payoutDefaults,
  refusals: rows,
  testData: failingDestinations,
  waits: payoutWaits,
  jobs: {
    arrive: { run: arrive, says: "arrives" },
    awaitMaturing: { run: awaitMaturing, says: "money is paid out", trial: payOutDue },
    failPayout: { run: failPayout, says: "comes back" },
    payOutDue: { run: payOutDue, says: "money is paid out" },
    sendOff: { run: sendOff, says: "leaves" },
  },
  reactions: [on(balanceTransactionMachine, "create", planFor), on(balanceTransactionMachine, "mature", planFor)],
  routes: [
    { method: "POST", path, run: createPayout },
    {
      method: "GET",
      path,
      run: (unit, params) => {
        const { destination, status } = params;
        const arrival = rangeOf(params, "arrival_date");
        const isDue = ({ arrival_date }: Payout) => arrival === undefined || isWithin(arrival, arrival_date);
        return list(unit, payouts, params, { url: path, filters: { destination, status }, where: isDue });
      },
    },
    { method: "GET", path: `${path}/:id`, run: (unit, _params, id) => mustRead(unit, payouts, id, "payout") },
    { method: "POST", path: `${path}/:id`, run: updatePayout },
    { method: "POST", path: `${path}/:id/cancel`, run: cancelPayout },
    { method: "POST", path: `${path}/:id/reverse`, run: reversePayout },
    { method: "GET", path: "/v1/balance_settings", run: readSettings },
    { method: "POST", path: "/v1/balance_settings", run: changeSettings },
  ],
});

/** Money has become available. */
function planFor(unit: Unit, _before: unknown, { available_on, net, status }: BalanceTransaction): void {
  if (status === "available" && net > 0) planPayout(unit, available_on * 1000);
}

/** What is available already waits for the new schedule's first day. */
function changeSettings(unit: Unit, params: Params): object {
  updateSettings(unit, params);
  planPayout(unit, inWorld(unit).now);
  return readSettings(unit);
}
