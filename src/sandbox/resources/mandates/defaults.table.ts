// What mandates look like where nobody says otherwise.
import { type Defaults, usual } from "../../kernel/words/defaults.ts";

export const mandateDefaults = {
  /** Twenty-four are the most with a prefix. https://docs.stripe.com/payments/sepa-debit/accept-a-payment */
  referenceLength: usual("characters of a mandate's reference without its prefix", 16, "documented"),
} satisfies Defaults;
