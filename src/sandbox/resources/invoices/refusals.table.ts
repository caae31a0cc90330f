// What Stripe refuses about invoices.
import type { Evidence } from "../../kernel/words/evidence.ts";
import { invalid, type Refusal, type Refusals, withParam, withStatus } from "../../kernel/words/refusals.ts";

function attached(message: string, evidence: Evidence): Refusal {
  return withParam("payment_intent", invalid(null, message, evidence));
}

export const rows = {
  invoiceNotOpen: invalid(null, "You can only pass in open invoices. This invoice isn't open.", "recorded"),
  invoicePaid: invalid(null, "Invoice is already paid", "recorded"),
  invoiceFinalized: invalid(
    null,
    "This invoice is already finalized, you can't re-finalize a non-draft invoice.",
    "inferred",
  ),
  invoiceNotEditable: invalid("invoice_not_editable", "This invoice is no longer editable", "recorded"),
  invoiceNotDeletable: invalid(null, "You can only delete draft invoices.", "recorded"),
  // https://docs.stripe.com/api/invoices/delete
  invoiceOfSubscription: invalid(
    null,
    "You can't delete invoices that were made by a subscription. Void it once it is finalized.",
    "documented",
  ),
  lineOfSubscription: invalid(null, "A line that bills a subscription changes with the subscription only.", "inferred"),
  invoiceNotSendable: invalid(
    null,
    "This invoice cannot be sent right now. Please contact us via https://support.stripe.com/contact with details, so " +
      "we can help.",
    "recorded",
  ),
  // Recorded by onetimesecret in 2026.
  customerWithoutEmail: invalid(
    null,
    "Missing email. In order to create invoices that are sent to the customer, the customer must have a valid email.",
    "recorded",
  ),
  // Recorded of subscriptions, where the due date has one name only.
  dueDateMissing: invalid(
    null,
    "If invoice collection method is 'send_invoice', you must specify 'days_until_due' or 'due_date'.",
    "inferred",
  ),
  dueDateUnasked: invalid(
    null,
    "You can only specify '{param}' if invoice collection method is 'send_invoice'.",
    "recorded",
  ),
  dueDatePast: withParam("due_date", invalid(null, "The due date must be in the future.", "inferred")),
  // Recorded of subscriptions of 2019 and 2026.
  methodMissing: invalid(
    "resource_missing",
    "This customer has no attached payment source or default payment method. Please consider adding a default payment " +
      "method. For more information, visit https://stripe.com/docs/billing/payment-methods/setting#payment-method-" +
      "priority.",
    "recorded",
  ),
  actionRequired: {
    ...withStatus(
      402,
      invalid(
        "invoice_payment_intent_requires_action",
        "Payment for this invoice requires additional user action before it can be completed successfully. Payment can " +
          "be completed using the PaymentIntent associated with the invoice. For more details see: " +
          "https://stripe.com/docs/billing/subscriptions/overview#requires-action",
        "recorded",
      ),
    ),
    type: "card_error",
  },
  // https://docs.stripe.com/invoicing/partial-payments has the rules of these five.
  partsOfSubscription: invalid(
    null,
    "An invoice of a subscription that is charged automatically cannot be paid in parts.",
    "documented",
  ),
  attachedOfOther: attached("The PaymentIntent {id} must have the same customer as the invoice.", "documented"),
  attachedInOther: attached(
    "The PaymentIntent {id} must have the same currency as the invoice. It is in {currency}.",
    "documented",
  ),
  voidOfPaidInPart: invalid(
    null,
    "This invoice cannot be voided, since it has payments that are open or paid.",
    "documented",
  ),
  writeOffOfPaying: invalid(
    null,
    "This invoice cannot be marked uncollectible, since it has payments that are open.",
    "documented",
  ),
  attachedCanceled: attached("The PaymentIntent {id} is canceled, so that it pays nothing.", "inferred"),
  attachedDefault: attached("The PaymentIntent {id} was created by an invoice, and pays that alone.", "inferred"),
  paymentAttachedTwice: attached("The PaymentIntent {id} is attached to this invoice already.", "inferred"),
  attachedSpent: attached("All that the PaymentIntent {id} has received has paid invoices already.", "inferred"),
  // https://docs.stripe.com/invoicing/invoice-edits has the rules of these two.
  revisionOfClosed: invalid(
    null,
    "Only invoices that are open or uncollectible can be revised. This invoice's status is {status}.",
    "documented",
  ),
  revisionOfSubscription: invalid(null, "Invoices of subscriptions cannot be revised.", "documented"),
  revisionOfOther: invalid(null, "A revision has the customer and the currency of what it revises.", "inferred"),
  // https://docs.stripe.com/error-codes has the code.
  nothingToInvoiceSubscription: invalid(
    "invoice_no_subscription_line_items",
    "Nothing to invoice for subscription",
    "inferred",
  ),
  // By https://github.com/laravel/cashier-stripe/issues/1433.
  pendingOfSubscription: withParam(
    "pending_invoice_items_behavior",
    invalid(
      "parameters_exclusive",
      "You may only specify one of these parameters: pending_invoice_items_behavior, subscription.",
      "recorded",
    ),
  ),
  nothingToInvoice: invalid("invoice_no_customer_line_items", "Nothing to invoice for customer", "recorded"),
  otherCustomer: withParam(
    "invoice",
    invalid(null, "The invoice {id} belongs to another customer than the invoice item.", "inferred"),
  ),
  otherCurrency: withParam(
    "currency",
    invalid(
      null,
      "You cannot combine currencies on a single customer. This customer is billed in {currency}.",
      "inferred",
    ),
  ),
  linesTooMany: invalid(null, "An invoice can have at most {limit} lines.", "documented"),
  numberTaken: withParam(
    "number",
    invalid(null, "The invoice number {number} is already in use by another invoice.", "inferred"),
  ),
  taxAmountsBesideRates: invalid(
    null,
    "You cannot set tax amounts on an invoice that has default tax rates, or tax rates on any of its lines.",
    "declared",
  ),
  // As https://github.com/mozilla/fxa/pull/20458 was answered.
  taxLocationInvalid: invalid(
    "customer_tax_location_invalid",
    "The customer's location isn't recognized. Set a valid customer address in order to automatically calculate tax.",
    "recorded",
  ),
  // What does not go together with automatic tax is declared, the words of these two are inferred.
  taxRatesBesideAutomatic: invalid(
    null,
    "You cannot use tax rates where `automatic_tax[enabled]` is true.",
    "inferred",
  ),
  taxBehaviorUnspecified: invalid(
    null,
    "The price {price} has no `tax_behavior`, which automatic tax needs to be `inclusive` or `exclusive`.",
    "inferred",
  ),
  amountAndPricing: invalid(null, "A line that shows an invoice item takes nothing else.", "inferred"),
  finalizesTooLate: withParam(
    "automatically_finalizes_at",
    invalid(null, "The invoice can be finalized at most five years ahead, and not in the past.", "declared"),
  ),
} satisfies Refusals;
