// Makes the ports: the machine's own for production, a world with a seed and a virtual clock for tests and stories.
import { type Clock, type Instant, minuteMs, systemClock, type VirtualClock, virtualClock } from "./clock.ts";
import { createIds } from "./ids.ts";
import { createLog, type Log, silentLog, standardOutput } from "./log.ts";
import type { Fetch, Ports, Running } from "./ports.ts";
import { seededRandom, systemRandom } from "./random.ts";
import { createRest } from "./rest.ts";
import { assertOutsideTransaction, runOutside } from "./sql/inside.ts";
import { withoutDeadline } from "./waiting/deadline.ts";

/** The real world: the machine's clock and chance, the network, one JSON line per log event on standard output. */
export function systemPorts(options: { log?: Log; unitMaxMs?: number } = {}): Ports {
  const clock = guardClock(systemClock());
  const log = options.log ?? createLog({ clock, write: standardOutput() });
  const random = systemRandom();
  return {
    clock,
    random: () => random,
    ids: createIds(random),
    fetch: guardFetch((input, init) => fetch(input, init)),
    log,
    run: createRun(log),
    maybe: () => false,
    ...(options.unitMaxMs !== undefined && { unitMaxMs: options.unitMaxMs }),
  };
}

/** Of a test nothing depends on how fast its machine is: only what never ends is ended. */
export const unitOfTestMaxMs = minuteMs;

export interface TestPortsOptions {
  readonly seed: number;
  readonly start?: Instant;
  /** The network of this world, such as `sandbox.fetch`. Without it the real one is used, and waited for. */
  readonly fetch?: Fetch;
  /** Receives the log's lines; nothing is logged without it. */
  readonly write?: (line: string) => void;
  readonly maybe?: (name: string) => boolean;
}

export type TestPorts = Ports & { readonly clock: VirtualClock };

/** The first instant of a test's world: 2026-11-02T09:00:00Z, a Monday after the newest API version. */
export const testStart: Instant = Date.UTC(2026, 10, 2, 9);

/** `const ports = testPorts({ seed: 7 }); await ports.clock.advance(31 * dayMs)` */
export function testPorts({ seed, start = testStart, fetch: given, write, maybe }: TestPortsOptions): TestPorts {
  const rest = createRest();
  const inner = virtualClock({ start, rest: rest.untilQuiet });
  const clock: VirtualClock = {
    ...guardClock(inner),
    during: rest.during,
    advance: inner.advance,
    nextAt: inner.nextAt,
  };
  const log = write ? createLog({ clock, write }) : silentLog();
  // A fetch that was given stays in this process and sleeps on this clock: waiting for it would stop the clock.
  const network: Fetch = given ?? ((input, init) => rest.during(fetch(input, init)));
  return {
    clock,
    random: (stream) => seededRandom(seed, stream),
    ids: createIds(seededRandom(seed, "ids")),
    fetch: guardFetch(network),
    log,
    run: createRun(log),
    maybe: maybe ?? (() => false),
    unitMaxMs: unitOfTestMaxMs,
  };
}

function guardClock<C extends Clock>(clock: C): C {
  return {
    ...clock,
    sleep: async (ms: number, signal?: AbortSignal, quietMs?: number) => {
      assertOutsideTransaction(`A sleep of ${ms} ms`);
      return clock.sleep(ms, signal, quietMs);
    },
  };
}

function guardFetch(inner: Fetch): Fetch {
  return async (input, init) => {
    assertOutsideTransaction("A network call");
    return inner(input, init);
  };
}

function createRun(log: Log): Ports["run"] {
  return (name, loop): Running => {
    const abort = new AbortController();
    const start = (work: () => Promise<void>) => withoutDeadline(() => runOutside(work));
    const stopped = start(async () => {
      try {
        await loop(abort.signal);
      } catch (error) {
        log.error("run.failed", { loop: name, error });
        // Loud: a loop that died unnoticed is a queue that nobody works. The process ends, its supervisor restarts it.
        setImmediate(() => {
          throw error;
        });
      }
    });
    return { name, stop: () => abort.abort(), stopped };
  };
}
