// Puts the sandbox together: the world out of the resources' manifests, and the rooms around it.

import { createIds } from "#kit/ids.ts";
import { problem } from "#kit/problems.ts";
import { seededRandom } from "#kit/random.ts";
import { createDelivery, type Delivery, type DeliveryOptions, retryPausesMs } from "./delivery/delivery.ts";
import { retryRoute } from "./delivery/retry.ts";
import { createStripeCli } from "./delivery/stripecli/index.ts";
import { createAttempts } from "./kernel/keep/attempts.ts";
import { createHistory } from "./kernel/keep/history.ts";
import type { Kept } from "./kernel/keep/snapshot.ts";
import { accountOfKey, createAccounts, revokeKey } from "./kernel/state/accounts.ts";
import { type Noun, prefixOf } from "./kernel/state/noun.ts";
import { reactionsByAction } from "./kernel/state/reactions.ts";
import type { Resource } from "./kernel/state/resource.ts";
import { find } from "./kernel/state/store.ts";
import { commit, tickUnit, type Unit } from "./kernel/state/unit.ts";
import type { Jobs, World } from "./kernel/state/world.ts";
import { all } from "./kernel/state/writes.ts";
import { resumeJob } from "./kernel/time/later.ts";
import { createPace } from "./kernel/time/pace.ts";
import { isDelivery, isJob } from "./kernel/time/pending.ts";
import { createTimelines } from "./kernel/time/timelines.ts";
import { liftsOf } from "./kernel/versions/lift_params.ts";
import { createCore } from "./kernel/wire/core.ts";
import { createFaults, type Faults } from "./kernel/wire/faults.ts";
import type { HttpOptions } from "./kernel/wire/http.ts";
import { createPages } from "./kernel/wire/pages.ts";
import { createRouter } from "./kernel/wire/router.ts";
import { asked, assertOptions, type EndpointOption, type SandboxOptions, type SandboxPorts } from "./options.ts";
import { insideRoutes, pageRoutes } from "./pages/index.ts";
import { allRefusals } from "./refusals.ts";
import { countDelivered, recordEvents } from "./resources/events/index.ts";
import { resources } from "./resources/index.ts";
import {
  createEndpoint,
  endpointsFor,
  rollSecret,
  rollTimeMaxMs,
  signingSecrets,
  type WebhookEndpoint,
  webhookEndpoints,
} from "./resources/webhook_endpoints/index.ts";

export function createParts(options: SandboxOptions & SandboxPorts, baseUrl: () => string) {
  const world = createWorld(options, { baseUrl, publish: (unit: Unit) => publish(unit) });
  const { retryPausesMs: pauses = "live" } = options;
  const deliveryOptions: DeliveryOptions = {
    fetch: options.fetch,
    run: options.run,
    deliverTo: options.deliverTo ?? [],
    pausesMs: typeof pauses === "string" ? retryPausesMs[pauses] : pauses,
    holding: new Set(), // `invoice.created` will hold the draft's hour.
    delivered: countDelivered,
  };
  const delivery = createDelivery(world, deliveryOptions);
  const stripeCli = createStripeCli(world);
  const publish = (unit: Unit): void => {
    const recorded = recordEvents(unit, (type) => endpointsFor(unit, type).length);
    for (const event of recorded) {
      delivery.offer(unit, event, endpointsFor(unit, event.type));
      stripeCli.offer(unit, event);
    }
  };
  const ofResources = world.resources.flatMap((resource) => resource.routes);
  const routes = [...ofResources, ...stripeCli.routes, retryRoute(delivery, stripeCli)];
  const router = createRouter(routes);
  const core = createCore(world, router, stripeCli.served);
  const faults = keptAtOnce(world);
  const inside = insideRoutes({
    world,
    history: world.history,
    faults,
    machines: resources.flatMap(({ machine }) => machine ?? []),
    refusals: allRefusals,
    operations: routes.map(({ method, path }) => `${method} ${path.replace(/:\w+/g, ":id")}`),
    attempts: world.attempts.all,
    rollSecret: (endpoint, oldEndsInMs) => rollAnywhere(world, endpoint, oldEndsInMs),
    secretsOf: (endpoint) => signingSecrets(endpoint as WebhookEndpoint), // Given endpoints only.
    revoke: (key) => revokeNow(world, key),
    token: createIds(options.random("sandbox.inside")).text(32),
    advance: (ms) => world.timeline.advanceTo(world.timeline.now() + ms),
  });
  const http: HttpOptions = {
    core,
    pages: createPages([...pageRoutes, ...inside], core),
    allowHosts: options.allowHosts ?? [],
    upgrade: stripeCli.upgrade,
  };
  const take = (kept: Kept): void => resume(world, delivery, kept);
  return { world, delivery, stripeCli, router, http, take, faults };
}

