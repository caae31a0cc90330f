// What tests of every room share. How much of a long one runs: a sample in `npm test`, everything in
// `npm run test:all`, which sets BURSAR_TEST_ALL.
import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:net";

/** Whether this run takes the time for all of it. */
export const isWholeRun = process.env.BURSAR_TEST_ALL === "1";

/** `cases(2, 10)`: the first number in `npm test`, the second in `npm run test:all`. */
export function cases(sampled: number, whole: number): number {
  return isWholeRun ? whole : sampled;
}

/**
 * `{ numRuns: draws(200, 10_000) }`: how often chance is asked. What it finds it finds early, and a machine that has
 * little time plays a part of the second number: `BURSAR_TEST_DRAWS=0.05`, as CI does.
 */
export function draws(sampled: number, whole: number): number {
  return cases(sampled, Math.max(sampled, Math.ceil(whole * part)));
}

/** Every so many of what is counted, such as the awaits of a life: `stride(40)` is 40, in the whole run 1, in CI 20. */
export function stride(sampled: number): number {
  return cases(sampled, Math.min(sampled, Math.round(1 / part)));
}

const part = Number(process.env.BURSAR_TEST_DRAWS ?? 1);

/** A whole run on a machine that has little time, as CI is. */
export const isPartOfWhole = isWholeRun && part < 1;

/** Whether every test is played on PostgreSQL too: CI's `BURSAR_TEST_POSTGRES=all`, and a whole run. */
export const isWholeOnPostgres = isWholeRun || process.env.BURSAR_TEST_POSTGRES === "all";

// Below the ports that systems hand out: while nobody listens, another process would be given one of theirs, and a
// client that asks again and again may even connect to itself.
const portMin = 20_000;
const portMax = 31_999;

/** A port that nobody listens on, for a process that is to come back on the same one; not below `from`. */
export async function freePort(from = portMin + ((process.pid * 37) % (portMax - portMin))): Promise<number> {
  for (let port = from; port <= portMax; port++) {
    if (await isFree(port)) return port;
  }
  throw new Error(`No port from ${from} to ${portMax} is free`);
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer().listen(port, "127.0.0.1");
  const isOurs = await once(server, "listening").then(
    () => true,
    () => false,
  );
  server.close();
  return isOurs;
}

/**
 * Waits for what others bring about; each time it is asked whether `holds`, they go on. What never comes is a failure,
 * also on a machine that is busy.
 */
export async function until(
  what: string | (() => string),
  holds: () => boolean | Promise<boolean>,
  { pauseMs = 0, maxMs = 60_000 } = {},
): Promise<void> {
  const late = AbortSignal.timeout(maxMs);
  while (!(await holds())) {
    assert.ok(!late.aborted, `waited in vain for ${typeof what === "string" ? what : what()}`);
    await new Promise<void>((resolve) => (pauseMs > 0 ? setTimeout(resolve, pauseMs) : setImmediate(resolve)));
  }
}
