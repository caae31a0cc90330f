// What Stripe refuses about subscriptions.
import { invalid, type Refusals, withParam, withStatus } from "../../kernel/words/refusals.ts";

export const rows = {
  itemsMissing: withParam("items", invalid("parameter_missing", "Missing required param: items.", "recorded")),
  itemsTwice: invalid(null, "Received both items and {name} parameters. Please pass in only one.", "recorded"),
  itemUnnamed: invalid(null, "The subscription has several items: name them in `items` to change one.", "inferred"),
  priceOneTime: invalid(
    null,
    "The price specified is set to `type=one_time` but this field only accepts prices with `type=recurring`.",
    "recorded",
  ),
  // https://github.com/Automattic/woocommerce-payments/issues/7732; that it is of active ones only is documented too:
  // https://support.stripe.com/questions/set-or-change-currency-for-an-invoice-or-customer-in-stripe-billing
  currenciesMixed: invalid(
    null,
    "You cannot combine currencies on a single customer. This customer has an active subscription, subscription " +
      "schedule, discount, quote, or invoice item with currency {currency}.",
    "recorded",
  ),
  thresholdOfLicensed: invalid(null, "A usage threshold can only be set for items of metered prices.", "inferred"),
  quantityOfMetered: invalid(null, "A quantity cannot be set for items of metered prices.", "inferred"),
  subscriptionItemsTooMany: withParam(
    "items",
    invalid(null, "A subscription can have at most {limit} items.", "documented"),
  ),
  besideTooMany: withParam(
    "add_invoice_items",
    invalid(null, "You can pass at most {limit} items in `add_invoice_items`.", "inferred"),
  ),
  itemsAllDeleted: withParam("items", invalid(null, "A subscription must have at least one item.", "inferred")),
  prorationDateOutside: withParam(
    "proration_date",
    invalid(null, "The proration date must lie in the current period of the subscription.", "inferred"),
  ),
  // As callers quote it.
  prorationDateAnchored: withParam(
    "proration_date",
    invalid(null, "You cannot specify `proration_date` when `billing_cycle_anchor=now`", "recorded"),
  ),
  trialTooLong: withParam("trial_end", invalid(null, "A trial lasts {days} days at most.", "documented")),
  previewStart: withParam(
    "subscription_details[start_date]",
    invalid(null, "You can only specify a start date when previewing a new subscription.", "inferred"),
  ),
  previewOfNobody: invalid(
    null,
    "You must either provide a `customer` or a `subscription` to the upcoming invoice endpoint.",
    "recorded",
  ),
  // https://docs.stripe.com/changelog/basil/2025-03-31/invoice-preview-api-deprecations
  upcomingGone: withStatus(
    404,
    invalid(
      null,
      "The upcoming invoice is not available since API version 2025-03-31.basil. Use POST /v1/invoices/create_preview.",
      "inferred",
    ),
  ),
  // https://github.com/stripe/stripe-node/issues/641
  upcomingChangeOfNone: invalid(
    null,
    "When previewing changes to a subscription, you must specify either `subscription` or `subscription_items`",
    "recorded",
  ),
  // By https://github.com/stripe/stripe-node/issues/2347; before basil a customer was enough.
  previewOfNothing: invalid(
    null,
    "You must provide at least one of: `subscription`, `schedule`, `subscription_details.items`, " +
      "`schedule_details.phases`, `invoice_items`.",
    "recorded",
  ),
  previewOfOther: withParam(
    "subscription",
    invalid(null, "The subscription {subscription} belongs to another customer.", "inferred"),
  ),
  previewCurrency: withParam(
    "currency",
    invalid(null, "The subscription is billed in {own}, and cannot be previewed in {currency}.", "inferred"),
  ),
  previewAnchor: withParam(
    "subscription_details[billing_cycle_anchor]",
    invalid(null, "The anchor of a subscription that is there is `now` or `unchanged`.", "inferred"),
  ),
  previewMode: withParam(
    "subscription_details[billing_mode]",
    invalid(null, "The billing mode of a subscription that is there is `{type}`.", "inferred"),
  ),
  previewedElsewhere: invalid(
    null,
    "This invoice item is for another customer, currency or subscription than the invoice.",
    "inferred",
  ),
  nothingUpcoming: withStatus(
    404,
    invalid("invoice_upcoming_none", "No upcoming invoices for customer: {customer}", "documented"),
  ),
  itemTwice: withParam(
    "items",
    invalid(null, "Cannot add multiple subscription items with the same price: {price}", "inferred"),
  ),
  intervalsMixed: withParam(
    "items",
    invalid(
      null,
      "All prices on a subscription must have the same `recurring.interval` and `recurring.interval_count`. If you " +
        "meant to update an existing subscription item instead of creating a new one, make sure to include the " +
        "subscription item ID in your request.",
      "inferred",
    ),
  ),
  intervalsNoMultiples: withParam(
    "items",
    invalid(null, "The intervals of all prices must be multiples of the shortest of them.", "documented"),
  ),
  subscriptionsTooMany: withParam(
    "customer",
    invalid("customer_max_subscriptions", "The customer has the maximum of {limit} subscriptions.", "declared"),
  ),
  // https://docs.stripe.com/billing/testing/test-clocks/api-advanced-usage has the rule.
  subscriptionsOnClockTooMany: withParam(
    "customer",
    invalid(null, "A customer on a test clock can have at most {limit} subscriptions.", "inferred"),
  ),
  // The first recorded of 2019, with a longer address than that of invoices.
  subscriberWithoutMethod: invalid(
    "resource_missing",
    "This customer has no attached payment source or default payment method. Please consider adding a default payment " +
      "method. For more information, visit https://stripe.com/docs/billing/subscriptions/payment-methods-setting" +
      "#payment-method-priority.",
    "recorded",
  ),
  daysMissing: invalid(
    null,
    "If invoice collection method is 'send_invoice', you must specify 'days_until_due'.",
    "inferred",
  ),
  daysUnasked: invalid(
    null,
    "You can only specify 'days_until_due' if invoice collection method is 'send_invoice'.",
    "recorded",
  ),
  subscriptionActionRequired: {
    ...withStatus(
      402,
      invalid(
        "subscription_payment_intent_requires_action",
        "Payment for this subscription requires additional user action before it can be completed successfully. " +
          "Payment can be completed using the PaymentIntent associated with subscription. For more details see: " +
          "https://stripe.com/docs/billing/subscriptions/overview#requires-action",
        "recorded",
      ),
    ),
    type: "card_error",
  },
  // https://github.com/laravel/cashier-stripe/issues/1748
  endOfScheduled: invalid(
    null,
    "The subscription is managed by the subscription schedule `{schedule}`, and updating any cancelation behavior " +
      "directly is not allowed. Please update the schedule instead.",
    "recorded",
  ),
  canceledFixed: invalid(
    "invalid_canceled_subscription_fields",
    "A canceled subscription can only update its cancellation_details and metadata.",
    "recorded",
  ),
  incompleteFixed: invalid(
    null,
    "A subscription whose first invoice is not paid can only update its metadata, its description and its default " +
      "payment method.",
    "inferred",
  ),
  // Without a code or a parameter (recorded).
  itemInvalid: withStatus(404, invalid(null, "Invalid subscription_item id: {id}", "recorded")),
  // The rules: https://docs.stripe.com/billing/subscriptions/pending-updates-reference
  pendingFromTheStart: withParam(
    "payment_behavior",
    invalid(null, "A subscription cannot be created with `payment_behavior=pending_if_incomplete`.", "inferred"),
  ),
  pendingUnsupported: invalid(
    null,
    "`{param}` cannot be passed with `payment_behavior=pending_if_incomplete`. You can only pass the parameters that " +
      "pending updates support.",
    "inferred",
  ),
  // That they are not supported is what callers say of them in their code.
  pendingOfDebits: withParam(
    "payment_behavior",
    invalid(null, "Pending updates are not supported for payment methods of type `{type}`.", "inferred"),
  ),
  pendingOfSent: withParam(
    "payment_behavior",
    invalid(null, "Pending updates are not supported with `collection_method=send_invoice`.", "inferred"),
  ),
  offerArchived: invalid(
    null,
    "The trial offer {offer} is archived. This field only accepts active trial offers.",
    "inferred",
  ),
  offerPriceOther: invalid(
    null,
    "The price of an item that begins with the trial offer {offer} is {price}. Leave it out, or send the same.",
    "inferred",
  ),
  notPaused: invalid(null, "You can only resume a subscription if it is `paused`.", "inferred"),
  // The rules of these: https://docs.stripe.com/billing/subscriptions/pause#limitations
  notPausable: invalid(null, "You cannot pause a subscription that is `{status}`.", "inferred"),
  pausesClassic: invalid(null, "You can only pause a subscription with `billing_mode[type]=flexible`.", "inferred"),
  pausesSent: invalid(
    null,
    "You can only pause a subscription with `collection_method=charge_automatically`.",
    "inferred",
  ),
  pausesScheduled: invalid(null, "You cannot pause a subscription that a schedule is attached to.", "inferred"),
  resumesSent: invalid(
    null,
    "You can only resume a subscription with `collection_method=charge_automatically`.",
    "inferred",
  ),
  resumesClassic: withParam(
    "payment_behavior",
    invalid(
      null,
      "`payment_behavior=resume_on_payment_success` needs a subscription with `billing_mode[type]=flexible`.",
      "inferred",
    ),
  ),
  pendingInterval: withParam(
    "pending_invoice_item_interval[interval_count]",
    invalid(null, "The interval is one year at most: {most} times a {interval}.", "declared"),
  ),
  // https://docs.stripe.com/changelog/clover/2025-09-30/itemize-proration-discount-amounts
  migratesBack: withParam(
    "billing_mode[flexible][proration_discounts]",
    invalid(null, "A subscription cannot be migrated from `itemized` to `included`.", "documented"),
  ),
  anchorPast: withParam(
    "billing_cycle_anchor",
    invalid(null, "billing_cycle_anchor cannot be in the past.", "inferred"),
  ),
  anchorTooLate: withParam(
    "billing_cycle_anchor",
    invalid(null, "billing_cycle_anchor cannot be later than next natural billing date ({date}) for plan", "inferred"),
  ),
  backdateAhead: withParam(
    "backdate_start_date",
    invalid(null, "backdate_start_date cannot be in the future.", "inferred"),
  ),
  backdateConfig: withParam(
    "backdate_start_date",
    invalid(null, "You can only pass one of backdate_start_date and billing_cycle_anchor_config.", "inferred"),
  ),
  backdatedTooFar: withParam(
    "backdate_start_date",
    invalid(null, "The time behind a subscription is billed on at most {limit} lines.", "documented"),
  ),
  anchorTwice: withParam(
    "billing_cycle_anchor",
    invalid(null, "You can only pass one of billing_cycle_anchor and billing_cycle_anchor_config.", "inferred"),
  ),
  anchorConfigWrong: withParam(
    "billing_cycle_anchor_config",
    invalid(null, "The billing_cycle_anchor_config does not name a date of the subscription's interval.", "inferred"),
  ),
  subscriptionWithoutDiscount: withStatus(
    404,
    invalid("resource_missing", "No active discount for subscription: {subscription}", "inferred"),
  ),
  trialTwice: invalid(
    null,
    "You cannot set `trial_end` or `trial_period_days` when `trial_from_plan=true`.",
    "recorded",
  ),
  trialPast: withParam(
    "trial_end",
    invalid(null, "Invalid timestamp: must be an integer Unix timestamp in the future.", "inferred"),
  ),
  cancelPast: withParam("cancel_at", invalid(null, "`cancel_at` must be in the future.", "inferred")),
  resumesPast: withParam(
    "pause_collection[resumes_at]",
    invalid(null, "`resumes_at` must be in the future.", "inferred"),
  ),
} satisfies Refusals;
