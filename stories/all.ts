// Every story, in the order in which they are best read.
import { authentication } from "./authentication.ts";
import { creditNote } from "./bills/credit_note.ts";
import { scheduledDowngrade } from "./bills/scheduled_downgrade.ts";
import { summerPause } from "./bills/summer_pause.ts";
import { threeCurrencies } from "./bills/three_currencies.ts";
import { unpaidUpgrade } from "./bills/unpaid_upgrade.ts";
import { capture } from "./capture.ts";
import { card } from "./card.ts";
import { decline } from "./decline.ts";
import { doubleClick } from "./double_click.ts";
import { guide } from "./guide.ts";
import { guideServer } from "./guide_server.ts";
import { killed } from "./killed.ts";
import { refund } from "./refund.ts";
import { renewals } from "./renewals.ts";
import type { Story } from "./stage/stage.ts";
import { trial } from "./trial.ts";
import { upgrade } from "./upgrade.ts";
import { webhooks } from "./webhooks.ts";
import { debitedYear } from "./years/year_by_debit.ts";
import { monthlyYear } from "./years/year_by_the_month.ts";
import { churnedYear } from "./years/year_of_a_trial.ts";

export const stories: readonly Story[] = [
  card,
  authentication,
  decline,
  capture,
  refund,
  webhooks,
  doubleClick,
  killed,
  guide,
  guideServer,
  renewals,
  upgrade,
  unpaidUpgrade,
  summerPause,
  scheduledDowngrade,
  threeCurrencies,
  creditNote,
  trial,
  monthlyYear,
  debitedYear,
  churnedYear,
];
