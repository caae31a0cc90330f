// What Stripe refuses about the official CLI's sessions.
import { invalid, type Refusals, withParam, withStatus } from "../../kernel/words/refusals.ts";

export const rows = {
  // The status was seen, the words are ours.
  cliSessionsTooMany: withStatus(429, invalid(null, "There are too many Stripe CLI sessions.", "inferred")),
  cliFiltersMalformed: withParam("filters", invalid(null, "Invalid JSON in filters.", "inferred")),
} satisfies Refusals;
