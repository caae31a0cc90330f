// How deposits of a bank account are guessed. https://docs.stripe.com/ach-deprecated
import { type Defaults, usual } from "../../kernel/words/defaults.ts";

export const bankAccountDefaults = {
  depositAmounts: usual<readonly number[]>(
    "cents of the two deposits of test mode, in ascending order",
    [32, 45],
    "documented",
  ),
  /** "There is a limit of 10 failed verification attempts." */
  wrongGuesses: usual("wrong guesses until a bank account cannot be verified any more", 10, "documented"),
} satisfies Defaults;
