// READ FIRST. The kernel of billing in five files, in this order: this one; contract/manifest.ts, what a room says of
// itself; contract/verb.ts, how something is changed at Stripe; journal/operations.ts, how that is carried out;
// inbox/work.ts, how what happened is learnt. What follows from either is changes/react.ts.
//
// Puts the kernel together and keeps it running: what index.ts, the resources and the HTTP room stand on.

import type { Instant } from "#kit/clock.ts";
import type { Ports, Running } from "#kit/ports.ts";
import { isProblem, problem } from "#kit/problems.ts";
import { lockWorkers, type WorkerLock } from "#kit/sql/sqlite/worker_lock.ts";
import { withDeadline } from "#kit/waiting/deadline.ts";
import type { BillingOptions } from "../api/index.ts";
import { createAccountCheck } from "./account.ts";
import { guarded, type LastDid, lastDid, neverDid, noteDone, workChores } from "./chores.ts";
import { createRegistry, type Kernel } from "./contract/context.ts";
import type { Manifest } from "./contract/manifest.ts";
import { createTurns } from "./inbox/alone.ts";
import { catchUp } from "./inbox/catch_up.ts";
import { lanesMax } from "./inbox/claim.ts";
import { createInbox, type Inbox } from "./inbox/intake/accept.ts";
import { workInbox } from "./inbox/work.ts";
import { commandWaitMs, createOperations, type Operations } from "./journal/operations.ts";
import { flagOrphans } from "./orphans.ts";
import { createOutbox, type Outbox } from "./outbox/outbox.ts";
import { openInstance } from "./store/instance.ts";
import { createPace } from "./store/pace.ts";
import type { BillingSql } from "./store/tables.ts";
import { createGateway, needStripeTime } from "./stripe/gateway.ts";
import { createGovernor, looksPerSecond } from "./stripe/governor.ts";
import { createHealth } from "./stripe/health.ts";
import { correctedClock } from "./stripe/stripe_time.ts";
import { workTimers } from "./timers/timers.ts";
import { runWorkers } from "./workers.ts";

/** More rounds than this in one drain is work that makes work. */
const drainRoundsMax = 10_000;

export interface BillingCore {
  readonly sql: BillingSql;
  readonly ports: Ports;
  readonly options: BillingOptions;
  readonly kernel: Kernel;
  readonly operations: Operations;
  readonly outbox: Outbox;
  readonly inbox: Inbox;
  /** Resolves after COMMIT; throws a Problem with its HTTP status for what is not accepted. */
  acceptWebhook(rawBody: Uint8Array, signatureHeader: string | null): Promise<{ status: 200 }>;
  health(): Promise<HealthReport>;
  /** What a caller waits for: ten seconds for all of it, also where it is several operations and looks. */
  command<T>(work: () => Promise<T>): Promise<T>;
  /**
   * Before whatever writes: Stripe's time is asked for, and handlers are written down, so that no fact passes them by.
   * Throws while Stripe's time cannot be known: then nothing can be dated.
   */
  ready(): Promise<void>;
  /** Stripe's time, or undefined while it is not known: for what can do without. */
  knownTime(): Instant | undefined;
  /**
   * The day of what the host writes down and Stripe hears nothing of: Stripe's time, or the machine's while Stripe is
   * away. Only for what nothing is decided by.
   */
  today(): Promise<Instant>;
  catchUp(): Promise<{ found: number }>;
  /** Works what is due for at most maxMs; answers how much moved. */
  work(maxMs: number): Promise<number>;
  start(): Promise<void>;
  close(): Promise<void>;
}

export interface HealthReport {
  readonly ok: boolean;
  /** Whether workers run in this process. Without them receipts are stored and wait for tick(). */
  readonly workers: boolean;
  /** Whether Stripe's time is known: webhooks outside the tolerance are told to come back until then. */
  readonly stripeTimeKnown: boolean;
  readonly reasons: Readonly<Record<string, string>>;
  readonly webhooksRefused: Readonly<Record<string, number>>;
  /** When each chore was last done to its end, by whoever works on this database; null for never. */
  readonly lastDid: LastDid;
}

export async function createCore(input: {
  options: BillingOptions;
  ports: Ports;
  sql: BillingSql;
  manifests: readonly Manifest[];
}): Promise<BillingCore> {
  const { options, sql } = input;
  const mode = /^(sk|rk)_live_/.test(options.stripe.secretKey) ? "live" : "test";
  const instance = await openInstance(sql, input.ports.ids, mode);
  const health = createHealth();
  const governor = createGovernor({ sql, clock: input.ports.clock, mode });
  const { secretKey, apiBase = "https://api.stripe.com" } = options.stripe;
  const gateway = createGateway({ secretKey, apiBase, ports: input.ports, governor, health });
  const ports: Ports = { ...input.ports, clock: correctedClock(input.ports.clock, gateway.time) };
  const registry = createRegistry(input.manifests);
  const owner = ports.ids.next("worker", 12);
  const pace = createPace(ports.clock, lanesMax);
  const turns = createTurns(ports.clock, looksPerSecond(mode));
  const own = { owner, noted: new Map(), pace, stranded: [], turns };
  const kernel: Kernel = { sql, ports, gateway, health, registry, instance, mode, ...own };
  const inbox = createInbox(kernel, options.stripe.webhookSecrets);
  const operations = createOperations(kernel);
  const outbox = createOutbox({ sql, ports });
  const meetStripe = createMeeting({ kernel, operations, outbox });
  const rest = { running: [], lock: { held: undefined } };
  const parts: Parts = { kernel, options, inbox, operations, outbox, meetStripe, ...rest };
  return coreOf(parts);
}

