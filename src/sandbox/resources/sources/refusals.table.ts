// What Stripe refuses about sources.
import { invalid, type Refusals } from "../../kernel/words/refusals.ts";

export const rows = {
  // https://github.com/mage2pro/stripe/issues/55
  sourceUnchargeable: invalid(null, "The source you provided is not in a chargeable state.", "recorded"),
} satisfies Refusals;
