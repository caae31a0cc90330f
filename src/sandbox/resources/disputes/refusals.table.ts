// What Stripe refuses about disputes.
import { invalid, type Refusals, withParam } from "../../kernel/words/refusals.ts";

export const rows = {
  // Recorded (05_refunds_disputes), without a full stop.
  disputeClosed: invalid(null, "This dispute is already closed", "recorded"),
  disputeSubmitted: invalid(null, "You cannot {action} the dispute {id} because it is {status}.", "inferred"),
  evidenceTooLong: withParam(
    "evidence",
    invalid(null, "The combined character count of all evidence fields is limited to {max}.", "documented"),
  ),
} satisfies Refusals;
