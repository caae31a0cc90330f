// A test clock is made for somebody who is there already: what waits for them on the world's timeline is due on the
// clock's from now on. Payments stay in the world's time.
import type { Account } from "../state/accounts.ts";
import { nounOfId } from "../state/noun.ts";
import type { World } from "../state/unit.ts";
import { isJob, type JobEntry } from "../timeline/pending.ts";
import { resumeJob } from "./later.ts";
import { clockOf } from "./timeline_of.ts";

export function bringAlong(world: World, account: Account, clock: string): void {
  for (const entry of [...world.timelines.world.pending()].filter(isJob)) {
    if (entry.record.account !== account.id || !hangsOn(world, account, entry, clock)) continue;
    world.timelines.world.withdraw(entry.key);
    resumeJob(world, { ...entry, timeline: clock });
  }
}

function hangsOn(world: World, account: Account, { record }: JobEntry, clock: string): boolean {
  const [subject] = record.values;
  if (typeof subject !== "string" || nounOfId(world.nounByPrefix, subject)?.keepsWorldTime) return false;
  return clockOf(world, account, subject) === clock;
}
