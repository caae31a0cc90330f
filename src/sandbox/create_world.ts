// Makes the world of one sandbox, out of its options and of what the resources' manifests say.
import { seededRandom } from "#kit/random.ts";
import { createAttempts } from "./kernel/records/attempts.ts";
import { createFaults } from "./kernel/records/faults.ts";
import { createHistory } from "./kernel/records/history.ts";
import { createAccounts } from "./kernel/state/accounts.ts";
import { type Noun, prefixOf } from "./kernel/state/noun.ts";
import { reactionsByAction } from "./kernel/state/reactions.ts";
import { assertNamesKnown, type Resource } from "./kernel/state/resource.ts";
import type { Jobs, World } from "./kernel/state/unit.ts";
import { createPace } from "./kernel/timeline/pace.ts";
import { createTimelines } from "./kernel/timeline/timelines.ts";
import { liftsOf } from "./kernel/versions/lift_params.ts";
import { asked, assertOptions, type SandboxOptions, type SandboxPorts } from "./options.ts";

export type WorldOptions = SandboxOptions & SandboxPorts & { readonly resources: readonly Resource[] };

export function createWorld(options: WorldOptions, edges: Pick<World, "baseUrl" | "publish">): World {
  const { clock, ids, log, keys, keyPairs, defaultVersion, tolerateUnknownVersions = false, resources } = options;
  assertOptions(options);
  const { faultSeed } = options;
  const chance = "sandbox.faults";
  const random = faultSeed === undefined ? options.random(chance) : seededRandom(faultSeed, chance);
  const pace = createPace(clock);
  const timelines = createTimelines({ clock, pace, flush: () => void world.journal?.flush() });
  const history = createHistory();
  const said = saidBy(resources);
  const nounOf = (id: string) => said.nounByPrefix.get(prefixOf(id));
  const world: World = {
    clock,
    ids,
    log,
    pace,
    timeline: timelines.world,
    timelines,
    history,
    accounts: createAccounts({ keys, pairs: keyPairs, defaultVersion, nounOf }),
    attempts: createAttempts(),
    faults: asked(() => createFaults(random, ids, options.faults), "The page /-/faults lists them."),
    journal: undefined,
    ...said,
    settlement: options.settlement ?? "test",
    toleratesUnknownVersions: tolerateUnknownVersions,
    ...edges,
    tell(line) {
      history.add(line);
      options.onLine?.(line);
    },
  };
  return world;
}

type Said = "appearances" | "nounByPrefix" | "embeds" | "lifts" | "reactions" | "jobs";

/** What the manifests say together, as it is looked up. */
function saidBy(resources: readonly Resource[]): Pick<World, Said> {
  assertNamesKnown(resources);
  return {
    appearances: new Map(resources.map((resource) => [resource.noun.object, resource])),
    nounByPrefix: nounsByPrefix(resources),
    embeds: Map.groupBy(
      resources.flatMap((resource) => resource.embeds ?? []),
      ({ on }) => on,
    ),
    lifts: resources.flatMap(({ versions = [] }) => liftsOf(versions)),
    reactions: reactionsByAction(resources.flatMap((resource) => resource.reactions ?? [])),
    jobs: jobsOf(resources),
  };
}

function jobsOf(resources: readonly Resource[]): Jobs {
  const all = resources.flatMap(({ noun, jobs = {} }) =>
    Object.entries(jobs).map(([name, job]) => [`${noun.object}.${name}`, job] as const),
  );
  return { byName: new Map(all), nameOf: new Map(all.map(([name, job]) => [job, name] as const)) };
}

function nounsByPrefix(resources: readonly Resource[]): Map<string, Noun> {
  return new Map(resources.flatMap(({ noun }) => noun.prefixes.map((prefix) => [prefix, noun] as const)));
}
