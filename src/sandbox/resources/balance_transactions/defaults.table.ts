// What money costs, and how it leaves where nobody says otherwise.
import { type Defaults, usual } from "../../kernel/words/defaults.ts";

export const balanceDefaults = {
  /** Per thousand and fixed; another currency pays as dollars do. https://stripe.com/pricing */
  fees: usual<Readonly<Record<string, { readonly perThousand: number; readonly fixed: number }>>>(
    "the fee of a charge, by currency",
    { eur: { perThousand: 15, fixed: 25 }, gbp: { perThousand: 15, fixed: 20 }, usd: { perThousand: 29, fixed: 30 } },
    "documented",
  ),
  feeOfOthers: usual("the fee of a charge in any other currency", { perThousand: 29, fixed: 30 }, "inferred"),
  /** Stripe begins to pay out daily once there is a bank account; a fresh test account has none. */
  payoutInterval: usual("how often an account pays out that nobody gave a schedule", "manual" as const, "inferred"),
  // https://docs.stripe.com/api/balance-settings
  delayDays: usual("days that money may wait at most", 31, "documented"),
} satisfies Defaults;