interface Parts {
  readonly kernel: Kernel;
  readonly options: BillingOptions;
  readonly inbox: Inbox;
  readonly operations: Operations;
  readonly outbox: Outbox;
  readonly meetStripe: () => Promise<void>;
  readonly running: Running[];
  readonly lock: { held: WorkerLock | undefined };
}

function coreOf(parts: Parts): BillingCore {
  const { kernel, options, inbox, operations, outbox, running } = parts;
  const { sql, ports, health } = kernel;
  return {
    sql,
    ports,
    options,
    kernel,
    operations,
    outbox,
    inbox,
    acceptWebhook: (rawBody, signatureHeader) => inbox.accept(rawBody, signatureHeader),
    async health() {
      health.set("stripe_time", (await kernel.gateway.knowTime()) ? null : timeUnknown);
      const database = await readHealth(kernel);
      const reasons = { ...health.reasons(), ...database.reasons };
      return {
        ok: Object.keys(reasons).length === 0,
        workers: running.length > 0,
        stripeTimeKnown: kernel.gateway.time.isKnown(),
        reasons,
        webhooksRefused: inbox.refused.counts(),
        lastDid: database.lastDid,
      };
    },
    command: (work) => withDeadline(ports.clock, commandWaitMs, work),
    ready: parts.meetStripe,
    knownTime: () => kernel.gateway.time.known(),
    async today() {
      await parts.meetStripe().catch(passAway);
      return kernel.gateway.time.known() ?? kernel.gateway.time.latest();
    },
    async catchUp() {
      await parts.meetStripe();
      const found = await catchUp(kernel, inbox);
      await noteDone(kernel, "catch_up");
      return found;
    },
    work: (maxMs) => workAll(parts, maxMs),
    start: () => startWorkers(parts),
    async close() {
      for (const loop of running) loop.stop();
      await Promise.all([outbox.rest(), operations.rest(), ...running.map((loop) => loop.stopped)]);
      running.length = 0;
      await outbox.rest();
      parts.lock.held?.release();
      parts.lock.held = undefined;
      await sql.close();
    },
  };
}

const timeUnknown = "Stripe has not answered yet, so its time is not known: webhooks are told to come back";

async function readHealth(kernel: Kernel): Promise<Pick<HealthReport, "reasons" | "lastDid">> {
  try {
    return { reasons: {}, lastDid: await lastDid(kernel) };
  } catch (error) {
    const text = `The database does not answer: ${error instanceof Error ? error.message : String(error)}`;
    return { reasons: { database: text }, lastDid: neverDid };
  }
}

/**
 * What must be known of Stripe before anything is begun: its time, without which nothing can be dated, and that it is
 * the account of this database. Then whoever wants facts is written down, so that none passes them by.
 */
function createMeeting(parts: Pick<Parts, "kernel" | "operations" | "outbox">): () => Promise<void> {
  const { kernel, operations, outbox } = parts;
  const checkAccount = createAccountCheck(kernel);
  let hasLeftOthers = false;
  return async () => {
    await needStripeTime(kernel.gateway);
    await checkAccount();
    if (!hasLeftOthers) await operations.leaveOthers();
    hasLeftOthers = true;
    await outbox.register();
  };
}

/** That Stripe does not answer keeps nobody from what is not about Stripe. */
function passAway(error: unknown): void {
  if (!isProblem(error, "stripe_unreachable")) throw error;
}

async function workAll(parts: Parts, maxMs: number): Promise<number> {
  const { kernel, operations, outbox } = parts;
  const { clock } = kernel.ports;
  const deadlineMs = clock.monotonicMs() + maxMs;
  await parts.meetStripe();
  let worked = await workChores(kernel, parts.inbox);
  await guarded(kernel, "orphans", () => flagOrphans(kernel, outbox.handlers()));
  for (let round = 0; round < drainRoundsMax; round++) {
    const timers = Math.max(0, await guarded(kernel, "timers", () => workTimers(kernel)));
    const moved = (await operations.work()) + (await workInbox(kernel)) + timers + (await outbox.work());
    worked += moved;
    if (moved === 0) return worked;
    if (clock.monotonicMs() < deadlineMs) continue;
    await outbox.rest();
    return worked;
  }
  throw problem("internal", `Work was not done after ${drainRoundsMax} rounds`, {
    hint: "Does a handler make the fact that it handles?",
  });
}

async function startWorkers(parts: Parts): Promise<void> {
  const { kernel, options, running, lock } = parts;
  if (running.length > 0) {
    throw problem("second_worker", "The workers of this billing run already", {
      hint: "start() is called once, by whoever calls close() in the end.",
    });
  }
  lock.held = lockWorkers(options.database, kernel.ports.mortality);
  try {
    // Workers begin while Stripe is away, too: they meet it before they work.
    if (await kernel.gateway.knowTime()) await parts.meetStripe();
  } catch (error) {
    lock.held?.release();
    lock.held = undefined;
    throw error;
  }
  running.push(...runWorkers(parts));
}