export function revokeNow(world: World, key: string): void {
  revokeKey(world.accounts, key);
  world.journal?.flush();
}

/** Outside of any call, so nobody else would write down what was changed. */
function keptAtOnce(world: World): Faults {
  const thenKept =
    <G extends readonly unknown[], A>(work: (...given: G) => A) =>
    (...given: G): A => {
      const answer = work(...given);
      world.journal?.flush();
      return answer;
    };
  const { add, remove, clear, list } = world.faults;
  return { add: thenKept(add), remove: thenKept(remove), clear: thenKept(clear), list };
}

export function rollAnywhere(world: World, id: string, oldEndsInMs: number): string {
  if (!(oldEndsInMs >= 0 && oldEndsInMs <= rollTimeMaxMs)) {
    throw problem("invalid_params", `An old secret signs for 0 to ${rollTimeMaxMs} ms (a day), not ${oldEndsInMs}.`);
  }
  const owner = [...world.accounts.byId.values()].find(({ collections }) => {
    const endpoints = collections.get(webhookEndpoints.object);
    return endpoints && find(endpoints, id);
  });
  if (!owner) throw problem("not_found", `There is no webhook endpoint ${id}.`);
  const unit = tickUnit(world, owner);
  const secret = rollSecret(unit, id, oldEndsInMs);
  commit(unit);
  world.journal?.flush();
  return secret;
}

/** What a snapshot says is still to be done is filed again, and an advance that was under way goes on. */
function resume(world: World, delivery: Delivery, { pending, stands, lastAt }: Kept): void {
  const { timelines } = world;
  timelines.notBefore(lastAt);
  for (const [id, { now }] of stands) if (id !== null) timelines.open(id, now);
  for (const entry of pending) {
    if (isDelivery(entry)) delivery.resume(entry);
    else if (isJob(entry)) resumeJob(world, entry);
  }
  for (const [id, { now, target }] of stands) if (target !== null) timelines.of(id)?.goOn({ now, target });
}

/** Accounts stay, since connections hold them; all that is in them goes. */
export function forgetAll(world: World): void {
  world.timelines.clear();
  world.history.clear();
  world.faults.forgetKept();
  world.attempts.clear();
  world.accounts.byClientSecret.clear();
  world.accounts.learnt.clear();
  world.accounts.revoked.clear();
  for (const account of world.accounts.byId.values()) {
    account.collections.clear();
    account.idempotency.clear();
  }
}

function createWorld(options: SandboxOptions & SandboxPorts, edges: Pick<World, "baseUrl" | "publish">): World {
  const { clock, ids, log, keys, keyPairs, defaultVersion, tolerateUnknownVersions = false } = options;
  assertOptions(options);
  const { faultSeed } = options;
  const chance = "sandbox.faults";
  const nounByPrefix = nounsByPrefix(resources);
  const random = faultSeed === undefined ? options.random(chance) : seededRandom(faultSeed, chance);
  const pace = createPace(clock);
  const timelines = createTimelines({ clock, pace, flush: () => void world.journal?.flush() });
  const history = createHistory();
  const world: World = {
    clock,
    ids,
    log,
    pace,
    timeline: timelines.world,
    timelines,
    history,
    accounts: createAccounts({ keys, pairs: keyPairs, defaultVersion, nounOf: (id) => nounByPrefix.get(prefixOf(id)) }),
    attempts: createAttempts(),
    faults: asked(() => createFaults(random, ids, options.faults), "--fault names them."),
    jobs: jobsOf(resources),
    journal: undefined,
    resources,
    nounByPrefix,
    resourceByObject: new Map(resources.map((resource) => [resource.noun.object, resource])),
    embeds: Map.groupBy(
      resources.flatMap((resource) => resource.embeds ?? []),
      ({ on }) => on,
    ),
    lifts: resources.flatMap(({ versions = [] }) => liftsOf(versions)),
    reactions: reactionsByAction(resources.flatMap((resource) => resource.reactions ?? [])),
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

export function register(world: World, endpoint: EndpointOption): void {
  const { key, secret, url, enabled_events = ["*"], api_version } = endpoint;
  const hint = `It is about the webhook endpoint ${url} of the options.`;
  const unit = tickUnit(
    world,
    asked(() => accountOfKey(world.accounts, key), hint),
  );
  const kept = all(unit, webhookEndpoints);
  const isKnown = (one: WebhookEndpoint) => signingSecrets(one).some(({ text }) => text === secret);
  if (kept.some((one) => one.url === url && isKnown(one))) return; // The folder has it already.
  const params = { url, enabled_events: [...enabled_events], api_version };
  asked(() => createEndpoint(unit, params, secret), hint);
  commit(unit);
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
