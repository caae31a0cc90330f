import type { StripeObject } from "../state/noun.ts";
import type { VersionChange } from "./change.ts";

/** A payment intent no longer lists its charges, nor a charge its refunds. https://docs.stripe.com/upgrades */
export const from20221115: VersionChange = {
  family: "2022-11-15",
  added: {
    charge: ["payment_method_details.card.network_token"],
    customer: ["invoice_settings.rendering_options"],
    payment_intent: ["automatic_payment_methods.allow_redirects", "latest_charge"],
  },
  removed: { charge: { order: null } },
  hidden: { charge: ["refunds"], payment_intent: ["charges"] },
  down: { payment_intent: synchronousCapture },
};

/** Asynchronous capture had no name yet. */
function synchronousCapture(intent: StripeObject): StripeObject {
  const isAsync = "capture_method" in intent && intent.capture_method === "automatic_async";
  return isAsync ? ({ ...intent, capture_method: "automatic" } as StripeObject) : intent;
}
