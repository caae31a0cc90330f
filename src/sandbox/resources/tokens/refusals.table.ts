// What Stripe refuses about tokens.
import { invalid, type Refusals } from "../../kernel/words/refusals.ts";

export const rows = {
  // As people have pasted it; stripe-ruby-mock's live specs see its beginning.
  tokenOfNothing: invalid(
    "parameter_missing",
    "You must supply either a card, customer, PII data, bank account, or account legal entity to create a token.\n\nIf " +
      "you're making this request with a library, be sure to pass all of the required parameters for creating a " +
      "token. If you're making this request manually, be sure your POST parameters begin with the token type. For " +
      "example, a PII token would require `pii[personal_id_number]`, while an account token would require a parameter " +
      "beginning with `account[legal_entity]`. See the API reference for more information: " +
      "https://stripe.com/docs/api#token_object",
    "recorded",
  ),
} satisfies Refusals;
