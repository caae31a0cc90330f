// How long it takes until many things were due, each at an instant of its own: on a virtual clock, as in tests, and on
// a timeline that is moved, as `/-/time` does it.
import { minuteMs } from "#kit/clock.ts";
import { testPorts } from "#kit/create_ports.ts";
import { createParts } from "../src/sandbox/assemble.ts";
import { accountOfKey } from "../src/sandbox/kernel/state/accounts.ts";
import { commit, tickUnit, type Unit } from "../src/sandbox/kernel/state/unit.ts";
import { laterAt } from "../src/sandbox/kernel/time/later.ts";

/** A year of 10,000 subscriptions. */
export const instants = 120_000;

export interface DueTimes {
  readonly virtualMs: number;
  readonly movedMs: number;
}

export async function measureDue(): Promise<DueTimes> {
  return { virtualMs: await measure(onVirtualClock), movedMs: await measure(onMovedTimeline) };
}

type World = ReturnType<typeof startWorld>;

function startWorld() {
  const ports = testPorts({ seed: 1, fetch: () => Promise.reject(new Error("nobody listens")) });
  return { ...ports, ...createParts(ports, () => "http://localhost") };
}

async function measure(pass: (parts: World, ms: number) => Promise<void>): Promise<number> {
  const parts = startWorld();
  const { world } = parts;
  const unit = tickUnit(world, accountOfKey(world.accounts, "sk_test_bench"));
  let done = 0;
  const renew = (_tick: Unit, _nth: number): void => {
    done++;
  };
  for (let nth = 1; nth <= instants; nth++) laterAt(unit, unit.now + nth * minuteMs, renew, nth);
  commit(unit);
  const begun = performance.now();
  await pass(parts, instants * minuteMs);
  if (done !== instants) throw new Error(`${done} of ${instants} were done`);
  return performance.now() - begun;
}

async function onVirtualClock({ clock, run, world }: World, ms: number): Promise<void> {
  const loop = run("timeline", world.timelines.world.loop);
  await clock.advance(ms);
  loop.stop();
  await loop.stopped;
}

async function onMovedTimeline({ world }: World, ms: number): Promise<void> {
  await world.timeline.advanceTo(world.timeline.now() + ms);
}
