// How long events are there, and how many types are listed at once. https://docs.stripe.com/api/events/list
import { dayMs } from "#kit/clock.ts";
import { type Defaults, usual } from "../../kernel/words/defaults.ts";

export const eventDefaults = {
  typesListed: usual("types that a list of events is asked for at most", 20, "documented"),
  /** "Going back up to 30 days." */
  keptMs: usual("milliseconds that an event is there", 30 * dayMs, "documented"),
  /** More than one for one, so that what has grown old while nothing happened goes too; so few that nobody waits. */
  letGoPerEvent: usual("old events that are let go of with each new one", 8, "own"),
} satisfies Defaults;
