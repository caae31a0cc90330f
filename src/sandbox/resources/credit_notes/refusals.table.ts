// What Stripe refuses about credit notes. Its rules are documented or declared. Where nobody was seen to break them the
// words are ours. https://docs.stripe.com/api/credit_notes/create
import { invalid, type Refusals, withParam } from "../../kernel/words/refusals.ts";

export const rows = {
  noteVoid: invalid(null, "The credit note {id} is void already.", "inferred"),
  // As callers who have tried it in test mode quote it, of a draft; of a void one it is inferred.
  invoiceNotCreditable: invalid(null, "You cannot create a credit note for a {status} invoice.", "recorded"),
  // As a caller quotes it; older references of https://docs.stripe.com/api/credit_notes/void say the same.
  voidOfClosed: invalid(null, "You can only void a credit note if the associated invoice is open.", "recorded"),
  voidOfGivenBack: invalid(
    null,
    "A credit note that gave back what was paid cannot be voided. {amount} of this one was given back.",
    "inferred",
  ),
  noteOfNothing: invalid(
    "parameter_missing",
    "You must provide one of `amount`, `lines`, or `shipping_cost`.",
    "declared",
  ),
  amountIsOther: withParam(
    "amount",
    invalid(null, "The amount is {amount}, but the lines of the credit note come to {total}.", "inferred"),
  ),
  totalNotPositive: invalid(null, "The total of a credit note must be above zero. It comes to {total}.", "inferred"),
  moreThanLeft: invalid(
    null,
    "The credit note comes to {total}, but only {left} of the invoice can still be credited.",
    "inferred",
  ),
  // As callers quote it since 2025-01-27. Older versions said "The sum of credit amount, refund amount and out of band
  // amount ({sum}) must equal the credit note amount ({given}).", and had no refunds to link.
  // The rule: https://docs.stripe.com/changelog/2019-12-03/post-payment-credit-note-requirement
  waysBackDiffer: invalid(
    null,
    "The sum of refunds, credit amount, and out of band amount ({sum}) must equal the credit note " +
      "post_payment_amount ({given}).",
    "recorded",
  ),
  nothingToRefund: withParam(
    "refund_amount",
    invalid(null, "This invoice was not paid by a charge that could be refunded.", "inferred"),
  ),
  refundOfOther: invalid(null, "The refund {id} does not refund a charge of this invoice.", "inferred"),
  refundHasFailed: invalid(null, "The refund {id} gives nothing back, since its status is {status}.", "inferred"),
  refundTooSmall: invalid(null, "Only {left} of the refund {id} can be linked to a credit note.", "inferred"),
  // Declared by the SDKs, each of its kind of line only.
  paramOfOtherLine: invalid(null, "`{param}` cannot be used with lines of type `{type}`.", "declared"),
  amountXorQuantity: invalid(null, "You must provide either `amount` or `quantity` of the line to credit.", "inferred"),
  unitAmountXorDecimal: invalid(
    null,
    "You must provide either `unit_amount` or `unit_amount_decimal` of the line.",
    "declared",
  ),
  // https://docs.stripe.com/invoicing/integration/programmatic-credit-notes
  creditedOtherwise: invalid(
    null,
    "This invoice line item was credited by {before} before, so that it can only be credited by {before}.",
    "inferred",
  ),
  lineCreditedTooMuch: invalid(null, "Only {left} of this invoice line item can still be credited.", "inferred"),
  // "When shipping_cost contains the shipping_rate from the invoice, the shipping_cost is included" (declared).
  shippingOfOther: invalid(null, "The shipping rate {rate} is not that of the invoice {invoice}.", "inferred"),
  shippingCreditedTwice: invalid(
    null,
    "The shipping cost of this invoice was credited already, by the credit note {note}.",
    "inferred",
  ),
  // "The tax rate must have been automatically created by Stripe"; the sandbox has none of those.
  taxAmountByHand: invalid(
    null,
    "`tax_amounts` take tax rates that were created by Stripe. Use `tax_rates` for your own.",
    "declared",
  ),
} satisfies Refusals;
