// How soon a bank warns. https://docs.stripe.com/disputes/how-disputes-work
import { atOnce, bankWait, days, type Waits } from "../../kernel/timeline/waits.ts";

export const warningWaits = {
  fraudWarned: bankWait("an early fraud warning", [atOnce, "documented"], [days(1), "inferred"]),
} satisfies Waits;
