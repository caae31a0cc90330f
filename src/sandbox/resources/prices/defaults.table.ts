// What a price has at most. https://docs.stripe.com/api/prices/create
import { type Defaults, usual } from "../../kernel/words/defaults.ts";

export const priceDefaults = {
  decimalPlaces: usual("decimal places of a decimal amount", 12, "documented"),
  lookupKeyLength: usual("characters of a lookup key", 200, "documented"),
} satisfies Defaults;
