// How long confirmation tokens live.
import { type Defaults, usual } from "../../kernel/words/defaults.ts";

export const confirmationTokenDefaults = {
  // https://docs.stripe.com/api/confirmation_tokens
  lifeSeconds: usual("seconds that a confirmation token lives", 12 * 3_600, "documented"),
} satisfies Defaults;
