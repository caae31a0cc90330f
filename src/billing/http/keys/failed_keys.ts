// Counts wrong keys per address: 20 in a minute, then 429 for further wrong ones. It tells a lost client to stop; the
// keys need no such help (256 bits), so a count per process is enough, and it forgets the oldest address when full.
import type { Clock } from "#kit/clock.ts";

export const failedKeysPerMinuteMax = 20;
/** Bounds the memory an attacker with many addresses can take: about 1 MB. */
const addressesMax = 10_000;
const windowMs = 60_000;

export interface FailedKeys {
  /** Milliseconds until the address may try again; 0 when it may now. */
  waitMs(address: string): number;
  record(address: string): void;
}

export function createFailedKeys(clock: Clock): FailedKeys {
  const windows = new Map<string, { begunMs: number; count: number }>();
  const current = (address: string) => {
    const window = windows.get(address);
    return window && clock.monotonicMs() < window.begunMs + windowMs ? window : undefined;
  };
  return {
    waitMs(address) {
      const window = current(address);
      return window && window.count >= failedKeysPerMinuteMax ? window.begunMs + windowMs - clock.monotonicMs() : 0;
    },
    record(address) {
      const window = current(address);
      if (window) {
        window.count += 1;
        return;
      }
      windows.delete(address);
      for (const oldest of windows.keys()) {
        if (windows.size < addressesMax) break;
        windows.delete(oldest);
      }
      windows.set(address, { begunMs: clock.monotonicMs(), count: 1 });
    },
  };
}
