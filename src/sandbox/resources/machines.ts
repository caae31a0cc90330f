// Every machine of the sandbox, for the page that draws them.
import type { Machine } from "../kernel/state/machine.ts";
import { balanceTransactionMachine } from "./balance_transactions/index.ts";
import { bankAccountMachine } from "./bank_accounts/index.ts";
import { chargeMachine } from "./charges/index.ts";
import { disputeMachine } from "./disputes/index.ts";
import { mandateMachine } from "./mandates/index.ts";
import { paymentIntentMachine } from "./payment_intents/index.ts";
import { payoutMachine } from "./payouts/index.ts";
import { refundMachine } from "./refunds/index.ts";
import { setupAttemptMachine } from "./setup_attempts/index.ts";
import { setupIntentMachine } from "./setup_intents/index.ts";
import { sourceMachine } from "./sources/index.ts";
import { webhookEndpointMachine } from "./webhook_endpoints/index.ts";

/** The shape of a machine without its noun's type. */
export type AnyMachine = Pick<Machine, "actions"> & { readonly noun: { readonly object: string } };

export const machines: readonly AnyMachine[] = [
  paymentIntentMachine,
  setupIntentMachine,
  setupAttemptMachine,
  sourceMachine,
  bankAccountMachine,
  chargeMachine,
  refundMachine,
  disputeMachine,
  mandateMachine,
  balanceTransactionMachine,
  payoutMachine,
  webhookEndpointMachine,
];
