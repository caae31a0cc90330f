// What Stripe refuses about SetupIntents.
import { invalid, type Refusals } from "../../kernel/words/refusals.ts";

export const rows = {
  // Recorded (07_setup_intents); what is said of canceled ones comes from emulators.
  setupSucceeded: invalid(
    "setup_intent_unexpected_state",
    "You cannot {action} this SetupIntent because it has already succeeded.",
    "recorded",
  ),
  setupCanceled: invalid(
    "setup_intent_unexpected_state",
    "You cannot {action} this SetupIntent because it has been canceled.",
    "inferred",
  ),
  setupAlreadyCanceled: invalid(
    "setup_intent_unexpected_state",
    "You cannot cancel this SetupIntent because it it already canceled.", // As recorded.
    "recorded",
  ),
  setupNotCancelable: invalid(
    "setup_intent_unexpected_state",
    "You cannot cancel this SetupIntent because it has a status of {status}. Only a SetupIntent with one of the " +
      "following statuses may be canceled: `requires_payment_method`, `requires_confirmation`, or `requires_action`.",
    "recorded",
  ),
  setupWaitsForNobody: invalid(
    "setup_intent_unexpected_state",
    "The sandbox cannot {action} {id} because its status is {status}.",
    "own",
  ),
  setupWithoutDeposits: invalid(
    "setup_intent_unexpected_state",
    "This SetupIntent does not wait for microdeposits to be verified.",
    "declared",
  ),
  setupWithoutMethod: invalid(
    "setup_intent_unexpected_state",
    "You cannot confirm this SetupIntent because it's missing a payment method. You can either update the " +
      "SetupIntent with a payment method and then confirm it again, or confirm it again directly with a payment " +
      "method or ConfirmationToken.",
    "recorded",
  ),
  setupNeedsMandate: invalid(
    null,
    "This SetupIntent requires a mandate, but no existing mandate was found. Collect mandate acceptance from the " +
      "customer and try again, providing acceptance data in the mandate_data parameter.",
    "inferred",
  ),
} satisfies Refusals;
