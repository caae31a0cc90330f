// How large instant payouts are, and how long payouts can be taken back.
import { dayMs } from "#kit/clock.ts";
import { type Defaults, usual } from "../../kernel/words/defaults.ts";

export const payoutDefaults = {
  // https://docs.stripe.com/payouts/instant-payouts; other currencies' limits are not published in one place.
  instantAmountMax: usual("most of an Instant Payout, by currency", { usd: 9_999_00 }, "documented"),
  // https://docs.stripe.com/connect/payout-reversals
  reversalWindowMs: usual("milliseconds after its arrival that a payout can be reversed", 90 * dayMs, "documented"),
} satisfies Defaults;
