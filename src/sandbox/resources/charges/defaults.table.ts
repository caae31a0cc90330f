// What Stripe does with charges where nobody says otherwise.
import { type Defaults, usual } from "../../kernel/words/defaults.ts";

export const chargeDefaults = {
  /** Stripe's window for most cards used online. https://docs.stripe.com/payments/place-a-hold-on-a-payment-method */
  captureWindowSeconds: usual("seconds until a charge that nobody captured expires", 7 * 86_400, "documented"),
  // https://docs.stripe.com/payments/incremental-authorization
  incrementBrands: usual("brands whose hold can grow", ["visa", "mastercard", "amex", "discover"], "documented"),
  // https://docs.stripe.com/payments/multicapture
  multicaptureBrands: usual(
    "brands that are captured in parts",
    ["amex", "visa", "discover", "mastercard", "diners", "unionpay", "jcb"],
    "documented",
  ),
  riskScores: usual("the score of each level of risk", { normal: 20, elevated: 67, highest: 87 }, "inferred"),
  // https://docs.stripe.com/api/charges/object#charge_object-outcome-seller_message and https://docs.stripe.com/declines
  sellerMessages: usual(
    "what the seller is told of a charge",
    {
      paid: "Payment complete.",
      blocked: "Stripe blocked this charge as too risky.",
      blockedBySettings: "Stripe blocked this charge as per your rules.",
      declined: "The bank did not return any further details with this decline.",
      declinedWithCode: "The bank returned the decline code `{code}`.",
    },
    "documented",
  ),
} satisfies Defaults;
