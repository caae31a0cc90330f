// What credit notes go by where nobody says otherwise.
import { type Defaults, usual } from "../../kernel/words/defaults.ts";

export const creditNoteDefaults = {
  numberDigits: usual("digits of what a credit note's number ends in at least", 2, "recorded"),
} satisfies Defaults;
