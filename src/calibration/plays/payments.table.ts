// Payments, setups and saved cards. Every payment is by a test card's ready-made name, so that no card number travels.
import { asked, charge, chargeAs, intent, intentAs, newCustomer, setup } from "./made.ts";
import type { Play, Step } from "./play.ts";

const payment = "amount=2000&currency=usd&payment_method_types[]=card";

const pays = (method: string, more = ""): Step => ({
  call: "POST /v1/payment_intents",
  form: `${payment}&payment_method=${method}&confirm=true${more}`,
  makes: intent,
});

/** What a card that is declined is told, at a payment and at a setup. */
const declines: readonly Play[] = [
  "pm_card_visa_chargeDeclined",
  "pm_card_visa_chargeDeclinedInsufficientFunds",
  "pm_card_visa_chargeDeclinedLostCard",
  "pm_card_visa_chargeDeclinedStolenCard",
  "pm_card_visa_chargeDeclinedVelocityLimitExceeded",
  "pm_card_chargeDeclinedExpiredCard",
  "pm_card_chargeDeclinedIncorrectCvc",
  "pm_card_chargeDeclinedProcessingError",
  "pm_card_radarBlock",
].map((method) => ({ name: `${method} is declined`, steps: [pays(method)] }));

const brands: readonly Play[] = [
  "pm_card_visa_debit",
  "pm_card_mastercard",
  "pm_card_amex",
  "pm_card_discover",
  "pm_card_diners",
  "pm_card_jcb",
  "pm_card_unionpay",
  "pm_card_riskLevelElevated",
  "pm_card_avsZipFail",
].map((method) => ({
  name: `${method} pays`,
  steps: [pays(method, "&expand[]=latest_charge")],
}));

