// Which timeline a call lives on, found before its route runs: that of the test clock which something hangs on that the
// call names, in its path or among its parameters, else the world's.

import type { Account } from "../state/accounts.ts";
import { type Noun, nounOfId } from "../state/noun.ts";
import type { World } from "../state/unit.ts";
import { find, foundBy } from "../store/store.ts";
import type { Timeline } from "../timeline/timeline.ts";
import { common } from "../words/errors.table.ts";
import { beforeWork, refusal } from "../words/errors.ts";

/** What of a call says where it lives. */
interface Named {
  readonly method: string;
  /** Of its path. */
  readonly ids: readonly string[];
  /** As they were sent; taken apart only where there are clocks. */
  readonly params: () => Readonly<Record<string, unknown>>;
}

export function timelineOf(world: World, account: Account, { method, ids, params }: Named): Timeline {
  if (!world.timelines.hasClocks()) return world.timeline;
  for (const name of [...ids, ...Object.values(params())]) {
    const clock = typeof name === "string" ? clockOf(world, account, name) : undefined;
    const timeline = clock === undefined ? undefined : world.timelines.of(clock);
    if (timeline) return mayBeUsed(timeline, method);
  }
  return world.timeline;
}

/** From an object to what it hangs on, up to the clock: of an invoice to its customer, of the customer to its clock. */
export function clockOf(world: World, account: Account, id: string): string | undefined {
  const noun = nounOfId(world.nounByPrefix, id);
  if (noun?.owner) return clockOfOwner(world, account, noun.owner, id);
  const collection = noun?.clock === undefined ? undefined : account.collections.get(noun.object);
  const object = collection && find(collection, id);
  if (noun?.clock === undefined || !object) return undefined;
  const next = (object as unknown as Readonly<Record<string, unknown>>)[noun.clock]; // A field of its own.
  if (typeof next !== "string") return undefined;
  return noun.clock === "id" ? next : clockOf(world, account, next);
}

/** What another object owns hangs on what that hangs on. */
function clockOfOwner(world: World, account: Account, { object, field }: Owner, id: string): string | undefined {
  const collection = account.collections.get(object);
  const owner = collection && foundBy(collection, field, id)[0];
  return owner && clockOf(world, account, owner.id);
}

type Owner = NonNullable<Noun["owner"]>;

/** While a test clock advances, nobody may write to what is on it. The world's time goes on beneath its calls. */
export function mayBeUsed(timeline: Timeline, method: string): Timeline {
  const isAdvancing = timeline.id !== null && timeline.stand().target !== null;
  if (isAdvancing && method !== "GET") throw refusal(common.clockAdvancing, { clock: String(timeline.id) }, beforeWork);
  return timeline;
}
