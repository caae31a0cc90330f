// What a unit asks for later: a unit of its own, at the instant it is due, on the timeline of whoever asked.
import type { Instant } from "#kit/clock.ts";
import type { Noun } from "../state/noun.ts";
import { afterwards, commit, drop, tickUnit, type Unit, type World } from "../state/unit.ts";
import type { JobEntry, PendingRecord } from "../timeline/pending.ts";
import type { Timeline, Work } from "../timeline/timeline.ts";

/**
 * Asks for a unit of its own, `afterMs` from now on the unit's timeline, if this one is committed. Work that stands
 * among a resource's `jobs` outlives the process. Its first value is its subject, and what is asked for again for the
 * same subject takes the place of what was asked for before: `later(unit, dayMs, settleRefund, refund.id)`.
 */
export function later<V extends readonly unknown[]>(
  unit: Unit,
  afterMs: number,
  work: (unit: Unit, ...values: V) => void,
  ...values: V
): void {
  laterAt(unit, unit.now + afterMs, work, ...values);
}

/**
 * The same at an instant: `laterAt(inWorld(unit), availableOn * 1000, settleDay, availableOn)`. What is asked for an
 * instant that has passed happens now.
 */
export function laterAt<V extends readonly unknown[]>(
  unit: Unit,
  at: Instant,
  work: (unit: Unit, ...values: V) => void,
  ...values: V
): void {
  const { world, account, timeline } = unit;
  const due = Math.max(at, unit.now);
  const name = world.jobs.nameOf.get(work);
  const file = (...given: V): void => {
    const record = name === undefined ? null : ({ kind: "job", account: account.id, name, values: given } as const);
    const key = record && keyOf(account.id, record.name, given);
    timeline.at(due, key, job(world, timeline, { account, record, work, values: given }));
  };
  afterwards(unit, file, ...values);
}

/** For what has ended: nothing that is planned for it happens any more. */
export function planNoMore(unit: Unit, noun: Noun, subject: string): void {
  const { world, account, timeline } = unit;
  const names = world.jobs.namesFor.get(noun.object) ?? [];
  const strike = (id: string): void => {
    for (const name of names) timeline.withdraw(keyOf(account.id, name, [id]));
  };
  afterwards(unit, strike, subject);
}

/** The unit as payments, balance transactions and payouts see it: they live in the world's time, whoever paid. */
export function inWorld(unit: Unit): Unit {
  const { timeline } = unit.world;
  return unit.timeline === timeline ? unit : { ...unit, timeline, now: timeline.now() };
}

/**
 * The unit as what hangs on a test clock sees it: a payment or a dispute of it comes from the world's time, and what
 * follows is in its own. `inTimeOf(unit, invoice)`.
 */
export function inTimeOf(unit: Unit, { test_clock: id }: { readonly test_clock: string | null }): Unit {
  const timeline = unit.world.timelines.of(id);
  return !timeline || unit.timeline.id === id ? unit : { ...unit, timeline, now: timeline.now() };
}

/** Files a job of a snapshot again. */
export function resumeJob(world: World, entry: JobEntry): void {
  const { at, key, record } = entry;
  const timeline = world.timelines.of(entry.timeline);
  const account = world.accounts.byId.get(record.account);
  const found = world.jobs.byName.get(record.name);
  if (!timeline || !account || !found) return;
  const values = record.values as never[]; // As they were written down.
  timeline.at(at, key, job(world, timeline, { account, record, work: found.run, values }));
}

/** A job's place: it is filed once for its subject. */
function keyOf(account: string, name: string, [subject = ""]: readonly unknown[]): string {
  return `${account} ${name} ${String(subject)}`;
}

interface Asked<V extends readonly unknown[]> {
  readonly account: Unit["account"];
  readonly record: PendingRecord | null;
  readonly work: (tick: Unit, ...values: V) => void;
  readonly values: V;
}

function job<V extends readonly unknown[]>(world: World, timeline: Timeline, asked: Asked<V>): Work {
  const { account, record, work, values } = asked;
  return {
    record,
    begin(at, landed) {
      const tick = tickUnit(world, account, { timeline, at });
      try {
        work(tick, ...values);
        commit(tick);
      } catch (error) {
        // One mistake leaves no trace of its own tick, and the wheel turns on.
        drop(tick);
        world.log.error("sandbox.bug", { error: error instanceof Error ? error.stack : String(error) });
      }
      landed();
    },
  };
}