export const paymentPlays: readonly Play[] = [
  {
    name: "a customer",
    steps: [
      newCustomer,
      { call: "GET /v1/customers/{customer}" },
      {
        call: "POST /v1/customers/{customer}",
        form: "description=changed&metadata[calibration]=&preferred_locales[]=de",
      },
      { call: "GET /v1/customers/{customer}", form: "expand[]=tax&expand[]=subscriptions&expand[]=sources" },
      { call: "DELETE /v1/customers/{customer}" },
      { call: "GET /v1/customers/{customer}" },
      { call: "POST /v1/customers/{customer}", form: "description=gone" },
    ],
  },
  {
    name: "a saved card",
    steps: [
      newCustomer,
      { call: "POST /v1/payment_methods/pm_card_visa/attach", form: "customer={customer}", names: { method: "id" } },
      { call: "POST /v1/payment_methods/pm_card_visa_chargeDeclined/attach", form: "customer={customer}" },
      { call: "GET /v1/customers/{customer}/payment_methods", form: "limit=3" },
      { call: "POST /v1/payment_methods/{method}", form: "billing_details[address][country]=DE" },
      { call: "POST /v1/payment_methods/{method}/detach" },
      { call: "POST /v1/payment_methods/{method}/detach" },
      { call: "POST /v1/payment_methods/{method}/attach", form: "customer={customer}" },
    ],
  },
  {
    name: "a payment, refunded in two parts",
    steps: [
      pays("pm_card_visa"),
      {
        call: "GET /v1/payment_intents/{intent}",
        form: "expand[]=latest_charge",
        names: { charge: "latest_charge.id" },
      },
      { call: "POST /v1/payment_intents/{intent}/confirm" },
      { call: "POST /v1/payment_intents/{intent}/cancel" },
      { call: "POST /v1/refunds", form: "payment_intent={intent}&amount=500" },
      { call: "POST /v1/refunds", form: "payment_intent={intent}&amount=9999" },
      { call: "POST /v1/refunds", form: "charge={charge}&reason=requested_by_customer" },
      { call: "POST /v1/refunds", form: "charge={charge}" },
      { call: "GET /v1/refunds", form: "payment_intent={intent}" },
    ],
  },
  {
    name: "a hold, captured in part",
    steps: [
      pays("pm_card_visa", "&capture_method=manual"),
      { call: "POST /v1/payment_intents/{intent}/capture", form: "amount_to_capture=9999" },
      { call: "POST /v1/payment_intents/{intent}/capture", form: "amount_to_capture=700&expand[]=latest_charge" },
      { call: "POST /v1/payment_intents/{intent}/capture" },
    ],
  },
  {
    name: "a hold, let go",
    steps: [
      pays("pm_card_visa", "&capture_method=manual"),
      { call: "POST /v1/refunds", form: "payment_intent={intent}&amount=500" },
      { call: "POST /v1/payment_intents/{intent}/cancel", form: "cancellation_reason=abandoned" },
      { call: "POST /v1/payment_intents/{intent}/cancel" },
      asked("intentNotConfirmable", "POST /v1/payment_intents/{intent}/confirm", "payment_method=pm_card_visa"),
      { call: "POST /v1/payment_intents/{intent}/capture" },
    ],
  },
  {
    name: "a payment that asks for 3-D Secure",
    steps: [
      pays("pm_card_threeDSecure2Required", "&return_url=https://example.com/back"),
      { call: "POST /v1/payment_intents/{intent}", form: "amount=2500" },
    ],
  },
  {
    name: "a payment that is not confirmed",
    steps: [
      { call: "POST /v1/payment_intents", form: payment, makes: intent },
      { call: "POST /v1/payment_intents/{intent}/confirm" },
      { call: "POST /v1/payment_intents/{intent}", form: "amount=2100&description=changed&metadata[calibration]=1" },
      { call: "POST /v1/payment_intents/{intent}/capture" },
    ],
  },
  {
    name: "a setup",
    steps: [
      {
        call: "POST /v1/setup_intents",
        form: "payment_method_types[]=card&payment_method=pm_card_visa&confirm=true&usage=off_session",
        makes: setup,
      },
      { call: "POST /v1/setup_intents/{setup}/confirm" },
      { call: "POST /v1/setup_intents/{setup}/cancel" },
    ],
  },
  {
    name: "a setup, let go",
    steps: [
      { call: "POST /v1/setup_intents", form: "payment_method_types[]=card", makes: setup },
      { call: "POST /v1/setup_intents/{setup}/confirm" },
      { call: "POST /v1/setup_intents/{setup}/cancel" },
      { call: "POST /v1/setup_intents/{setup}/cancel" },
      asked("setupCanceled", "POST /v1/setup_intents/{setup}/confirm", "payment_method=pm_card_visa"),
    ],
  },
  {
    name: "a charge of the old kind that is held",
    steps: [
      { call: "POST /v1/charges", form: "amount=2000&currency=usd&source=tok_visa&capture=false", makes: charge },
      asked("refundOfHoldInPart", "POST /v1/refunds", "charge={charge}&amount=500"),
    ],
  },
  {
    name: "a charge of the old kind that failed",
    steps: [
      {
        call: "POST /v1/charges",
        form: "amount=2000&currency=usd&source=tok_chargeDeclined",
        makes: chargeAs("paid"),
        names: { charge: "error.charge" },
      },
      asked("refundOfFailedCharge", "POST /v1/refunds", "charge={charge}"),
    ],
  },
  {
    name: "a confirmation token, used twice",
    steps: [
      {
        call: "POST /v1/test_helpers/confirmation_tokens",
        form: "payment_method=pm_card_visa",
        names: { token: "id" },
      },
      { call: "POST /v1/payment_intents", form: `${payment}&confirm=true&confirmation_token={token}`, makes: intent },
      {
        ...asked(
          "confirmationTokenUsed",
          "POST /v1/payment_intents",
          `${payment}&confirm=true&confirmation_token={token}`,
        ),
        makes: intentAs("other"),
      },
    ],
  },
  ...brands,
  ...declines,
];
