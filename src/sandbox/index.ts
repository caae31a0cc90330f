// createSandbox() is the only door of the sandbox: a local Stripe as a fetch handler, on TCP, and on a unix socket.

import "#kit/options/node_version.ts";
import { systemPorts } from "#kit/create_ports.ts";

export type { SandboxLine } from "./kernel/records/history.ts";
export type { BankCheck, BillingSettings, Settlement } from "./kernel/state/unit.ts";

import { silentLog } from "#kit/log.ts";
import { givenOptions } from "#kit/options/options.ts";
import type { Fetch } from "#kit/ports.ts";
import { problem } from "#kit/problems.ts";
import { createParts } from "./assemble.ts";
import { openJournal } from "./kernel/keep/journal.ts";
import { applyBatches, parseSnapshot, snapshotLines } from "./kernel/keep/snapshot.ts";
import type { Attempt } from "./kernel/records/attempts.ts";
import type { Faults } from "./kernel/records/faults.ts";
import type { StripeObject } from "./kernel/state/noun.ts";
import { fetchAnswer, type HttpOptions, type Listening, listenOnSocket, listenOnTcp } from "./kernel/wire/http.ts";
import type { Seed } from "./kernel/wire/seed.ts";
import { check, checkSandboxOptions, type SandboxOptions, type SandboxPorts } from "./options.ts";
import { forgetAll, registerEndpoint, revokeFromOutside, rollFromOutside, seedFromOutside } from "./outside.ts";

export type { Attempt } from "./kernel/records/attempts.ts";
export type { Fault, FaultRule, Faults } from "./kernel/records/faults.ts";
export type { PageRequest, PageRoute } from "./kernel/wire/pages.ts";
export type { Seed } from "./kernel/wire/seed.ts";
export type { EndpointOption, SandboxOptions } from "./options.ts";

export interface Sandbox {
  /** The whole sandbox in this process: `fetch(new Request("http://sandbox/v1/customers", …))`. */
  fetch: Fetch;
  /** `socketPath` is a unix socket to listen on as well, for the official CLI: `STRIPE_CLI_UNIX_SOCKET`. */
  listen(where: { port: number; host?: string; socketPath?: string }): Promise<Listening>;
  listenOnSocket(path: string): Promise<Listening>;
  /** Begins to deliver and to let time do its work. `listen` does it too. */
  start(): void;
  /** Every try of every delivery, oldest first. */
  attempts(): readonly Attempt[];
  /** What goes wrong on purpose: `sandbox.faults.add({ kind: "server_error", path: "/v1/refunds" })`. */
  readonly faults: Faults;
  /** The Stripe-Version of calls that name none: what was given, or the default of an account. */
  readonly defaultVersion: string;
  /** Puts an object down under an id of your choice: `seed({ key, path: "/v1/customers", id: "cus_ada" })`. */
  seed(seed: Seed): StripeObject;
  /**
   * All accounts, objects and their histories, kept answers, tries of deliveries, faults that were added, revoked keys,
   * timelines, and what is still to be done, as lines of text for `restore`. Lines, because one text of them all
   * can be longer than a string may be.
   */
  snapshot(): readonly string[];
  /** Back to what a snapshot says. Throws a Problem, and changes nothing, when a line of it is damaged. */
  restore(snapshot: Iterable<string>): void;
  /** From now on the key answers 401. */
  revoke(key: string): void;
  /**
   * Gives a webhook endpoint (`we_…`) a new signing secret and answers it. The old one signs beside it for
   * `oldEndsInMs` more: none when absent, a day at most. Throws a Problem.
   * https://docs.stripe.com/webhooks#roll-endpoint-secrets
   */
  rollSecret(endpoint: string, options?: { readonly oldEndsInMs?: number }): string;
  close(): Promise<void>;
}

