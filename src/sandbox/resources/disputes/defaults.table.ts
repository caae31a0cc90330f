// What disputes cost and take.
import { type Defaults, usual } from "../../kernel/words/defaults.ts";

export const disputeDefaults = {
  /** 15 dollars, 15 euros. https://docs.stripe.com/disputes/how-disputes-work */
  fee: usual("the fee of a dispute in the smallest unit of its currency", 1500, "documented"),
  /** Of all fields together. https://docs.stripe.com/api/disputes/update#update_dispute-evidence */
  evidenceLength: usual("characters of all evidence", 150_000, "documented"),
} satisfies Defaults;
