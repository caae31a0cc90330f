// Sends committed events to the endpoints that want them: at once, then with growing pauses for three days. Every try is
// logged. Only loopback is reached unless a host is named: a test must never call somebody's production.
import { hourMs, type Instant, minuteMs } from "#kit/clock.ts";
import type { Fetch, Ports } from "#kit/ports.ts";
import { commit, read, tickUnit, type Unit } from "../kernel/unit.ts";
import { tell, type World } from "../kernel/world.ts";
import { type Event, events } from "../resources/events/index.ts";
import { secretsOf, type WebhookEndpoint, webhookEndpoints } from "../resources/webhook_endpoints/index.ts";
import { deliveryHeaders, eventBody } from "./body.ts";
import { signatureHeader } from "./signature.ts";

export interface Attempt {
  readonly at: Instant;
  readonly event: string;
  readonly type: string;
  readonly endpoint: string;
  /** 1 for the first try. */
  readonly number: number;
  readonly outcome: "delivered" | "failed" | "held";
  /** The status, or why there is none. */
  readonly answer: string;
}

export interface DeliveryOptions {
  readonly fetch: Fetch;
  readonly run: Ports["run"];
  readonly deliverTo: readonly string[];
  readonly pausesMs?: readonly number[] | undefined;
  /** Tells the event's noun that one endpoint has answered. */
  readonly delivered: (unit: Unit, event: Event) => void;
}

export interface Delivery {
  offer(unit: Unit, event: Event, endpoints: readonly WebhookEndpoint[]): void;
  attempts(): readonly Attempt[];
  close(): void;
}

/** What Stripe's live mode was seen to do: 5 min, 30 min, 2 h, 5 h, 10 h, then every 12 h up to three days. */
const pausesDefaultMs: readonly number[] = [5 * minuteMs, 30 * minuteMs, 2 * hourMs, 5 * hourMs, 10 * hourMs].concat(
  new Array<number>(5).fill(12 * hourMs),
);
/** People report ten seconds. */
const answerTimeoutMs = 10_000;
/** So that one slow receiver does not open a thousand connections. */
const inFlightMax = 16;
/** The log keeps the newest tries; a day of development makes far fewer. */
const attemptsKeptMax = 10_000;

interface Task {
  readonly account: Unit["account"];
  readonly eventId: string;
  readonly endpointId: string;
  readonly number: number;
}

export function createDelivery(world: World, options: DeliveryOptions): Delivery {
  const { clock } = world;
  const log: Attempt[] = [];
  const waiting: Task[] = [];
  const pausesMs = options.pausesMs ?? pausesDefaultMs;
  let inFlight = 0;
  let isClosed = false;

  const record = (task: Task, type: string, outcome: Attempt["outcome"], answer: string): void => {
    const { eventId, endpointId, number } = task;
    if (log.length >= attemptsKeptMax) log.splice(0, attemptsKeptMax / 10);
    log.push({ at: clock.now(), event: eventId, type, endpoint: endpointId, number, outcome, answer });
    tell(world, "delivery", task.account, eventId, `${type} → ${endpointId}: ${outcome} (${answer}, try ${number})`);
  };

  const again = (task: Task): void => {
    const pause = pausesMs[task.number - 1];
    if (pause === undefined) return;
    world.agenda.at(clock.now() + pause, () => enqueue({ ...task, number: task.number + 1 }));
  };

  const send = async (task: Task, stop: AbortSignal): Promise<void> => {
    const unit = tickUnit(world, task.account);
    const event = read(unit, events, task.eventId);
    const endpoint = read(unit, webhookEndpoints, task.endpointId);
    // A deleted or disabled endpoint drops its pending tries.
    if (!event || endpoint?.status !== "enabled") return;
    if (!mayReach(endpoint.url, options.deliverTo)) {
      record(task, event.type, "held", "external");
      return;
    }
    const body = eventBody(world, task.account, event, endpoint.api_version ?? task.account.defaultVersion);
    const answer = await post(world, options.fetch, endpoint, body, stop);
    if (isClosed || stop.aborted) return;
    const isDelivered = typeof answer === "number" && answer >= 200 && answer < 300;
    record(task, event.type, isDelivered ? "delivered" : "failed", String(answer));
    if (!isDelivered) {
      again(task);
      return;
    }
    const after = tickUnit(world, task.account);
    options.delivered(after, event);
    commit(after);
  };

  const next = (): void => {
    while (!isClosed && inFlight < inFlightMax) {
      const task = waiting.shift();
      if (!task) return;
      inFlight++;
      options.run("sandbox.delivery", async (stop) => {
        try {
          await send(task, stop);
        } finally {
          inFlight--;
          next();
        }
      });
    }
  };

  const enqueue = (task: Task): void => {
    waiting.push(task);
    next();
  };

  return {
    offer(unit, event, endpoints) {
      for (const endpoint of endpoints) {
        const task = { account: unit.account, eventId: event.id, endpointId: endpoint.id, number: 1 };
        world.agenda.at(clock.now(), () => enqueue(task));
      }
    },
    attempts: () => log,
    close() {
      isClosed = true;
      waiting.length = 0;
    },
  };
}

async function post(
  world: World,
  fetch: Fetch,
  endpoint: WebhookEndpoint,
  body: string,
  stop: AbortSignal,
): Promise<number | string> {
  const seconds = Math.floor(world.clock.now() / 1000);
  const done = new AbortController();
  const tooLate = new AbortController();
  const cancel = () => tooLate.abort();
  stop.addEventListener("abort", cancel);
  const timeout = world.clock.sleep(answerTimeoutMs, done.signal).then(() => {
    tooLate.abort();
    return "timed out";
  });
  const request = fetch(endpoint.url, {
    method: "POST",
    headers: deliveryHeaders(signatureHeader({ body, secrets: secretsOf(endpoint), seconds })),
    body,
    // A redirect is a failure: the signature was made for this address.
    redirect: "manual",
    signal: tooLate.signal,
  }).then(
    async (response) => {
      await response.body?.cancel();
      return response.status;
    },
    (error: unknown) => (error instanceof Error ? `${error.name}: ${causeOf(error)}` : String(error)),
  );
  const answer = await Promise.race([request, timeout]);
  stop.removeEventListener("abort", cancel);
  done.abort();
  return answer;
}

function causeOf(error: Error): string {
  const cause = error.cause as { code?: unknown } | undefined; // undici puts ECONNREFUSED here.
  return typeof cause?.code === "string" ? cause.code : error.message;
}

function mayReach(url: string, deliverTo: readonly string[]): boolean {
  const host = URL.parse(url)?.hostname ?? "";
  if (host === "localhost" || host.endsWith(".localhost") || host === "[::1]") return true;
  return /^127\.\d+\.\d+\.\d+$/.test(host) || deliverTo.includes(host);
}
