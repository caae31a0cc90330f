// All plays of what Stripe was seen to bill.
import { amountPlays } from "./amounts.table.ts";
import { catalogPlays } from "./catalog.table.ts";
import { changePlays } from "./changes.table.ts";
import { endPlays } from "./ends.table.ts";
import { firstInvoicePlays } from "./first_invoices.table.ts";
import { invoicePlays } from "./invoices.table.ts";
import { periodPlays } from "./periods.table.ts";
import type { Play } from "./play.ts";
import { refusalPlays } from "./refusals.table.ts";
import { scenarioPlays } from "./scenarios.table.ts";
import { statePlays } from "./states.table.ts";
import { trialPlays } from "./trials.table.ts";

export const plays: readonly Play[] = [
  ...firstInvoicePlays,
  ...changePlays,
  ...trialPlays,
  ...statePlays,
  ...periodPlays,
  ...amountPlays,
  ...invoicePlays,
  ...catalogPlays,
  ...refusalPlays,
  ...scenarioPlays,
  ...endPlays,
];
