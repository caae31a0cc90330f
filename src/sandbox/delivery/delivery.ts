// Sends committed events to the endpoints that want them: at once, then with growing pauses for three days. Every try
// is logged. Only loopback is reached unless a host is named: a test must never call somebody's production.
import type { Instant } from "#kit/clock.ts";
import type { Fetch, Ports } from "#kit/ports.ts";
import type { Attempt } from "../kernel/records/attempts.ts";
import type { EventType } from "../kernel/state/event_types.ts";
import { commit, tell, tickUnit, type Unit, type World } from "../kernel/state/unit.ts";
import { read } from "../kernel/state/writes.ts";
import type { PendingEntry } from "../kernel/timeline/pending.ts";
import { type Event, events, keptEvent } from "../resources/events/index.ts";
import { secretsOf, type WebhookEndpoint, webhookEndpoints } from "../resources/webhook_endpoints/index.ts";
import { eventBody } from "./body.ts";
import { deliveryDefaults } from "./defaults.table.ts";
import { mayReach, post } from "./post.ts";

export interface DeliveryOptions {
  readonly fetch: Fetch;
  readonly run: Ports["run"];
  readonly deliverTo: readonly string[];
  /** Before the second, third … try. */
  readonly pausesMs: readonly number[];
  /** A test clock that advances waits for the first tries of these. */
  readonly holding: ReadonlySet<EventType>;
  /** Tells the event's noun that one endpoint has answered. */
  readonly delivered: (unit: Unit, event: Event) => void;
  /** The same of one that the sandbox does not call. */
  readonly unreached: (unit: Unit, event: Event) => void;
}

export interface Delivery {
  offer(unit: Unit, event: Event, endpoints: readonly WebhookEndpoint[]): void;
  /** Takes up a delivery of a snapshot. */
  resume(entry: PendingEntry & { readonly record: { readonly kind: "delivery" } }): void;
  /** What is under way belongs to a world that is gone. */
  forget(): void;
  close(): void;
}

/**
 * After them an endpoint goes on being enabled here: Stripe disables it after days of failing in live mode, with a mail
 * to its owner, and a test that fails for days on a virtual clock must not lose its endpoint to that.
 */
export const retryPausesMs = {
  live: deliveryDefaults.livePausesMs.value,
  test: deliveryDefaults.testPausesMs.value,
} as const satisfies Record<string, readonly number[]>;
/** So that one slow receiver does not open a thousand connections. */
const inFlightMax = 16;

interface Task {
  readonly account: Unit["account"];
  readonly eventId: string;
  readonly endpointId: string;
  readonly number: number;
}

/** A task whose turn has come. */
interface Turn extends Task {
  readonly landed: () => void;
}

export function createDelivery(world: World, options: DeliveryOptions): Delivery {
  /** Resolves when the try is over. */
  const file = (at: Instant, task: Task, key: string | null = null): Promise<void> => {
    const { promise: tried, resolve } = Promise.withResolvers<void>();
    const begin = (_at: Instant, done: () => void) => {
      const landed = () => {
        done();
        resolve();
      };
      sender.send({ ...task, landed });
    };
    world.timeline.at(at, key, { record: recordOf(task), begin });
    return tried;
  };

  const settle = (task: Task, attempt: Attempt): void => {
    world.attempts.add(attempt);
    const { event, type, endpoint, outcome, answer, number } = attempt;
    const text = `${type} → ${endpoint}: ${outcome} (${answer}, try ${number})`;
    tell(world, task.account, { kind: "delivery", id: event, text });
    if (outcome === "delivered") countOff(world, task, options.delivered);
    if (outcome === "held") countOff(world, task, options.unreached);
    const pause = outcome === "failed" ? options.pausesMs[number - 1] : undefined;
    if (pause !== undefined) void file(world.timeline.now() + pause, { ...task, number: number + 1 });
  };

  const sender = createSender(world, options, settle);
  return {
    offer(unit, event, endpoints) {
      const tries: Promise<void>[] = [];
      for (const endpoint of endpoints) {
        const task = { account: unit.account, eventId: event.id, endpointId: endpoint.id, number: 1 };
        const { copies, delayMs } = faultsOf(world, event.type);
        for (let copy = 0; copy < copies; copy++) tries.push(file(world.timeline.now() + delayMs, task));
        if (copies === 0) settle(task, droppedAttempt(world, task, event.type));
      }
      if (options.holding.has(event.type)) holdClock(unit, tries);
    },
    resume({ at, key, record: { account: accountId, event, endpoint, number } }) {
      const account = world.accounts.byId.get(accountId);
      if (account) void file(at, { account, eventId: event, endpointId: endpoint, number }, key);
    },
    forget: sender.forget,
    close: sender.close,
  };
}

