// What Stripe refuses about sources.
import { invalid, type Refusals, withParam } from "../../kernel/words/refusals.ts";

export const rows = {
  sourceTypeNotPlayed: withParam(
    "type",
    invalid(null, "The sandbox has sources of types card and sepa_debit, not {type}.", "sandbox"),
  ),
  // https://github.com/mage2pro/stripe/issues/55
  sourceUnchargeable: invalid(null, "The source you provided is not in a chargeable state.", "observed"),
} satisfies Refusals;
