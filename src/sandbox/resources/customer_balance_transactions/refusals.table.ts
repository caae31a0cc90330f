// What Stripe refuses about the balances of customers.
import { invalid, type Refusals, withParam } from "../../kernel/words/refusals.ts";

export const rows = {
  // The rule is documented, the words are ours: https://docs.stripe.com/billing/customer#currency
  balanceInOtherCurrency: withParam(
    "currency",
    invalid(
      null,
      "You cannot combine currencies on a single customer. This customer has been billed in {currency}.",
      "inferred",
    ),
  ),
} satisfies Refusals;
