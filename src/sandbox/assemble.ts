// Puts the sandbox together: the world out of the resources' manifests, and the rooms around it.
import { createIds } from "#kit/ids.ts";
import { problem } from "#kit/problems.ts";
import { allClaims } from "./claims.ts";
import { createWorld } from "./create_world.ts";
import { createDelivery, type Delivery, type DeliveryOptions, retryPausesMs } from "./delivery/delivery.ts";
import { retryRoute } from "./delivery/retry.ts";
import { createStripeCli } from "./delivery/stripecli/index.ts";
import type { Kept } from "./kernel/keep/snapshot.ts";
import type { Unit, World } from "./kernel/state/unit.ts";
import { resumeJob } from "./kernel/time/later.ts";
import { isDelivery, isJob } from "./kernel/timeline/pending.ts";
import { type Core, createCore } from "./kernel/wire/core.ts";
import type { HttpOptions } from "./kernel/wire/http.ts";
import { createPages } from "./kernel/wire/pages.ts";
import { createRouter } from "./kernel/wire/router.ts";
import type { SandboxOptions, SandboxPorts } from "./options.ts";
import { faultsFromOutside, offeredFromOutside, revokeFromOutside, rollFromOutside } from "./outside.ts";
import type { Inside } from "./pages/index.ts";
import { countDelivered, countUnreached, events, recordEvents } from "./resources/events/index.ts";
import { paramChecker, resources } from "./resources/index.ts";
import { paymentIntents } from "./resources/payment_intents/index.ts";
import { methodTypes, playedType } from "./resources/payment_methods/index.ts";
import {
  endpointsFor,
  signingSecrets,
  type WebhookEndpoint,
  webhookEndpoints,
} from "./resources/webhook_endpoints/index.ts";
import { inPlaceOfStripeMock } from "./stripe_mock/index.ts";

export function createParts(options: SandboxOptions & SandboxPorts, baseUrl: () => string) {
  assertMethodTypes(options.paymentMethodTypes ?? []);
  const world = createWorld({ ...options, resources }, { baseUrl, publish: (unit: Unit) => publish(unit) });
  const { retryPausesMs: pauses = "live" } = options;
  const deliveryOptions: DeliveryOptions = {
    fetch: options.fetch,
    run: options.run,
    deliverTo: options.deliverTo ?? [],
    pausesMs: typeof pauses === "string" ? retryPausesMs[pauses] : pauses,
    holding: new Set(["invoice.created"]), // It holds the hour of the draft.
    delivered: countDelivered,
    unreached: countUnreached,
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
  const ofResources = resources.flatMap((resource) => resource.routes);
  const routes = [...ofResources, ...stripeCli.routes, retryRoute(delivery, stripeCli)];
  const oldAddresses = resources.flatMap(({ extras }) => extras?.oldAddresses?.value ?? []);
  const router = createRouter(routes, paramChecker, oldAddresses);
  const plain = createCore(world, router, stripeCli.served);
  const core = options.stripeMock
    ? inPlaceOfStripeMock(plain, { world, router, resources, record: (unit) => recordEvents(unit, () => 0) })
    : plain;
  const faults = faultsFromOutside(world);
  const inside: Inside = {
    world,
    payments: paymentIntents,
    events,
    endpoints: webhookEndpoints,
    history: world.history,
    faults,
    machines: resources.flatMap(({ machine }) => machine ?? []),
    claims: allClaims,
    oldAddresses,
    operations: routes.map(({ method, path }) => `${method} ${path.replace(/:\w+/g, ":id")}`),
    attempts: world.attempts.all,
    rollSecret: (endpoint, oldEndsInMs) => rollFromOutside(world, endpoint, { oldEndsInMs }),
    secretsOf: (endpoint) => signingSecrets(endpoint as WebhookEndpoint), // Given endpoints only.
    offered: (account) => offeredFromOutside(world, account),
    tells: new Map(resources.flatMap(({ noun, tells }) => (tells ? [[noun.object, tells] as const] : []))),
    revoke: (key) => revokeFromOutside(world, key),
    token: createIds(options.random("sandbox.inside")).text(32),
    advance: (ms) => world.timeline.advanceTo(world.timeline.now() + ms),
  };
  const http: HttpOptions = {
    core,
    isRootApi: options.stripeMock === true,
    pages: lazyPages(core, inside),
    allowHosts: options.allowHosts ?? [],
    upgrade: stripeCli.upgrade,
  };
  const take = (kept: Kept): void => resume(world, delivery, kept);
  return { world, delivery, stripeCli, router, http, take, faults };
}

function assertMethodTypes(types: readonly string[]): void {
  for (const type of types) {
    if (playedType(type)) continue;
    const hint = `Those there are: ${methodTypes.join(", ")}.`;
    throw problem("invalid_config", `The sandbox does not have payment methods of type ${type}`, { hint });
  }
}

/** Loaded when somebody looks at the first: programs that only call the API never do. */
function lazyPages(core: Core, inside: Inside): HttpOptions["pages"] {
  let opening: Promise<HttpOptions["pages"]> | undefined;
  const open = async () => {
    const { insideRoutes, pageRoutes } = await import("./pages/index.ts");
    return createPages([...pageRoutes, ...insideRoutes(inside)], core);
  };
  return async (request) => {
    opening ??= open();
    return (await opening)(request);
  };
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
