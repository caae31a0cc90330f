// What Stripe refuses about tax ids.
import { invalid, type Refusals } from "../../kernel/words/refusals.ts";

export const rows = {
  /** https://docs.stripe.com/tax/custom shows it of a calculation, programs that ask for a customer's have met it. */
  taxIdInvalid: invalid("tax_id_invalid", "Invalid value for {type}.", "documented"),
} satisfies Refusals;
