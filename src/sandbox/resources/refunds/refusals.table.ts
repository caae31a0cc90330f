// What Stripe refuses about refunds. Recorded (05_refunds_disputes) unless a row says something else.
import { invalid, type Refusals, withParam } from "../../kernel/words/refusals.ts";

export const rows = {
  refundOfNoFee: withParam(
    "refund_application_fee",
    invalid(null, "Only an application generating a fee can call refund_application_fee on {charge}", "recorded"),
  ),
  refundOfNoTransfer: withParam(
    "reverse_transfer",
    invalid(null, "Cannot reverse the transfer of {charge}: it does not have an associated transfer.", "inferred"),
  ),
  refundOfCashBalance: withParam(
    "origin",
    invalid(null, "The sandbox has no cash balance: a refund names a charge or a payment_intent.", "own"),
  ),
  // pushplay/stripe-stateful-mock compares itself with test mode.
  refundOfHoldInPart: withParam(
    "amount",
    invalid(
      null,
      "You cannot partially refund an uncaptured charge. Instead, capture the charge for an amount less than the " +
        "original amount",
      "inferred",
    ),
  ),
  refundOfNothing: invalid(
    null,
    "One of the following params should be provided for this request: payment_intent or charge.",
    "recorded",
  ),
  refundOfUnpaid: invalid(
    null,
    "This PaymentIntent ({intent}) does not have a successful charge to refund.",
    "recorded",
  ),
  refundOfHold: invalid(
    null,
    "This uncaptured Charge was created by a PaymentIntent ({intent}). You must cancel the PaymentIntent to reverse " +
      "the authorization instead of refunding the Charge directly. For more information, see " +
      "https://stripe.com/docs/payments/place-a-hold-on-a-payment-method",
    "recorded",
  ),
  refundOfFailedCharge: invalid(
    null,
    "Charge {id} cannot be refunded because it has a status of {status}.",
    "inferred",
  ),
  refundNotCancelable: invalid(null, "Canceling this refund is unsupported.", "recorded"),
  /** When nothing was refunded yet. */
  refundOverCharge: withParam(
    "amount",
    invalid(null, "Refund amount ({amount}) is greater than charge amount ({unrefunded})", "recorded"),
  ),
  refundOverAmount: withParam(
    "amount",
    invalid(null, "Refund amount ({amount}) is greater than unrefunded amount on charge ({unrefunded})", "recorded"),
  ),
  chargeAlreadyRefunded: invalid("charge_already_refunded", "Charge {charge} has already been refunded.", "recorded"),
  chargeDisputed: invalid(
    "charge_disputed",
    "Charge {charge} has been charged back; cannot issue a refund.",
    "recorded",
  ),
} satisfies Refusals;
