// What Stripe refuses about tokens.
import { invalid, type Refusals } from "../../kernel/words/refusals.ts";

export const rows = {
  tokenTypeNotPlayed: invalid(null, "The sandbox makes tokens of cards and bank accounts, not of {type}.", "sandbox"),
} satisfies Refusals;
