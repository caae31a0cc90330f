// How long disputes take. https://docs.stripe.com/disputes/how-disputes-work
import { atOnce, bankWait, days, midnights, minutes, type Waits } from "../../kernel/timeline/waits.ts";

export const disputeWaits = {
  /** Without a reason within eight weeks; this is their middle. */
  debitDisputed: bankWait("a paid debit is disputed by its payer", [atOnce, "documented"], [days(28), "inferred"]),
  /** Within 120 days. */
  cardDisputed: bankWait("a card payment is disputed", [atOnce, "documented"], [days(14), "inferred"]),
  /** Stripe names seven to twenty-one days, by the network. */
  answerDue: bankWait("evidence is due", [midnights(9), "inferred"], [midnights(21), "documented"]),
  /** After that day has passed without an answer: until then Stripe passes on what comes late, and says `past_due`. */
  answerMissed: bankWait(
    "an unanswered dispute is lost, from that day on",
    [days(1), "inferred"],
    [days(1), "inferred"],
  ),
  /** An inquiry that nobody takes further ends after 120 days. */
  inquiryLapses: bankWait("an unanswered inquiry is closed", [midnights(10), "inferred"], [days(120), "inferred"]),
  /** The words of https://docs.stripe.com/testing#disputes decide soon; banks take 60 to 75 days. */
  wordsDecide: bankWait(
    "evidence with the words of Stripe's testing page decides",
    [minutes(1), "inferred"],
    [days(60), "documented"],
  ),
  bankDecides: bankWait("other evidence decides", [days(60), "inferred"], [days(60), "documented"]),
} satisfies Waits;
