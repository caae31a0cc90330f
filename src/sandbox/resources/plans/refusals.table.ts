// What Stripe refuses about plans; all else is refused as of prices.
import { invalid, type Refusals, withParam } from "../../kernel/words/refusals.ts";

export const rows = {
  planExists: withParam("id", invalid("resource_already_exists", "Plan already exists.", "inferred")),
} satisfies Refusals;
