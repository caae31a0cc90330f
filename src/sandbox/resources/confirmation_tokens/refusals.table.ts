// What Stripe refuses about confirmation tokens.
import { invalid, type Refusals } from "../../kernel/words/refusals.ts";

export const rows = {
  confirmationTokenUsed: invalid(
    null,
    "The ConfirmationToken {id} has already been used with {intent}. Create a new one.",
    "memory",
    "confirmation_token",
  ),
  confirmationTokenExpired: invalid(
    null,
    "The ConfirmationToken {id} has expired. Create a new one.",
    "memory",
    "confirmation_token",
  ),
} satisfies Refusals;
