// Many lanes worked together, as far as no request is needed for them: one read for all their situations, one
// transaction for what was decided, which releases them too. A lane of which anything must be looked at is left as it
// is, because its order counts, and so is one that cannot be worked beside others. The rules: docs/design/events.md.
import type { Kernel } from "../contract/context.ts";
import type { Remote } from "../contract/reacting.ts";
import { type Failed, halving } from "../store/many.ts";
import { isOfTheDatabase } from "../store/pace.ts";
import { isUsable, type ListedObjects } from "./bulk_looks.ts";
import { carryOutAll, LaneLost, type PlannedLane } from "./carry_out.ts";
import { byObject, giveBack, type Taken } from "./claim.ts";
import { decide, type Moment, type Plan, understand } from "./decide.ts";
import { findOurs, readSituations, type Situation } from "./situation.ts";

/**
 * Answers the lanes that are left; the others are done and released. When the database refuses them, those that are not
 * done are given back.
 */
export async function workSet(
  kernel: Kernel,
  taken: readonly Taken[],
  listed: ListedObjects,
): Promise<readonly Taken[]> {
  const plans = new Map<Taken, PlannedLane>();
  const plain = taken.filter(({ suspects }) => suspects.length === 0);
  const done = new Set<Taken>();
  const write = async (some: readonly Taken[]) => {
    await carryOutAll(
      kernel,
      some.flatMap((lane) => plans.get(lane) ?? []),
    );
    for (const lane of some) done.add(lane);
  };
  const left = () => taken.filter((lane) => !done.has(lane));
  try {
    // What fails here is left, and fails again where it stands alone.
    await eachAlone(plain, (some) => plan(kernel, some, { listed, plans }));
    await eachAlone(
      plain.filter((lane) => plans.has(lane)),
      write,
    );
    return left();
  } catch (error) {
    await giveBack(
      kernel,
      left().map(({ lease }) => lease),
    );
    throw error;
  }
}

/** Works all at once, and halves what fails for its data. Anything else is thrown: none of them is to blame. */
export async function eachAlone<Item>(
  items: readonly Item[],
  work: (items: readonly Item[]) => Promise<void>,
): Promise<readonly Failed<Item>[]> {
  const failed = await halving(items, work, isOfTheData);
  for (const { error } of failed) if (!isOfTheData(error)) throw error;
  return failed;
}

/** Whether fewer at once may fare better, and one that fails alone has failed. */
export function isOfTheData(error: unknown): boolean {
  return !(error instanceof LaneLost) && !isOfTheDatabase(error);
}

async function plan(
  kernel: Kernel,
  lanes: readonly Taken[],
  { listed, plans }: { listed: ListedObjects; plans: Map<Taken, PlannedLane> },
): Promise<void> {
  const objects = lanes.map(({ first }) => byObject(first));
  const situations = [...(await readSituations(kernel, objects.flat()))];
  for (const [nth, lane] of lanes.entries()) {
    const own = situations.splice(0, objects[nth]?.length);
    const planned = await Promise.all(
      own.map(async (situation) => ({ situation, plan: await planOf(kernel, situation, listed) })),
    );
    const whole = planned.flatMap(({ situation, plan: decided }) => (decided ? { situation, plan: decided } : []));
    if (whole.length === own.length) plans.set(lane, { lease: lane.lease, planned: whole });
  }
}

/** Undefined when only a look of its own can tell. */
export async function planOf(kernel: Kernel, situation: Situation, listed: ListedObjects): Promise<Plan | undefined> {
  const decided = decide(situation, momentOf(kernel));
  if (decided) return decided;
  const seen = listed.get(situation.id);
  // A listed object that lacks what its row needs is looked at alone.
  if (!isUsable(seen, situation) || !situation.kind.row(seen.remote)) return undefined;
  return understand(await withOwner(kernel, situation, seen.remote), seen);
}

function momentOf({ gateway, ports }: Kernel): Moment {
  return { stripeNow: gateway.time.known() ?? null, isLookForced: ports.maybe("inbox.force_look") };
}

export async function withOwner(kernel: Kernel, situation: Situation, remote: Remote | null): Promise<Situation> {
  if (situation.isOurs !== undefined || remote === null) return situation;
  const ours = await kernel.sql.read("inbox.owner", (reader) => findOurs(kernel, reader, { remotes: [remote] }));
  return { ...situation, isOurs: ours.has(situation.id) };
}
