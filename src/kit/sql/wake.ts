// The part of Wake that lives in one process. A notify that nobody waits for is kept for the next who asks, because a
// worker that has just found nothing to do is often between its look and its wait.
import type { Clock } from "../clock.ts";
import type { Wake } from "./port.ts";

export interface Bell {
  ring(topic: string): void;
  /** After a gap in which calls may have been missed. */
  ringAll(): void;
  next: Wake["next"];
}

const keptMax = 1_000; // topics; they are names of queues, of which there are a few dozen

export function createBell(clock: Clock): Bell {
  const waiting = new Map<string, Set<() => void>>();
  const kept = new Set<string>();
  const ring = (topic: string) => {
    const waiters = waiting.get(topic);
    if (waiters) for (const wake of [...waiters]) wake();
    else if (kept.size < keptMax) kept.add(topic);
  };
  return {
    ring,
    ringAll: () => {
      for (const topic of [...waiting.keys()]) ring(topic);
    },
    async next(topic, maxMs, { signal, quietMs } = {}) {
      if (kept.delete(topic) || signal?.aborted) return;
      const rung = new AbortController();
      const wake = () => rung.abort("rung"); // a reason, or an exception is made for it
      const waiters = waiting.get(topic) ?? new Set();
      waiting.set(topic, waiters.add(wake));
      signal?.addEventListener("abort", wake);
      try {
        await clock.sleep(maxMs, rung.signal, quietMs);
      } finally {
        signal?.removeEventListener("abort", wake);
        waiters.delete(wake);
        if (waiters.size === 0 && waiting.get(topic) === waiters) waiting.delete(topic);
      }
    },
  };
}
