// What a feature has at most.
import { type Defaults, usual } from "../../kernel/words/defaults.ts";

export const featureDefaults = {
  /** https://docs.stripe.com/api/entitlements/feature/create */
  lookupKeyLength: usual("characters of a feature's lookup key", 80, "documented"),
} satisfies Defaults;
