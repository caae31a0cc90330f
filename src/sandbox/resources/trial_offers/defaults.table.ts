// What holds of offers.
import { type Defaults, usual } from "../../kernel/words/defaults.ts";

export const trialOfferDefaults = {
  /** https://docs.stripe.com/api/product-catalog/trial-offer/object */
  nicknameLength: usual("characters of a trial offer's nickname", 255, "documented"),
} satisfies Defaults;
