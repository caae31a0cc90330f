// One life of a billing process inside this one, which can be killed as SIGKILL kills: at a chosen await, without a
// `finally` running anywhere.
//
// - A point is an await of a port: a statement, a request to Stripe, a sleep. Points are numbered from the first one of
//   the life; what runs between two points is one piece for the world outside, so cutting at each point is complete.
// - A killed life's port calls never resolve again, so its suspended functions are abandoned where they stand. Its
//   connections are cut, which rolls back what was open; its log is mute.
// - Bytes that left before the cut stay sent: the kill falls after the statement or the request was executed and before
//   its answer is heard.
import type { Clock } from "#kit/clock.ts";
import { createIds } from "#kit/ids.ts";
import type { Log } from "#kit/log.ts";
import type { Fetch, Ports } from "#kit/ports.ts";
import { seededRandom } from "#kit/random.ts";
import type { Mortality } from "#kit/sql/engine.ts";
import { requestLine } from "./faults.ts";

export interface Incarnation {
  readonly number: number;
  readonly ports: Ports;
  /** What it has waited for so far, in order: "sql", "POST /v1/payment_intents", "sleep". */
  readonly points: readonly string[];
  isDead(): boolean;
  kill(): void;
  /** Resolves at the kill. */
  readonly death: Promise<void>;
  /** Breaks the requests that a kill left hanging, so that no timer around them keeps the real process alive. */
  release(): void;
}

export interface IncarnationOptions {
  readonly world: Ports;
  readonly seed: number;
  readonly number: number;
  /** The network as this process sees it. */
  readonly fetch: Fetch;
  /** The point at which it dies by itself: its number, counted from 1, or its name. */
  readonly killAt?: number | string;
}

/** `const life = createIncarnation({ world, seed: 7, number: 1, fetch, killAt: 12 })` */
export function createIncarnation(options: IncarnationOptions): Incarnation {
  const { world, seed, number, killAt } = options;
  const points: string[] = [];
  const end = new AbortController();
  const { promise: death, resolve: die } = Promise.withResolvers<void>();
  const abandoned: (() => void)[] = [];

  const kill = () => {
    if (end.signal.aborted) return;
    end.abort();
    for (const abandon of abandoned) abandon();
    die();
  };
  const done = Promise.resolve();
  const never = <T>() => new Promise<T>(() => {});
  const { promise: released, reject: release } = Promise.withResolvers<never>();
  released.catch(() => {}); // usually nobody is waiting
  const pass = async <T>(label: string, work: Promise<T>, afterDeath: () => Promise<T> = never): Promise<T> => {
    if (end.signal.aborted) return afterDeath();
    const settled = await work.then(
      (value) => ({ value }),
      (error: unknown) => ({ error }),
    );
    if (end.signal.aborted) return afterDeath();
    points.push(label);
    if (points.length === killAt || label === killAt) {
      kill();
      return afterDeath();
    }
    if ("error" in settled) throw settled.error;
    return settled.value;
  };

  const hold = <T>(work: Promise<T>) => work.then((value) => (end.signal.aborted ? never<T>() : value));
  const during = world.clock.during ?? ((work) => work);
  const clock: Clock = {
    ...world.clock,
    sleep: (ms, signal, quietMs) =>
      pass("sleep", world.clock.sleep(ms, signal ? AbortSignal.any([signal, end.signal]) : end.signal, quietMs)),
    // Its statements are points already; a unit that the kill left standing is not waited for.
    during: (work) => hold(during(Promise.race([work, death]) as typeof work)),
  };
  const mortality: Mortality = {
    // Nothing has happened yet at "begin".
    faults: ({ point, label }) =>
      point === "begin" && !end.signal.aborted ? undefined : pass(`${label} (${point})`, done),
    atDeath: (cut) => void (end.signal.aborted ? cut() : abandoned.push(cut)),
  };
  return {
    number,
    points,
    death,
    kill,
    isDead: () => end.signal.aborted,
    release: () => release(new TypeError("fetch failed", { cause: new Error("the testbed was closed") })),
    ports: {
      ...world,
      clock,
      // A new process draws new numbers: ids made before the kill must not be made again.
      random: (stream) => seededRandom(seed, `billing ${number} ${stream}`),
      ids: createIds(seededRandom(seed, `billing ${number} ids`)),
      fetch: (input, init) => {
        if (end.signal.aborted) return released;
        return pass(requestLine(input, init), options.fetch(input, init), () => released);
      },
      log: mortal(world.log, end.signal),
      mortality,
    },
  };
}

function mortal(log: Log, dead: AbortSignal): Log {
  return {
    info: (event, fields) => dead.aborted || log.info(event, fields),
    warn: (event, fields) => dead.aborted || log.warn(event, fields),
    error: (event, fields) => dead.aborted || log.error(event, fields),
    child: (fields) => mortal(log.child(fields), dead),
  };
}
