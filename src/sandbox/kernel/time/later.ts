// What a unit asks for later: a unit of its own, once its time has come.
import type { Instant } from "#kit/clock.ts";
import type { Account } from "../state/accounts.ts";
import { commit, drop, tickUnit, type Unit } from "../state/unit.ts";
import type { World } from "../state/world.ts";

/**
 * Asks for a unit of its own, `afterMs` from now on the unit's timeline, if this one is committed. Work that stands
 * among a resource's `jobs` outlives the process: `later(unit, dayMs, settleRefund, refund.id)`.
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
  const { world, account } = unit;
  const due = Math.max(at, unit.now);
  unit.afterwards.push(() => schedule(world, account, due, work, values));
}

/** The unit as payments, balance transactions and payouts see it: they live in the world's time, whoever paid. */
export function inWorld(unit: Unit): Unit {
  return unit;
}

export function schedule<V extends readonly unknown[]>(
  world: World,
  account: Account,
  at: Instant,
  work: (unit: Unit, ...values: V) => void,
  values: V,
): void {
  const name = world.jobs.nameOf.get(work);
  const ticket = name === undefined ? -1 : world.pending.add(at, { kind: "job", account: account.id, name, values });
  world.agenda.at(at, () => {
    const tick = tickUnit(world, account);
    try {
      work(tick, ...values);
      commit(tick);
    } catch (error) {
      // One mistake leaves no trace of its own tick, and the wheel turns on.
      drop(tick);
      world.log.error("sandbox.bug", { error: error instanceof Error ? error.stack : String(error) });
    }
    world.pending.done(ticket);
    world.journal?.flush();
  });
}
