// The resources from bottom to top. Actions call down this list only; news goes up as reactions.
import { createParamChecker, type ParamChecker } from "../kernel/schema/params.ts";
import type { Resource } from "../kernel/state/resource.ts";
import { accountResource } from "./accounts/index.ts";
import { activeEntitlementResource } from "./active_entitlements/index.ts";
import { balanceTransactionResource } from "./balance_transactions/index.ts";
import { bankAccountResource } from "./bank_accounts/index.ts";
import { cardResource } from "./cards/index.ts";
import { chargeResource } from "./charges/index.ts";
import { confirmationTokenResource } from "./confirmation_tokens/index.ts";
import { couponResource } from "./coupons/index.ts";
import { creditNoteLineItemResource } from "./credit_note_line_items/index.ts";
import { creditNoteResource } from "./credit_notes/index.ts";
import { customerBalanceTransactionResource } from "./customer_balance_transactions/index.ts";
import { customerResource } from "./customers/index.ts";
import { discountResource } from "./discounts/index.ts";
import { disputeResource } from "./disputes/index.ts";
import { earlyFraudWarningResource } from "./early_fraud_warnings/index.ts";
import { ephemeralKeyResource } from "./ephemeral_keys/index.ts";
import { eventResource } from "./events/index.ts";
import { featureResource } from "./features/index.ts";
import { invoicePaymentResource } from "./invoice_payments/index.ts";
import { invoiceRenderingTemplateResource } from "./invoice_rendering_templates/index.ts";
import { invoiceItemResource } from "./invoiceitems/index.ts";
import { invoiceResource } from "./invoices/index.ts";
import { lineItemResource } from "./line_items/index.ts";
import { mandateResource } from "./mandates/index.ts";
import { paymentIntentResource } from "./payment_intents/index.ts";
import { paymentMethodConfigurationResource } from "./payment_method_configurations/index.ts";
import { paymentMethodResource } from "./payment_methods/index.ts";
import { payoutResource } from "./payouts/index.ts";
import { planResource } from "./plans/index.ts";
import { priceResource } from "./prices/index.ts";
import { productFeatureResource } from "./product_features/index.ts";
import { productResource } from "./products/index.ts";
import { promotionCodeResource } from "./promotion_codes/index.ts";
import { refundResource } from "./refunds/index.ts";
import { reviewResource } from "./reviews/index.ts";
import { setupAttemptResource } from "./setup_attempts/index.ts";
import { setupIntentResource } from "./setup_intents/index.ts";
import { shippingRateResource } from "./shipping_rates/index.ts";
import { sourceResource } from "./sources/index.ts";
import { subscriptionItemResource } from "./subscription_items/index.ts";
import { scheduleResource } from "./subscription_schedules/index.ts";
import { subscriptionResource } from "./subscriptions/index.ts";
import { taxCodeResource } from "./tax_codes/index.ts";
import { taxIdResource } from "./tax_ids/index.ts";
import { taxRateResource } from "./tax_rates/index.ts";
import { testClockResource } from "./test_clocks/index.ts";
import { tokenResource } from "./tokens/index.ts";
import { trialOfferResource } from "./trial_offers/index.ts";
import { webhookEndpointResource } from "./webhook_endpoints/index.ts";

export const resources: readonly Resource[] = [
  eventResource,
  webhookEndpointResource,
  paymentMethodResource,
  paymentMethodConfigurationResource,
  cardResource,
  bankAccountResource,
  tokenResource,
  sourceResource,
  taxCodeResource,
  featureResource,
  productResource,
  productFeatureResource,
  priceResource,
  planResource,
  trialOfferResource,
  couponResource,
  taxRateResource,
  shippingRateResource,
  promotionCodeResource,
  discountResource,
  invoiceRenderingTemplateResource,
  testClockResource,
  customerResource,
  taxIdResource,
  customerBalanceTransactionResource,
  ephemeralKeyResource,
  mandateResource,
  confirmationTokenResource,
  balanceTransactionResource,
  chargeResource,
  refundResource,
  disputeResource,
  earlyFraudWarningResource,
  paymentIntentResource,
  invoicePaymentResource,
  invoiceItemResource,
  lineItemResource,
  invoiceResource,
  creditNoteLineItemResource,
  creditNoteResource,
  reviewResource,
  setupAttemptResource,
  setupIntentResource,
  subscriptionItemResource,
  subscriptionResource,
  activeEntitlementResource,
  scheduleResource,
  payoutResource,
  accountResource,
];

/** Checks what any of them is sent. One for all sandboxes, since what it has compiled never changes. */
export const paramChecker: ParamChecker = createParamChecker(resources.flatMap(({ extras }) => extras ?? []));
