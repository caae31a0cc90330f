// The resources from bottom to top. Actions call down this list only; news goes up as reactions.
import { createParamChecker, type ParamChecker } from "../kernel/schema/params.ts";
import type { Resource } from "../kernel/state/resource.ts";
import { accountResource } from "./accounts/index.ts";
import { balanceTransactionResource } from "./balance_transactions/index.ts";
import { bankAccountResource } from "./bank_accounts/index.ts";
import { cardResource } from "./cards/index.ts";
import { chargeResource } from "./charges/index.ts";
import { confirmationTokenResource } from "./confirmation_tokens/index.ts";
import { customerResource } from "./customers/index.ts";
import { disputeResource } from "./disputes/index.ts";
import { earlyFraudWarningResource } from "./early_fraud_warnings/index.ts";
import { ephemeralKeyResource } from "./ephemeral_keys/index.ts";
import { eventResource } from "./events/index.ts";
import { mandateResource } from "./mandates/index.ts";
import { paymentIntentResource } from "./payment_intents/index.ts";
import { paymentMethodResource } from "./payment_methods/index.ts";
import { payoutResource } from "./payouts/index.ts";
import { refundResource } from "./refunds/index.ts";
import { reviewResource } from "./reviews/index.ts";
import { setupAttemptResource } from "./setup_attempts/index.ts";
import { setupIntentResource } from "./setup_intents/index.ts";
import { sourceResource } from "./sources/index.ts";
import { tokenResource } from "./tokens/index.ts";
import { webhookEndpointResource } from "./webhook_endpoints/index.ts";

export const resources: readonly Resource[] = [
  eventResource,
  webhookEndpointResource,
  paymentMethodResource,
  cardResource,
  bankAccountResource,
  tokenResource,
  sourceResource,
  customerResource,
  ephemeralKeyResource,
  mandateResource,
  confirmationTokenResource,
  balanceTransactionResource,
  chargeResource,
  refundResource,
  disputeResource,
  earlyFraudWarningResource,
  paymentIntentResource,
  reviewResource,
  setupAttemptResource,
  setupIntentResource,
  payoutResource,
  accountResource,
];

/** Checks what any of them is sent. One for all sandboxes, since what it has compiled never changes. */
export const paramChecker: ParamChecker = createParamChecker(resources.flatMap(({ extras }) => extras ?? []));
