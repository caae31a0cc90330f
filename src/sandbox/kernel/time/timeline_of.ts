// Which timeline a call lives on, found before its route runs.

import type { World } from "../state/unit.ts";
import type { Timeline } from "../timeline/timeline.ts";
import { common } from "../words/errors.table.ts";
import { beforeWork, refusal } from "../words/errors.ts";

/** All calls live in the world's time as long as no customer is on a test clock. */
export function timelineOf(world: World, method: string): Timeline {
  return mayBeUsed(world.timeline, method);
}

/** While a test clock advances, nobody may write to what is on it. The world's time goes on beneath its calls. */
export function mayBeUsed(timeline: Timeline, method: string): Timeline {
  const isAdvancing = timeline.id !== null && timeline.stand().target !== null;
  if (isAdvancing && method !== "GET") throw refusal(common.clockAdvancing, { clock: String(timeline.id) }, beforeWork);
  return timeline;
}
