// A process that is killed at each of the awaits of one wish, and another that goes on: the loop of every crash test of
// a verb. `npm test` takes a sample of the awaits, the whole run every one.
import assert from "node:assert/strict";
import { minuteMs } from "#kit/clock.ts";
import { stride } from "#kit/testing.ts";
import type { Billing } from "../index.ts";
import type { World } from "./index.ts";

interface KilledWish<Answer> {
  /** In `npm test` one in so many of the awaits. */
  readonly oneIn: number;
  /** What must be there before, under a name that nobody had; answers the wish, as any process makes it. */
  prepare(name: string): Promise<(billing: Billing) => Promise<Answer>>;
  /** What must hold once a process that lives has made the wish again. */
  verify(name: string, again: Answer): Promise<unknown>;
}

/** `await killAtEachAwait(world, { oneIn: 9, prepare, verify })`: a life that ends well first, to count its awaits. */
export async function killAtEachAwait<Answer>(world: World, wished: KilledWish<Answer>): Promise<void> {
  const { oneIn, prepare, verify } = wished;
  let booted = 0;
  const live = async (name: string, nth?: number): Promise<number> => {
    const wish = await prepare(name);
    const { life, billing } = await world.mortalTwin(nth === undefined ? undefined : booted + nth);
    const before = life.points.length;
    await world.run(Promise.race([wish(billing), life.death]));
    const count = life.points.length - before;
    if (nth === undefined) booted = before;
    life.kill();
    const again = await world.run(wish(world.billing));
    await world.advance(2 * minuteMs); // The leases of the dead one end.
    await verify(name, again);
    return count;
  };
  const count = await live("alive");
  assert.ok(count > 5, `only ${count} awaits`);
  const step = stride(oneIn);
  for (let nth = 1 + (count % Math.min(step, count)); nth <= count; nth += step) await live(`killed_${nth}`, nth);
}
