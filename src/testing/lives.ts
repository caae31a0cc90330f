// The lives of one billing: booted, killed, booted again on the same database; and its twins, other processes on it.
import type { VirtualClock } from "#kit/clock.ts";
import { createIds } from "#kit/ids.ts";
import type { Fetch, Ports } from "#kit/ports.ts";
import { problem } from "#kit/problems.ts";
import { seededRandom } from "#kit/random.ts";
import { type Billing, type BillingOptions, createBilling } from "../billing/index.ts";
import { untilSettled } from "./driven.ts";
import { createIncarnation, type Incarnation } from "./incarnation.ts";
import { billingUrl, sandboxUrl } from "./network.ts";
import { check } from "./options.ts";

/**
 * The keys of the testbed's account at its sandbox.
 * @example secretKey // "sk_test_testbed"
 */
export const secretKey = "sk_test_testbed";
/** @example publishableKey // "pk_test_testbed" */
export const publishableKey = "pk_test_testbed";

export interface Life extends Incarnation {
  billing?: Billing;
}

export interface LivesOptions {
  readonly world: Ports & { readonly clock: VirtualClock };
  readonly seed: number;
  readonly settings: BillingOptions;
  readonly fetch: Fetch;
  readonly handlers?: (billing: Billing) => void;
  readonly isStarted?: boolean;
  readonly killAt?: number | string;
}

/**
 * What createBilling needs inside a testbed: for a process of a test's own beside those of the testbed.
 * @example billingSettings("sqlite:a.db", "whsec_x").publicUrl // "http://127.0.0.1:12222"
 */
export function billingSettings(database: string, webhookSecret: string): BillingOptions {
  return {
    stripe: { secretKey, publishableKey, webhookSecrets: [webhookSecret], apiBase: sandboxUrl },
    database,
    publicUrl: billingUrl,
  };
}

const bootsMax = 3; // only the first incarnation is told to die; a second death is a bug

/** Starts billing when it is dead, or was never alive. */
export async function ensureLife(lives: Life[], options: LivesOptions): Promise<void> {
  const { world, seed, fetch } = options;
  for (let tries = 0; lives.at(-1)?.isDead() ?? true; tries++) {
    if (tries === bootsMax) throw problem("unavailable", `billing died ${bootsMax} times while starting`);
    const number = lives.length + 1;
    const killAt = number === 1 ? options.killAt : undefined;
    const life: Life = createIncarnation({ world, seed, number, fetch, killAt });
    lives.push(life);
    await untilSettled(world.clock, Promise.race([start(life, options), life.death]));
  }
}

async function start(life: Life, { settings, handlers, isStarted = true }: LivesOptions): Promise<void> {
  const billing = await createBilling(settings, life.ports);
  handlers?.(billing);
  if (isStarted) await billing.start();
  life.billing = billing;
}

/** A dead process refuses connections, and one that dies while it works breaks them. */
export async function receive(life: Life | undefined, request: Request): Promise<Response> {
  const broken = () => new TypeError("fetch failed", { cause: new Error("ECONNRESET") });
  if (!life?.billing || life.isDead()) throw broken();
  const died = life.death.then(() => {
    throw broken();
  });
  return Promise.race([life.billing.fetch(request), died]);
}

/** Another process on the same database, with chance of its own. It runs no workers unless it is started. */
export function openTwin({ world, seed, settings, fetch }: LivesOptions): Promise<Billing> {
  const random = (stream: string) => seededRandom(seed, `twin ${stream}`);
  return createBilling(settings, { ...world, fetch, random, ids: createIds(random("ids")) });
}

/** The ports of another process, which can be killed. */
export function mortalLife({ world, seed, fetch }: LivesOptions, killAt?: number | string): Incarnation {
  check.killAt(killAt);
  return createIncarnation({ world, seed, number: 2, fetch, ...(killAt !== undefined && { killAt }) });
}
