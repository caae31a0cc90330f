// What Stripe refuses about credit notes. Its rules are documented or declared; nobody was seen to break them, so that
// the words are ours. https://docs.stripe.com/api/credit_notes/create
import { invalid, type Refusals, withParam } from "../../kernel/words/refusals.ts";

export const rows = {
  noteVoid: invalid(null, "The credit note {id} is void already.", "inferred"),
  // https://docs.stripe.com/invoicing/integration/programmatic-credit-notes
  invoiceNotCreditable: withParam(
    "invoice",
    invalid(
      null,
      "Credit notes can only be issued for invoices that are open, paid or uncollectible. This invoice's status is " +
        "{status}.",
      "inferred",
    ),
  ),
  // The rule stands in older references of https://docs.stripe.com/api/credit_notes/void.
  voidOfClosed: invalid(
    null,
    "A credit note can only be voided while its invoice is open. This invoice's status is {status}.",
    "inferred",
  ),
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
  // The rule: https://docs.stripe.com/changelog/2019-12-03/post-payment-credit-note-requirement
  waysBackDiffer: invalid(
    null,
    "The sum of the refunds, the credit_amount and the out_of_band_amount is {sum}, but must be {given}: what the " +
      "credit note gives back of what was paid.",
    "inferred",
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
  // "The tax rate must have been automatically created by Stripe"; the sandbox has none of those.
  taxAmountByHand: invalid(
    null,
    "`tax_amounts` take tax rates that were created by Stripe. Use `tax_rates` for your own.",
    "declared",
  ),
} satisfies Refusals;
