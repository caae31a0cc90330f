// What invoices go by where nobody says otherwise.
import { hourMs } from "#kit/clock.ts";
import { type Defaults, usual } from "../../kernel/words/defaults.ts";

const yearMs = 366 * 24 * hourMs;

export const invoiceDefaults = {
  draftSeconds: usual("seconds that an invoice which advances by itself is a draft", 3601, "recorded"),
  /** https://docs.stripe.com/invoicing/integration/automatic-advancement-collection */
  listenedMs: usual("milliseconds that a draft has left once its listeners have heard of it", hourMs, "documented"),
  heldMsMax: usual("milliseconds that a draft waits for listeners at most", 72 * hourMs, "documented"),
  collectedAfterMs: usual("milliseconds until what was finalized by hand is charged by itself", hourMs, "documented"),
  finalizesAheadMsMax: usual("milliseconds ahead that a draft may be finalized", 5 * yearMs, "declared"),
  /** https://docs.stripe.com/api/invoices/object#invoice_object-lines */
  linesMax: usual("lines of an invoice", 250, "documented"),
  taxAmountsMax: usual("taxes of a line that a caller has reckoned", 20, "declared"),
  numberDigits: usual("digits of an invoice's number at least", 4, "recorded"),
  /** https://docs.stripe.com/billing/revenue-recovery/smart-retries */
  smartRetries: usual("times that a payment which failed is tried again by itself", 8, "documented"),
  smartRetryDays: usual("days within which that is done", 14, "documented"),
  /** https://docs.stripe.com/billing/revenue-recovery/smart-retries#ach-direct-debit-retries */
  bankRetries: usual("times that a debit of a US bank account is tried again by itself", 2, "documented"),
  bankRetryDays: usual("days within which that is done", 40, "documented"),
  hardDeclines: usual<readonly string[]>(
    "declines after which a method is not tried again",
    [
      ...["incorrect_number", "lost_card", "pickup_card", "stolen_card", "revocation_of_authorization"],
      ...["revocation_of_all_authorizations", "authentication_required", "highest_risk_level"],
      "transaction_not_allowed",
    ],
    "documented",
  ),
} satisfies Defaults;
