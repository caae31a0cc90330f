// Ending well: the first Ctrl-C closes everything in order, a second one ends at once.

const sameSignalMs = 500; // a terminal's Ctrl-C reaches us twice: directly, and handed down by scripts/start.mjs
const closingMsMax = 10_000; // what is still under way is in the journal and goes on at the next start

/** Resolves at the first SIGINT, SIGTERM or SIGHUP. A later one ends the process. */
export function untilSignal(): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    let firstAt: number | undefined;
    const onSignal = (signal: NodeJS.Signals) => {
      if (firstAt === undefined) {
        firstAt = performance.now();
        resolve(signal);
      } else if (performance.now() - firstAt > sameSignalMs) {
        process.exit(130);
      }
    };
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, onSignal);
  });
}

/** Runs the steps one after the other, each even when the one before failed; gives up after ten seconds. */
export async function closeAll(steps: readonly (() => unknown)[]): Promise<void> {
  const giveUp = setTimeout(() => {
    process.stderr.write("bursar: closing took longer than ten seconds; ended.\n");
    process.exit(1);
  }, closingMsMax);
  for (const step of steps) {
    try {
      await step();
    } catch (error) {
      process.stderr.write(`bursar: while closing: ${error instanceof Error ? error.message : String(error)}\n`);
      process.exitCode = 1;
    }
  }
  clearTimeout(giveUp);
}
