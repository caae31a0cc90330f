// Which tax ids are verified, and what a test asks for.
// https://docs.stripe.com/billing/customer/tax-ids#validation
import { bankWait, seconds, type Waits } from "../../kernel/timeline/waits.ts";
import { type Defaults, usual } from "../../kernel/words/defaults.ts";
import type { Known } from "../../kernel/words/evidence.ts";

export const verificationDefaults = {
  verifiedTypes: usual("types of tax ids that an office is asked about", ["au_abn", "eu_vat", "gb_vat"], "documented"),
} satisfies Defaults;

export const verificationWaits = {
  officeAnswers: bankWait(
    "a tax office answers whether it knows a tax id",
    [seconds(1), "inferred"],
    [seconds(60), "inferred"],
  ),
} satisfies Waits;

interface TestNumber extends Known {
  readonly outcome: "verified" | "unverified" | "pending";
}

/** By the digits; with the letters of a country before them too. */
export const testNumbers = {
  "000000000": { outcome: "verified", evidence: "documented" },
  "111111111": { outcome: "unverified", evidence: "documented" },
  "222222222": { outcome: "pending", evidence: "documented" },
} satisfies Readonly<Record<string, TestNumber>>;
