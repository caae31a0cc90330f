import type { Params } from "../state/resource.ts";
import type { VersionChange } from "./change.ts";

/** What came between 2022-11-15 and 2024-06-20. https://docs.stripe.com/changelog#2024-06-20 */
export const from20240620: VersionChange = {
  family: "2024-06-20",
  added: {
    charge: [
      "payment_method_details.card.amount_authorized",
      "payment_method_details.card.authorization_code",
      "payment_method_details.card.extended_authorization",
      "payment_method_details.card.incremental_authorization",
      "payment_method_details.card.multicapture",
      "payment_method_details.card.overcapture",
      "radar_options",
    ],
    payment_intent: ["payment_method_configuration_details"],
    payment_method: ["allow_redisplay", "card.display_brand", "card.generated_from"],
    refund: ["destination_details"],
  },
  removed: { charge: { destination: null, refunds: null } },
  hidden: { charge: ["dispute"] },
  up: [
    // Capturing became asynchronous by default. https://docs.stripe.com/payments/payment-intents/asynchronous-capture
    {
      since: "2024-04-10",
      operations: /^POST \/v1\/payment_intents$/,
      lift: (params) => ({ capture_method: "automatic", ...params }),
    },
    // Dynamic payment methods became the default. https://docs.stripe.com/upgrades#2023-08-16
    { since: "2023-08-16", operations: /^POST \/v1\/(?:payment|setup)_intents$/, lift: cardsByDefault },
  ],
};

function cardsByDefault(params: Params): Params {
  const isChosen = choosing.some((name) => params[name] !== undefined);
  return isChosen ? params : { ...params, payment_method_types: ["card"] };
}

const choosing = ["automatic_payment_methods", "payment_method_types", "payment_method_configuration"];