/**
 * A local Stripe. It answers at once; `start` (or `listen`) lets deliveries and time begin.
 * @example
 * const sandbox = createSandbox();
 * const httpClient = Stripe.createFetchHttpClient(sandbox.fetch);
 * const stripe = new Stripe("sk_test_x", { httpClient, telemetry: false });
 * const customer = await stripe.customers.create({ name: "Ada" });
 * customer.name // "Ada"
 */
export function createSandbox(given: SandboxOptions = {}): Sandbox {
  checkSandboxOptions(given);
  const options: SandboxOptions & SandboxPorts = { ...systemPorts({ log: silentLog() }), ...givenOptions(given) };
  const { run } = options;
  let baseUrl = options.baseUrl ?? "http://127.0.0.1";
  const { world, delivery, stripeCli, router, http, take, faults } = createParts(options, () => baseUrl);
  if (options.dataFolder !== undefined) {
    const { journal, kept } = openJournal(world, options.dataFolder, run);
    take(kept);
    world.journal = journal;
    journal.rewrite();
  }
  for (const endpoint of options.webhookEndpoints ?? []) registerEndpoint(world, endpoint);

  const loops: { stop(): void; stopped: Promise<void> }[] = [];
  const listening: Listening[] = [];
  const start = (): void => {
    if (loops.length === 0) loops.push(run("sandbox.timeline", world.timelines.world.loop));
  };
  return {
    fetch: (input, init) => fetchAnswer(http, new Request(input, init)),
    async listen(where) {
      const [tcp, socket] = await openTcp(http, where);
      listening.push(tcp, ...(socket ? [socket] : []));
      if (!options.baseUrl) baseUrl = tcp.url;
      start();
      return tcp;
    },
    async listenOnSocket(path) {
      const opened = await openSocket(http, path);
      listening.push(opened);
      start();
      return opened;
    },
    start,
    attempts: world.attempts.all,
    faults,
    defaultVersion: world.accounts.defaultVersion,
    seed: (seed) => seedFromOutside(world, router, seed),
    snapshot: () => [...snapshotLines(world)],
    restore(snapshot) {
      const lines = check.snapshot(snapshot);
      const batches = parseSnapshot(lines);
      forgetAll(world);
      delivery.forget();
      take(applyBatches(world, batches));
      world.journal?.rewrite();
    },
    revoke: (key) => revokeFromOutside(world, key),
    rollSecret: (endpoint, given = {}) => rollFromOutside(world, endpoint, given),
    async close() {
      stripeCli.close();
      for (const opened of listening.splice(0)) await opened.close();
      delivery.close();
      world.timelines.clear();
      for (const loop of loops.splice(0)) {
        loop.stop();
        await loop.stopped;
      }
      world.journal?.close();
    },
  };
}

type Where = Parameters<Sandbox["listen"]>[0];

async function openTcp(http: HttpOptions, where: Where): Promise<[Listening, Listening | undefined]> {
  check.listen(where);
  const { port, host = "127.0.0.1", socketPath } = where;
  const tcp = await opening(`port ${port} of ${host}`, () => listenOnTcp(http, { port, host }));
  if (!socketPath) return [tcp, undefined];
  try {
    return [tcp, await openSocket(http, socketPath)];
  } catch (error) {
    await tcp.close();
    throw error;
  }
}

function openSocket(http: HttpOptions, path: string): Promise<Listening> {
  check.text("path", path);
  return opening(path, () => listenOnSocket(http, path));
}

/** Why an address cannot be listened on is for whoever named it. */
async function opening<T>(where: string, open: () => Promise<T>): Promise<T> {
  try {
    return await open();
  } catch (cause) {
    const { code } = Object(cause) as { code?: unknown };
    const isTaken = code === "EADDRINUSE";
    throw problem(
      "invalid_config",
      isTaken ? `Another program listens on ${where}` : `${where} cannot be listened on`,
      {
        hint: isTaken
          ? "End it, or name another port; port 0 takes any free one."
          : "Is it an address of this machine, and may this user open it?",
        cause,
      },
    );
  }
}
