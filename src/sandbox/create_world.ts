// Makes the world of one sandbox, out of its options and of what the resources' manifests say.
import { problem } from "#kit/problems.ts";
import { seededRandom } from "#kit/random.ts";
import { createAttempts } from "./kernel/records/attempts.ts";
import { createFaults } from "./kernel/records/faults.ts";
import { createHistory } from "./kernel/records/history.ts";
import { createAccounts } from "./kernel/state/accounts.ts";
import { type Noun, nounOfId } from "./kernel/state/noun.ts";
import { reactionsByAction } from "./kernel/state/reactions.ts";
import { assertNamesKnown, type Resource } from "./kernel/state/resource.ts";
import type { Jobs, World } from "./kernel/state/unit.ts";
import { createPace } from "./kernel/timeline/pace.ts";
import { createTimelines } from "./kernel/timeline/timelines.ts";
import { liftsOf } from "./kernel/versions/lift_params.ts";
import { commonDefaults } from "./kernel/words/defaults.table.ts";
import { type Home, homeCountries, homeIn } from "./kernel/words/home.ts";
import { asked, assertOptions, type SandboxOptions, type SandboxPorts, usualBilling } from "./options.ts";

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
  const nounOf = (id: string) => nounOfId(said.nounByPrefix, id);
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
    made: new WeakMap(),
    ...said,
    methodTypes: options.paymentMethodTypes,
    home: homeOf(options.country),
    declinesOn: options.declineOn ?? [],
    settlement: options.settlement ?? "test",
    billing: { ...usualBilling, ...options.billing },
    toleratesUnknownVersions: tolerateUnknownVersions || options.stripeMock === true,
    ...edges,
    tell(line) {
      history.add(line);
      options.onLine?.(line);
    },
  };
  return world;
}

function homeOf(country: string = commonDefaults.accountCountry.value): Home {
  const home = homeIn(country);
  if (home) return home;
  const hint = `It is one of ${homeCountries.join(", ")}.`;
  throw problem("invalid_config", `Stripe has no accounts in the country ${country}`, { hint });
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
  return {
    byName: new Map(all),
    nameOf: new Map(all.map(([name, { run }]) => [run, name] as const)),
    namesFor: Map.groupBy(
      all.map(([name]) => name),
      (name) => name.slice(0, name.lastIndexOf(".")),
    ),
  };
}

function nounsByPrefix(resources: readonly Resource[]): Map<string, Noun> {
  return new Map(resources.flatMap(({ noun }) => noun.prefixes.map((prefix) => [prefix, noun] as const)));
}
