// What Stripe refuses about confirmation tokens.
import { invalid, type Refusals, withParam } from "../../kernel/words/refusals.ts";

export const rows = {
  confirmationTokenUsed: withParam(
    "confirmation_token",
    invalid(null, "The ConfirmationToken {id} has already been used with {intent}. Create a new one.", "inferred"),
  ),
  confirmationTokenExpired: withParam(
    "confirmation_token",
    invalid(null, "The ConfirmationToken {id} has expired. Create a new one.", "inferred"),
  ),
} satisfies Refusals;
