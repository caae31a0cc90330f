// What is still to come, by name, as things stand now. Whether work will come to anything is asked of the work itself,
// in a unit that is dropped: much of what waits on a timeline was overtaken, and will find nothing to do.
import type { Instant } from "#kit/clock.ts";
import { createIds } from "#kit/ids.ts";
import { seededRandom } from "#kit/random.ts";
import { unstruck } from "../records/faults.ts";
import { drop, type Job, tickUnit, type Unit, type World } from "../state/unit.ts";
import { isJob, type JobEntry, type PendingEntry } from "../timeline/pending.ts";

export interface Coming {
  readonly at: Instant;
  /** The id of its test clock; null is the world's time. */
  readonly clock: string | null;
  readonly account: string;
  /** The id of what it is about, where it is about one thing. */
  readonly object: string | null;
  /** `is renewed`. */
  readonly what: string;
}

/** The first so many of those that are meant, in the order in which they will happen. */
export function coming(world: World, count: number, isMeant: (entry: PendingEntry) => boolean): Coming[] {
  const entries = [...world.timelines.pending()].filter(isMeant).sort((a, b) => a.at - b.at);
  const found: Coming[] = [];
  for (const entry of entries) {
    if (found.length === count) break;
    const what = isJob(entry) ? nameOf(world, entry) : "is delivered";
    const { at, timeline: clock, record } = entry;
    if (what !== null) found.push({ at, clock, account: record.account, object: subjectOf(entry), what });
  }
  return found;
}

/** The id of what work is about. */
export function subjectOf({ record }: PendingEntry): string | null {
  const [subject] = record.kind === "job" ? record.values : [record.event];
  return typeof subject === "string" ? subject : null;
}

/** Null when it will come to nothing. */
function nameOf(world: World, { at, timeline: id, record }: JobEntry): string | null {
  const job = world.jobs.byName.get(record.name);
  const account = world.accounts.byId.get(record.account);
  const timeline = world.timelines.of(id);
  if (!job || !account || !timeline) return null;
  // Ids of its own, so that looking ahead does not change those that are given out next.
  const imagined = { ...world, ids: createIds(seededRandom(0, "coming")), faults: unstruck(world.faults) };
  const unit = tickUnit(imagined, account, { timeline, at });
  const values = record.values as never[]; // As they were filed.
  try {
    const what = typeof job.says === "string" ? job.says : job.says(unit, ...values);
    return comesToSomething(job, unit, values) ? what : null;
  } finally {
    drop(unit);
  }
}

function comesToSomething({ run, trial = run }: Job, unit: Unit, values: never[]): boolean {
  trial(unit, ...values);
  return unit.writes.length > 0 || unit.events.length > 0;
}
