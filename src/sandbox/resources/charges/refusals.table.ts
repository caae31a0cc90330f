// What Stripe refuses about charges.
import { invalid, type Refusals, withParam, withStatus } from "../../kernel/words/refusals.ts";

export const rows = {
  bankAccountNotCharged: withParam(
    "source",
    invalid(
      null,
      "The sandbox does not debit bank accounts through the Charges API ({id}). Pay by a PaymentIntent instead.",
      "own",
    ),
  ),
  chargeWithoutSource: invalid("parameter_missing", "Must provide source or customer.", "recorded"),
  chargeOfUnlinkedSource: withParam(
    "card",
    invalid("missing", "Customer {customer} does not have a linked source with ID {id}.", "recorded"),
  ),
  // As people have pasted it.
  customerWithoutCard: {
    ...withStatus(
      402,
      withParam("card", invalid("missing", "Cannot charge a customer that has no active card", "recorded")),
    ),
    type: "card_error",
  },
  /** A token is not one of a customer's cards. */
  chargeOfTokenAndCustomer: withStatus(
    404,
    withParam("card", invalid("resource_missing", "Customer {customer} does not have card with ID {id}", "recorded")),
  ),
  chargeNotCapturable: invalid(null, "Charge {id} cannot be captured because it {why}.", "inferred"),
  // Recorded (04_money_path).
  chargeOfIntent: invalid(
    null,
    "This uncaptured Charge was created by a PaymentIntent ({intent}). You must capture the PaymentIntent instead. For " +
      "more information, see https://stripe.com/docs/payments/place-a-hold-on-a-payment-method",
    "recorded",
  ),
  chargeExpired: invalid(
    "charge_expired_for_capture",
    "Charge {id} cannot be captured because the charge has expired (a charge must be captured within 7 days). You " +
      "will need to create a new charge to retry the payment.",
    "recorded",
  ),
  // Recorded (04_money_path), of a payment intent.
  captureTooLarge: invalid(
    "amount_too_large",
    "The payment could not be captured because the requested capture amount is greater than the amount you can " +
      "capture for this charge. Contact us via https://support.stripe.com/contact/ for help.",
    "recorded",
  ),
  chargeAlreadyCaptured: invalid("charge_already_captured", "Charge {charge} has already been captured.", "recorded"),
} satisfies Refusals;