interface Sender extends Pick<Delivery, "forget" | "close"> {
  send(turn: Turn): void;
}

/** A few at a time, in their order. */
function createSender(world: World, options: DeliveryOptions, settle: (task: Task, attempt: Attempt) => void): Sender {
  const waiting: Turn[] = [];
  let inFlight = 0;
  let isClosed = false;
  let worldsGone = 0;

  const next = (): void => {
    while (!isClosed && inFlight < inFlightMax) {
      const turn = waiting.shift();
      if (!turn) return;
      inFlight++;
      const begunIn = worldsGone;
      options.run("sandbox.delivery", async (stop) => {
        try {
          // The slice that it belongs to is written down before it leaves, and then a call may come in between.
          await (world.pace.isOver() ? world.pace.turn() : undefined);
          const attempt = await deliver(world, options, turn, stop);
          if (isClosed || stop.aborted || begunIn !== worldsGone) return; // Still to be done, or nobody's any more.
          if (attempt) settle(turn, attempt);
          turn.landed();
        } finally {
          inFlight--;
          next();
        }
      });
    }
  };

  return {
    send(turn) {
      waiting.push(turn);
      next();
    },
    forget() {
      worldsGone++;
      waiting.length = 0;
    },
    close() {
      isClosed = true;
      waiting.length = 0;
    },
  };
}

const clockHeldMaxMs = deliveryDefaults.clockHeldMs.value;

/**
 * Deliveries keep the world's time, also those of a test clock's events, so its advance does not wait for them by
 * itself. It does for a first try that something on the clock waits for in turn. Where nobody listens, nothing is held.
 */
function holdClock({ world, timeline }: Unit, tries: readonly Promise<void>[]): void {
  if (timeline === world.timeline || tries.length === 0) return;
  const over = new AbortController();
  const tried = Promise.all(tries).then(() => over.abort(null)); // As in post.ts.
  timeline.hold(Promise.race([tried, world.clock.sleep(clockHeldMaxMs, over.signal)]));
}

function recordOf({ account, eventId: event, endpointId: endpoint, number }: Task): PendingEntry["record"] {
  return { kind: "delivery", account: account.id, event, endpoint, number };
}

/** One try. Undefined when there is nothing left to try: the event is over, or the endpoint deleted or disabled. */
async function deliver(
  world: World,
  options: DeliveryOptions,
  task: Task,
  stop: AbortSignal,
): Promise<Attempt | undefined> {
  const { account, number } = task;
  const unit = tickUnit(world, account);
  const event = keptEvent(unit, task.eventId);
  const endpoint = read(unit, webhookEndpoints, task.endpointId);
  if (!event || endpoint?.status !== "enabled") return undefined;
  const row = { event: event.id, type: event.type, endpoint: endpoint.id, number };
  if (!mayReach(endpoint.url, options.deliverTo)) {
    return { at: world.timeline.now(), ...row, outcome: "held", answer: "external" };
  }
  const body = eventBody(world, event, endpoint.api_version ?? event.api_version);
  const { url } = endpoint;
  const secrets = secretsOf(endpoint, world.timeline.now());
  const at = Math.floor(world.timeline.now() / 1000);
  const answer = await post({ clock: world.clock, send: options.fetch, url, secrets, body, seconds: at }, stop);
  const isDelivered = typeof answer === "number" && answer >= 200 && answer < 300;
  return { at: world.timeline.now(), ...row, outcome: isDelivered ? "delivered" : "failed", answer: String(answer) };
}

/** How often and when a delivery goes out: once and now, unless a fault was asked for. */
function faultsOf(world: World, type: string): { copies: number; delayMs: number } {
  let copies = 1;
  let delayMs = 0;
  for (const fault of world.faults.strikeDelivery(type)) {
    if (fault.kind === "delivery_dropped") copies = 0;
    if (fault.kind === "delivery_duplicated") copies *= 2;
    delayMs += world.faults.delayMs(fault, world.timeline.now() + delayMs);
  }
  return { copies, delayMs };
}

function droppedAttempt(world: World, { eventId, endpointId, number }: Task, type: string): Attempt {
  const row = { event: eventId, type, endpoint: endpointId, number };
  return { at: world.timeline.now(), ...row, outcome: "dropped", answer: "a fault that was asked for" };
}

/** The event waits for one endpoint less. */
function countOff(world: World, task: Task, count: (unit: Unit, event: Event) => void): void {
  const unit = tickUnit(world, task.account);
  const event = read(unit, events, task.eventId);
  if (event) count(unit, event);
  commit(unit);
}
