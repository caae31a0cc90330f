// What Stripe refuses about SetupIntents.
import { invalid, type Refusals } from "../../kernel/words/refusals.ts";

export const rows = {
  // Recorded (07_setup_intents); what is said of canceled ones comes from emulators.
  setupSucceeded: invalid(
    "setup_intent_unexpected_state",
    "You cannot {action} this SetupIntent because it has already succeeded.",
    "observed",
  ),
  setupCanceled: invalid(
    "setup_intent_unexpected_state",
    "You cannot {action} this SetupIntent because it has been canceled.",
    "emulators",
  ),
  setupAlreadyCanceled: invalid(
    "setup_intent_unexpected_state",
    "You cannot cancel this SetupIntent because it it already canceled.", // As recorded.
    "observed",
  ),
  setupNotCancelable: invalid(
    "setup_intent_unexpected_state",
    "You cannot cancel this SetupIntent because it has a status of {status}. Only a SetupIntent with one of the " +
      "following statuses may be canceled: `requires_payment_method`, `requires_confirmation`, or `requires_action`.",
    "observed",
  ),
  setupWaitsForNobody: invalid(
    "setup_intent_unexpected_state",
    "The sandbox cannot {action} {id} because its status is {status}.",
    "sandbox",
  ),
  setupWithoutMethod: invalid(
    "setup_intent_unexpected_state",
    "You cannot confirm this SetupIntent because it's missing a payment method. You can either update the " +
      "SetupIntent with a payment method and then confirm it again, or confirm it again directly with a payment " +
      "method or ConfirmationToken.",
    "observed",
  ),
  setupNeedsMandate: invalid(
    null,
    "This SetupIntent requires a mandate, but no existing mandate was found. Collect mandate acceptance from the " +
      "customer and try again, providing acceptance data in the mandate_data parameter.",
    "memory",
  ),
} satisfies Refusals;
