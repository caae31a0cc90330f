// How long disputes take. https://docs.stripe.com/disputes/how-disputes-work
import { atOnce, bankWait, days, midnights, minutes, type Waits } from "../../kernel/timeline/waits.ts";

export const disputeWaits = {
  /** Without a reason within eight weeks; this is their middle. */
  debitDisputed: bankWait("a paid SEPA debit is disputed by its payer", [atOnce, "docs"], [days(28), "ours"]),
  /** Within 120 days. */
  cardDisputed: bankWait("a card payment is disputed", [atOnce, "docs"], [days(14), "ours"]),
  /** Stripe names seven to twenty-one days, by the network. */
  answerDue: bankWait("evidence is due", [midnights(9), "ours"], [midnights(21), "docs"]),
  /** After that day has passed without an answer: until then Stripe passes on what comes late, and says `past_due`. */
  answerMissed: bankWait("an unanswered dispute is lost, from that day on", [days(1), "ours"], [days(1), "ours"]),
  /** An inquiry that nobody takes further ends after 120 days. */
  inquiryLapses: bankWait("an unanswered inquiry is closed", [midnights(10), "ours"], [days(120), "ours"]),
  /** The words of https://docs.stripe.com/testing#disputes decide soon; banks take 60 to 75 days. */
  wordsDecide: bankWait(
    "evidence with the words of Stripe's testing page decides",
    [minutes(1), "ours"],
    [days(60), "docs"],
  ),
  bankDecides: bankWait("other evidence decides", [days(60), "ours"], [days(60), "docs"]),
} satisfies Waits;
